import type { ReactiveControllerHost } from 'lit';

/** Below this width the shell is a phone's: one column, and navigation at the bottom. */
export const PHONE = '(max-width: 45rem)';

/** Whether a media query matches, with a new render when that changes. */
export function mediaQuery(host: ReactiveControllerHost, query: string): { readonly matches: boolean } {
  const list = matchMedia(query);
  const update = (): void => host.requestUpdate();
  host.addController({
    hostConnected: () => list.addEventListener('change', update),
    hostDisconnected: () => list.removeEventListener('change', update),
  });
  return {
    get matches() {
      return list.matches;
    },
  };
}
