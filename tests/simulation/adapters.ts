/** Where the product's own parts are plugged into the simulated world. Everything else knows them only by their ports. */

import { followBlobs } from '#app/follow-blobs.ts';
import { createPatches } from '#app/patches.ts';
import { createSessions } from '#app/sessions.ts';
import { createShownFiles } from '#app/shown-files.ts';
import { createSyncDriver } from '#app/sync-driver.ts';
import { createKeptBackups } from '#backup/kept/kept-backups.ts';
import type { Place } from '#backup/kept/place.ts';
import type { RowReader } from '#core/backup-rows.ts';
import type { BlobQueue } from '#core/blob-queue.ts';
import { type BlobNews, backupLock, type SyncNews } from '#core/channels.ts';
import type { Ledger } from '#core/entity.ts';
import type { BlobError, StoreError } from '#core/errors.ts';
import type { ConflictPolicy } from '#core/merge/merge.ts';
import type { BytesTransport, Channel, Clock, Kv, Locks, Random, Transport } from '#core/ports.ts';
import { ok, type Result } from '#core/result.ts';
import type { SyncStore } from '#core/sync-store.ts';
import { markDatabase } from '#store/accounts/marker.ts';
import { createRowReader } from '#store/backup/read-rows.ts';
import type { BlobInfo, BlobSource, BlobStore } from '#store/blob-store.ts';
import { createBlobQueue } from '#store/blobs/blob-queue.ts';
import type { BlobContext } from '#store/blobs/context.ts';
import { createBlobStore } from '#store/blobs/create-blob-store.ts';
import type { BlobPlace } from '#store/blobs/place.ts';
import { createRowsPlace } from '#store/blobs/rows-place.ts';
import { createStore } from '#store/create-store.ts';
import { createJournal } from '#store/save/journal.ts';
import { replayJournal } from '#store/save/replay-journal.ts';
import type { GuardLimits } from '#store/schema/context.ts';
import { journalWithin } from '#store/schema/journal-database.ts';
import type { WorkspaceTables } from '#store/schema/schema.ts';
import type { CopyDisk } from '#store/second-copy/disk.ts';
import { keepLog } from '#store/second-copy/keep-log.ts';
import { recoverUnsent } from '#store/second-copy/recover.ts';
import type { DeletionAnswer, HeldVersion, Store, StoreChange } from '#store/store.ts';
import { createSyncStore } from '#store/sync/create-sync-store.ts';
import { type BlobDrainer, createBlobDrainer } from '#sync/blob-drainer.ts';
import { type BlobFetcher, createBlobFetcher } from '#sync/blob-fetcher.ts';
import { createDrainer, type Drainer } from '#sync/drainer.ts';
import type { Identity } from '#sync/enter.ts';
import { createRestores, type Restores, type RestoreWorld } from '#workers/backup-restores.ts';
import { createServerPlace, type ServerPlaceOptions } from '#workers/server-place.ts';

/** What a context needs for blobs. */
export interface BlobPorts {
  readonly files: BlobPlace;
  readonly news: Channel<BlobNews>;
  /** The texts of the lists of this device's backups. */
  readonly backupTexts: BlobContext['backupTexts'];
}

/** What one context of a device gives to the product. */
export interface ContextPorts {
  readonly kv: Kv<WorkspaceTables>;
  readonly clock: Clock;
  readonly random: Random;
  readonly locks: Locks;
  readonly channel: Channel<StoreChange | SyncNews>;
  readonly transport: Transport;
  readonly bytes: BytesTransport;
  /** From how many characters on a body travels by itself; absent: as in the product, which is never reached here. */
  readonly largeBody?: number;
  readonly ledger: Ledger;
  readonly workspaceId: string;
  readonly identity: Identity;
  readonly policy: () => ConflictPolicy;
  readonly bulkFrom?: number;
  readonly applyBatch?: number;
  /** Ops to a push at most; absent: the protocol's own limit. */
  readonly pushLimit?: number;
  /** Entities to a page of a pull or a manifest at most; absent: as the product asks. */
  readonly pageSize?: number;
  readonly guardLimits?: GuardLimits;
  /** Where the second copy is kept; absent where the device keeps none. */
  readonly copy?: CopyDisk;
  /** Absent where nobody has any: nothing of them is done then. */
  readonly blobs?: BlobPorts;
  /** The device's registry says that its database has a marker. */
  readonly marked?: boolean;
}

/** The product's parts as the world uses them. A mutation puts something else in the place of one of them. */
export interface Product {
  readonly createStore: (ports: ContextPorts) => Store;
  readonly createSyncStore: (ports: ContextPorts) => SyncStore;
  readonly createDrainer: (ports: ContextPorts, store: SyncStore) => Drainer;
  readonly createSessions: typeof createSessions;
  readonly createPatches: typeof createPatches;
  readonly createShownFiles: typeof createShownFiles;
  readonly createSyncDriver: typeof createSyncDriver;
  readonly createJournal: typeof createJournal;
  readonly replayJournal: typeof replayJournal;
  /** Fills a database that was lost from the second copy: before anything else is done with it. */
  readonly openDatabase: (ports: ContextPorts) => Promise<unknown>;
  /** Keeps the second copy as long as its context lives. */
  readonly keepCopy: (ports: ContextPorts) => Promise<void>;
  readonly blobContext: (ports: ContextPorts, blobs: BlobPorts) => BlobContext;
  readonly createBlobs: (context: BlobContext) => BlobStore;
  readonly createBlobQueue: (context: BlobContext) => BlobQueue;
  readonly createBlobDrainer: (ports: ContextPorts, blobs: BlobPorts, queue: BlobQueue) => BlobDrainer;
  readonly createBlobFetcher: (ports: ContextPorts, blobs: BlobPorts, store: BlobStore) => BlobFetcher<BlobInfo>;
  readonly followBlobs: typeof followBlobs;
  /** The folder of a device's backups as a backup worker sees it. */
  readonly backupPlace: (place: Place) => Place;
  readonly backupRows: (ports: ContextPorts) => RowReader;
  /** The server as a place of backups. */
  readonly serverPlace: (ports: ContextPorts, options: ServerPlaceOptions) => ReturnType<typeof createServerPlace>;
  /** `lockOf`: names the place. */
  readonly createKept: (ports: ContextPorts, place: Place, lockOf: string) => ReturnType<typeof createKeptBackups>;
  readonly createRestores: (
    ports: ContextPorts,
    place: Place,
    kept: RestoreWorld['kept'],
    makeSafety: RestoreWorld['makeSafety'],
    run: RestoreWorld['run'],
  ) => Restores;
  /** Keeps the bytes of a file that a person adds: its reference is put into the text when that has answered. */
  readonly addFile: (store: BlobStore, source: BlobSource) => Promise<Result<BlobInfo, BlobError>>;
}

const context = (ports: ContextPorts) => ({ ...ports, deviceId: ports.identity.deviceId });

/** A queue of a few ops takes several pushes then, as one of thousands does in the product. */
const withLimit = (store: SyncStore, limit: number | undefined): SyncStore =>
  limit === undefined
    ? store
    : {
        ...store,
        prepare: (request) => store.prepare({ ...request, limit }),
        claim: (request) => store.claim({ ...request, limit }),
      };

/** The person's answer to everything that is held; `onShown` is called with what they were shown before they answer. */
export async function answerDeletions(
  store: Store,
  word: DeletionAnswer,
  onShown: (shown: readonly HeldVersion[], answer: DeletionAnswer) => void,
): Promise<Result<number, StoreError>> {
  const held = await store.heldDeletions();
  if (!held.ok) return held;
  const shown = held.value.map(({ entity, version }) => ({ kind: entity.kind, id: entity.id, version }));
  onShown(shown, word);
  return store.decideDeletions(word, shown);
}

/** A handful of entities takes several pages then, as thousands do in the product. */
const withPages = (transport: Transport, pageSize: number | undefined): Transport =>
  pageSize === undefined
    ? transport
    : {
        request(request) {
          const body = request.body as { readonly limit?: number; readonly keys?: unknown } | undefined;
          const isPaged = body?.limit !== undefined && body.keys === undefined;
          return transport.request(isPaged ? { ...request, body: { ...body, limit: pageSize } } : request);
        },
      };

/** A part has so many bytes at most: a blob takes several. */
const LARGE_PART = 24_000;
const SMALL_PART = 150;
const SMALL_BLOB = 2000;

const withParts = (queue: BlobQueue): BlobQueue => ({
  ...queue,
  read: (hash, from, to) => queue.read(hash, from, Math.min(to, from + (to - from > SMALL_BLOB ? LARGE_PART : SMALL_PART))),
});

/** A handful of entities takes several transactions then, as hundreds do in the product. */
const RESTORE_BATCH = 2;

const isOn = async () => ok(true);

export const product: Product = {
  createStore: (ports) => createStore(context(ports)),
  createSyncStore: (ports) => withLimit(createSyncStore(context(ports)), ports.pushLimit),
  createDrainer: (ports, store) => createDrainer({ ...ports, transport: withPages(ports.transport, ports.pageSize), store }),
  createSessions,
  createPatches,
  createShownFiles,
  createSyncDriver,
  createJournal,
  replayJournal,
  async openDatabase({ kv, clock, workspaceId, marked = false, copy }) {
    if (!copy) return;
    await markDatabase(kv, { id: workspaceId, marked }, clock, null, (into, id) => recoverUnsent([copy], into, id));
  },
  keepCopy: async ({ copy, ...ports }) => {
    if (copy) await keepLog({ ...ports, disk: copy, ended: new Promise(() => {}) });
  },
  blobContext: (ports, { files, backupTexts }) => ({
    ...ports,
    journal: journalWithin(ports.kv),
    files,
    rows: createRowsPlace(ports.kv),
    // What another thread does has no place in this world.
    hashWhole: null,
    backupTexts,
  }),
  createBlobs: createBlobStore,
  createBlobQueue: (context) => withParts(createBlobQueue(context)),
  createBlobDrainer: (ports, { news }, queue) =>
    createBlobDrainer({ ...ports, accountId: ports.identity.accountId, queue, channel: news, isOn }),
  createBlobFetcher: (ports, { news }, blobs) =>
    createBlobFetcher({
      ...ports,
      accountId: ports.identity.accountId,
      blobs,
      transport: ports.bytes,
      looksOf: () => ({ type: 'application/octet-stream' }),
      isOn,
      onFetched: (hash) => news.post({ type: 'here', hash }),
    }),
  followBlobs,
  backupPlace: (place) => place,
  backupRows: ({ kv }) => createRowReader(kv),
  serverPlace: (_, options) => createServerPlace(options),
  createKept: (ports, place, lockOf) => createKeptBackups({ ...ports, place, lock: backupLock(lockOf), offsetMinutes: 0 }),
  createRestores: (ports, place, kept, makeSafety, run) =>
    createRestores({ context: context(ports), place, kept, makeSafety, run, batch: RESTORE_BATCH }),
  addFile: (store, source) => store.put(source, { type: 'application/octet-stream' }),
};
