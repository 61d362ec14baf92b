/**
 * Writes what is not committed into the tab's journal: when the page may end, and where a commit is late. A store that hangs
 * or a slow disk then costs no more of the typing than `LATE_MS`, whatever ends the page.
 */
import type { Clock } from '#core/ports.ts';
import type { Journal, JournalEntry } from '#store/journal.ts';
import type { Sessions } from './sessions.ts';

/** A commit takes a few ms, and typing is handed over within 150 ms: later than this something is wrong. */
const LATE_MS = 500;

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
