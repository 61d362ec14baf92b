/** What the page does when it may end: what is typed goes into the journal at once, then to the store, then to the server. */
import type { StoreClient } from '#store/calls/store-client.ts';
import type { JournalKeeper } from './journal-keeper.ts';
import type { Sessions } from './sessions.ts';
import type { SyncDriver } from './sync-driver.ts';
import type { TabGuard } from './tab-guard.ts';

export interface PageEndOptions {
  readonly keeper: JournalKeeper;
  readonly sessions: Pick<Sessions, 'flush'>;
  readonly client: Pick<StoreClient, 'release'>;
  readonly driver: Pick<SyncDriver, 'leave'>;
  readonly guard: Pick<TabGuard, 'mustWarn'>;
}

/** Follows the page to its end. Gives what it does then, for who ends it on purpose. */
export function watchPageEnd({ keeper, sessions, client, driver, guard }: PageEndOptions): () => Promise<void> {
  const endPage = async (): Promise<void> => {
    void keeper.write();
    await sessions.flush();
    await client.release();
    driver.leave();
  };
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'hidden') void endPage();
  });
  addEventListener('pagehide', () => {
    // A page that goes seldom lives to see its flush end. The courier reads what it has in the journal.
    driver.leave();
    void endPage();
  });
  addEventListener('beforeunload', (event) => {
    void keeper.write();
    if (guard.mustWarn()) event.preventDefault();
  });
  return endPage;
}

const ask = (event: BeforeUnloadEvent): void => event.preventDefault();

/** Whether the browser asks the person before it ends this page. */
export function askBeforeEnd(isWanted: boolean): void {
  if (isWanted) addEventListener('beforeunload', ask);
  else removeEventListener('beforeunload', ask);
}
