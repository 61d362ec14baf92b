import type { ReactiveControllerHost } from 'lit';

/** Widths in units of the text, as in the style sheets. Below this one the shell is a phone's: one column, navigation at the bottom. */
export const PHONE_REM = 45;
/** Below this one an open document has the width for itself: the navigation folds, the list comes over the document when asked. */
export const FOLDED_REM = 62;

/** Whether the window is at most so wide for the size of its text, with a new render when that changes. */
export function narrowerThan(host: ReactiveControllerHost, rem: number): { readonly matches: boolean } {
  let matches = isNarrower(rem);
  const update = (): void => {
    const now = isNarrower(rem);
    if (now === matches) return;
    matches = now;
    host.requestUpdate();
  };
  // The size of the text is an attribute of the root.
  const look = new MutationObserver(update);
  host.addController({
    hostConnected() {
      addEventListener('resize', update);
      look.observe(document.documentElement, { attributeFilter: ['data-text'] });
      update();
    },
    hostDisconnected() {
      removeEventListener('resize', update);
      look.disconnect();
    },
  });
  return {
    get matches() {
      return matches;
    },
  };
}

/** Whether the window is at most so wide for the size of its text. */
export const isNarrower = (rem: number): boolean =>
  innerWidth <= rem * Number.parseFloat(getComputedStyle(document.documentElement).fontSize);
