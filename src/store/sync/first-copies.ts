/**
 * Entities that this device has never had: what a pull of a fresh device consists of. Nothing of theirs is merged, so they
 * are decided before any transaction and written by one that checks that they are still unknown. The ordinary way
 * (`incoming.ts`) reads first and writes afterwards.
 *
 * Transactions follow each other without waiting for the disk. One that fails must not be passed by the next, which would
 * move the cursor over rows that were never written: each looks whether the cursor is where the one before left it.
 */
import type { KvError } from '#core/errors.ts';
import type { Key, Write } from '#core/ports.ts';
import type { RemoteEntity } from '#core/protocol.ts';
import { ok, type Result } from '#core/result.ts';
import { createDraft } from '#store/draft/draft.ts';
import { distinctParents, withParents } from '#store/draft/family.ts';
import { announce, asCounters, asSync, COUNTERS, type StoreContext, SYNC } from '#store/schema/context.ts';
import type { SyncRow } from '#store/schema/meta-rows.ts';
import { PURGED, type WorkspaceTables } from '#store/schema/schema.ts';
import { afterHearing } from '#store/schema/sync-row.ts';
import { decide, record } from './incoming.ts';

/** A part of a pull that is committed at once. */
export interface Batch {
  readonly entities: readonly RemoteEntity[];
  /** The cursor to be at before it; null for the first. */
  readonly after: number | null;
  readonly moveSync: (sync: SyncRow) => SyncRow;
  /** The server's time in the answer that brought it. */
  readonly serverMs: number;
}

/** One is written while the next is made ready: more gain nothing, and a save would wait for them. */
const ON_THEIR_WAY = 2;
/** Fewer are seldom new: a device in use learns of edits. */
const MANY = 20;

/** Commits the batches that hold nothing but first copies, in order. Gives how many: the next one goes the ordinary way. */
export async function commitFirstCopies(context: StoreContext, batches: readonly Batch[]): Promise<Result<number, KvError>> {
  const many = Math.min(MANY, context.applyBatch ?? MANY);
  const end = batches.findIndex(({ entities }) => entities.length < many || entities.some(({ deleted }) => deleted));
  const eligible = end < 0 ? batches : batches.slice(0, end);
  const underWay: Promise<Result<boolean, KvError>>[] = [];
  let begun = 0;
  let done = 0;
  while (done < eligible.length) {
    while (underWay.length < ON_THEIR_WAY && begun < eligible.length) {
      underWay.push(commitBatch(context, eligible[begun] as Batch));
      begun += 1;
    }
    const result = await (underWay.shift() as Promise<Result<boolean, KvError>>);
    if (result.ok && result.value) {
      done += 1;
      continue;
    }
    await Promise.all(underWay);
    return result.ok ? ok(done) : result;
  }
  return ok(done);
}

/** False where it is not what it was taken for, or the batch before it was not written. */
async function commitBatch(
  context: StoreContext,
  { entities, after, moveSync, serverMs }: Batch,
): Promise<Result<boolean, KvError>> {
  const incoming = entities.map((entity) => ({ entity, lineage: [], common: undefined }));
  const decisions = incoming.map((one) => decide(context, undefined, undefined, one, serverMs));
  const keys: Key[] = entities.map(({ kind, id }) => [kind, id]);
  const result = await context.kv.transact(
    {
      rows: { getMany: 'entities', keys },
      parents: { getMany: 'entities', keys: distinctParents(withParents(context, entities)) },
      state: COUNTERS,
      sync: SYNC,
    },
    ({ rows, parents, state, sync }) => {
      const now = asSync(sync);
      const follows = after === null || now.cursor >= after;
      const areNew = rows.every((row) => row === undefined) && new Set(keys.map(String)).size === keys.length;
      // A child brings its purged parent back, which is not done here.
      const mayStay = parents.every((parent) => parent?.place !== PURGED);
      if (!follows || !areNew || !mayStay) return { writes: [] as readonly Write<WorkspaceTables>[], value: null };
      const draft = createDraft(context, afterHearing(context, asCounters(state), serverMs));
      incoming.forEach((one, index) => {
        record(context, draft, undefined, one, decisions[index] as (typeof decisions)[number], null, false);
      });
      const { writes, change } = draft.finish(false);
      return { writes: [...writes, { put: 'meta', row: moveSync(now) }], value: change };
    },
  );
  if (!result.ok) return result;
  if (result.value) announce(context, result.value);
  return ok(result.value !== null);
}
