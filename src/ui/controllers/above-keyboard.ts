import type { ReactiveControllerHost } from 'lit';

/** How much of what ends at `bottom`, in px of the window, the on-screen keyboard lies over. Zoomed in, what is seen is any part of the page: none. */
function underKeyboard(bottom: number): number {
  const seen = globalThis.visualViewport;
  return !seen || seen.scale > 1 ? 0 : Math.max(0, Math.round(bottom - (seen.offsetTop + seen.height)));
}

/** Calls `place` while the host is in the page, when what is seen of the page has another size or place, and after each of its updates. */
function onSeen(host: ReactiveControllerHost, place: () => void): void {
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

/**
 * Keeps an element in sight where the on-screen keyboard lies over the page (Safari does that; where the page shrinks instead
 * nothing is to be done): the element is lifted to the lower edge of what is seen, and `onLift` called.
 */
export function aboveKeyboard(host: ReactiveControllerHost, element: () => HTMLElement | null, onLift?: () => void): void {
  let lifted: HTMLElement | null = null;
  let lift = 0;
  onSeen(host, () => {
    const now = element();
    if (now !== lifted) lift = 0;
    lifted = now;
    if (!now) return;
    const next = underKeyboard(now.getBoundingClientRect().bottom + lift);
    if (next === lift) return;
    lift = next;
    now.style.translate = lift === 0 ? '' : `0 ${-lift}px`;
    onLift?.();
  });
}

/** Sets `--keyboard-block` of the host: how much of the area that it is at the lower edge of, by its margin, is under the keyboard. */
export function keyboardBlock(host: ReactiveControllerHost & HTMLElement): void {
  onSeen(host, () => {
    const bottom = host.getBoundingClientRect().bottom + Number.parseFloat(getComputedStyle(host).marginBlockEnd);
    host.style.setProperty('--keyboard-block', `${underKeyboard(bottom)}px`);
  });
}

/** Calls `onHeight` with the height of what is seen of the page, in px: without what the on-screen keyboard lies over. */
export function seenHeight(host: ReactiveControllerHost, onHeight: (px: number) => void): void {
  onSeen(host, () => {
    const seen = globalThis.visualViewport;
    onHeight(!seen || seen.scale > 1 ? innerHeight : seen.height);
  });
}
