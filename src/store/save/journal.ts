/**
 * The page's own writes to the database, for the moments in which no worker can be trusted to answer: hidden, pagehide,
 * beforeunload. A busy worker saved none of six writes at tab close where the page's own put saved all (measured, see
 * `docs/decisions`). The connection is opened at boot, so that a write needs no further turn of the event loop.
 */
import type { Ledger } from '#core/entity.ts';
import type { KvError } from '#core/errors.ts';
import type { Clock, Kv } from '#core/ports.ts';
import { ok, type Result } from '#core/result.ts';
import { includesSave } from '#core/save-id.ts';
import { ledger as ours } from '#entities/index.ts';
import type { OpenOptions } from '#store/kv/db.ts';
import { type JournalTables, openJournalKv } from '#store/schema/journal-database.ts';
import type { UnsavedRow } from '#store/schema/schema.ts';

export interface JournalEntry extends Omit<UnsavedRow, 'key' | 'tab' | 'at' | 'v'> {
  /** Names the editing session within its tab: each has a row of its own. */
  readonly session: string;
}

/** The row of a session, as far as the session knows it: it ends with the save `saveId`. */
export type JournalMark = Pick<JournalEntry, 'kind' | 'id' | 'session' | 'saveId'>;

/** Where the row of a session is. `tab` names its tab. */
export const journalKey = (tab: string, { kind, id, session }: Pick<JournalEntry, 'kind' | 'id' | 'session'>): string =>
  `${tab}/${kind}/${id}/${session}`;

export interface Journal {
  /** Writes the entries in one transaction, begun before the call returns. */
  write(entries: readonly JournalEntry[]): Promise<Result<void, KvError>>;
  /** Takes back a row whose words have been committed: one that was written again since, with later words, stays. */
  clear(mark: JournalMark): Promise<Result<void, KvError>>;
}

export type JournalEvents = Pick<OpenOptions, 'beforeOutdated' | 'onGone'>;

/**
 * `tab` names this tab; it holds the lock `tabLock(tab)` while it lives. `beforeOutdated` is called when a newer version of
 * the app wants the journal: what it writes then is the last that this connection takes. `onGone` is called when the
 * browser has deleted the database.
 */
export async function openJournal(
  workspaceId: string,
  tab: string,
  clock: Pick<Clock, 'now'>,
  events: JournalEvents,
): Promise<Result<Journal, KvError>> {
  const opened = await openJournalKv(workspaceId, events);
  if (!opened.ok) return opened;
  return ok(createJournal(opened.value, tab, clock));
}

/** The journal of a tab over an open database. Its rows name the versions of `ledger`: those of the app that has written them. */
export function createJournal(kv: Kv<JournalTables>, tab: string, clock: Pick<Clock, 'now'>, ledger: Ledger = ours): Journal {
  return {
    async write(entries) {
      const rows = entries.map((entry): UnsavedRow => {
        const { session: _, ...row } = entry;
        const v = ledger.get(entry.kind)?.version;
        return { ...row, ...(v !== undefined && { v }), key: journalKey(tab, entry), tab, at: clock.now() };
      });
      return kv.transact({}, () => ({ writes: rows.map((row) => ({ put: 'unsaved', row }) as const), value: undefined }));
    },
    async clear(mark) {
      const key = journalKey(tab, mark);
      return kv.transact(
        { row: { get: 'unsaved', key } },
        ({ row }) => ({
          writes: row && includesSave(mark.saveId, row.saveId) ? [{ delete: 'unsaved', key }] : [],
          value: undefined,
        }),
        'relaxed',
      );
    },
  };
}
