/**
 * Takes what nothing in the workspace has named for 30 days. A pass reads all that can name a blob. What it does not find is
 * noted, and goes in a pass 30 days later that does not find it either.
 *
 * A reference that is committed while a pass reads is seen: before anything goes, what has changed since the pass began is read,
 * again and again, until the transaction that deletes the rows finds the workspace as it was read. A blob that is added again
 * meanwhile, because somebody is about to name it, stays: its row has changed.
 */
import type { BlobHash } from '#core/blobs.ts';
import type { KvError } from '#core/errors.ts';
import { equalJson, type Json } from '#core/json.ts';
import type { Rows } from '#core/ports.ts';
import { ok, type Result } from '#core/result.ts';
import type { Collected } from '#store/blob-store.ts';
import { type BlobRow, blobRow, placeOf, thumbnailName } from '#store/schema/blob-rows.ts';
import { asCounters, asSync, COUNTERS, SYNC } from '#store/schema/context.ts';
import type { WorkspaceTables } from '#store/schema/schema.ts';
import { alone, type BlobContext, caught, placeFor, readRow } from './context.ts';
import { NAMING_PLACES, type NamingPlace, namedAnywhere, namedByEntities } from './named-blobs.ts';
import { deleteBytes } from './rows-place.ts';
import { forgetGonePages } from './shown-files.ts';

const DAY_MS = 24 * 3_600_000;
export const GRACE_MS = 30 * DAY_MS;
const PAGE = 1000;
/** Entities that have changed since a scan, read in one go. */
const CHANGED = 200;
/** A workspace that changes all the time is looked at another day. */
const MAX_ROUNDS = 100;

const CARE = { get: 'meta', key: 'blobs' } as const;
const NOTHING: Collected = { hashes: [], bytes: 0 };

/** See `BlobStore.collect`. `places` are all that can name a blob: others are for tests. `onScanned` gets what they name, where they were read. */
export async function collectBlobs(
  context: BlobContext,
  now: boolean,
  places: readonly NamingPlace[] = Object.values(NAMING_PLACES),
  onScanned: (named: ReadonlySet<BlobHash>) => void = () => {},
): Promise<Result<Collected, KvError>> {
  const { kv, clock } = context;
  const nowMs = clock.now();
  const care = await kv.read({ row: CARE });
  if (!care.ok) return care;
  const last = care.value.row?.key === 'blobs' ? care.value.row.collectedAt : null;
  if (!now && last !== null && Math.abs(nowMs - last) < DAY_MS) return ok(NOTHING);
  const forgotten = await forgetGonePages(context);
  if (!forgotten.ok) return forgotten;
  const found = await readSettled(context, nowMs);
  if (!found.ok) return found;
  const collected = found.value.length === 0 ? ok(NOTHING) : await collectFrom(context, found.value, nowMs, places, onScanned);
  if (!collected.ok) return collected;
  const noted = await kv.transact(
    {},
    () => ({ writes: [{ put: 'meta', row: { key: 'blobs', collectedAt: nowMs } }], value: undefined }),
    'relaxed',
  );
  return noted.ok ? collected : noted;
}

/** The blobs that nobody has just added. */
async function readSettled({ kv }: BlobContext, nowMs: number): Promise<Result<readonly BlobRow[], KvError>> {
  const settled: BlobRow[] = [];
  for (let range: object = {}; ; ) {
    const page: Result<{ readonly rows: readonly BlobRow[] }, KvError> = await kv.read({
      rows: { list: 'blobs', limit: PAGE, ...range },
    });
    if (!page.ok) return page;
    settled.push(...page.value.rows.filter(({ usedAt }) => nowMs - usedAt >= DAY_MS));
    const end = page.value.rows.at(-1);
    if (!end || page.value.rows.length < PAGE) return ok(settled);
    range = { lower: end.hash, lowerOpen: true };
  }
}

/** What moves with everything that may name a blob anew. */
interface Moment {
  readonly localSeq: number;
  readonly cursor: number;
  readonly sending: Json;
}

const MOMENT = { state: COUNTERS, sync: SYNC } as const;
function momentOf({ state, sync }: Rows<WorkspaceTables, typeof MOMENT>): Moment {
  const { localSeq, sending = null } = asCounters(state);
  return { localSeq, cursor: asSync(sync).cursor, sending: sending && { ...sending } };
}
const isSameMoment = (a: Moment, b: Moment): boolean => equalJson({ ...a }, { ...b });

async function collectFrom(
  context: BlobContext,
  settled: readonly BlobRow[],
  nowMs: number,
  places: readonly NamingPlace[],
  onScanned: (named: ReadonlySet<BlobHash>) => void,
): Promise<Result<Collected, KvError>> {
  const start = await context.kv.read(MOMENT);
  if (!start.ok) return start;
  let moment = momentOf(start.value);
  const scanned = await namedAnywhere(context, places);
  if (!scanned.ok) return scanned;
  const named = scanned.value;
  onScanned(named);
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const taken = await takeUnnamed(context, settled, named, moment, nowMs);
    if (!taken.ok) return taken;
    if (taken.value) return removeBytes(context, taken.value);
    const changed = await readChanged(context, moment, named, places);
    if (!changed.ok) return changed;
    moment = changed.value;
  }
  return ok(NOTHING);
}

/** Reads what has changed since `moment`. Gives the moment up to which it has read. */
async function readChanged(
  context: BlobContext,
  moment: Moment,
  named: Set<BlobHash>,
  places: readonly NamingPlace[],
): Promise<Result<Moment, KvError>> {
  const page = await context.kv.read({
    ...MOMENT,
    rows: { list: 'entities', index: 'byLocalSeq', lower: moment.localSeq, lowerOpen: true, limit: CHANGED },
  });
  if (!page.ok) return page;
  const { rows } = page.value;
  const now = momentOf(page.value);
  const changed = await namedByEntities(
    context.kv,
    rows.map(({ kind, id }) => [kind, id] as const),
  );
  if (!changed.ok) return changed;
  for (const hash of changed.value) named.add(hash);
  for (const { scan, byEntity } of places) {
    const scanned = byEntity ? ok(undefined) : await scan(context, named);
    if (!scanned.ok) return scanned;
  }
  return ok(rows.length < CHANGED ? now : { ...now, localSeq: rows.at(-1)?.localSeq ?? now.localSeq });
}

/**
 * Deletes the rows of what has not been named for long, and notes what is not named now; all in one transaction. Gives what it
 * has deleted, or null where the workspace is not as it was read.
 */
const takeUnnamed = (
  context: BlobContext,
  settled: readonly BlobRow[],
  named: ReadonlySet<BlobHash>,
  moment: Moment,
  nowMs: number,
): Promise<Result<readonly BlobRow[] | null, KvError>> =>
  context.kv.transact({ ...MOMENT, rows: { getMany: 'blobs', keys: settled.map(({ hash }) => hash) } }, (found) => {
    if (!isSameMoment(momentOf(found), moment)) return { writes: [], value: null };
    const isAsRead = (row: BlobRow, at: number): boolean => row.usedAt === settled[at]?.usedAt;
    const rows = found.rows.flatMap((row, at) => (row && isAsRead(row, at) ? [row] : []));
    const taken = rows.filter((row) => !named.has(row.hash) && isOverdue(row, nowMs));
    const deletions = taken.flatMap((row) => [
      { delete: 'blobs', key: row.hash } as const,
      deleteBytes(thumbnailName(row.hash)),
      ...(placeFor(context, row)?.removal(row) ?? []),
    ]);
    const notes = rows.flatMap((row) => {
      const { unnamedSince, ...rest } = row;
      if (named.has(row.hash)) return unnamedSince === undefined ? [] : [blobRow(rest, placeOf(row))];
      return unnamedSince === undefined ? [{ ...row, unnamedSince: nowMs }] : [];
    });
    return { writes: [...deletions, ...notes.map((row) => ({ put: 'blobs', row }) as const)], value: taken };
  });

const isOverdue = ({ unnamedSince, usedAt }: BlobRow, nowMs: number): boolean =>
  unnamedSince !== undefined && nowMs - unnamedSince >= GRACE_MS && nowMs - usedAt >= GRACE_MS;

/** The bytes go after their rows, and only where no row has come back meanwhile. What a kill leaves is taken up by `sweep`. */
async function removeBytes(context: BlobContext, taken: readonly BlobRow[]): Promise<Result<Collected, KvError>> {
  for (const row of taken) {
    const removed = await alone(context, row.hash, async () => {
      const now = await readRow(context, row.hash);
      if (!now.ok || now.value) return now;
      return caught(async () => placeFor(context, row)?.remove(row.hash));
    });
    if (!removed.ok) return removed;
  }
  return ok({ hashes: taken.map(({ hash }) => hash), bytes: taken.reduce((sum, { size }) => sum + size, 0) });
}
