/** The step from waiting to sent: a transaction before the fetch, in which op and base are frozen. */
import { encodeBody } from '#core/body.ts';
import type { KvError } from '#core/errors.ts';
import { hashText } from '#core/hash.ts';
import type { Key, Write } from '#core/ports.ts';
import type { Op } from '#core/protocol.ts';
import { ok, type Result } from '#core/result.ts';
import type { Claim, ClaimRequest } from '#core/sync-store.ts';
import type { StoreContext } from './context.ts';
import { isSame } from './incoming.ts';
import { extendLineage } from './rows.ts';
import { type EntityRow, type OutboxRow, PURGED, type WorkspaceTables } from './schema.ts';

/** No hold is longer than this; one that seems to be was written before the clock was set back. */
const MAX_HOLD_MS = 10_000;

/** Ops that were sent and have no answer yet, oldest first. */
export async function unansweredOps({ kv }: StoreContext): Promise<Result<readonly Op[], KvError>> {
  const result = await kv.read({
    rows: { list: 'outbox', index: 'byOrder', lower: ['sent', 0], upper: ['sent', Infinity], limit: 1000 },
  });
  return result.ok ? ok(result.value.rows.flatMap(({ op }) => (op ? [op] : []))) : result;
}

/** Marks waiting rows as sent and gives their ops. A row that moves on meanwhile is left for the next claim. */
export async function claimOps(context: StoreContext, { limit, maxBytes, force }: ClaimRequest): Promise<Result<Claim, KvError>> {
  const { kv } = context;
  const found = await kv.read({
    queued: { list: 'outbox', index: 'byOrder', lower: ['queued', 0], upper: ['queued', Infinity], limit: limit * 4 },
  });
  if (!found.ok) return found;
  const nowMs = context.clock.now();
  const due: OutboxRow[] = [];
  let nextDueAt: number | null = null;
  let bytes = 0;
  for (const row of found.value.queued) {
    // A hold far in the future was written by a clock that has since been set back.
    const held = row.holdUntil > nowMs && row.holdUntil - nowMs <= MAX_HOLD_MS;
    if (held && !force) nextDueAt = Math.min(nextDueAt ?? row.holdUntil, row.holdUntil);
    else if (due.length < limit && (due.length === 0 || bytes + row.bytes <= maxBytes)) {
      due.push(row);
      bytes += row.bytes;
    }
  }
  if (due.length === 0) return ok({ ops: [], nextDueAt });
  const keys: Key[] = due.map(({ kind, id }) => [kind, id]);
  const before = await kv.read({ rows: { getMany: 'entities', keys } });
  if (!before.ok) return before;
  // Encoding and hashing happen here, outside of the transaction, which checks that nothing has moved on.
  const ops = before.value.rows.map((row, index) =>
    row && row.sent === null ? toOp(row, (due[index] as OutboxRow).opId) : null,
  );
  const result = await kv.transact(
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
          row: { ...row, queued: null, sent: op.opId, lineage: extendLineage(row.lineage, op.opId) },
        });
        claimed.push(op);
      });
      return { writes, value: claimed };
    },
  );
  return result.ok ? ok({ ops: result.value, nextDueAt }) : result;
}

const bodyText = (row: EntityRow): string | null =>
  row.place === PURGED ? null : (row.raw ?? encodeBody({ fields: row.fields, stamps: row.stamps }));

function toOp(row: EntityRow, opId: string): Op {
  const body = bodyText(row);
  const { kind, id, v, version, lastUpdated } = row;
  return { opId, kind, id, v, base: version, lastUpdated, deleted: body === null, body, hash: hashText(body ?? ''), blobs: [] };
}
