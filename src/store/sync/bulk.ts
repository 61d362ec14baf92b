/**
 * A push of many ops, marked and acknowledged as one. The ordinary way rewrites two rows of each op before it is sent and two
 * after it was taken; thousands of waiting changes spend nearly all of their time on that. A bulk writes one row with
 * the frozen ops and one mark before the fetch, and one run after it (`bulk-mark.ts`).
 *
 * It is taken only where nothing is out of the ordinary: rows that follow each other without a gap, and answers that all say
 * "applied", in one piece of the account's log. For all else, and where an entity of it was edited meanwhile, the bulk
 * is dissolved into the rows that the ordinary way would have written, and acknowledged by it.
 */
import type { KvError } from '#core/errors.ts';
import type { Key, Write } from '#core/ports.ts';
import type { PushResult } from '#core/protocol.ts';
import { ok, type Result } from '#core/result.ts';
import type { AnswerPosition, SyncPosition } from '#core/sync-store.ts';
import { reviveAnswered } from '#store/draft/family.ts';
import { addRun, hasRoom } from '#store/schema/bulk-mark.ts';
import {
  announce,
  asBulk,
  asCounters,
  asSync,
  BULK,
  type Change,
  COUNTERS,
  type StoreContext,
  SYNC,
} from '#store/schema/context.ts';
import type { AckedRun, BulkMark, BulkRow, SyncRow } from '#store/schema/meta-rows.ts';
import { toOp } from '#store/schema/op.ts';
import { type EntityRow, type OutboxRow, outboxIn, type WorkspaceTables } from '#store/schema/schema.ts';
import { type Applied, afterAnswer, afterHearing, afterPush, positionOf } from '#store/schema/sync-row.ts';

/**
 * Fewer ops than this go the ordinary way: it takes them a quarter of a second at most, and leaves no run behind, of
 * which there is room for a few dozen only (`bulk-mark.ts`).
 */
export const BULK_FROM = 100;
/** Entities edited while the bulk was on its way, looked at to see whether one of them belongs to it. */
const MAX_EDITED = 50;

const waitingIn = ({ from, to }: BulkMark) => ({ count: 'outbox', ...outboxIn('queued', from, to) }) as const;

/** The rows at the beginning of `due` that may go and whose orders follow each other without a gap. */
export function takeRun(due: readonly OutboxRow[]): readonly OutboxRow[] {
  const end = due.findIndex((row, index) => row.unweighed || row.order !== (due[0] as OutboxRow).order + index);
  return end < 0 ? due : due.slice(0, end);
}

/** A bulk as it is before and while it is on its way. */
export interface Bulk {
  readonly mark: BulkMark;
  readonly row: BulkRow;
}

/** What a drain knows of its own bulks. Losing it costs a read. */
export interface BulkMemory {
  sent: Bulk | null;
  /** `sent` was marked by the transaction that acknowledged the one before it, and has not been claimed yet. */
  isBegun: boolean;
  /** Made ready while `sent` was on its way; worth nothing once anything else has been written. */
  prepared: Bulk | null;
}

/** Reads and encodes `run`; null where it has to go the ordinary way. Writes nothing. */
export async function makeBulk({ kv }: StoreContext, run: readonly OutboxRow[]): Promise<Result<Bulk | null, KvError>> {
  const keys: Key[] = run.map(({ kind, id }) => [kind, id]);
  const found = await kv.read({ rows: { getMany: 'entities', keys }, state: COUNTERS });
  if (!found.ok) return found;
  const rows = found.value.rows.filter((row): row is EntityRow => row !== undefined);
  const plain = run.every(({ opId, order }, index) => {
    const row = rows[index];
    return row?.queued === opId && row.queuedOrder === order && row.sent === null;
  });
  const state = asCounters(found.value.state);
  if (!plain || !hasRoom(state)) return ok(null);
  return ok({
    mark: { from: (run[0] as OutboxRow).order, to: (run.at(-1) as OutboxRow).order, localSeq: state.localSeq },
    row: {
      key: 'bulk',
      ops: rows.map((row, index) => toOp(row, (run[index] as OutboxRow).opId)),
      revs: rows.map(({ rev }) => rev + 1),
    },
  });
}

/** Marks a bulk as on its way. False where something has been saved since it was made, or waits for an answer. */
export function markBulk({ kv }: StoreContext, { mark, row }: Bulk): Promise<Result<boolean, KvError>> {
  return kv.transact(
    {
      state: COUNTERS,
      waiting: waitingIn(mark),
      sent: { count: 'outbox', ...outboxIn('sent') },
    },
    ({ state, waiting, sent }) => {
      const now = asCounters(state);
      const asMade = now.localSeq === mark.localSeq && waiting === row.ops.length;
      if (!asMade || now.sending || sent > 0) return { writes: [], value: false };
      return {
        writes: [
          { put: 'meta', row },
          { put: 'meta', row: { ...now, sending: mark } },
        ],
        value: true,
      };
    },
  );
}

/**
 * Records the answers to a bulk as one, and marks the next one that was made ready in the same transaction: a long queue
 * waits for the disk once for each push. Null where there is none, or where its answers have to go the ordinary way.
 */
export async function acknowledgeBulk(
  context: StoreContext,
  memory: BulkMemory,
  results: readonly PushResult[],
  position: AnswerPosition,
): Promise<Result<SyncPosition | null, KvError>> {
  const found = memory.sent ? ok(memory.sent) : await readBulk(context);
  if (!found.ok) return found;
  const { prepared } = memory;
  memory.sent = null;
  memory.isBegun = false;
  if (!found.value) return ok(null);
  const applied = allApplied(found.value.row, results);
  const revived = await reviveAnswered(context, found.value.row.ops, applied ?? []);
  if (!revived.ok) return revived;
  const acknowledged = applied ? await acknowledgeWhole(context, found.value, prepared, applied, position) : ok(null);
  if (!acknowledged.ok) return acknowledged;
  if (acknowledged.value) {
    announce(context, acknowledged.value.change);
    if (acknowledged.value.begun) {
      memory.sent = prepared;
      memory.isBegun = true;
      memory.prepared = null;
    }
    return ok(positionOf(acknowledged.value.sync));
  }
  memory.prepared = null;
  const dissolved = await dissolveBulk(context);
  return dissolved.ok ? ok(null) : dissolved;
}

async function readBulk({ kv }: StoreContext): Promise<Result<Bulk | null, KvError>> {
  const found = await kv.read({ state: COUNTERS, bulk: BULK });
  if (!found.ok) return found;
  const mark = asCounters(found.value.state).sending;
  const row = asBulk(found.value.bulk);
  return ok(mark && row ? { mark, row } : null);
}

/** The answers, where each op was applied, as the rev that was expected, one behind the other in the account's log. */
function allApplied({ ops, revs }: BulkRow, results: readonly PushResult[]): readonly Applied[] | null {
  const applied = results.filter((result): result is Applied => result.type === 'applied');
  const first = applied[0];
  if (!first || applied.length !== ops.length) return null;
  const whole = applied.every(
    ({ opId, rev, seq }, index) => opId === ops[index]?.opId && rev === revs[index] && seq === first.seq + index,
  );
  return whole ? applied : null;
}

interface Acknowledged {
  readonly change: Change;
  readonly sync: SyncRow;
  /** Whether the next bulk is on its way now. */
  readonly begun: boolean;
}

/** Null where the bulk is not as it was marked any more. */
function acknowledgeWhole(
  context: StoreContext,
  { mark, row: { ops } }: Bulk,
  next: Bulk | null,
  applied: readonly Applied[],
  position: AnswerPosition,
): Promise<Result<Acknowledged | null, KvError>> {
  const { seq, acceptedAt } = applied[0] as Applied;
  const run: AckedRun = { from: mark.from, to: mark.to, seq, acceptedAt };
  const ids = ops.map(({ opId }) => opId).sort();
  const span = { lower: ids[0] as string, upper: ids.at(-1) as string };
  return context.kv.transact(
    {
      state: COUNTERS,
      sync: SYNC,
      waiting: waitingIn(mark),
      following: waitingIn(next?.mark ?? mark),
      among: { count: 'outbox', ...span },
      edited: { list: 'entities', index: 'byLocalSeq', lower: mark.localSeq, lowerOpen: true, limit: MAX_EDITED },
    },
    ({ state, sync, waiting, following, among, edited }) => {
      const now = asCounters(state);
      const acked = addRun(now.acked ?? [], run);
      const asMarked = now.sending?.from === mark.from && now.sending.to === mark.to && waiting === ops.length;
      // What was edited on its way needs a base of its own, and a row that goes on waiting.
      const wasEdited = edited.length === MAX_EDITED || edited.some(({ sent }) => sent !== null);
      if (!acked || !asMarked || wasEdited) return { writes: [], value: null };
      const after = afterPush(context, afterAnswer(asSync(sync), position), applied);
      // Where somebody else has pushed, too, a pull comes next, and that waits until nothing is on its way.
      const isAlone = after.cursor === after.seen?.seq;
      const asMade = next !== null && next.mark.localSeq === now.localSeq && following === next.row.ops.length;
      const begins = isAlone && asMade && hasRoom({ ...now, acked }) ? next : null;
      const writes: Write<WorkspaceTables>[] = [
        ...(among === ops.length
          ? [{ deleteRange: 'outbox', ...span } as const]
          : ids.map((key) => ({ delete: 'outbox', key }) as const)),
        ...ops.flatMap(({ kind, id, base }) => (base === null ? [] : [{ delete: 'bases', key: [kind, id] } as const])),
        begins ? { put: 'meta', row: begins.row } : { delete: 'meta', key: BULK.key },
        { put: 'meta', row: { ...afterHearing(context, now, position.now), sending: begins?.mark ?? null, acked } },
        { put: 'meta', row: after },
      ];
      const change = { after: now.localSeq, localSeq: now.localSeq, keys: ops.map(({ kind, id }) => [kind, id] as const) };
      return { writes, value: { change, sync: after, begun: begins !== null } };
    },
  );
}

/** Turns a bulk that is on its way into the rows that the ordinary way would have written. Nothing of it changes. */
export async function dissolveBulk({ kv }: StoreContext): Promise<Result<void, KvError>> {
  const found = await kv.read({ bulk: BULK });
  if (!found.ok) return found;
  const ops = asBulk(found.value.bulk)?.ops ?? [];
  if (ops.length === 0) return ok(undefined);
  return kv.transact(
    {
      state: COUNTERS,
      rows: { getMany: 'entities', keys: ops.map(({ kind, id }) => [kind, id]) },
      outbox: { getMany: 'outbox', keys: ops.map(({ opId }) => opId) },
    },
    ({ state, rows, outbox }) => {
      const now = asCounters(state);
      if (!now.sending) return { writes: [], value: undefined };
      const writes = ops.flatMap((op, index): readonly Write<WorkspaceTables>[] => {
        const row = rows[index];
        const waiting = outbox[index];
        if (!row || !waiting || row.sent !== op.opId) return [];
        return [
          { put: 'outbox', row: { ...waiting, state: 'sent', op } },
          { put: 'entities', row },
        ];
      });
      return {
        writes: [...writes, { delete: 'meta', key: BULK.key }, { put: 'meta', row: { ...now, sending: null } }],
        value: undefined,
      };
    },
  );
}
