/** The server's answers to a push, recorded: acknowledged, merged with what is current there, or put into quarantine. */

import { keyText } from '#core/entity-key.ts';
import type { KvError } from '#core/errors.ts';
import type { OpId } from '#core/ids.ts';
import type { Key } from '#core/ports.ts';
import type { Op, PushResult } from '#core/protocol.ts';
import { ok, type Result } from '#core/result.ts';
import type { AnswerPosition } from '#core/sync-store.ts';
import { createDraft, type Draft, mustBeWeighed } from '#store/draft/draft.ts';
import { logEvent } from '#store/draft/event-log.ts';
import { reviveAnswered } from '#store/draft/family.ts';
import { baseOfOp } from '#store/schema/base-of-op.ts';
import { announce, asCounters, asSync, COUNTERS, mint, type StoreContext, SYNC } from '#store/schema/context.ts';
import { extendLineage, isUnreturned } from '#store/schema/rows.ts';
import type { EntityRow, OutboxRow } from '#store/schema/schema.ts';
import { type Applied, afterAnswer, afterHearing, afterPush } from '#store/schema/sync-row.ts';
import { acknowledgeEarlier, buildOnSent, overtake, overtakeEarlier } from './acknowledge-restored.ts';
import { commitIncoming } from './incoming.ts';
import { beginReconcile } from './reconcile.ts';

/** Records one answer per op. Rows leave the outbox only here, each in the transaction that records its answer. */
export async function acknowledgeAnswers(
  context: StoreContext,
  results: readonly PushResult[],
  position: AnswerPosition,
): Promise<Result<void, KvError>> {
  const applied = results.filter((result) => result.type === 'applied');
  if (applied.length > 0) {
    const acknowledged = await acknowledgeMany(
      context,
      applied.map(({ opId }) => opId),
      position,
      (draft, outbox, row, index) => acknowledge(draft, outbox, row, applied[index] as Applied),
      applied,
    );
    if (!acknowledged.ok) return acknowledged;
  }
  for (const result of results) {
    if (result.type === 'rejected') {
      const acknowledged = await acknowledgeRejected(context, result, position);
      if (!acknowledged.ok) return acknowledged;
    } else if (result.type === 'conflict') {
      const acknowledged = await acknowledgeConflict(context, result, position);
      if (!acknowledged.ok) return acknowledged;
    }
  }
  return ok(undefined);
}

function acknowledge(draft: Draft, outbox: OutboxRow, row: EntityRow, answer: Applied): void {
  const op = outbox.op as Op;
  // An answer older than what a pull brought lowers nothing. Seqs would not tell: a restored server counts from further below.
  // Nothing was pulled since an op was put back from the second copy.
  const newer = row.version === op.base || outbox.restored === 'last';
  const known = newer ? { version: op.opId, rev: answer.rev, seq: answer.seq, acceptedAt: answer.acceptedAt } : {};
  const pending = row.queued !== null;
  const { lost, unreturned: _, ...rest } = row;
  const unsaid = lost && lost.against !== op.base ? { lost } : {};
  draft.put({ ...rest, ...unsaid, ...known, sent: null, lineage: extendLineage(row.lineage, op.opId) }, row, {
    pending,
    sameContent: true,
  });
  // What the server has never had was built on nothing: there is no base to take away, but of what an op before it was.
  const hadBase = row.version !== null || row.brought !== undefined || outbox.restored === 'last';
  // What is named before the op in the lineage was in the row that it was made of.
  if (newer && (pending || hadBase)) draft.base(op.kind, op.id, pending ? { ...baseOfOp(op), containsEarlier: true } : null);
}

/**
 * The op was refused: by the server, or, without a position, by its size alone. Its entity waits in quarantine with the op as
 * it was; editing goes on.
 */
export async function acknowledgeRejected(
  context: StoreContext,
  answer: Pick<Extract<PushResult, { type: 'rejected' }>, 'opId' | 'reason'>,
  position: AnswerPosition | null,
): Promise<Result<void, KvError>> {
  if (answer.reason === 'op-reused') {
    const overtaken = await overtakeEarlier(context, answer.opId);
    if (!overtaken.ok) return overtaken;
  }
  let kind = '';
  const acknowledged = await acknowledgeOne(context, answer.opId, position, (draft, outbox, row) => {
    const op = outbox.op as Op;
    if (outbox.restored && answer.reason === 'op-reused') return overtake(draft, row, op);
    if (answer.reason === 'op-reused' && !outbox.reissued) {
      reissue(context, draft, outbox, row);
      return;
    }
    kind = op.kind;
    draft.write({
      put: 'quarantine',
      row: { kind: op.kind, id: op.id, reason: answer.reason, at: context.clock.now(), op, raw: null },
    });
    const opId = row.queued ?? mint(context);
    draft.write({
      put: 'outbox',
      row: { ...outbox, ...ofDeletion(context, row), opId, state: 'parked', op: null, holdUntil: 0 },
    });
    draft.put({ ...row, sent: null, queued: opId }, row, { pending: true, sameContent: true });
  });
  if (acknowledged.ok && kind !== '') await logEvent(context, { type: 'quarantined', kind, detail: answer.reason });
  return acknowledged;
}

/**
 * The server knows the op's id with another body: this device's disk was put back to an older state, and what the id named in
 * the life that followed is not in the row. It goes out again under a new id, built on what it was built on, and is merged
 * with what the server has by then. Once: a server that calls every id used is not asked forever.
 */
function reissue(context: StoreContext, draft: Draft, outbox: OutboxRow, row: EntityRow): void {
  const opId = mint(context);
  if (row.queued) draft.write({ delete: 'outbox', key: row.queued });
  const order = draft.nextOrder();
  const again = { ...outbox, ...ofDeletion(context, row), order, op: null, holdUntil: 0, reissued: true } as const;
  draft.write({ put: 'outbox', row: { ...again, opId, state: 'queued' } });
  const lineage = row.lineage.filter((version) => version !== outbox.opId);
  draft.put({ ...row, lineage, sent: null, queued: opId, queuedOrder: order }, row, { pending: true, sameContent: true });
}

/** What was sent as an edit may go out again as the deletion that came after it, which the guard has not let pass. */
const ofDeletion = ({ ledger }: StoreContext, row: EntityRow): Pick<OutboxRow, 'unweighed'> =>
  mustBeWeighed(ledger, row) ? { unweighed: true } : {};

/** The op's base is gone: the answer's current version is merged in the transaction that takes the op back. */
async function acknowledgeConflict(
  context: StoreContext,
  { opId, current, lineage }: Extract<PushResult, { type: 'conflict' }>,
  position: AnswerPosition,
): Promise<Result<unknown, KvError>> {
  const found = await context.kv.read({ outbox: { get: 'outbox', key: opId } });
  if (!found.ok) return found;
  const { outbox } = found.value;
  if (outbox?.state !== 'sent') return ok(undefined);
  const built = await context.kv.read({ row: { get: 'entities', key: [outbox.kind, outbox.id] } });
  if (!built.ok) return built;
  // What it was built on is not at the server: it is compared again, and what was sent goes out after that.
  if (built.value.row && isUnreturned(built.value.row)) return beginReconcile(context);
  if (current) {
    // The entity's last op is still to be answered, and holds the words of this one.
    if (outbox.restored === 'earlier') return acknowledgeOne(context, opId, position, () => {});
    const taken = lineage.includes(opId) ? await buildOnSent(context, outbox) : ok(undefined);
    if (!taken.ok) return taken;
    return commitIncoming(
      context,
      [{ entity: current, lineage, common: undefined }],
      new Map([[keyText(current), opId]]),
      (sync) => afterAnswer(sync, position),
      'day',
      position.now,
    );
  }
  // The server has no such entity: what was built on a version is offered again, built on nothing.
  return acknowledgeOne(context, opId, position, (draft, _outbox, row) => {
    draft.put({ ...row, version: null, rev: 0, seq: 0, acceptedAt: null, sent: null }, row, {
      pending: true,
      sameContent: true,
    });
    draft.base(row.kind, row.id, null);
  });
}

/** One answered op in one transaction; an answer to an op that is no longer on its way changes nothing. */
function acknowledgeOne(
  context: StoreContext,
  opId: OpId,
  position: AnswerPosition | null,
  record: (draft: Draft, outbox: OutboxRow, row: EntityRow) => void,
): Promise<Result<void, KvError>> {
  return acknowledgeMany(context, [opId], position, record);
}

async function acknowledgeMany(
  context: StoreContext,
  opIds: readonly OpId[],
  position: AnswerPosition | null,
  record: (draft: Draft, outbox: OutboxRow, row: EntityRow, index: number) => void,
  applied: readonly Applied[] = [],
): Promise<Result<void, KvError>> {
  const { kv } = context;
  const found = await kv.read({ outbox: { getMany: 'outbox', keys: opIds } });
  if (!found.ok) return found;
  const earlier = await acknowledgeEarlier(context, found.value.outbox, applied);
  if (!earlier.ok) return earlier;
  const ops = found.value.outbox.flatMap((row) => row?.op ?? []);
  const revived = await reviveAnswered(context, ops, applied);
  if (!revived.ok) return revived;
  const keys: Key[] = found.value.outbox.map((row) => (row ? [row.kind, row.id] : ['', '']));
  const result = await kv.transact(
    { outbox: { getMany: 'outbox', keys: opIds }, rows: { getMany: 'entities', keys }, state: COUNTERS, sync: SYNC },
    ({ outbox, rows, state, sync }) => {
      const draft = createDraft(context, position ? afterHearing(context, asCounters(state), position.now) : asCounters(state));
      outbox.forEach((pending, index) => {
        const row = rows[index];
        if (pending?.restored === 'earlier') draft.write({ delete: 'outbox', key: pending.opId });
        if (pending?.state !== 'sent' || !row || row.sent !== pending.opId) return;
        draft.write({ delete: 'outbox', key: pending.opId });
        record(draft, pending, row, index);
      });
      const { writes, change } = draft.finish(false);
      if (!position) return { writes, value: change };
      const after = afterPush(context, afterAnswer(asSync(sync), position), applied);
      return { writes: [...writes, { put: 'meta', row: after }], value: change };
    },
  );
  if (!result.ok) return result;
  announce(context, result.value);
  return ok(undefined);
}
