/** Loads the code of the status service when it is first wanted, and that of the event reports after the start. */
import type { App } from '#app/app.ts';
import type { StoreClient } from '#store/calls/store-client.ts';
import type { StatusServiceOptions } from './create-status-service.ts';
import type { StatusService } from './status-service.ts';

/** Opens it once; after a failed load the next call tries again. */
export function lazyStatus(options: StatusServiceOptions): () => Promise<StatusService> {
  let opening: Promise<StatusService> | null = null;
  return () => {
    opening ??= import('./create-status-service.ts').then(({ createStatusService }) => createStatusService(options));
    opening.catch(() => {
      opening = null;
    });
    return opening;
  };
}

/** Starts to log what happens to this page. A log that cannot be written is no failure of its own. */
export function reportLater({ saveState, update }: Pick<App, 'saveState' | 'update'>, client: StoreClient): void {
  const start = (): void => {
    import('./report-events.ts').then(
      ({ reportEvents }) => reportEvents({ saveState, update, log: (event) => void client.logEvent(event) }),
      () => {},
    );
  };
  setTimeout(start, START_DELAY_MS);
}

/** The first paint and the first key come before the log. */
const START_DELAY_MS = 1500;
