/** Blobs over rows in memory, with files in memory or without, on a clock that a test sets. */
import type { BlobHash } from '#core/blobs.ts';
import type { Kv, Locks } from '#core/ports.ts';
import { createOwnLocks } from '#platform/own-locks.ts';
import { systemRandom } from '#platform/system.ts';
import type { BlobContext } from '#store/blobs/context.ts';
import { createBlobStore } from '#store/blobs/create-blob-store.ts';
import { letGoOf } from '#store/blobs/let-go.ts';
import { createRowsPlace } from '#store/blobs/rows-place.ts';
import { createMemoryKv } from '#store/kv/kv-memory.ts';
import { asWay, BLOB_WAY } from '#store/schema/blob-way.ts';
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
  readonly pause?: () => Promise<void>;
}

export function openBlobWorld({
  kv = createMemoryKv(workspaceSchema),
  journal = createMemoryKv(journalSchema),
  files = createMemoryBlobPlace(),
  locks = createOwnLocks(),
  time = { ms: 1_790_000_000_000 },
  freeCaches,
  pause,
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
    ...(pause && { pause }),
  };
  return { context, kv, journal, backups, place: files, time, locks, blobs: createBlobStore(context) };
}

/** The server has just said of everything here that it has it; of the life that is to be asked about it has said nothing. */
export const noteAsked = ({ kv, clock }: Pick<BlobContext, 'kv' | 'clock'>) =>
  kv.transact({ way: BLOB_WAY }, ({ way }) => ({
    writes: [{ put: 'meta', row: { ...asWay(way), askedAt: clock.now() } }],
    value: undefined,
  }));

/** Lets the bytes of one blob go, whatever names it, if the server has it. */
export async function letGo(context: BlobContext, hash: BlobHash) {
  const noted = await noteAsked(context);
  return noted.ok ? letGoOf(context, hash) : noted;
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
