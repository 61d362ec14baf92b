/** The step from waiting to sent: a transaction before the fetch, in which op and base are frozen. */
import type { KvError } from '#core/errors.ts';
import { heldForMs } from '#core/pacing.ts';
import type { Key, Write } from '#core/ports.ts';
import type { Op } from '#core/protocol.ts';
import { ok, type Result } from '#core/result.ts';
import type { Claim, ClaimRequest } from '#core/sync-store.ts';
import { weighOwnDeletions } from '#store/draft/own-deletions.ts';
import { withOlder } from '#store/schema/ancestors.ts';
import { isSending } from '#store/schema/bulk-mark.ts';
import { asBulk, asCounters, BULK, COUNTERS, type StoreContext } from '#store/schema/context.ts';
import type { CountersRow } from '#store/schema/meta-rows.ts';
import { toOp } from '#store/schema/op.ts';
import { eachInOutbox } from '#store/schema/outbox-pages.ts';
import { extendLineage } from '#store/schema/rows.ts';
import { type OutboxRow, outboxIn, type WorkspaceTables } from '#store/schema/schema.ts';
import { BULK_FROM, type Bulk, type BulkMemory, makeBulk, markBulk, takeRun } from './bulk.ts';
import { isSame } from './incoming.ts';

const UNANSWERED_PAGE = 500;

/** Ops that were sent and have no answer yet, oldest first. */
export async function unansweredOps({ kv }: StoreContext): Promise<Result<readonly Op[], KvError>> {
  const found = await kv.read({ bulk: BULK });
  if (!found.ok) return found;
  const ops: Op[] = [...(asBulk(found.value.bulk)?.ops ?? [])];
  // None may be left out: nothing is pulled while one of them has no answer.
  const read = await eachInOutbox(kv, 'sent', UNANSWERED_PAGE, ({ op }) => {
    if (op) ops.push(op);
  });
  return read.ok ? ok(ops) : read;
}

/** Marks waiting rows as sent and gives their ops. A row that moves on meanwhile is left for the next claim. */
export async function claimOps(
  context: StoreContext,
  memory: BulkMemory,
  request: ClaimRequest,
): Promise<Result<Claim, KvError>> {
  if (memory.sent && memory.isBegun) {
    memory.isBegun = false;
    return ok({ ops: memory.sent.row.ops, nextDueAt: null });
  }
  const ready = memory.sent ? null : memory.prepared;
  memory.prepared = null;
  if (ready) {
    const ops = await claimBulk(context, memory, ready);
    if (!ops.ok) return ops;
    if (ops.value) return ok({ ops: ops.value, nextDueAt: null });
  }
  const found = await findWeighed(context, request);
  if (!found.ok) return found;
  const { due, nextDueAt } = found.value;
  if (due.length === 0) return ok({ ops: [], nextDueAt });
  const run = takeRun(due);
  if (run.length >= (context.bulkFrom ?? BULK_FROM)) {
    const bulk = await makeBulk(context, run);
    if (!bulk.ok) return bulk;
    const ops = bulk.value ? await claimBulk(context, memory, bulk.value) : ok(null);
    if (!ops.ok) return ops;
    if (ops.value) return ok({ ops: ops.value, nextDueAt });
  }
  const claimed = await claimRows(context, due);
  return claimed.ok ? ok({ ops: claimed.value, nextDueAt }) : claimed;
}

/** See `SyncStore.peek`. */
export async function peekOp(context: StoreContext, request: ClaimRequest): Promise<Result<Op | null, KvError>> {
  const found = await findWeighed(context, request);
  if (!found.ok) return found;
  const [first] = found.value.due;
  if (!first) return ok(null);
  const read = await context.kv.read({ row: { get: 'entities', key: [first.kind, first.id] } });
  if (!read.ok) return read;
  const { row } = read.value;
  return ok(row && row.sent === null && row.queued === first.opId ? toOp(row, first.opId) : null);
}

async function claimBulk(context: StoreContext, memory: BulkMemory, bulk: Bulk): Promise<Result<readonly Op[] | null, KvError>> {
  const marked = await markBulk(context, bulk);
  if (!marked.ok) return marked;
  if (!marked.value) return ok(null);
  memory.sent = bulk;
  return ok(bulk.row.ops);
}

/** See `SyncStore.prepare`. What cannot be read now is read when it is claimed. */
export async function prepareNext(context: StoreContext, memory: BulkMemory, request: ClaimRequest): Promise<void> {
  const { sent } = memory;
  if (!sent) return;
  const found = await context.kv.read({
    state: COUNTERS,
    queued: { list: 'outbox', ...outboxIn('queued', sent.mark.to), lowerOpen: true, limit: request.limit },
  });
  if (!found.ok) return;
  const { due } = pickDue(found.value.queued, asCounters(found.value.state), context.clock.now(), request);
  const run = takeRun(due);
  if (run.length < (context.bulkFrom ?? BULK_FROM)) return;
  const bulk = await makeBulk(context, run);
  if (bulk.ok) memory.prepared = bulk.value;
}

interface Due {
  readonly due: readonly OutboxRow[];
  readonly nextDueAt: number | null;
  /** Rows that were free to go and have no room in this push. */
  readonly left: number;
}

function pickDue(queued: readonly OutboxRow[], state: CountersRow, nowMs: number, request: ClaimRequest): Due {
  const { limit, maxBytes, force, large } = request;
  const due: OutboxRow[] = [];
  let nextDueAt: number | null = null;
  let bytes = 0;
  let left = 0;
  const isHeld = (row: OutboxRow): boolean => heldForMs(row.holdUntil, nowMs) > 0 && !force;
  // A child never comes after its parent: taken by the server after the parent's deletion, it would bring that back.
  const parents = new Map(queued.map((row) => [row.id, isHeld(row) ? 0 : row.order]));
  const withoutRoom = new Set<string | undefined>();
  for (const row of queued) {
    if (isSending(row, state)) continue;
    const goesFirst = row.parent !== undefined && row.order < (parents.get(row.parent) ?? 0);
    const isLeft = large !== undefined && row.bytes > large.above !== large.only;
    if (isHeld(row) && !goesFirst) nextDueAt = Math.min(nextDueAt ?? row.holdUntil, row.holdUntil);
    else if (isLeft) withoutRoom.add(row.parent);
    else if (due.length < limit && !withoutRoom.has(row.id) && (due.length === 0 || bytes + row.bytes <= maxBytes)) {
      due.push(row);
      bytes += row.bytes;
    } else {
      left += 1;
      withoutRoom.add(row.parent);
    }
  }
  return { due, nextDueAt, left };
}

/** The oldest waiting rows that may go now, and when the next of the paced ones may. */
async function findDue(context: StoreContext, request: ClaimRequest): Promise<Result<Due, KvError>> {
  // Behind rows that are held others may be free to go; mostly one look is enough.
  for (let max = request.limit; ; max = request.limit * 4) {
    const found = await context.kv.read({
      state: COUNTERS,
      queued: { list: 'outbox', ...outboxIn('queued'), limit: max },
    });
    if (!found.ok) return found;
    const { queued, state } = found.value;
    const picked = pickDue(queued, asCounters(state), context.clock.now(), request);
    const isFull = picked.left > 0 || picked.due.length === request.limit;
    if (isFull || queued.length < max || max > request.limit) return ok(picked);
  }
}

/** What may go now, deletions only after the guard has let them pass. */
async function findWeighed(context: StoreContext, request: ClaimRequest): Promise<Result<Due, KvError>> {
  const found = await findDue(context, request);
  if (!found.ok || !found.value.due.some(({ unweighed }) => unweighed)) return found;
  const weighed = await weighOwnDeletions(context);
  if (!weighed.ok) return weighed;
  const again = await findDue(context, request);
  if (!again.ok) return again;
  // One that was made in this very moment is for the next claim.
  return ok({ ...again.value, due: again.value.due.filter(({ unweighed }) => !unweighed) });
}

/** The ordinary way: each row by itself. */
async function claimRows({ kv }: StoreContext, due: readonly OutboxRow[]): Promise<Result<readonly Op[], KvError>> {
  const keys: Key[] = due.map(({ kind, id }) => [kind, id]);
  const before = await kv.read({ rows: { getMany: 'entities', keys } });
  if (!before.ok) return before;
  // Encoding and hashing happen here, outside of the transaction, which checks that nothing has moved on.
  const ops = before.value.rows.map((row, index) =>
    row && row.sent === null ? toOp(row, (due[index] as OutboxRow).opId) : null,
  );
  return kv.transact(
    { rows: { getMany: 'entities', keys }, outbox: { getMany: 'outbox', keys: due.map(({ opId }) => opId) } },
    ({ rows, outbox }) => {
      const writes: Write<WorkspaceTables>[] = [];
      const claimed: Op[] = [];
      ops.forEach((op, index) => {
        const row = rows[index];
        const pending = outbox[index];
        const unchanged = row && isSame(row, before.value.rows[index]);
        if (!op || !unchanged || pending?.state !== 'queued') return;
        writes.push({ put: 'outbox', row: { ...pending, state: 'sent', op } });
        // The row's state contains what is sent, whether or not the answer ever comes back.
        writes.push({
          put: 'entities',
          row: withOlder(row, { ...row, queued: null, sent: op.opId, lineage: extendLineage(row.lineage, op.opId) }),
        });
        claimed.push(op);
      });
      return { writes, value: claimed };
    },
  );
}
