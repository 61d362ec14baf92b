/**
 * What a bulk says of the rows that it covers. A push of many ops rewrites no row of theirs: one mark in the workspace's
 * counters says that all are on their way, one run that all have been taken. Every transaction that decides anything
 * reads the counters as well, and sees each row as it is (`effective-rows.ts`); whatever writes a row then writes it
 * so. Docs: `docs/decisions/0013-a-bulk-is-marked-as-one.md`.
 *
 * A mark and a run name rows by the `order` of their place in the outbox. An order is given once and never again, so a
 * row that is queued later can never fall into one.
 */
import { withOlder } from './ancestors.ts';
import type { AckedRun, BulkMark, CountersRow } from './meta-rows.ts';
import { extendLineage } from './rows.ts';
import type { EntityRow, OutboxRow } from './schema.ts';

/** Beyond this many runs a push is marked row by row: every save carries the list. Ordinary use has one or two. */
const MAX_RUNS = 64;

const covers = ({ from, to }: BulkMark | AckedRun, order: number): boolean => from <= order && order <= to;

/** The row as it is: what was queued may be on its way, or taken, by what the counters say. */
export function effectiveRow(row: EntityRow, { sending, acked }: CountersRow): EntityRow {
  const { queued, queuedOrder } = row;
  if (queued === null || queuedOrder === undefined) return row;
  if (sending && covers(sending, queuedOrder)) {
    return withOlder(row, { ...row, queued: null, sent: queued, lineage: extendLineage(row.lineage, queued) });
  }
  const run = acked?.find((one) => covers(one, queuedOrder));
  if (!run) return row;
  return withOlder(row, {
    ...row,
    queued: null,
    version: queued,
    // The server took the op because its base was the current version: the rev is the next one.
    rev: row.rev + 1,
    seq: run.seq + queuedOrder - run.from,
    acceptedAt: run.acceptedAt,
    lineage: extendLineage(row.lineage, queued),
  });
}

/** Whether a waiting row of the outbox is on its way in the bulk. */
export const isSending = ({ order }: OutboxRow, { sending }: CountersRow): boolean => !!sending && covers(sending, order);

/** Whether another bulk may begin: there is room for its run. */
export const hasRoom = ({ acked }: CountersRow): boolean => (acked?.length ?? 0) < MAX_RUNS;

/** `runs` with one more, joined to the one that it continues; null where there is no room for it. */
export function addRun(runs: readonly AckedRun[], run: AckedRun): readonly AckedRun[] | null {
  const before = runs.find(({ from, to, seq }) => to + 1 === run.from && seq + run.from - from === run.seq);
  if (before) return runs.map((one) => (one === before ? { ...run, from: before.from, seq: before.seq } : one));
  return runs.length < MAX_RUNS ? [...runs, run] : null;
}
