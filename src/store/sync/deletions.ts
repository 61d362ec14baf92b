/** Deletions that wait: those of other devices weighed when a run has ended, and all that are held decided by the person. */
import { eachBatch } from '#core/batches.ts';
import type { KvError } from '#core/errors.ts';
import { ok, type Result } from '#core/result.ts';
import { readBulkDeletions } from '#store/draft/bulk-deletions.ts';
import { type CountedDeletions, GUARD_LIMITS, mustAsk } from '#store/draft/deletion-guard.ts';
import { EVENT_READS, eventWrites, logEvent } from '#store/draft/event-log.ts';
import {
  asDeletions,
  asHeld,
  BATCH,
  type Counting,
  DELETIONS,
  decideInBatches,
  heldKey,
  isHeld,
  ofTheDay,
  visitHeld,
} from '#store/draft/held-deletions.ts';
import { countLive } from '#store/draft/live-count.ts';
import { decideOwn, listOwnHeld } from '#store/draft/own-deletions.ts';
import type { StoreContext } from '#store/schema/context.ts';
import type { DeletionsRow, HeldRow } from '#store/schema/meta-rows.ts';
import { toView } from '#store/schema/rows.ts';
import { PURGED } from '#store/schema/schema.ts';
import type { DeletionAnswer, HeldDeletion, HeldVersion } from '#store/store.ts';
import { commitIncoming } from './incoming.ts';

/**
 * Decides what the run has set aside, all of it at once: it happens, each content going to the history first, or it is held.
 * Killed in between, the next run's end decides what is left.
 */
export async function weighDeletions(context: StoreContext): Promise<Result<void, KvError>> {
  const { kv, clock } = context;
  const found = await kv.read({ deletions: DELETIONS });
  if (!found.ok) return found;
  const counters = asDeletions(found.value.deletions);
  if (counters.aside === 0) return ok(undefined);
  const acts = await readBulkDeletions(context);
  if (!acts.ok) return acts;
  const run: CountedDeletions[] = [];
  const held: CountedDeletions[] = [];
  let confirmed = 0;
  const listed = await visitHeld(context, (rows) => {
    for (const row of rows) {
      if (isHeld(row, counters)) held.push({ ...row.deletion, count: 1 });
      else if (acts.value.has(row.deletion)) confirmed += 1;
      else run.push({ ...row.deletion, count: 1 });
    }
    return undefined;
  });
  if (!listed.ok) return listed;
  if (confirmed > 0) {
    const applied = await applyAside(context, counters, (row) => acts.value.has(row.deletion), 'confirmed');
    if (!applied.ok) return applied;
    await logEvent(context, { type: 'deletions-confirmed', count: confirmed });
  }
  const live = await countLive(context, new Set(run.map(({ kind }) => kind)));
  if (!live.ok) return live;
  const taken = ofTheDay(counters.taken, clock.now());
  if (mustAsk({ run, taken, held, live: live.value }, context.guardLimits ?? GUARD_LIMITS)) return holdAside(context);
  return applyAside(context, counters, () => true, 'day');
}

/** Lets those of what was set aside happen that `which` names. */
const applyAside = (context: StoreContext, counters: DeletionsRow, which: (row: HeldRow) => boolean, counting: Counting) =>
  visitHeld(context, (rows) =>
    apply(
      context,
      rows.filter((row) => !isHeld(row, counters) && which(row)),
      'delete',
      counting,
    ),
  );

/** What was set aside waits for the person from now on. */
function holdAside({ kv, clock }: StoreContext): Promise<Result<void, KvError>> {
  return kv.transact({ deletions: DELETIONS, ...EVENT_READS }, ({ deletions, newestEvent }) => {
    const row = asDeletions(deletions);
    const next: DeletionsRow = {
      ...row,
      heldTo: row.last,
      held: row.held + row.aside,
      heldSince: row.held > 0 ? row.heldSince : clock.now(),
      aside: 0,
    };
    const events = eventWrites(newestEvent, { type: 'deletions-held', count: row.aside }, clock.now());
    return { writes: [{ put: 'meta', row: next }, ...events], value: undefined };
  });
}

async function apply(
  context: StoreContext,
  rows: readonly HeldRow[],
  answer: DeletionAnswer,
  counting: Counting,
): Promise<Result<void, KvError>> {
  const applied = await eachBatch(rows, BATCH, (batch) => {
    const incoming = batch.map(({ deletion }) => ({ entity: deletion, lineage: [], common: undefined, decided: answer }));
    return commitIncoming(context, incoming, new Map(), (sync) => sync, counting);
  });
  return applied.ok ? ok(undefined) : applied;
}

/** See `Store.heldDeletions`. */
export async function listHeld(context: StoreContext): Promise<Result<readonly HeldDeletion[], KvError>> {
  const { kv, ledger } = context;
  const found = await kv.read({ deletions: DELETIONS });
  if (!found.ok) return found;
  const counters = asDeletions(found.value.deletions);
  const own = await listOwnHeld(context);
  if (!own.ok || counters.held === 0) return own;
  const list: HeldDeletion[] = [...own.value];
  const visited = await visitHeld(context, async (rows) => {
    const held = rows.filter((row) => isHeld(row, counters));
    const keys = held.map(({ deletion }) => [deletion.kind, deletion.id] as const);
    const entities = await kv.read({ rows: { getMany: 'entities', keys } });
    if (!entities.ok) return entities;
    held.forEach(({ deletion, at }, index) => {
      const row = entities.value.rows[index];
      if (!row || row.place === PURGED) return;
      list.push({ entity: toView(ledger, row), version: deletion.version, deviceId: deletion.deviceId, at });
    });
    return ok(undefined);
  });
  return visited.ok ? ok(list.sort((a, b) => b.at - a.at)) : visited;
}

/**
 * The person's answer, about exactly the versions that they were shown. Needs no server. Gives how many of them it was still
 * about: another device may have overtaken the rest meanwhile. Killed half-way, what is left is asked about again.
 */
export async function decideDeletions(
  context: StoreContext,
  answer: DeletionAnswer,
  shown: readonly HeldVersion[],
): Promise<Result<number, KvError>> {
  const others = await decideInBatches(shown, async (part) => {
    const found = await context.kv.read({ rows: { getMany: 'meta', keys: part.map(heldKey) }, deletions: DELETIONS });
    if (!found.ok) return found;
    const counters = asDeletions(found.value.deletions);
    const rows = part.flatMap(({ version }, index) => {
      const row = asHeld(found.value.rows[index]);
      // Whether the server still has what is doubtful is about to be known.
      return row && !row.doubtful && isHeld(row, counters) && row.deletion.version === version ? [row] : [];
    });
    const applied = await apply(context, rows, answer, 'answered');
    return applied.ok ? ok(rows.length) : applied;
  });
  if (!others.ok) return others;
  const own = await decideOwn(context, answer, shown);
  if (!own.ok) return own;
  const decided = others.value + own.value;
  if (decided > 0) await logEvent(context, { type: 'deletions-decided', answer, count: decided });
  return ok(decided);
}
