/**
 * Deletions of this device before they are sent. One that the person has confirmed as a part of a bulk passes; the others are
 * weighed, all that wait at once and with those of the day: a bug, or a device out of control, deletes nothing elsewhere. What is
 * too much is held in the outbox. It has left this device's lists, and its content is in the history.
 */
import { eachBatch } from '#core/batches.ts';
import type { KvError } from '#core/errors.ts';
import { equalJson } from '#core/json.ts';
import type { Key, Write } from '#core/ports.ts';
import { ok, type Result } from '#core/result.ts';
import { announce, asCounters, COUNTERS, mint, type StoreContext } from '#store/schema/context.ts';
import { eachInOutbox } from '#store/schema/outbox-pages.ts';
import { estimateBytes, indexColumns, latestStamp, toView } from '#store/schema/rows.ts';
import {
  BINNED,
  type EntityRow,
  type HistoryRow,
  type OutboxRow,
  outboxIn,
  PURGED,
  type WorkspaceTables,
} from '#store/schema/schema.ts';
import type { DeletionAnswer, HeldDeletion, HeldVersion } from '#store/store.ts';
import { noteBulkDeletion } from './bulk-deletions.ts';
import { type CountedDeletions, GUARD_LIMITS, mustAsk } from './deletion-guard.ts';
import { createDraft } from './draft.ts';
import { logEvent } from './event-log.ts';
import { addTaken, asDeletions, BATCH, DELETIONS, decideInBatches, ofTheDay } from './held-deletions.ts';
import { countLive } from './live-count.ts';

const PAGE = 1000;

const isTaken = (row: EntityRow | undefined, { opId }: OutboxRow): row is EntityRow => row?.queued === opId;

/** What the server has never had is nowhere else to be deleted. */
const isCounted = ({ place, version }: EntityRow): boolean => place === PURGED && version !== null;

/** Lets the deletions that wait to be sent go, or holds them until the person has answered. */
export async function weighOwnDeletions(context: StoreContext): Promise<Result<void, KvError>> {
  const { kv, clock, deviceId } = context;
  const waiting = await listUnweighed(context);
  if (!waiting.ok) return waiting;
  const counted = await keepCounted(context, waiting.value);
  if (!counted.ok) return counted;
  const run: readonly CountedDeletions[] = counted.value.map(({ kind }) => ({ kind, deviceId, count: 1 }));
  const found = await kv.read({ deletions: DELETIONS, held: { count: 'outbox', ...outboxIn('held') } });
  if (!found.ok) return found;
  const left = await countLive(context, new Set(run.map(({ kind }) => kind)), BINNED);
  if (!left.ok) return left;
  // They are counted among what there was: the deletion has happened here.
  const live = new Map([...left.value].map(([kind, count]) => [kind, count + run.filter((one) => one.kind === kind).length]));
  const taken = ofTheDay(asDeletions(found.value.deletions).taken, clock.now());
  const held = found.value.held > 0 ? [{ kind: '', deviceId, count: found.value.held }] : [];
  const isTooMuch = mustAsk({ run, taken, held, live }, context.guardLimits ?? GUARD_LIMITS);
  const moved = await eachBatch(waiting.value, BATCH, (part) =>
    kv.transact({ ...reading(part), deletions: DELETIONS }, ({ outbox, rows, deletions }) => {
      let counters = asDeletions(deletions);
      const writes: Write<WorkspaceTables>[] = [];
      outbox.forEach((pending, index) => {
        const row = rows[index];
        if (pending?.state !== 'queued' || !isTaken(row, pending)) return;
        const { unweighed: _, ...weighed } = pending;
        const counts = isCounted(row);
        writes.push({ put: 'outbox', row: isTooMuch && counts ? { ...weighed, state: 'held' } : weighed });
        if (isTooMuch || !counts) return;
        writes.push({ put: 'entities', row: { ...row, cleared: true } });
        counters = { ...counters, taken: addTaken(ofTheDay(counters.taken, clock.now()), row.kind, deviceId, 1, clock.now()) };
      });
      return { writes: counters.taken.length > 0 ? [...writes, { put: 'meta', row: counters }] : writes, value: null };
    }),
  );
  if (!moved.ok) return moved;
  if (!isTooMuch || run.length === 0) return ok(undefined);
  return logEvent(context, { type: 'own-deletions-held', count: run.length });
}

const reading = (part: readonly OutboxRow[]) => {
  const keys: Key[] = part.map(({ kind, id }) => [kind, id]);
  return {
    outbox: { getMany: 'outbox', keys: part.map(({ opId }) => opId) },
    rows: { getMany: 'entities', keys },
  } as const;
};

async function listUnweighed({ kv }: StoreContext): Promise<Result<readonly OutboxRow[], KvError>> {
  const waiting: OutboxRow[] = [];
  const read = await eachInOutbox(kv, 'queued', PAGE, (row) => {
    if (row.unweighed) waiting.push(row);
  });
  return read.ok ? ok(waiting) : read;
}

async function keepCounted({ kv }: StoreContext, waiting: readonly OutboxRow[]): Promise<Result<readonly OutboxRow[], KvError>> {
  const counted = await eachBatch(waiting, PAGE, async (part) => {
    const found = await kv.read({ rows: reading(part).rows });
    if (!found.ok) return found;
    return ok(
      part.filter((pending, index) => {
        const row = found.value.rows[index];
        return isTaken(row, pending) && isCounted(row);
      }),
    );
  });
  return counted.ok ? ok(counted.value.flat()) : counted;
}

/** What was deleted here and is not sent before the person has answered, with what it held. */
export async function listOwnHeld(context: StoreContext): Promise<Result<readonly HeldDeletion[], KvError>> {
  const { kv, ledger, deviceId } = context;
  const list: HeldDeletion[] = [];
  for (let from = 0; ; ) {
    const found: Result<{ readonly held: readonly OutboxRow[] }, KvError> = await kv.read({
      held: { list: 'outbox', ...outboxIn('held', from), limit: BATCH },
    });
    if (!found.ok) return found;
    const held: readonly OutboxRow[] = found.value.held;
    const last: OutboxRow | undefined = held.at(-1);
    if (!last) return ok(list);
    from = last.order + 1;
    const beside = await kv.read({ ...withContent(held), rows: reading(held).rows });
    if (!beside.ok) return beside;
    held.forEach((pending, index) => {
      const row = beside.value.rows[index];
      if (!isTaken(row, pending) || row.place !== PURGED) return;
      const { bases, ...kept } = beside.value;
      const fields = { ...bases[index]?.fields, ...lastState(kept, index)?.fields };
      list.push({
        entity: { ...toView(ledger, { ...row, fields }), lifecycle: 'purged' },
        version: pending.opId,
        deviceId,
        at: pending.queuedAt,
      });
    });
  }
}

/** The reads of what deleted entities held: what the server has, and the state that the deletion left in the history. */
const withContent = (of: readonly OutboxRow[]) => ({
  bases: { getMany: 'bases', keys: of.map(({ kind, id }) => [kind, id]) } as const,
  ...Object.fromEntries(
    of.map(({ kind, id }, index) => [
      `last${index}`,
      { list: 'history', lower: [kind, id], upper: [kind, id, Infinity], reverse: true, limit: 1 } as const,
    ]),
  ),
});

const lastState = (rows: { readonly [name: string]: unknown }, index: number): HistoryRow | undefined =>
  (rows[`last${index}`] as readonly HistoryRow[])[0];

/** The person's answer about those of `shown` that are held here. Gives how many they were. */
export function decideOwn(
  context: StoreContext,
  answer: DeletionAnswer,
  shown: readonly HeldVersion[],
): Promise<Result<number, KvError>> {
  return decideInBatches(shown, async (part) => {
    const found = await context.kv.read({ outbox: { getMany: 'outbox', keys: part.map(({ version }) => version) } });
    if (!found.ok) return found;
    const held = found.value.outbox.flatMap((row) => (row?.state === 'held' ? [row] : []));
    const done = await (answer === 'delete' ? send(context, held) : restore(context, held));
    return done.ok ? ok(held.length) : done;
  });
}

/**
 * From now on it is an act that the person has confirmed: other devices need not ask once more. The deletions are of the time
 * of that answer, which may come days after them: an act speaks for what is deleted at its time (`bulk-deletions.ts`).
 */
async function send(context: StoreContext, held: readonly OutboxRow[]): Promise<Result<void, KvError>> {
  if (held.length === 0) return ok(undefined);
  const act = mint(context);
  for (const [kind, rows] of Map.groupBy(held, (row) => row.kind)) {
    const ids = rows.map(({ id }) => id);
    const noted = await noteBulkDeletion(context, act, kind, ids);
    if (!noted.ok) return noted;
  }
  return context.kv.transact({ ...reading(held), state: COUNTERS }, ({ outbox, rows, state }) => {
    const draft = createDraft(context, asCounters(state));
    const lastUpdated = draft.tick();
    outbox.forEach((pending, index) => {
      const row = rows[index];
      if (pending?.state !== 'held' || !isTaken(row, pending)) return;
      draft.write({ delete: 'outbox', key: pending.opId });
      const sent = { ...row, queued: null, cleared: true, lastUpdated };
      const columns = indexColumns(context.ledger.get(row.kind), sent, true);
      draft.put({ ...sent, ...columns }, row, { pending: true, sameContent: true });
    });
    return { writes: draft.finish(false).writes, value: undefined };
  });
}

/** Back to what it was. Where the server still has exactly that, nothing is sent. */
async function restore(context: StoreContext, held: readonly OutboxRow[]): Promise<Result<void, KvError>> {
  const { kv, ledger, deviceId } = context;
  if (held.length === 0) return ok(undefined);
  const result = await kv.transact({ ...reading(held), ...withContent(held), state: COUNTERS }, (found) => {
    const { outbox, rows, bases, state, ...kept } = found;
    const draft = createDraft(context, asCounters(state));
    outbox.forEach((pending, index) => {
      const row = rows[index];
      if (pending?.state !== 'held' || !isTaken(row, pending) || row.place !== PURGED) return;
      const base = bases[index]?.deleted ? undefined : bases[index];
      const stamp = draft.tick();
      const changed = Object.entries(lastState(kept, index)?.fields ?? {}).filter(
        ([field, value]) => !equalJson(base?.fields[field], value),
      );
      const fields = { ...base?.fields, ...Object.fromEntries(changed) };
      const stamps = { ...base?.stamps, ...Object.fromEntries(changed.map(([field]) => [field, stamp])) };
      const lastUpdated = latestStamp(stamps);
      const restored = { ...row, v: base?.v ?? row.v, fields, stamps, lastUpdated, deviceId, cleared: false, queued: null };
      const bytes = estimateBytes(fields) + estimateBytes(stamps);
      // What is on its way is not what is here, whatever the server has now.
      const isPending = !base || changed.length > 0 || row.sent !== null;
      draft.write({ delete: 'outbox', key: pending.opId });
      draft.put({ ...restored, bytes, ...indexColumns(ledger.get(row.kind), restored, false) }, row, { pending: isPending });
      if (!isPending) draft.base(row.kind, row.id, null);
    });
    const { writes, change } = draft.finish(false);
    return { writes, value: change };
  });
  if (!result.ok) return result;
  announce(context, result.value);
  return ok(undefined);
}
