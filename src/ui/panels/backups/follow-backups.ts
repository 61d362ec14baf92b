import type { ReactiveControllerHost } from 'lit';
import type { App } from '#app/app.ts';
import type { Backups } from '#app/backups.ts';
import type { Result } from '#core/result.ts';
import type { Loaded } from '#ui/controllers/loaded.ts';
import { watchedLoader } from '#ui/controllers/watched-loader.ts';

/** Reads once the element is shown, and again whenever backups or restores have changed. */
export const followBackups = <V, E>(
  host: ReactiveControllerHost,
  app: () => App | undefined,
  read: (backups: Backups) => Promise<Result<V, E>>,
): Loaded<V, E> =>
  watchedLoader(
    host,
    app,
    ({ backups }) => read(backups),
    ({ backups }, reload) => [backups.onNews(reload)],
  );
