/** Loads the code of the status service when it is first wanted, and that of the event reports after the start. */
import type { App } from '#app/app.ts';
import { once } from '#core/lazy.ts';
import type { StoreClient } from '#store/calls/store-client.ts';
import type { StatusServiceOptions } from './create-status-service.ts';
import type { StatusService } from './status-service.ts';

/** Opens it once; after a failed load the next call tries again. */
export const lazyStatus = (options: StatusServiceOptions): (() => Promise<StatusService>) =>
  once(async () => (await import('./create-status-service.ts')).createStatusService(options));

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
