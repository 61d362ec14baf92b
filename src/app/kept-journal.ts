/**
 * The page's journal, whatever becomes of its database: opened with the page, later where the browser refuses it, and once more
 * where it alone was deleted. Without it everything else goes on; only the last moment before the tab ends is not safe.
 */
import type { KvError, StoreError } from '#core/errors.ts';
import type { Clock } from '#core/ports.ts';
import { err, ok, type Result } from '#core/result.ts';
import type { Journal, JournalEvents } from '#store/save/journal.ts';
import { createSource, type Observable } from './observable.ts';

export type JournalState = { readonly type: 'open' } | { readonly type: 'closed'; readonly error: KvError };

export interface KeptJournal extends Journal {
  readonly state: Observable<JournalState>;
}

export interface KeptJournalOptions {
  readonly clock: Pick<Clock, 'setTimer'>;
  readonly open: (events: JournalEvents) => Promise<Result<Journal, KvError>>;
  /** Writes what is not committed: a newer version of the app is about to take the journal over. */
  readonly beforeOutdated: () => Promise<void>;
  /** Asks the workspace's own database for anything. */
  readonly look: () => Promise<Result<unknown, StoreError>>;
  /** Not the journal alone: the browser has deleted the storage. */
  readonly onStorageGone: () => void;
}

/** A start waits no longer than this for its journal. */
const START_MS = 1500;
const FIRST_RETRY_MS = 5000;
const FIRST_LOOK_MS = 100;
const LAST_RETRY_MS = 5 * 60_000;

/** Resolves when the journal is open, has been refused, or is late. */
export async function keepJournal(options: KeptJournalOptions): Promise<KeptJournal> {
  const { clock, open, beforeOutdated, look, onStorageGone } = options;
  const late: KvError = { type: 'ConnectionLost', reason: 'the journal does not open' };
  const state = createSource<JournalState>({ type: 'open' });
  let journal: Result<Journal, KvError> = err(late);
  let retryMs = FIRST_RETRY_MS;
  let isPlanned = false;

  const show = (): void => state.set(journal.ok ? { type: 'open' } : { type: 'closed', error: journal.error });

  const tryLater = (): void => {
    if (isPlanned) return;
    isPlanned = true;
    clock.setTimer(retryMs, () => {
      isPlanned = false;
      void begin();
    });
    retryMs = Math.min(LAST_RETRY_MS, 2 * retryMs);
  };

  const begin = async (): Promise<void> => {
    journal = await open({ beforeOutdated, onGone });
    show();
    // A newer version of the app has it: this tab is out of date, and says so when it saves.
    if (!journal.ok && journal.error.type !== 'NewerDatabase') tryLater();
    if (journal.ok) retryMs = FIRST_RETRY_MS;
  };

  /** Deleted under this page. With the workspace it is not made again: nobody would ever look for it. */
  function onGone(): void {
    journal = err({ type: 'StorageGone' });
    void findOut(FIRST_LOOK_MS);
  }

  async function findOut(pauseMs: number): Promise<void> {
    const found = await look();
    if (found.ok) return begin();
    if (found.error.type === 'StorageGone') return onStorageGone();
    // A browser that is still deleting answers neither.
    show();
    clock.setTimer(pauseMs, () => void findOut(Math.min(LAST_RETRY_MS, 2 * pauseMs)));
  }

  const { promise: waited, resolve } = Promise.withResolvers<void>();
  const cancel = clock.setTimer(START_MS, resolve);
  await Promise.race([begin(), waited]);
  cancel();
  show();
  return {
    state,
    write: async (entries) => (journal.ok ? journal.value.write(entries) : journal),
    // Without a journal there is no row.
    clear: async (mark) => (journal.ok ? journal.value.clear(mark) : ok(undefined)),
  };
}
