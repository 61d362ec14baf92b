import type { ReactiveControllerHost } from 'lit';
import type { App } from '#app/app.ts';
import type { Result } from '#core/result.ts';
import type { Loaded } from './loaded.ts';
import { quietTimer } from './quiet-timer.ts';
import { watchedLoader } from './watched-loader.ts';

/** Changes that come close together are read once; those of a long sync, which go on and on, at this pace. */
const GATHER = { quietMs: 150, withinMs: 1000 };

/**
 * Reads when the section is shown and again after every change of one of `kinds` (of any, where there are none named), with
 * a new render each time. The newest reading wins.
 */
export function liveList<V, E>(
  host: ReactiveControllerHost,
  app: () => App | undefined,
  read: () => Promise<Result<V, E>>,
  kinds: readonly string[] = [],
): Loaded<V, E> {
  return watchedLoader(host, app, read, (watched, reload) => {
    const gathered = quietTimer(GATHER, reload);
    return [
      gathered.cancel,
      watched.onChange((keys) => {
        if (keys === null || kinds.length === 0 || keys.some(([kind]) => kinds.includes(kind))) gathered.note();
      }),
      // A sync that fails changes no entity, but the log and the quarantine.
      watched.syncState.subscribe(gathered.note),
    ];
  });
}
