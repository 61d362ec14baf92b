/**
 * Puts unsent entities of the second copy back into a workspace's database, as what they are: same ids, bases, stamps and
 * op ids. What was sent or acknowledged after the copy was last written cannot be known here, so each waiting change is
 * frozen as it is and counts as sent: the server answers an op that it has with its first answer, calls one `op-reused`
 * that it has with a later body, and sends what it has instead where others went on. In each case nothing is overwritten.
 */

import { sumBatches } from '#core/batches.ts';
import type { KvError } from '#core/errors.ts';
import { laterStamp } from '#core/merge/merge.ts';
import type { Kv, Write } from '#core/ports.ts';
import type { Result } from '#core/result.ts';
import { asCounters, COUNTERS } from '#store/schema/context.ts';
import type { CountersRow } from '#store/schema/meta-rows.ts';
import { toOp } from '#store/schema/op.ts';
import { extendLineage } from '#store/schema/rows.ts';
import type { EntityRow, OutboxRow, WorkspaceTables } from '#store/schema/schema.ts';
import type { UnsentRecord } from './record.ts';

const BATCH = 100;
/** Far above what a workspace counts to between two copies: no older editor takes a new row for one that it knows. */
const LOCAL_SEQ_GAP = 1_000_000;

/** Writes what the database does not hold. Repeating it after a kill changes nothing. Gives how many entities it wrote. */
export function restoreUnsent(kv: Kv<WorkspaceTables>, records: readonly UnsentRecord[]): Promise<Result<number, KvError>> {
  return sumBatches(records, BATCH, (batch) =>
    kv.transact(
      { present: { getMany: 'entities', keys: batch.map(({ row }) => [row.kind, row.id]) }, state: COUNTERS },
      ({ present, state }) => {
        const missing = batch.filter((_, index) => !present[index]);
        const { writes, next } = restoreBatch(missing, asCounters(state));
        return { writes: [...writes, { put: 'meta', row: next } as const], value: missing.length };
      },
    ),
  );
}

function restoreBatch(records: readonly UnsentRecord[], state: CountersRow) {
  const writes: Write<WorkspaceTables>[] = [];
  let { localSeq, bytes, clock } = state;
  let lastOrder = state.lastOrder ?? 0;
  if (localSeq < LOCAL_SEQ_GAP) localSeq = Math.max(localSeq, ...records.map(({ row }) => row.localSeq)) + LOCAL_SEQ_GAP;
  for (const { row, base, ops, refused } of records) {
    localSeq += 1;
    bytes += row.bytes;
    for (const stamp of [row.lastUpdated, ...Object.values(row.stamps)]) clock = laterStamp(clock, stamp);
    const frozen = freeze(row, ops).map((op) => ({ ...op, order: ++lastOrder }));
    const waiting = frozen.find(({ state }) => state !== 'sent');
    const sent = frozen.findLast(({ state }) => state === 'sent');
    const names = {
      queued: waiting?.opId ?? null,
      sent: sent?.opId ?? null,
      ...(waiting && { queuedOrder: waiting.order }),
    };
    // Of what was sent before the last one the server may have another body: it is contained once its answer says so.
    const earlier = frozen.flatMap(({ restored, opId }) => (restored === 'earlier' ? [opId] : []));
    const contained = row.lineage.filter((version) => !earlier.includes(version));
    const lineage = extendLineage(contained, names.sent);
    writes.push({ put: 'entities', row: { ...row, ...names, lineage, localSeq } });
    for (const op of frozen) writes.push({ put: 'outbox', row: op });
    if (base) writes.push({ put: 'bases', row: base });
    if (refused) writes.push({ put: 'quarantine', row: refused });
  }
  return { writes, next: { ...state, localSeq, bytes, clock, lastOrder } };
}

/**
 * The outbox rows of an entity, frozen: the last one holds all of it; the one before it is asked about first. Neither is built on the
 * other: a server that has the first with a later body would lay the last one over that.
 */
function freeze(row: EntityRow, ops: readonly OutboxRow[]): readonly OutboxRow[] {
  const asSent = (outbox: OutboxRow, restored: 'last' | 'earlier'): OutboxRow => ({
    ...outbox,
    state: 'sent',
    holdUntil: 0,
    op: outbox.op ?? toOp(row, outbox.opId),
    restored,
  });
  const sent = ops.find(({ state }) => state === 'sent');
  const waiting = ops.find(({ state }) => state !== 'sent');
  if (!waiting) return sent ? [asSent(sent, 'last')] : [];
  // What waits for the person, or for the guard of deletions, has not been sent and goes on waiting.
  if (waiting.state !== 'queued' || waiting.unweighed) return sent ? [asSent(sent, 'last'), waiting] : [waiting];
  const last = asSent(waiting, 'last');
  return sent ? [asSent(sent, 'earlier'), last] : [last];
}
