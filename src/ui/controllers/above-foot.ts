import type { ReactiveControllerHost } from 'lit';

const HEIGHT = '--foot-block';
/** Of several that are in the page, the one that was shown last. */
let shown: Element | null = null;

/**
 * Messages of the frame come above `element`, which is at the lower edge of `host` and of the panel, while it is seen: it stays in sight,
 * and can be used. What is given back measures again, where the element was moved and its size stays.
 */
export function aboveFoot(
  host: ReactiveControllerHost & HTMLElement,
  element: () => HTMLElement | null = () => host,
): () => void {
  const { style } = document.documentElement;
  let watched: HTMLElement | null = null;
  const leave = (): void => {
    if (shown !== host) return;
    shown = null;
    style.removeProperty(HEIGHT);
  };
  const measure = (): void => {
    if (!watched || watched.offsetHeight === 0) {
      leave();
      return;
    }
    shown = host;
    const height = host.getBoundingClientRect().bottom - watched.getBoundingClientRect().top;
    style.setProperty(HEIGHT, `${Math.ceil(height)}px`);
  };
  const sizes = new ResizeObserver(measure);
  const watch = (next: HTMLElement | null): void => {
    if (next === watched) return;
    sizes.disconnect();
    watched = next;
    if (!next) leave();
    // What follows it moves it with its own size.
    for (let part: Element | null = next; part; part = part.nextElementSibling) sizes.observe(part);
  };
  host.addController({
    hostConnected: () => watch(element()),
    hostUpdated: () => watch(element()),
    hostDisconnected: () => watch(null),
  });
  return measure;
}
