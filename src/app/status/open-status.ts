/** Loads the code of the status desk when it is first wanted, and that of the event reports after the start. */
import type { App } from '#app/app.ts';
import type { StoreClient } from '#store/calls/store-client.ts';
import type { StatusDeskOptions } from './create-status-desk.ts';
import type { StatusDesk } from './status-desk.ts';

/** Opens the desk once; after a failed load the next call tries again. */
export function lazyStatus(options: StatusDeskOptions): () => Promise<StatusDesk> {
  let opening: Promise<StatusDesk> | null = null;
  return () => {
    opening ??= import('./create-status-desk.ts').then(({ createStatusDesk }) => createStatusDesk(options));
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
