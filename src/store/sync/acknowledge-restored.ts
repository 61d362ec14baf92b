/** The server's answers to ops that it may have had before: put back from the second copy, or taken in a life that is lost. */
import type { KvError } from '#core/errors.ts';
import type { OpId } from '#core/ids.ts';
import type { Op } from '#core/protocol.ts';
import { ok, type Result } from '#core/result.ts';
import type { Draft } from '#store/draft/draft.ts';
import { movedLost } from '#store/schema/ancestors.ts';
import { baseOfOp } from '#store/schema/base-of-op.ts';
import { COUNTERS, type StoreContext } from '#store/schema/context.ts';
import { extendLineage } from '#store/schema/rows.ts';
import type { EntityRow, OutboxRow } from '#store/schema/schema.ts';
import type { Applied } from '#store/schema/sync-row.ts';

/**
 * Of the ops among `outbox` that were sent before the last one of their entity: what the server has taken of them is the
 * base of the last one. Any other answer to them says nothing, because the last one holds their words, too.
 */
export async function acknowledgeEarlier(
  { kv }: StoreContext,
  outbox: readonly (OutboxRow | undefined)[],
  applied: readonly Applied[],
): Promise<Result<void, KvError>> {
  for (const earlier of outbox) {
    const answer = applied.find(({ opId }) => opId === earlier?.opId);
    if (earlier?.restored !== 'earlier' || !earlier.op || !answer) continue;
    const { op } = earlier;
    const result = await kv.transact(
      { row: { get: 'entities', key: [op.kind, op.id] }, outbox: { get: 'outbox', key: op.opId }, state: COUNTERS },
      ({ row, outbox }) => {
        if (!row || !outbox) return { writes: [], value: undefined };
        const { rev, seq, acceptedAt } = answer;
        const lineage = extendLineage(
          row.lineage.filter((version) => version !== row.sent),
          op.opId,
          row.sent,
        );
        return {
          writes: [
            { delete: 'outbox', key: op.opId },
            { put: 'bases', row: baseOfOp(op) },
            { put: 'entities', row: { ...row, version: op.opId, rev, seq, acceptedAt, lineage } },
          ],
          value: undefined,
        };
      },
    );
    if (!result.ok) return result;
  }
  return ok(undefined);
}

/**
 * The server has an op that was sent before the last one of its entity, with a later body. What was changed here since is built
 * on the op as it is here, and is merged over that with what the server has.
 */
export async function overtakeEarlier({ kv }: StoreContext, opId: OpId): Promise<Result<void, KvError>> {
  const found = await kv.read({ outbox: { get: 'outbox', key: opId } });
  if (!found.ok) return found;
  const { restored, op } = found.value.outbox ?? {};
  if (restored !== 'earlier' || !op) return ok(undefined);
  return kv.transact({ outbox: { get: 'outbox', key: opId } }, ({ outbox }) => ({
    writes: outbox ? [{ put: 'bases', row: baseOfOp(op) }] : [],
    value: undefined,
  }));
}

/**
 * The server has taken the op and lost it, and what it has now was built on it by a device that had it. What was changed here since
 * is merged on the op, too: merged on what is older, what was taken out since would come back.
 */
export function buildOnSent({ kv }: StoreContext, { kind, id, op }: OutboxRow): Promise<Result<void, KvError>> {
  return kv.transact({ row: { get: 'entities', key: [kind, id] } }, ({ row }) => {
    if (!row || !op || op.deleted || row.sent !== op.opId) return { writes: [], value: undefined };
    return {
      writes: [
        { put: 'bases', row: { ...baseOfOp(op), containsEarlier: true } },
        { put: 'entities', row: { ...row, ...movedLost(row, row.version, op.opId), version: op.opId } },
      ],
      value: undefined,
    };
  });
}

/**
 * The server has the op with another body: the device had written on before it lost its storage. What is here is merged with that,
 * over the op as it is here: what was changed since is added to it, and what was not gives way.
 */
export function overtake(draft: Draft, row: EntityRow, op: Op): void {
  // What the server has under this op id is later than what is here: here it is not contained.
  const lineage = row.lineage.filter((version) => version !== op.opId);
  draft.put({ ...row, sent: null, lineage }, row, { pending: true, sameContent: true });
  draft.base(op.kind, op.id, baseOfOp(op));
}
