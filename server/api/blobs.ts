/**
 * What a device asks of its account's blobs, without HTTP. A row is written before the first byte, and says `complete` only after the
 * bytes were verified: whatever is interrupted in between, `settle` finds out what is there and goes on.
 */
import type { BlobHash } from '#core/blobs.ts';
import type { AccountId } from '#core/ids.ts';
import { err, ok, type Result } from '#core/result.ts';
import type { BlobError, BlobKey, BlobStore, BlobStream, ByteRange } from '#server/blobs/blob-store.ts';
import { inspectBlob } from '#server/blobs/inspect-blob.ts';
import { flatten, type Refusal, refusal, refuse, storageRefusal } from '#server/refusal.ts';
import type { BlobRow } from '#server/storage/storage.ts';
import { isBeingRemoved, removeClaimed } from './blob-removal.ts';
import type { SyncDeps } from './deps.ts';
import { createTurns, type Turns } from './upload-turns.ts';

export interface BlobDeps extends Pick<SyncDeps, 'storage' | 'clock' | 'limits' | 'hasRoom'> {
  readonly blobs: BlobStore;
}

/** How many bytes of a blob are there, of how many. It is whole where the two are equal. */
export interface Upload {
  readonly offset: number;
  readonly size: number;
}

export interface Found {
  readonly size: number;
  readonly isBody: boolean;
}

/** A refusal; `upload` says where the upload goes on instead. */
export interface UploadRefusal extends Refusal {
  readonly upload?: Upload;
}

export interface BlobPart extends Upload {
  /** It is the body of an op. */
  readonly isBody?: boolean;
  /** It is sent for the sake of a backup. */
  readonly isBackup?: boolean;
  /** Gives the bytes of the part, and ends early when the signal fires. */
  readonly bytes: (signal: AbortSignal) => AsyncIterable<Uint8Array>;
}

export interface BlobApi {
  upload(key: BlobKey): Promise<Result<Upload, Refusal>>;
  takePart(key: BlobKey, part: BlobPart): Promise<Result<Upload, UploadRefusal>>;
  /** The size of a blob that is whole, and whether it is the body of an op. */
  find(key: BlobKey): Promise<Result<Found, Refusal>>;
  open(key: BlobKey, range: ByteRange | null): Promise<Result<BlobStream, Refusal>>;
  missing(accountId: AccountId, hashes: readonly BlobHash[]): Promise<Result<{ missing: BlobHash[] }, Refusal>>;
}

const absent = refusal('not-found', 'This account has no such blob.');
/** Of this blob alone: a device that gets it goes on with the others, and does not take the server for one that is down. */
const beingRemoved: Refusal = {
  ...refusal('unavailable', 'The server is just removing an earlier copy of this file. It will be sent again.'),
  status: 409,
};

export function createBlobApi(deps: BlobDeps): BlobApi {
  const turns = createTurns();
  return {
    upload: (key) => findUpload(deps, turns, key),
    takePart: (key, part) => takePart(deps, turns, key, part),
    find: (key) => findWhole(deps, key),
    open: (key, range) => openWhole(deps, key, range),
    missing: (accountId, hashes) => findMissing(deps, accountId, hashes),
  };
}

async function findUpload(deps: BlobDeps, turns: Turns, key: BlobKey): Promise<Result<Upload, Refusal>> {
  const row = await readRow(deps, key);
  if (!row.ok) return row;
  if (!row.value || row.value.state === 'removing') return err(absent);
  const { state, bytes: size } = row.value;
  if (state === 'complete') return ok({ offset: size, size });
  const arrived = fromStore(await deps.blobs.arrived(key));
  if (!arrived.ok) return arrived;
  if (arrived.value < size && (arrived.value > 0 || turns.isBusy(nameOf(key)))) return ok({ offset: arrived.value, size });
  // All of it is there, or nothing as it was moved to its place: a process ended before the row said so.
  const settled = await turns.run(nameOf(key), false, () => settle(deps, key, size));
  return !settled.ok && settled.error.error.type === 'hash-mismatch' ? err(absent) : settled;
}

async function takePart(
  deps: BlobDeps,
  turns: Turns,
  key: BlobKey,
  { offset, size, bytes, isBody = false, isBackup = false }: BlobPart,
): Promise<Result<Upload, UploadRefusal>> {
  const { blobs, limits } = deps;
  if (size > limits.maxBlobBytes)
    return refuse('too-large', `This server takes no file above ${limits.maxBlobBytes / 1_000_000} MB.`);
  const announced = await announce(deps, key, size, { isBody, isBackup });
  if (!announced.ok) return announced;
  if (announced.value === 'complete') return ok({ offset: size, size });
  return turns.run(nameOf(key), true, async (signal): Promise<Result<Upload, UploadRefusal>> => {
    if (announced.value === 'restarted') {
      const dropped = fromStore(await blobs.drop(key));
      if (!dropped.ok) return dropped;
    }
    const before = await settle(deps, key, size);
    if (!before.ok || before.value.offset === size) return before;
    if (before.value.offset !== offset || signal.aborted) return goOnAt(before.value);
    const appended = fromStore(await blobs.append(key, offset, bytes(signal)));
    if (!appended.ok) return appended;
    const upload = { offset: appended.value, size };
    if (upload.offset >= size) return settle(deps, key, size);
    return signal.aborted ? goOnAt(upload) : ok(upload);
  });
}

const goOnAt = (upload: Upload) =>
  err({ ...refusal('wrong-offset', `The upload goes on at byte ${upload.offset} of ${upload.size}.`), upload });

/** How old the note of the last part may be before the next one makes it again. An upload that nobody continued is removed after a day. */
const TOUCH_MS = 60_000;

/** Writes the row under which bytes may arrive. `restarted`: it was announced with another size before, and begins again. */
async function announce(
  { storage, clock, limits, hasRoom }: BlobDeps,
  { accountId, hash }: BlobKey,
  size: number,
  { isBody, isBackup }: Pick<BlobRow, 'isBody' | 'isBackup'>,
): Promise<Result<'new' | 'known' | 'restarted' | 'complete', Refusal>> {
  return flatten(
    await storage.write(accountId, async (writer, account) => {
      if (!account) return refuse('unauthorized', 'There is no such account here.');
      const [row] = await writer.blobs(accountId, [hash]);
      const now = Math.floor(clock.now());
      // What a process that has ended did not remove goes on as an upload: `settle` looks at what is left of it.
      if (row && isBeingRemoved(row, now)) return err(beingRemoved);
      // What is a file as well goes as files go, and counts as they do.
      const use = { isBody: isBody && row?.isBody !== false, isBackup: isBackup && row?.isBackup !== false };
      if (row?.state === 'complete') {
        if (row.isBody !== use.isBody || row.isBackup !== use.isBackup) await writer.putBlob(accountId, { ...row, ...use });
        return row.bytes === size ? ok('complete') : refuse('malformed', `This blob has ${row.bytes} bytes, not ${size}.`);
      }
      const used = use.isBackup ? account.backupBytes : account.usedBytes + account.blobBytes;
      const own = row?.isBackup === use.isBackup ? row.bytes : 0;
      if (size > 0 && used - own + size > (use.isBackup ? limits.backupQuotaBytes : limits.quotaBytes))
        return refuse('over-quota', 'The account has no room for this blob. It will be sent again.');
      if (size > 0 && hasRoom?.() === false)
        return refuse('over-quota', "The server's disk is nearly full. Nothing was taken; it will be sent again.");
      // The next part of an upload in a moment changes nothing: each part would wait for the disk once more.
      const isKnown =
        row?.state === 'arriving' && row.bytes === size && row.isBody === use.isBody && row.isBackup === use.isBackup;
      if (isKnown && row.unreferencedSince === null && Math.abs(now - row.touchedAt) < TOUCH_MS) return ok('known');
      const createdAt = row?.createdAt ?? now;
      await writer.putBlob(accountId, {
        hash,
        bytes: size,
        state: 'arriving',
        createdAt,
        touchedAt: now,
        unreferencedSince: null,
        ...use,
      });
      if (!row) return ok('new');
      return ok(row.bytes === size ? 'known' : 'restarted');
    }),
  );
}

/**
 * Looks how far an upload has come, and completes it where all of its bytes are there: now, or since a process that could not
 * say so any more.
 */
async function settle(deps: BlobDeps, key: BlobKey, size: number): Promise<Result<Upload, Refusal>> {
  const { blobs } = deps;
  const arrived = fromStore(await blobs.arrived(key));
  if (!arrived.ok) return arrived;
  if (arrived.value < size || size === 0) {
    // Behind a part that is there, nothing was moved to its place. Where that place does not answer, the upload goes on all the same:
    // what arrives is kept here, and waits.
    const whole = arrived.value === 0 ? await blobs.size(key) : ok(null);
    if (whole.ok && whole.value === size) {
      // Nobody has said that these bytes were verified: their disk may have damaged them, or a copy that was put back.
      const { type } = await inspectBlob(blobs, key, size);
      if (type === 'sound') return complete(deps, key, size);
      const removed = type === 'damaged' ? fromStore(await blobs.remove(key)) : ok(null);
      if (!removed.ok) return removed;
    }
    if (size > 0) return ok({ offset: arrived.value, size });
    // An upload of nothing is complete as soon as it has begun.
    const begun = fromStore(await blobs.append(key, 0, nothing()));
    if (!begun.ok) return begun;
  }
  const committed = fromStore(await blobs.commit(key));
  if (!committed.ok) {
    await noteWaiting(deps, key);
    return committed;
  }
  if (committed.value === 'whole') return complete(deps, key, size);
  if (committed.value === 'nothing') return ok({ offset: 0, size });
  const removed = await deps.storage.write(key.accountId, (writer) => writer.removeBlob(key.accountId, key.hash));
  if (!removed.ok) return err(storageRefusal(removed.error));
  return refuse('hash-mismatch', 'The bytes are not those of this hash, and were dropped. Begin again at 0.');
}

/** All of it is here and cannot be moved to its place: it is not abandoned as long as its device asks. */
async function noteWaiting({ storage, clock }: BlobDeps, { accountId, hash }: BlobKey): Promise<void> {
  await storage.write(accountId, async (writer) => {
    const [row] = await writer.blobs(accountId, [hash]);
    if (row?.state === 'arriving') await writer.putBlob(accountId, { ...row, touchedAt: Math.floor(clock.now()) });
  });
}

async function complete(deps: BlobDeps, key: BlobKey, size: number): Promise<Result<Upload, Refusal>> {
  const { accountId, hash } = key;
  const done = flatten(
    await deps.storage.write(accountId, async (writer): Promise<Result<Upload, Refusal>> => {
      const [row] = await writer.blobs(accountId, [hash]);
      if (!row || row.state === 'removing') return err(beingRemoved);
      if (row.state === 'arriving') await writer.putBlob(accountId, { ...row, bytes: size, state: 'complete' });
      return ok({ offset: size, size });
    }),
  );
  if (done.ok) await deps.blobs.drop(key);
  return done;
}

async function findWhole(deps: BlobDeps, key: BlobKey): Promise<Result<Found, Refusal>> {
  const row = await readRow(deps, key);
  if (!row.ok) return row;
  return row.value?.state === 'complete' ? ok({ size: row.value.bytes, isBody: row.value.isBody }) : err(absent);
}

async function openWhole(deps: BlobDeps, key: BlobKey, range: ByteRange | null): Promise<Result<BlobStream, Refusal>> {
  const found = await findWhole(deps, key);
  if (!found.ok) return found;
  const size = fromStore(await deps.blobs.size(key));
  if (!size.ok) return size;
  const stream = size.value === found.value.size ? fromStore(await deps.blobs.read(key, range)) : ok(null);
  if (!stream.ok) return stream;
  if (stream.value) return ok(stream.value);
  await forgetLost(deps, key);
  return err(absent);
}

/** The bytes are gone or cut off: the account lacks this blob again, and a device that has it is asked for it. */
async function forgetLost(deps: BlobDeps, { accountId, hash }: BlobKey): Promise<void> {
  const touchedAt = Math.floor(deps.clock.now());
  const claimed = await deps.storage.write(accountId, async (writer) => {
    const [row] = await writer.blobs(accountId, [hash]);
    if (row?.state !== 'complete') return null;
    const claim: BlobRow = { ...row, state: 'removing', touchedAt };
    await writer.putBlob(accountId, claim);
    return claim;
  });
  if (claimed.ok && claimed.value) await removeClaimed(deps, accountId, claimed.value);
}

async function findMissing(
  { storage }: BlobDeps,
  accountId: AccountId,
  hashes: readonly BlobHash[],
): Promise<Result<{ missing: BlobHash[] }, Refusal>> {
  const rows = await storage.read((reader) => reader.blobs(accountId, hashes));
  if (!rows.ok) return err(storageRefusal(rows.error));
  const whole = new Set(rows.value.flatMap((row) => (row.state === 'complete' ? [row.hash] : [])));
  return ok({ missing: [...new Set(hashes)].filter((hash) => !whole.has(hash)) });
}

async function readRow({ storage }: BlobDeps, { accountId, hash }: BlobKey): Promise<Result<BlobRow | undefined, Refusal>> {
  const rows = await storage.read((reader) => reader.blobs(accountId, [hash]));
  return rows.ok ? ok(rows.value[0]) : err(storageRefusal(rows.error));
}

const nameOf = ({ accountId, hash }: BlobKey): string => `${accountId}/${hash}`;

/** What the place of the bytes answered, as this API says it. */
function fromStore<T>(result: Result<T, BlobError>): Result<T, Refusal> {
  if (result.ok) return result;
  if (result.error.type === 'BlobsFull')
    return refuse('over-quota', "The server's disk is full. What came is kept; the rest will be sent again.");
  return err({
    ...refusal('unavailable', 'The server cannot reach the place of its pictures and files. Try again.'),
    retryAfterSeconds: STORE_RETRY_SECONDS,
  });
}

async function* nothing(): AsyncGenerator<Uint8Array> {}

const STORE_RETRY_SECONDS = 10;
