/**
 * Calls `act` in every moment in which the page may end, and before the app writes down what is unsaved: in the capture
 * phase of the window. Gives the end of that.
 */
export function beforePageEnds(act: () => void): () => void {
  const listen = (event: Event): void => {
    if (event.type !== 'visibilitychange' || document.visibilityState === 'hidden') act();
  };
  for (const type of TYPES) addEventListener(type, listen, { capture: true });
  return () => {
    for (const type of TYPES) removeEventListener(type, listen, { capture: true });
  };
}

const TYPES = ['visibilitychange', 'pagehide', 'beforeunload'];
