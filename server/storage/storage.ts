/**
 * What the server keeps, and the promise under which it does.
 *
 * - A `write` holds its account exclusively, over every process on the same database, from before its body runs until it
 *   has committed: `seq` order is therefore commit order, and a compare followed by a write cannot be overtaken.
 * - All that a body writes is committed together or not at all, and `write` resolves with `ok` only after the commit has
 *   reached the disk. A body that throws leaves nothing behind.
 * - A `read` sees one snapshot: no commit of another becomes visible between two of its calls.
 * - Nothing here looks into an entity's body: it is text, given back exactly as it came (NUL characters included).
 * - Every version stays forever as a row; the bodies of the last `KEPT_BODIES` of each entity stay with it, those of a
 *   deleted one until they are erased (`eraseDeleted`).
 * - Bodies run on microtasks only where the storage is SQLite: no timer, no thread pool. The simulation depends on it.
 *
 * - The digest and the list of purges follow from the log alone, and are committed with it.
 *
 * An account that was deleted is to everybody as one that never was, but for `deletedAt`.
 *
 * Ids, hashes and kinds arrive checked; sizes are UTF-8 bytes, times are wall time in ms.
 */

import type { BlobHash } from '#core/blobs.ts';
import type { EntityKey } from '#core/entity-key.ts';
import type { AccountId, DeviceId, OpId } from '#core/ids.ts';
import type { RemoteEntity } from '#core/protocol.ts';
import type { Result } from '#core/result.ts';
import type { BlobRow, KeptBackup, NamedBlobs } from './blob-rows.ts';

export type { BlobRow, KeptBackup, NamedBlobs } from './blob-rows.ts';

/** Bodies kept per entity, the current one included. The same number as the lineage: what reconcile may merge with. */
export const KEPT_BODIES = 20;

/** A device keeps its last few tokens: a lost or overtaken answer to `enter` must not sign it out. */
export const TOKENS_PER_DEVICE = 5;

export type StorageError =
  /** Another process held the database longer than the busy timeout. Nothing was written; try again. */
  | { readonly type: 'StorageBusy' }
  /** The disk is full. Nothing was written. */
  | { readonly type: 'StorageFull' }
  /**
   * The database cannot be used until somebody looks after it: it is damaged, its files were removed or replaced under the
   * running server (what was written just now may be lost with them), or the disk does not take or give what it should.
   */
  | { readonly type: 'StorageBroken'; readonly reason: 'damaged' | 'gone' | 'disk' };

export interface Account {
  readonly id: string;
  readonly keyHash: string;
  /** One life of this account's data. */
  readonly epoch: string;
  /** The counter of applied ops; 0 before the first. */
  readonly seq: number;
  /** The op that took `seq`; null before the first. */
  readonly lastOpId: string | null;
  /** Bytes of all current bodies. */
  readonly usedBytes: number;
  /** Bytes of all blobs that have a row, those that still arrive counted whole, but for those of backups. */
  readonly blobBytes: number;
  /** Bytes of blobs that are there for the sake of backups alone. */
  readonly backupBytes: number;
  readonly login: Login | null;
  readonly createdAt: number;
}

/** The second way in. `hash` is scrypt of the client's authKey under `salt`, both in hex. */
export interface Login {
  readonly name: string;
  readonly salt: string;
  readonly hash: string;
  readonly wrappedKey: string;
}

export interface Device {
  readonly id: string;
  readonly name: string;
  readonly createdAt: number;
  readonly lastSeenAt: number;
  readonly revokedAt: number | null;
}

/** The current version of an entity, without its body. */
export interface Head extends EntityKey {
  readonly version: OpId;
  readonly rev: number;
  readonly seq: number;
  readonly hash: string;
  readonly deleted: boolean;
  readonly bytes: number;
}

/** An op as it was applied: what a repeated push of it is answered from. */
export interface AppliedOp extends EntityKey {
  readonly opId: OpId;
  readonly rev: number;
  readonly seq: number;
  readonly hash: string;
  readonly deleted: boolean;
  readonly blobs: readonly string[];
  readonly acceptedAt: number;
}

/** A version on its way in: an entity, the version before it, and the blobs that its body refers to. */
export interface NewVersion extends RemoteEntity {
  /** Null for an entity's first version. */
  readonly base: OpId | null;
  readonly bytes: number;
  readonly blobs: readonly string[];
  /** Lost versions that it contains (`Op.contains`). */
  readonly contains?: string | undefined;
}

export interface Digest {
  readonly seq: number;
  /** How many entities the account has, tombstones included. */
  readonly entities: number;
  /** See core/manifest-digest.ts. */
  readonly buckets: string[];
}

/** A version that history can show. */
export type KeptVersion = Pick<Head, 'version' | 'seq' | 'hash' | 'bytes'>;

/** A version's content, from a device that holds the same version. */
export type Repair = Pick<NewVersion, 'seq' | 'v' | 'lastUpdated' | 'deviceId' | 'body' | 'hash' | 'bytes' | 'blobs'>;

export interface StorageReader {
  account(accountId: AccountId): Promise<Account | undefined>;
  accountByLogin(name: string): Promise<Account | undefined>;
  /** The accounts' counters, for those that exist. */
  seqs(accountIds: readonly string[]): Promise<ReadonlyMap<string, number>>;

  device(accountId: AccountId, deviceId: DeviceId): Promise<Device | undefined>;
  deviceByToken(accountId: AccountId, tokenHash: string): Promise<Device | undefined>;
  /** The oldest first, revoked ones included. */
  devices(accountId: AccountId): Promise<readonly Device[]>;

  /** The op that holds `seq` in the account's log. */
  opAt(accountId: AccountId, seq: number): Promise<string | undefined>;
  /** Those of `opIds` that were applied. */
  appliedOps(accountId: AccountId, opIds: readonly OpId[]): Promise<readonly AppliedOp[]>;

  /** The heads of those `keys` that exist, in the order of seq. */
  heads(accountId: AccountId, keys: readonly EntityKey[]): Promise<readonly Head[]>;
  /** Heads with a seq above `seq`, oldest first. */
  headsAfter(accountId: AccountId, seq: number, limit: number): Promise<readonly Head[]>;
  /** Heads with a seq below `seq`, newest first. */
  headsBefore(accountId: AccountId, seq: number, limit: number): Promise<readonly Head[]>;
  /** Heads by kind, then id, in code-unit order, after the given key. */
  headsByKey(accountId: AccountId, after: EntityKey | null, limit: number): Promise<readonly Head[]>;
  /** What was kept with each push up to `seq`: behind the account's counter only while an older server also writes. */
  digest(accountId: AccountId): Promise<Digest>;

  /**
   * The versions at these seqs with their bodies, in the order of the seqs given, as the disk gives them back: they go out
   * only through `siftVersions` (integrity.ts).
   */
  versionsAt(accountId: AccountId, seqs: readonly number[]): Promise<readonly RemoteEntity[]>;
  /** The versions of an entity whose bodies are kept, newest first, `KEPT_BODIES` at most, without reading the bodies. */
  keptVersions(accountId: AccountId, key: EntityKey): Promise<readonly KeptVersion[]>;
  /** The ids of the last `most` versions before each head that came after the seq `since`, oldest first, by head version. */
  lineages(
    accountId: AccountId,
    heads: readonly Pick<Head, 'version' | 'rev' | 'seq'>[],
    most?: number,
    since?: number,
  ): Promise<ReadonlyMap<string, readonly OpId[]>>;
  /** What all ops of an entity have said that they contain, oldest first (`Op.contains`). */
  contained(accountId: AccountId, key: EntityKey): Promise<string>;
  /** Current versions that were noted as damaged, oldest first. */
  damaged(accountId: AccountId, limit: number): Promise<readonly Head[]>;

  /** The rows of those `hashes` that have one. */
  blobs(accountId: AccountId, hashes: readonly BlobHash[]): Promise<readonly BlobRow[]>;
  /** The account's rows by hash, after the given one. */
  blobsAfter(accountId: AccountId, hash: BlobHash | null, limit: number): Promise<readonly BlobRow[]>;
  /** What kept versions with a seq above `seq` name, oldest first. Versions that name nothing are left out. */
  namedBlobs(accountId: AccountId, seq: number, limit: number): Promise<readonly NamedBlobs[]>;

  /** In the order in which they were stored. */
  backups(accountId: AccountId): Promise<readonly KeptBackup[]>;
  /** What a backup names, its manifest too; none where there is no such backup, null where the disk gives back no list. */
  backupBlobs(accountId: AccountId, id: string): Promise<readonly BlobHash[] | null>;

  /** When an account by this id was deleted, in ms; undefined where none was. */
  deletedAt(accountId: AccountId): Promise<number | undefined>;
}

export interface StorageWriter extends StorageReader {
  createAccount(account: Account): Promise<void>;
  /** Begins another epoch of the account: every device that knows the one before compares its past. */
  setEpoch(accountId: AccountId, epoch: string): Promise<void>;
  setLogin(accountId: AccountId, login: Login): Promise<void>;
  /** Creates the device, or renames it and notes that it was seen. Leaves its revocation as it is. */
  putDevice(accountId: AccountId, device: Omit<Device, 'revokedAt'>): Promise<void>;
  noteSeen(accountId: AccountId, deviceId: DeviceId, atMs: number): Promise<void>;
  /** Marks the device revoked; its tokens stay known, so that the answer says why it is refused. */
  revokeDevice(accountId: AccountId, deviceId: DeviceId, atMs: number): Promise<void>;
  /** Adds a token to a device and forgets all but its last `TOKENS_PER_DEVICE`. */
  addToken(accountId: AccountId, deviceId: DeviceId, tokenHash: string, createdAt: number): Promise<void>;
  /**
   * Appends versions in the order of their seqs (the account's next ones, without a gap), makes each entity's last one
   * its head, drops the bodies that are no longer kept, and sets the account's counter and used bytes.
   */
  append(accountId: AccountId, versions: readonly NewVersion[], usedBytes: number): Promise<void>;
  /** Notes versions whose bodies were found damaged. Harmless where they are noted already. */
  noteDamaged(accountId: AccountId, seqs: readonly number[]): Promise<void>;
  /** Puts a good copy in place of a damaged version: all of it but its place in the log. */
  repair(accountId: AccountId, version: Repair): Promise<void>;
  /** Creates or replaces a blob's row, and counts its bytes for the account. */
  putBlob(accountId: AccountId, row: BlobRow): Promise<void>;
  /** Removes a blob's row, and counts its bytes no more. Harmless where there is none. */
  removeBlob(accountId: AccountId, hash: BlobHash): Promise<void>;
  /** Notes that these are named again; gives those of them that are complete. */
  keepBlobs(accountId: AccountId, hashes: readonly BlobHash[]): Promise<readonly BlobHash[]>;
  /** Adds a backup that names `blobs`. There is none by its id yet. */
  putBackup(accountId: AccountId, backup: KeptBackup, blobs: readonly BlobHash[]): Promise<void>;
  /** Harmless where there is none. */
  removeBackup(accountId: AccountId, id: string): Promise<void>;
  /**
   * Deletes the account, whether it is there or not: nobody enters it any more, and nobody finds it. What it had is erased by `eraseAccount`.
   */
  deleteAccount(accountId: AccountId, atMs: number): Promise<void>;
}

export interface Storage {
  read<T>(body: (reader: StorageReader) => Promise<T>): Promise<Result<T, StorageError>>;
  /** `account` is the row as it is under the lock; undefined where there is none by this id. */
  write<T>(
    accountId: AccountId,
    body: (writer: StorageWriter, account: Account | undefined) => Promise<T>,
  ): Promise<Result<T, StorageError>>;
  /** The ids of all accounts, in order, after the given one. */
  accountIds(after: AccountId | null, limit: number): Promise<Result<readonly AccountId[], StorageError>>;
  /** The ids of accounts that have blobs, in order, after the given one. */
  blobAccounts(after: AccountId | null, limit: number): Promise<Result<readonly AccountId[], StorageError>>;
  /** Whether any account has a blob that is complete. */
  hasBlobs(): Promise<Result<boolean, StorageError>>;
  /** Gives all accounts this epoch, in one statement. Gives how many those are. */
  setEpochs(epoch: string): Promise<Result<number, StorageError>>;
  /** Devices that may enter, of all accounts, those seen last first. */
  enteredDevices(limit: number): Promise<readonly (Device & { readonly accountId: AccountId })[]>;
  /**
   * Erases the older bodies of entities that were deleted until `purgedUntil` and still are, `limit` of them at most; their
   * rows stay. Gives how many were looked at: 0 when nothing is left to do.
   */
  eraseDeleted(purgedUntil: number, limit: number): Promise<Result<number, StorageError>>;
  /** The deleted accounts that are not noted as erased, those deleted first before others. */
  accountsToErase(): Promise<Result<readonly { readonly id: AccountId; readonly deletedAt: number }[], StorageError>>;
  /**
   * Erases about `limit` rows of a deleted account, those of its blobs only where `withBlobs`: they say that there should be bytes. Gives how many: 0 when nothing
   * else is left.
   */
  eraseAccount(accountId: AccountId, limit: number, withBlobs: boolean): Promise<Result<number, StorageError>>;
  /** Notes that nothing of a deleted account is left. */
  noteErased(accountId: AccountId, atMs: number): Promise<Result<null, StorageError>>;
  /** Empties the write-ahead log, where the database has one. False where others use it just now. */
  emptyLog(): Promise<boolean>;
  /** Writes one row, to see whether the database takes writes. */
  beat(atMs: number): Promise<Result<null, StorageError>>;
  /**
   * Brings digests and lists of purges up to the log, where it was written by a server that did not keep them. In steps of
   * a few thousand versions, each committed by itself: ended at any point, it goes on from there the next time. `onStep`
   * is called with how many versions are done, and of how many.
   */
  catchUp(onStep?: (done: number, total: number) => void): Promise<Result<null, StorageError>>;
  close(): Promise<void>;
}
