/**
 * The database of the journal. It is one of its own because IndexedDB runs overlapping read-write transactions one after the
 * other: a page's last write that waited behind a save of the workspace's worker ended with the page (measured, decision 31).
 */
import type { KvError } from '#core/errors.ts';
import type { Clock, Kv, KvSchema } from '#core/ports.ts';
import { err, type Result } from '#core/result.ts';
import { type OpenOptions, openKv } from '#store/kv/db.ts';
import { createMemoryKv } from '#store/kv/kv-memory.ts';
import type { UnsavedRow, WorkspaceTables } from './schema.ts';

export type JournalTables = {
  readonly unsaved: UnsavedRow;
};

const JOURNAL_VERSION = 1;

export const journalSchema: KvSchema<JournalTables> = { stores: { unsaved: { key: 'key', indexes: {} } } };

export const journalName = (workspaceId: string): string => `holdfast-journal-${workspaceId}`;

/** Opens a workspace's journal, and creates it where there is none. */
export const openJournalKv = (workspaceId: string, options?: OpenOptions): Promise<Result<Kv<JournalTables>, KvError>> =>
  openKv<JournalTables>(journalName(workspaceId), JOURNAL_VERSION, journalSchema, options);

/** A browser that takes longer to open the journal does not hold up its reader. */
const PATIENCE_MS = 3000;

/**
 * A workspace's journal for those who only fold it in: opened at once, again at a later call where that failed, and never
 * created. One that is not there has no rows; one that cannot be opened answers why, and is not taken for empty.
 */
export function readJournalKv(
  workspaceId: string,
  { setTimer }: Pick<Clock, 'setTimer'>,
  open: typeof openJournalKv = openJournalKv,
): Kv<JournalTables> {
  const empty = createMemoryKv(journalSchema);
  let opening: ReturnType<typeof open> | null = null;
  let isClosed = false;

  const begin = (): ReturnType<typeof open> => {
    opening ??= open(workspaceId, { create: false });
    return opening;
  };
  void begin();

  const use = async <V>(work: (kv: Kv<JournalTables>) => Promise<Result<V, KvError>>): Promise<Result<V, KvError>> => {
    if (isClosed) return err({ type: 'ConnectionLost', reason: 'closed' });
    const run = begin();
    const late = Promise.withResolvers<Result<never, KvError>>();
    const cancel = setTimer(PATIENCE_MS, () =>
      late.resolve(err({ type: 'ConnectionLost', reason: 'the journal does not open' })),
    );
    const opened = await Promise.race([run, late.promise]);
    cancel();
    const result = opened.ok ? await work(opened.value) : opened;
    if (result.ok) return result;
    // What a browser that is late gives in the end is still of use.
    const isLate = !opened.ok && (await Promise.race([run, null])) === null;
    if (opening === run && !isLate) opening = null;
    return result.error.type === 'StorageGone' ? work(empty) : result;
  };

  return {
    read: (reads) => use((kv) => kv.read(reads)),
    transact: (...args) => use((kv) => kv.transact(...args)),
    close() {
      isClosed = true;
      void opening?.then((opened) => opened.ok && opened.value.close());
    },
  };
}

/** The journal as earlier versions kept it: a store of the workspace's own database. */
export const journalWithin = (kv: Kv<WorkspaceTables>): Kv<JournalTables> => kv as unknown as Kv<JournalTables>;
