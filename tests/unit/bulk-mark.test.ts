import { describe, expect, test } from 'vitest';
import { addRun, effectiveRow, hasRoom } from '#store/schema/bulk-mark.ts';
import type { AckedRun } from '#store/schema/meta-rows.ts';
import { INITIAL_COUNTERS } from '#store/schema/rows.ts';
import type { EntityRow } from '#store/schema/schema.ts';

const run = (from: number, to: number, seq: number, acceptedAt = 1): AckedRun => ({ from, to, seq, acceptedAt });

const row = (queued: string | null, queuedOrder: number): EntityRow => ({
  kind: 'note',
  id: 'n',
  v: 1,
  fields: { text: 'x' },
  stamps: {},
  version: 'before',
  rev: 3,
  seq: 5,
  acceptedAt: 1,
  lineage: ['before'],
  lastUpdated: '',
  deviceId: 'd',
  localSeq: 9,
  saves: [],
  queued,
  queuedOrder,
  sent: null,
  bytes: 1,
  snapshotAt: 0,
  place: 0,
  parent: null,
  sort: '',
});

describe('a row as it is', () => {
  const state = { ...INITIAL_COUNTERS, sending: { from: 10, to: 12, localSeq: 1 }, acked: [run(4, 6, 100, 77)] };

  test('is sent while the mark covers it, and its lineage holds what was sent', () => {
    const sent = effectiveRow(row('op', 12), state);
    expect(sent).toEqual({ ...row('op', 12), queued: null, sent: 'op', lineage: ['before', 'op'] });
  });

  test('is at its new version once a run covers it, with the seq of its place in the run', () => {
    expect(effectiveRow(row('op', 5), state)).toEqual({
      ...row('op', 5),
      queued: null,
      version: 'op',
      rev: 4,
      seq: 101,
      acceptedAt: 77,
      lineage: ['before', 'op'],
    });
  });

  test('is as it was written beside them, where nothing waits, and where its order is not known', () => {
    for (const order of [3, 7, 9, 13]) expect(effectiveRow(row('op', order), state)).toEqual(row('op', order));
    expect(effectiveRow(row(null, 5), state)).toEqual(row(null, 5));
    const { queuedOrder: _, ...old } = row('op', 5);
    expect(effectiveRow(old, state)).toEqual(old);
    expect(effectiveRow(row('op', 5), INITIAL_COUNTERS)).toEqual(row('op', 5));
  });
});

describe('runs', () => {
  test('are joined where both the orders and the log go on without a gap', () => {
    expect(addRun([run(1, 5, 1)], run(6, 9, 6, 2))).toEqual([run(1, 9, 1, 2)]);
    expect(addRun([run(1, 5, 1)], run(7, 9, 6))).toEqual([run(1, 5, 1), run(7, 9, 6)]);
    expect(addRun([run(1, 5, 1)], run(6, 9, 8))).toEqual([run(1, 5, 1), run(6, 9, 8)]);
  });

  test('have an end: a full list takes only what continues one of them', () => {
    const full = Array.from({ length: 64 }, (_, n) => run(n * 10, n * 10 + 3, n * 100));
    expect(hasRoom({ ...INITIAL_COUNTERS, acked: full.slice(1) })).toBe(true);
    expect(hasRoom({ ...INITIAL_COUNTERS, acked: full })).toBe(false);
    expect(addRun(full, run(5000, 5001, 9000))).toBeNull();
    expect(addRun(full, run(14, 15, 104))?.[1]).toEqual(run(10, 15, 100));
  });
});
