/** What the server does not take: kept in the row, and tried again less and less often. */
import type { BlobRefusal } from '#core/blob-queue.ts';
import type { BlobHash } from '#core/blobs.ts';
import type { KvError } from '#core/errors.ts';
import { leftMs } from '#core/pacing.ts';
import { ok, type Result } from '#core/result.ts';
import type { RefusedBlob } from '#store/blob-store.ts';
import { type BlobRow, blobRow, placeOf } from '#store/schema/blob-rows.ts';
import type { BlobContext } from './context.ts';

const FIRST_MS = 60_000;
const LONGEST_MS = 24 * 3_600_000;
const PAGE = 1000;

type Why = Pick<BlobRefusal, 'error' | 'says'>;

/** Rows of the index `byWaiting` that the server has refused. */
export const REFUSED = { list: 'blobs', index: 'byWaiting', lower: [2], upper: [2, Infinity] } as const;
/** The same, to find those whose time has come: a smaller one may wait for longer. */
export const MAY_BE_DUE = { ...REFUSED, limit: PAGE } as const;
/** Those that it has not. */
export const WAITING = { lower: [1], upper: [1, Infinity] } as const;

/** One minute after the first refusal, then four times as long each time, up to a day. */
function refusalAfter(before: BlobRefusal | undefined, { error, says }: Why, nowMs: number): BlobRefusal {
  const times = (before?.times ?? 0) + 1;
  const waitMs = Math.min(LONGEST_MS, FIRST_MS * 4 ** Math.min(times - 1, 10));
  return { error, says, times, since: before?.since ?? nowMs, retryAt: nowMs + waitMs };
}

/** Whether its time has come. */
export const isDue = ({ refused }: BlobRow, nowMs: number): boolean =>
  !refused || leftMs(refused.retryAt, nowMs, LONGEST_MS) === 0;

/** See `BlobQueue.refuse`. */
export async function refuseBlobs(
  { kv, clock }: BlobContext,
  hash: BlobHash,
  why: Why,
  atLeast = Infinity,
): Promise<Result<void, KvError>> {
  const nowMs = clock.now();
  const refuse = (row: BlobRow) => {
    const refused = refusalAfter(row.refused, why, nowMs);
    return { put: 'blobs', row: blobRow({ ...row, refused }, placeOf(row)) } as const;
  };
  const first = await kv.transact({ row: { get: 'blobs', key: hash } }, ({ row }) => ({
    writes: row?.waits ? [refuse(row)] : [],
    value: undefined,
  }));
  if (!first.ok || atLeast === Infinity) return first;
  for (;;) {
    const others = { list: 'blobs', index: 'byWaiting', lower: [1, atLeast], upper: [1, Infinity], limit: PAGE } as const;
    const moved = await kv.transact({ rows: others }, ({ rows }) => ({ writes: rows.map(refuse), value: rows.length }));
    if (!moved.ok) return moved;
    if (moved.value < PAGE) return ok(undefined);
  }
}

/** See `BlobStore.refused`. */
export async function listRefused({ kv }: BlobContext, limit: number): Promise<Result<readonly RefusedBlob[], KvError>> {
  const found = await kv.read({ rows: { ...REFUSED, limit } });
  if (!found.ok) return found;
  return ok(found.value.rows.flatMap(({ hash, type, size, refused }) => (refused ? [{ hash, type, size, refused }] : [])));
}

/** See `BlobStore.retryRefused`. */
export async function retryRefused({ kv }: BlobContext): Promise<Result<void, KvError>> {
  for (;;) {
    const moved = await kv.transact({ rows: { ...REFUSED, limit: PAGE } }, ({ rows }) => ({
      writes: rows.map(({ refused: _, ...row }) => ({ put: 'blobs', row: blobRow(row, placeOf(row)) }) as const),
      value: rows.length,
    }));
    if (!moved.ok) return moved;
    if (moved.value < PAGE) return ok(undefined);
  }
}
