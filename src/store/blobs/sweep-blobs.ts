/** Brings rows and bytes into agreement after a kill, or after the browser has lost one of the two. */
import type { BlobHash } from '#core/blobs.ts';
import { blobPartLock } from '#core/channels.ts';
import type { KvError } from '#core/errors.ts';
import { ok, type Result } from '#core/result.ts';
import type { BlobRow } from '#store/schema/blob-rows.ts';
import { alone, type BlobContext, caught, readRow } from './context.ts';
import type { BlobPlace } from './place.ts';
import { noteLost } from './read-blob.ts';
import { takeUp } from './take-up.ts';

const PAGE = 1000;

/** See `BlobStore.sweep`. */
export async function sweepBlobs(context: BlobContext): Promise<Result<void, KvError>> {
  for (const place of [context.files, context.rows]) {
    const swept = place ? await sweepParts(context, place) : ok(undefined);
    if (!swept.ok) return swept;
  }
  const { files } = context;
  const found = files ? await caught(() => files.hashes()) : ok(null);
  if (!found.ok || !files || found.value === null) return found.ok ? ok(undefined) : found;
  return agree(context, files, new Set(found.value));
}

/** Parts that nobody writes any more. */
async function sweepParts({ locks }: BlobContext, place: BlobPlace): Promise<Result<void, KvError>> {
  const parts = await caught(() => place.parts());
  if (!parts.ok) return parts;
  for (const part of parts.value) {
    const swept = await locks.hold(blobPartLock(part), () => caught(() => place.discardPart(part)), { ifAvailable: true });
    if (swept && !swept.ok) return swept;
  }
  return ok(undefined);
}

async function agree(context: BlobContext, files: BlobPlace, hashes: Set<BlobHash>): Promise<Result<void, KvError>> {
  for (let range: object = {}; ; ) {
    const page: Result<{ readonly rows: readonly BlobRow[] }, KvError> = await context.kv.read({
      rows: { list: 'blobs', limit: PAGE, ...range },
    });
    if (!page.ok) return page;
    for (const { hash, at } of page.value.rows) {
      const isThere = hashes.has(hash);
      // A row whose bytes are elsewhere has no use for a file.
      if (at !== null) hashes.delete(hash);
      const lost = at === 'file' && !isThere ? await noteLost(context, hash) : ok(undefined);
      if (!lost.ok) return lost;
      const spared = at === 'rows' && isThere ? await removeSpare(context, files, hash) : ok(undefined);
      if (!spared.ok) return spared;
    }
    const last = page.value.rows.at(-1);
    if (!last || page.value.rows.length < PAGE) break;
    range = { lower: last.hash, lowerOpen: true };
  }
  for (const hash of hashes) {
    const taken = await takeUp(context, files, hash);
    if (!taken.ok) return taken;
  }
  return ok(undefined);
}

/** The file of a blob whose bytes are in rows: written by another context while this one had no files. */
const removeSpare = (context: BlobContext, files: BlobPlace, hash: BlobHash): Promise<Result<void, KvError>> =>
  alone(context, hash, async () => {
    const found = await readRow(context, hash);
    if (!found.ok) return found;
    return found.value?.at === 'rows' ? caught(() => files.remove(hash)) : ok(undefined);
  });
