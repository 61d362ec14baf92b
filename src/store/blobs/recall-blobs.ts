/**
 * Brings back what the server is about to remove and something here still names: a revision, a conflict or a backup of this device. The
 * server keeps a file for the sake of the versions that it has, and for 30 days after the last of them; what names it here may stay longer.
 * A file that was let go, or was never looked at, is fetched once it may have been so for ten days: before, history may let go of it, or an
 * entity name it again.
 */
import { inBatches } from '#core/batches.ts';
import type { BlobHash } from '#core/blobs.ts';
import type { FetchError, KvError } from '#core/errors.ts';
import { ok, type Result } from '#core/result.ts';
import type { FileCount, RecallOptions } from '#store/blob-store.ts';
import type { BlobRecallRow, RecalledBlob } from '#store/schema/blob-meta-rows.ts';
import { asSync, SYNC } from '#store/schema/context.ts';
import type { BlobContext } from './context.ts';
import { namedAnywhere } from './named-blobs.ts';
import { findSharedBlobs } from './shared-blobs.ts';

const DAY_MS = 24 * 3_600_000;
/** A third of the server's grace: a device that is used once a fortnight is in time. */
const AFTER_MS = 10 * DAY_MS;
/** What the server has not had on so many days is asked for no more. */
const MAX_TIMES = 3;
/** More are looked at when these are here. */
const MAX_WAITING = 5000;
const ROWS = 1000;

const RECALL = { get: 'meta', key: 'blob-recall' } as const;

/** See `BlobStore.recall`. `named`: what a collection has just found; null where it has not looked. */
export async function recallBlobs(
  context: BlobContext,
  { fetch, goesOn, maxBytes }: RecallOptions,
  named: ReadonlySet<BlobHash> | null = null,
): Promise<Result<FileCount, KvError>> {
  const { kv, clock } = context;
  const nowMs = clock.now();
  const found = await kv.read({ row: RECALL, sync: SYNC });
  if (!found.ok) return found;
  const before = found.value.row?.key === 'blob-recall' ? found.value.row : null;
  let brought: FileCount = { files: 0, bytes: 0 };
  if (before && Math.abs(nowMs - before.lookedAt) < DAY_MS) return ok(brought);
  const lacking = await findLacking(context, named);
  if (!lacking.ok) return lacking;
  const known = new Map(before?.waiting.map((one) => [one.hash, one]));
  // It may have been so since the words that the last look knew: who was away for long has no time to wait.
  const since = before?.knownAt ?? nowMs;
  const noted = lacking.value.map((hash): RecalledBlob => known.get(hash) ?? { hash, since, times: 0 });
  const waiting = new Map(noted.slice(0, MAX_WAITING).map((one) => [one.hash, one]));
  const keep = (): Promise<Result<void, KvError>> => {
    const knownAt = asSync(found.value.sync).lastSyncedAt ?? nowMs;
    const row: BlobRecallRow = { key: 'blob-recall', lookedAt: nowMs, knownAt, waiting: [...waiting.values()] };
    return kv.transact({}, () => ({ writes: [{ put: 'meta', row }], value: undefined }), 'relaxed');
  };
  // Killed while it fetches, it goes on tomorrow, and knows since when.
  const begun = await keep();
  if (!begun.ok) return begun;
  for (const one of noted) {
    const isDue = waiting.has(one.hash) && Math.abs(nowMs - one.since) >= AFTER_MS && one.times < MAX_TIMES;
    if (!isDue) continue;
    const left = maxBytes - brought.bytes;
    if (left <= 0 || !(await goesOn())) break;
    const fetched = await fetch(one.hash, left);
    if (fetched.ok) {
      brought = { files: brought.files + 1, bytes: brought.bytes + fetched.value.size };
      waiting.delete(one.hash);
    } else if (isGone(fetched.error)) waiting.set(one.hash, { ...one, times: one.times + 1 });
    // Larger than what is left for today.
    else if (fetched.error.type !== 'Canceled') break;
  }
  const ended = await keep();
  return ended.ok ? ok(brought) : ended;
}

const isGone = ({ type }: FetchError): boolean => type === 'BlobMissing' || type === 'WrongBytes';

/** What something here names, the server keeps for no version, and is not here. */
async function findLacking(
  context: BlobContext,
  scanned: ReadonlySet<BlobHash> | null,
): Promise<Result<readonly BlobHash[], KvError>> {
  const named = scanned ? ok(scanned) : await namedAnywhere(context);
  if (!named.ok) return named;
  const away = new Set<BlobHash>();
  for (const keys of inBatches([...named.value], ROWS)) {
    const page = await context.kv.read({ rows: { getMany: 'blobs', keys } });
    if (!page.ok) return page;
    for (const [at, hash] of keys.entries()) if ((page.value.rows[at]?.at ?? null) === null) away.add(hash);
  }
  if (away.size === 0) return ok([]);
  const shared = await findSharedBlobs(context, away);
  return shared.ok ? ok([...away].filter((hash) => !shared.value.has(hash))) : shared;
}
