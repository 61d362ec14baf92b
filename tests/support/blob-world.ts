/** Blobs over rows in memory, with files in memory or without, on a clock that a test sets. */
import type { Kv, Locks } from '#core/ports.ts';
import { createOwnLocks } from '#platform/own-locks.ts';
import { systemRandom } from '#platform/system.ts';
import type { BlobContext } from '#store/blobs/context.ts';
import { createBlobStore } from '#store/blobs/create-blob-store.ts';
import { createRowsPlace } from '#store/blobs/rows-place.ts';
import { createMemoryKv } from '#store/kv/kv-memory.ts';
import { type JournalTables, journalSchema } from '#store/schema/journal-database.ts';
import { NEW_ROW } from '#store/schema/rows.ts';
import { type EntityRow, LIVE, type WorkspaceTables, workspaceSchema } from '#store/schema/schema.ts';
import { createMemoryBlobPlace, type MemoryBlobPlace } from './memory-blob-place.ts';

export interface BlobWorldOptions {
  readonly kv?: Kv<WorkspaceTables>;
  readonly journal?: Kv<JournalTables>;
  readonly files?: MemoryBlobPlace | null;
  readonly locks?: Locks;
  readonly time?: { ms: number };
  readonly freeCaches?: BlobContext['freeCaches'];
}

export function openBlobWorld({
  kv = createMemoryKv(workspaceSchema),
  journal = createMemoryKv(journalSchema),
  files = createMemoryBlobPlace(),
  locks = createOwnLocks(),
  time = { ms: 1_790_000_000_000 },
  freeCaches,
}: BlobWorldOptions = {}) {
  /** The texts of lists of backups. */
  const backups: string[] = [];
  const context: BlobContext = {
    kv,
    journal,
    clock: { now: () => time.ms },
    random: systemRandom,
    locks,
    workspaceId: 'ws',
    files,
    rows: createRowsPlace(kv),
    hashWhole: null,
    async *backupTexts() {
      yield* backups;
    },
    ...(freeCaches && { freeCaches }),
  };
  return { context, kv, journal, backups, place: files, time, locks, blobs: createBlobStore(context) };
}

/** A row with this text, put by hand. */
export const entityRow = (kind: string, id: string, text: string, more: Partial<EntityRow> = {}): EntityRow => ({
  ...NEW_ROW,
  kind,
  id,
  v: 1,
  fields: { text },
  stamps: {},
  lastUpdated: '',
  deviceId: 'device',
  saves: [],
  bytes: 0,
  snapshotAt: 0,
  place: LIVE,
  parent: null,
  sort: '',
  ...more,
});
