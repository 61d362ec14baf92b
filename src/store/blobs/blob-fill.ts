/**
 * What entities name and this device lacks, the newest first: page by page from the entity that was changed last down to where an
 * earlier pass began. A kill costs one page. What the server did not have (the words of another device are faster than its files)
 * is remembered.
 */
import type { BlobFill, FillStep } from '#core/blob-fill.ts';
import type { BlobHash } from '#core/blobs.ts';
import type { KvError } from '#core/errors.ts';
import { leftMs } from '#core/pacing.ts';
import { ok, type Result } from '#core/result.ts';
import type { BlobFillRow, LackingBlob } from '#store/schema/blob-meta-rows.ts';
import type { BlobRow } from '#store/schema/blob-rows.ts';
import { asFill, BLOB_FILL } from '#store/schema/blob-way.ts';
import { PURGED } from '#store/schema/schema.ts';
import type { BlobContext } from './context.ts';
import { addNames } from './named-blobs.ts';

/** Entities in one step. */
const PAGE = 100;
/** More of what nobody has are not remembered: they are fetched when somebody looks at them. */
const MAX_LACKING = 200;
/** Nor is what nobody has had for about three weeks. */
const MAX_TIMES = 35;
const FIRST_MS = 5000;
const LONGEST_MS = 24 * 3_600_000;

/** A step with what it is a step of. */
interface OwnStep extends FillStep {
  /** The row as the step leaves it, before what was lacking is known; null where it has looked at what was lacking before. */
  readonly after: Pick<BlobFillRow, 'reached' | 'pass'> | null;
  readonly row: BlobFillRow;
}

type FillContext = Pick<BlobContext, 'kv' | 'clock'>;

/** What was looked at and named nothing to fetch, since the row was read: a word that somebody writes costs no write here. */
interface Memory {
  readonly of: BlobFillRow;
  readonly reached: number;
}

/** The one that fetches gives each step back before it asks for the next. */
export function createBlobFill(context: FillContext): BlobFill {
  let own: OwnStep | null = null;
  let memory: Memory | null = null;
  return {
    async next() {
      const step = await findStep(context, memory);
      own = step.ok ? step.value : null;
      return step;
    },
    async done(step, lacking) {
      const { after = null, row = null } = own === step ? own : {};
      if (after?.pass === null && row && step.hashes.length === 0) {
        memory = { of: row, reached: after.reached };
        return ok(undefined);
      }
      memory = null;
      return noteDone(context, after, step, lacking);
    },
  };
}

async function findStep(context: FillContext, memory: Memory | null): Promise<Result<OwnStep, KvError>> {
  const { kv, clock } = context;
  const found = await kv.read({ fill: BLOB_FILL, last: { list: 'entities', index: 'byLocalSeq', reverse: true, limit: 1 } });
  if (!found.ok) return found;
  const fill = asFill(found.value.fill);
  const top = found.value.last[0]?.localSeq ?? 0;
  const known = memory && isSame(memory.of, fill) ? memory.reached : fill.reached;
  // A database that was lost and filled again counts anew.
  const reached = known > top ? 0 : known;
  const pass = fill.pass && fill.pass.top <= top ? fill.pass : { top, below: top + 1 };
  if (pass.below > reached + 1 && top > reached) {
    const range = { lower: reached, lowerOpen: true, upper: pass.below, upperOpen: true };
    const page = await kv.read({ rows: { list: 'entities', index: 'byLocalSeq', reverse: true, limit: PAGE, ...range } });
    if (!page.ok) return page;
    const { rows } = page.value;
    const named = new Set<BlobHash>();
    for (const row of rows) if (row.place !== PURGED) addNames(named, row);
    const hashes = await wantedOf(context, [...named]);
    if (!hashes.ok) return hashes;
    const below = rows.at(-1)?.localSeq ?? 0;
    const after = rows.length < PAGE ? { reached: pass.top, pass: null } : { reached, pass: { top: pass.top, below } };
    return ok({ hashes: hashes.value, isMore: true, nextAt: null, after, row: fill });
  }
  const due = fill.lacking.filter(({ retryAt }) => leftMs(retryAt, clock.now(), LONGEST_MS) === 0);
  const hashes = await wantedOf(
    context,
    due.map(({ hash }) => hash),
  );
  if (!hashes.ok) return hashes;
  const later = fill.lacking.filter((one) => !due.includes(one)).map(({ retryAt }) => retryAt);
  return ok({
    hashes: hashes.value,
    isMore: false,
    nextAt: later.length > 0 ? Math.min(...later) : null,
    after: null,
    row: fill,
  });
}

const isSame = (one: BlobFillRow, other: BlobFillRow): boolean =>
  one.reached === other.reached && one.pass?.below === other.pass?.below && one.pass?.top === other.pass?.top;

/** Those that are not here, and were not let go. */
async function wantedOf({ kv }: FillContext, hashes: readonly BlobHash[]): Promise<Result<readonly BlobHash[], KvError>> {
  const known = await kv.read({ rows: { getMany: 'blobs', keys: hashes } });
  if (!known.ok) return known;
  const isWanted = (row: BlobRow | undefined): boolean => row === undefined || (row.at === null && row.letGo !== true);
  return ok(hashes.filter((_, at) => isWanted(known.value.rows[at])));
}

const noteDone = (
  { kv, clock }: FillContext,
  after: OwnStep['after'],
  { hashes }: FillStep,
  lacking: readonly BlobHash[],
): Promise<Result<void, KvError>> =>
  kv.transact(
    { fill: BLOB_FILL },
    ({ fill: found }) => {
      const fill = asFill(found);
      const nowMs = clock.now();
      const before = new Map(fill.lacking.map((one) => [one.hash, one]));
      // Those that were asked for and are not lacking are here.
      const others = fill.lacking.filter(({ hash }) => !hashes.includes(hash));
      const again = lacking.map((hash) => lackingAfter(before.get(hash), hash, nowMs)).filter(({ times }) => times <= MAX_TIMES);
      const next: BlobFillRow = { ...fill, ...after, lacking: [...others, ...again].slice(-MAX_LACKING) };
      return { writes: [{ put: 'meta', row: next }], value: undefined };
    },
    'relaxed',
  );

function lackingAfter(before: LackingBlob | undefined, hash: BlobHash, nowMs: number): LackingBlob {
  const times = (before?.times ?? 0) + 1;
  return { hash, times, retryAt: nowMs + Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.min(times - 1, 20)) };
}
