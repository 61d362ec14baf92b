/**
 * The database of the journal. It is one of its own because IndexedDB runs overlapping read-write transactions one after the
 * other: a page's last write that waited behind a save of the workspace's worker ended with the page (measured, decision 31).
 */
import type { KvError } from '#core/errors.ts';
import type { Kv, KvSchema } from '#core/ports.ts';
import type { Result } from '#core/result.ts';
import { type OpenOptions, openKv } from '#store/kv/db.ts';
import type { UnsavedRow, WorkspaceTables } from './schema.ts';

export type JournalTables = {
  readonly unsaved: UnsavedRow;
};

const JOURNAL_VERSION = 1;

export const journalSchema: KvSchema<JournalTables> = { stores: { unsaved: { key: 'key', indexes: {} } } };

export const journalName = (workspaceId: string): string => `holdfast-journal-${workspaceId}`;

/** Opens a workspace's journal, and creates it where there is none. */
export const openJournalKv = (workspaceId: string, events?: OpenOptions): Promise<Result<Kv<JournalTables>, KvError>> =>
  openKv<JournalTables>(journalName(workspaceId), JOURNAL_VERSION, journalSchema, events);

/** The journal as earlier versions kept it: a store of the workspace's own database. */
export const journalWithin = (kv: Kv<WorkspaceTables>): Kv<JournalTables> => kv as unknown as Kv<JournalTables>;
