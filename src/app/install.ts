import { createSource, type Observable } from './observable.ts';

/**
 * `ready`: the browser offers it, and asks when asked to. `installed`: this window is the app, or it was installed just now.
 * `unoffered`: the browser has no such question, or does not ask it (yet).
 */
export type InstallState = 'ready' | 'installed' | 'unoffered';

export interface Install {
  readonly state: Observable<InstallState>;
  /** Lets the browser ask the person. Gives whether they agreed. */
  ask(): Promise<boolean>;
}

/** Chromium's event, which no standard describes. */
interface InstallPromptEvent extends Event {
  prompt(): Promise<{ readonly outcome: 'accepted' | 'dismissed' }>;
}

/** Keeps the browser's offer, which comes once, soon after the start. */
export function watchInstall(): Install {
  const isApp = matchMedia('(display-mode: standalone), (display-mode: minimal-ui)').matches;
  const state = createSource<InstallState>(isApp ? 'installed' : 'unoffered');
  let offer: InstallPromptEvent | null = null;
  addEventListener('beforeinstallprompt', (event) => {
    event.preventDefault();
    offer = event as InstallPromptEvent;
    state.set('ready');
  });
  addEventListener('appinstalled', () => {
    offer = null;
    state.set('installed');
  });
  return {
    state,
    async ask() {
      if (!offer) return false;
      const asked = offer;
      // An offer can be used once; after a "no" the browser makes another when it sees fit.
      offer = null;
      const { outcome } = await asked.prompt();
      state.set(outcome === 'accepted' ? 'installed' : 'unoffered');
      return outcome === 'accepted';
    },
  };
}
