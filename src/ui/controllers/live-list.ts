import type { ReactiveControllerHost } from 'lit';
import type { App } from '#app/app.ts';
import type { Result } from '#core/result.ts';

/** What a section reads: nothing yet, or the last that could be read. */
export type Live<V, E> =
  | { readonly type: 'loading' }
  | { readonly type: 'failed'; readonly error: E }
  | { readonly type: 'ready'; readonly value: V };

export interface LiveList<V, E> {
  readonly state: Live<V, E>;
  reload(): void;
}

/** Changes that come close together are read once. */
const GATHER_MS = 150;

/**
 * Reads when the section is shown and again after every change of one of `kinds` (of any, where there are none named), with
 * a new render each time. The newest reading wins.
 */
export function liveList<V, E>(
  host: ReactiveControllerHost,
  app: () => App | undefined,
  read: () => Promise<Result<V, E>>,
  kinds: readonly string[] = [],
): LiveList<V, E> {
  let state: Live<V, E> = { type: 'loading' };
  let turn = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let stops: readonly (() => void)[] = [];

  const load = async (): Promise<void> => {
    const mine = ++turn;
    const result = await read();
    if (mine !== turn) return;
    state = result.ok ? { type: 'ready', value: result.value } : { type: 'failed', error: result.error };
    host.requestUpdate();
  };
  const soon = (): void => {
    clearTimeout(timer);
    timer = setTimeout(() => void load(), GATHER_MS);
  };

  host.addController({
    hostConnected: () => host.requestUpdate(),
    hostUpdate() {
      const watched = app();
      if (!watched || stops.length > 0) return;
      stops = [
        watched.onChange((keys) => {
          if (keys === null || kinds.length === 0 || keys.some(([kind]) => kinds.includes(kind))) soon();
        }),
        // A sync that fails changes no entity, but the log and the quarantine.
        watched.syncState.subscribe(soon),
      ];
      void load();
    },
    hostDisconnected() {
      clearTimeout(timer);
      for (const stop of stops) stop();
      stops = [];
    },
  });
  return {
    get state() {
      return state;
    },
    reload: () => void load(),
  };
}
