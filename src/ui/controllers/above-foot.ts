import type { ReactiveControllerHost } from 'lit';

const HEIGHT = '--foot-block';
/** Of several that are in the page, the one that was shown last. */
let shown: Element | null = null;

/** Messages of the frame come above this element, which is at the lower edge of a panel, while it is seen: what is written in it stays in sight. */
export function aboveFoot(host: ReactiveControllerHost & HTMLElement): void {
  const { style } = document.documentElement;
  const leave = (): void => {
    if (shown !== host) return;
    shown = null;
    style.removeProperty(HEIGHT);
  };
  const sizes = new ResizeObserver(() => {
    const { offsetHeight } = host;
    if (offsetHeight === 0) return leave();
    shown = host;
    style.setProperty(HEIGHT, `${offsetHeight}px`);
  });
  host.addController({
    hostConnected: () => sizes.observe(host),
    hostDisconnected: () => {
      sizes.disconnect();
      leave();
    },
  });
}
