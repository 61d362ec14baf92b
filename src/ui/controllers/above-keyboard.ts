import type { ReactiveControllerHost } from 'lit';

/**
 * Keeps an element in sight where the on-screen keyboard lies over the page (Safari does that; where the page shrinks instead
 * nothing is to be done): the element is lifted to the lower edge of what is seen.
 */
export function aboveKeyboard(host: ReactiveControllerHost, element: () => HTMLElement | null): void {
  let lifted: HTMLElement | null = null;
  let lift = 0;

  const place = (): void => {
    const seen = globalThis.visualViewport;
    const now = element();
    if (now !== lifted) lift = 0;
    lifted = now;
    if (!seen || !now) return;
    // Zoomed in, what is seen is any part of the page: the element stays where it is.
    const hidden = seen.scale > 1 ? 0 : now.getBoundingClientRect().bottom + lift - (seen.offsetTop + seen.height);
    const next = Math.max(0, Math.round(hidden));
    if (next === lift) return;
    lift = next;
    now.style.translate = lift === 0 ? '' : `0 ${-lift}px`;
  };

  host.addController({
    hostConnected() {
      globalThis.visualViewport?.addEventListener('resize', place);
      globalThis.visualViewport?.addEventListener('scroll', place);
    },
    hostUpdated: place,
    hostDisconnected() {
      globalThis.visualViewport?.removeEventListener('resize', place);
      globalThis.visualViewport?.removeEventListener('scroll', place);
    },
  });
}
