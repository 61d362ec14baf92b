import type { BlobHash } from '#core/blobs.ts';
import type { KvError } from '#core/errors.ts';
import { ok, type Result } from '#core/result.ts';
import { type BlobFacts, blobRow } from '#store/schema/blob-rows.ts';
import { alone, type BlobContext, caught, readRow } from './context.ts';
import type { BlobPlace } from './place.ts';
import { hashInPlace } from './verify-blob.ts';

/**
 * A file that no row knows, or whose row says that it is gone: a kill came before its row, or the browser has lost the database
 * and not the files, and what comes back of the entities may name it. Its bytes are compared with its name first: what a failing
 * disk has changed would be shown, and sent, for what it is not.
 */
export const takeUp = (context: BlobContext, files: BlobPlace, hash: BlobHash): Promise<Result<void, KvError>> =>
  alone(context, hash, async () => {
    const [found, size] = await Promise.all([readRow(context, hash), caught(() => files.sizeOf(hash))]);
    if (!found.ok) return found;
    if (!size.ok) return size;
    if (size.value === null || (found.value && found.value.at !== null)) return ok(undefined);
    const nowMs = context.clock.now();
    const known: BlobFacts = found.value ?? { hash, type: '', size: size.value, sent: false, addedAt: nowMs, usedAt: nowMs };
    const { letGo: _, ...facts } = known;
    const row = blobRow({ ...facts, size: size.value }, { at: 'file' });
    const hashed = await caught(() => hashInPlace(context, files, row));
    if (!hashed.ok) return hashed;
    if (hashed.value !== hash) return caught(() => files.remove(hash));
    return context.kv.transact({}, () => ({ writes: [{ put: 'blobs', row }], value: undefined }));
  });
