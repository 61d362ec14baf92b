import { openAsBlob } from 'node:fs';
import { Readable } from 'node:stream';
import type { ReadableStream } from 'node:stream/web';
import { type AccountId, isUuid } from '#core/ids.ts';
import { ok, type Result } from '#core/result.ts';
import { listAccounts, listFolder, nameBlobs, removeAccount, removeFile } from './blob-folder.ts';
import type { BlobError, BlobKey, BlobStore, ByteRange, StoredBlob } from './blob-store.ts';
import { tryDisk } from './errors.ts';
import { createPartFiles } from './part-files.ts';
import { createS3Guard } from './s3-guard.ts';
import { listAll, readBlobs, readFolders } from './s3-listing.ts';
import { createS3Requests, type S3Place, unavailable } from './s3-requests.ts';

export interface S3Options {
  /** Whether there should be any object: a bucket without one is then another one (`s3-guard.ts`). */
  readonly isExpected?: (() => Promise<boolean>) | undefined;
  readonly answerMs?: number;
}

/**
 * Blobs in an S3-compatible store, as `<prefix><account>/<ab>/<hash>`: the same names as in a folder, so that either can be copied into
 * the other. Uploads are files in `partsRoot` until their hash is verified, and are then put whole: an object of that name is never half
 * there. It is put again where a process ended before it was said; the bytes are the same. All processes must share that folder.
 */
export function createS3Blobs(
  place: S3Place,
  partsRoot: string,
  { isExpected = async () => false, answerMs }: S3Options = {},
): BlobStore {
  const ask = createS3Requests(place, answerMs);
  const guard = createS3Guard(ask, place.prefix, isExpected);
  const missing = (): Promise<Result<null, BlobError>> => guard(true);
  const names = nameBlobs(partsRoot);
  const parts = createPartFiles(partsRoot);
  const nameOf = ({ accountId, hash }: BlobKey): string => `${accountId}/${hash.slice(0, 2)}/${hash}`;

  async function size(key: BlobKey): Promise<Result<number | null, BlobError>> {
    const name = nameOf(key);
    const head = await ask({ method: 'HEAD', name });
    if (!head.ok) return head;
    if (head.value) return readLength(head.value);
    // Whether it is the object that is not there, or the bucket.
    const sure = await ask({ method: 'GET', name });
    if (!sure.ok || !sure.value) return sure.ok ? missing() : sure;
    await sure.value.body?.cancel();
    return readLength(sure.value);
  }

  /** Puts a verified copy; the store compares the hash as well. */
  async function put(key: BlobKey, file: string): Promise<Result<'whole', BlobError>> {
    const there = await guard(false);
    if (!there.ok) return there;
    const body = await tryDisk(() => openAsBlob(file));
    if (!body.ok) return body;
    const headers = { 'x-amz-content-sha256': key.hash, 'content-type': 'application/octet-stream' };
    const done = await ask({ method: 'PUT', name: nameOf(key), headers, body: body.value });
    if (!done.ok) return done;
    await done.value?.body?.cancel();
    return done.value?.headers.has('etag') ? ok('whole') : unavailable('PUT: the answer is not of a store');
  }

  async function removeObject(key: BlobKey): Promise<Result<null, BlobError>> {
    const removed = await ask({ method: 'DELETE', name: nameOf(key) });
    if (!removed.ok) return removed;
    await removed.value?.body?.cancel();
    return ok(null);
  }

  return {
    isLocal: false,
    arrived: (key) => tryDisk(() => parts.arrived(key)),
    append: (key, offset, bytes) => tryDisk(() => parts.append(key, offset, bytes)),
    async commit(key) {
      const verified = await tryDisk(() => parts.verify(key));
      if (!verified.ok) return verified;
      const copy = verified.value;
      if (copy === 'mismatch') return ok(copy);
      if (!copy) {
        const there = await size(key);
        return there.ok ? ok(there.value === null ? 'nothing' : 'whole') : there;
      }
      const done = await put(key, copy.file);
      return tryDisk(async () => {
        await removeFile(copy.file);
        if (done.ok) await removeFile(names.part(key));
        return null;
      }).then((cleared) => (cleared.ok ? done : cleared));
    },
    drop: (key) => tryDisk(() => parts.drop(key).then(() => null)),
    size,
    async read(key, range) {
      const headers = range ? { range: `bytes=${range.first}-${range.last}` } : {};
      const answer = await ask({ method: 'GET', name: nameOf(key), headers });
      if (!answer.ok || !answer.value) return answer.ok ? missing() : answer;
      const { body } = answer.value;
      if (!isAsked(answer.value, range)) {
        await body?.cancel();
        return unavailable('GET: the answer has other bytes than those asked for');
      }
      return ok(body ? Readable.fromWeb(body as ReadableStream<Uint8Array>) : Readable.from([]));
    },
    async remove(key) {
      const removed = await removeObject(key);
      return removed.ok ? tryDisk(() => parts.drop(key).then(() => null)) : removed;
    },
    async clear(accountId) {
      const stored = await listAll(ask, `${place.prefix}${accountId}/`, readBlobs);
      if (!stored.ok) return stored;
      for (const { hash } of stored.value) {
        const removed = await removeObject({ accountId, hash });
        if (!removed.ok) return removed;
      }
      return tryDisk(() => removeAccount(partsRoot, accountId));
    },
    async list(accountId) {
      const stored = await listAll(ask, `${place.prefix}${accountId}/`, readBlobs);
      if (!stored.ok) return stored;
      const local = await tryDisk(() => listFolder(names.account(accountId)));
      return local.ok ? ok([...stored.value, ...local.value.map((file): StoredBlob => ({ ...file, state: 'part' }))]) : local;
    },
    async accounts() {
      const stored = await listAll(ask, place.prefix, readFolders, '/');
      if (!stored.ok) return stored;
      const local = await tryDisk(() => listAccounts(partsRoot));
      return local.ok ? ok([...new Set<AccountId>([...stored.value.filter(isUuid), ...local.value])]) : local;
    },
  };
}

/** Each object has an ETag: a page of something that is between this server and the store has its own length, and would say "cut off". */
function readLength({ headers }: Response): Result<number, BlobError> {
  const length = Number(headers.get('content-length') ?? Number.NaN);
  return Number.isSafeInteger(length) && headers.has('etag') ? ok(length) : unavailable('the answer is not that of a store');
}

/** A store that does not know ranges answers with everything. */
function isAsked({ status, headers }: Response, range: ByteRange | null): boolean {
  if (!headers.has('etag')) return false;
  if (range === null) return status === 200;
  return status === 206 && (headers.get('content-range') ?? '').startsWith(`bytes ${range.first}-${range.last}/`);
}
