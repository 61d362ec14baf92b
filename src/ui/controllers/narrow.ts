import type { ReactiveControllerHost } from 'lit';

/** In units of the text, as in the style sheets: below this width the shell is a phone's, with one column and navigation at the bottom. */
const PHONE_REM = 45;

/** Whether the window is as narrow as a phone for the size of its text, with a new render when that changes. */
export function phoneWidth(host: ReactiveControllerHost): { readonly matches: boolean } {
  let matches = isPhone();
  const update = (): void => {
    const now = isPhone();
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

const isPhone = (): boolean => innerWidth <= PHONE_REM * Number.parseFloat(getComputedStyle(document.documentElement).fontSize);
