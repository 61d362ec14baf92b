/**
 * Writes what is not committed into the tab's journal: when the page may end, and where a commit is late. A store that hangs
 * or a slow disk then costs no more of the typing than `LATE_MS`, whatever ends the page.
 */
import type { Clock } from '#core/ports.ts';
import type { Journal, JournalEntry, JournalMark } from '#store/save/journal.ts';
import type { Sessions } from './sessions.ts';

/** A commit takes a few ms, and typing is handed over within 150 ms: later than this something is wrong. */
const LATE_MS = 500;

const FIRST_RETRY_MS = 1000;
const MAX_RETRY_MS = 60_000;

/** Clears the row, again and again with backoff where the disk refuses: left behind, it would be replayed at a later start. */
export async function clearRow(
  journal: Pick<Journal, 'clear'>,
  clock: Pick<Clock, 'setTimer'>,
  mark: JournalMark,
  retryMs = FIRST_RETRY_MS,
): Promise<void> {
  const cleared = await journal.clear(mark);
  if (cleared.ok || cleared.error.type === 'NewerDatabase' || cleared.error.type === 'StorageGone') return;
  clock.setTimer(retryMs, () => void clearRow(journal, clock, mark, Math.min(MAX_RETRY_MS, 2 * retryMs)));
}

export interface JournalKeeper {
  /** Begun before the call returns. Gives whether all that is not committed is in the journal. */
  write(): Promise<boolean>;
}

export interface JournalKeeperOptions {
  readonly sessions: Pick<Sessions, 'saveState' | 'journalEntries' | 'unsavedSince'>;
  /** Null where the browser keeps nothing. */
  readonly journal: Pick<Journal, 'write'> | null;
  readonly clock: Clock;
}

export function createJournalKeeper({ sessions, journal, clock }: JournalKeeperOptions): JournalKeeper {
  let isWatching = false;
  let written: ReadonlySet<string> = new Set();

  const writeEntries = async (entries: readonly JournalEntry[]): Promise<boolean> => {
    if (entries.length === 0) return true;
    const result = await journal?.write(entries);
    if (result?.ok) written = new Set(entries.map(({ saveId }) => saveId));
    return result?.ok === true;
  };

  const look = async (): Promise<void> => {
    isWatching = isBusy();
    if (!isWatching) return;
    const since = sessions.unsavedSince();
    if (since !== null && clock.now() - since >= LATE_MS) {
      // A saveId names one patch: what has been written under all of these names is there already.
      const entries = sessions.journalEntries();
      if (entries.some(({ saveId }) => !written.has(saveId))) await writeEntries(entries);
    }
    clock.setTimer(LATE_MS, () => void look());
  };

  const isBusy = (): boolean => !['clean', 'saved'].includes(sessions.saveState.value.type);
  if (journal) {
    sessions.saveState.subscribe(() => {
      if (isWatching || !isBusy()) return;
      isWatching = true;
      clock.setTimer(LATE_MS, () => void look());
    });
  }

  return { write: () => writeEntries(sessions.journalEntries()) };
}
