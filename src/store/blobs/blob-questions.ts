/**
 * Whether the server still has what it once had. A server that was restored may have lost blobs, and one that nothing has named for
 * long it removes: after each new life of the server, and every few days, it is asked about all that is here, page by page. A kill
 * costs one page.
 */
import { MAX_MISSING_HASHES } from '#core/blob-protocol.ts';
import type { BlobQuestion } from '#core/blob-queue.ts';
import type { BlobHash } from '#core/blobs.ts';
import type { KvError } from '#core/errors.ts';
import { ok, type Result } from '#core/result.ts';
import type { BlobWayRow } from '#store/schema/blob-meta-rows.ts';
import { type BlobRow, sentWrites } from '#store/schema/blob-rows.ts';
import { asWay, BLOB_WAY } from '#store/schema/blob-way.ts';
import { asSync, SYNC } from '#store/schema/context.ts';
import type { BlobContext } from './context.ts';

const DAY_MS = 24 * 3_600_000;
/** How old its answer may be before the server is asked again. */
const ASK_AFTER_MS = 3 * DAY_MS;

/** Whether the server is to be asked. */
export const isAskDue = ({ asking, askedAt }: BlobWayRow, nowMs: number): boolean =>
  asking !== null || askedAt === null || Math.abs(nowMs - askedAt) >= ASK_AFTER_MS;

/** An older answer is not relied on: the server removes what nothing has named for 30 days, and this device may have slept. */
const RELY_MS = 7 * DAY_MS;

/** Whether the server has said of a blob that it has it, lately and in its present life. */
export const isConfirmed = ({ sent }: BlobRow, { asking, askedAt }: BlobWayRow, nowMs: number): boolean =>
  sent && asking === null && askedAt !== null && Math.abs(nowMs - askedAt) < RELY_MS;

/** See `BlobQueue.question`. */
export async function nextQuestion({ kv, clock }: BlobContext): Promise<Result<BlobQuestion | null, KvError>> {
  const found = await kv.read({ way: BLOB_WAY, sync: SYNC });
  if (!found.ok) return found;
  const way = asWay(found.value.way);
  const at = clock.now();
  if (!isAskDue(way, at)) return ok(null);
  const { epoch, after } = way.asking ?? { epoch: asSync(found.value.sync).epoch, after: null };
  const range = after === null ? {} : { lower: after, lowerOpen: true };
  const page = await kv.read({ rows: { list: 'blobs', limit: MAX_MISSING_HASHES, ...range } });
  if (!page.ok) return page;
  const { rows } = page.value;
  // What nothing names any more is not worth a question: it goes here and there.
  const hashes = rows.flatMap(({ hash, at, unnamedSince }) => (at === null || unnamedSince !== undefined ? [] : [hash]));
  return ok({ hashes, at, epoch, after, last: rows.at(-1)?.hash ?? after, isLast: rows.length < MAX_MISSING_HASHES });
}

/** See `BlobQueue.answer`. */
export const noteAnswer = (
  { kv }: BlobContext,
  { hashes, at, epoch, after, last, isLast }: BlobQuestion,
  missing: readonly BlobHash[],
): Promise<Result<void, KvError>> =>
  kv.transact({ way: BLOB_WAY, sync: SYNC, rows: { getMany: 'blobs', keys: hashes } }, ({ way: found, sync, rows }) => {
    const way = asWay(found);
    const asked: BlobWayRow['asking'] = way.asking ?? { epoch: asSync(sync).epoch, after: null };
    if (asked.epoch !== epoch || asked.after !== after) return { writes: [], value: undefined };
    const lacking = new Set(missing);
    // An answer is as old as the first page of it, however long the others took.
    const since = asked.since ?? at;
    const next: BlobWayRow = isLast
      ? { ...way, asking: null, askedAt: since }
      : { ...way, asking: { epoch, after: last, since } };
    const changed = sentWrites(rows, ({ hash }) => !lacking.has(hash));
    return { writes: [{ put: 'meta', row: next }, ...changed], value: undefined };
  });
