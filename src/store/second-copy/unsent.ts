/** What a workspace's database holds of entities that the server has not acknowledged, read after their commit. */
import type { KeyPair } from '#core/entity-key.ts';
import type { KvError } from '#core/errors.ts';
import type { Kv } from '#core/ports.ts';
import type { Op } from '#core/protocol.ts';
import { ok, type Result } from '#core/result.ts';
import { asBulk, BULK } from '#store/schema/context.ts';
import { withEffectiveRows } from '#store/schema/effective-rows.ts';
import type { EntityRow, OutboxRow, WorkspaceTables } from '#store/schema/schema.ts';
import type { UnsentRecord } from './record.ts';

/** For each key its record, null where nothing of it waits, or undefined where it changed between the two reads: to be read again. */
export async function readUnsent(
  kv: Kv<WorkspaceTables>,
  keys: readonly KeyPair[],
): Promise<Result<readonly (UnsentRecord | null | undefined)[], KvError>> {
  const found = await withEffectiveRows(kv).read({
    rows: { getMany: 'entities', keys },
    bases: { getMany: 'bases', keys },
    refused: { getMany: 'quarantine', keys },
  });
  if (!found.ok) return found;
  const { rows, bases, refused } = found.value;
  const opIds = rows.map((row) => [row?.sent, row?.queued].filter((opId) => opId != null));
  const read = await kv.read({ outbox: { getMany: 'outbox', keys: opIds.flat() } });
  if (!read.ok) return read;
  const outbox = new Map(read.value.outbox.flatMap((op) => (op ? [[op.opId, op] as const] : [])));
  // The ops of a bulk are in a row of their own, which is large: it is read only where it counts.
  const inBulk = rows.some((row) => row?.sent != null && outbox.get(row.sent)?.op === null);
  const bulk = inBulk ? await kv.read({ bulk: BULK }) : ok({ bulk: undefined });
  if (!bulk.ok) return bulk;
  const sentInBulk = new Map((asBulk(bulk.value.bulk)?.ops ?? []).map((op) => [op.opId, op]));
  return ok(
    rows.map((row, index) => {
      if (!row || opIds[index]?.length === 0) return null;
      const ops = opIds[index]?.flatMap((opId) => outbox.get(opId) ?? []) ?? [];
      const isOneState = ops.every(({ opId, state }) => (state === 'sent' ? row.sent === opId : true));
      if (ops.length < (opIds[index]?.length ?? 0) || !isOneState) return undefined;
      return {
        type: 'unsent',
        row,
        base: bases[index] ?? null,
        ops: ops.map((op) => asSent(op, row, sentInBulk.get(op.opId))),
        refused: refused[index] ?? null,
      };
    }),
  );
}

/** The outbox row of a bulk still says that it waits: its op is frozen all the same. */
function asSent(waiting: OutboxRow, row: EntityRow, op: Op | undefined): OutboxRow {
  return row.sent === waiting.opId && waiting.op === null && op ? { ...waiting, state: 'sent', op } : waiting;
}
