/** Which files may leave a device to make room. */
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { chooseLeaving, IN_USE_MS } from '#store/blobs/leaving.ts';
import { type BlobRow, blobRow } from '#store/schema/blob-rows.ts';

const DAY = 24 * 3_600_000;
const nowMs = 1_790_000_000_000;

const row = fc.record({
  sent: fc.boolean(),
  at: fc.constantFrom('file' as const, null),
  size: fc.integer({ min: 0, max: 1000 }),
  days: fc.oneof(fc.integer({ min: -5, max: 3 }), fc.integer({ min: 3, max: 60 })),
});
const rows = fc
  .array(row, { maxLength: 30 })
  .map((all) =>
    all.map(({ sent, at, size, days }, nth) =>
      blobRow({ hash: String(nth), type: '', size, sent, addedAt: 0, usedAt: nowMs - days * DAY }, { at }),
    ),
  );
const limits = fc.record({ unusedMs: fc.constantFrom(0, DAY, 10 * DAY, 40 * DAY), bytes: fc.integer({ min: 0, max: 5000 }) });
const sum = (all: readonly BlobRow[]): number => all.reduce((bytes, { size }) => bytes + size, 0);

test('only what is here, the server has and nobody has used for long leaves, and never what may be shown now', () => {
  void fc.assert(
    fc.property(rows, limits, (all, { unusedMs }) => {
      const leaving = chooseLeaving(all, { nowMs, unusedMs, bytes: Infinity });
      const may = all.filter(
        ({ sent, at, usedAt }) => sent && at !== null && nowMs - usedAt > unusedMs && nowMs - usedAt > IN_USE_MS,
      );
      expect(new Set(leaving)).toEqual(new Set(may));
    }),
  );
});

test('the ones used longest ago leave first, and no more of them than are needed', () => {
  void fc.assert(
    fc.property(rows, limits, (all, { unusedMs, bytes }) => {
      const leaving = chooseLeaving(all, { nowMs, unusedMs, bytes });
      const every = chooseLeaving(all, { nowMs, unusedMs, bytes: Infinity });
      expect(leaving).toEqual(every.slice(0, leaving.length));
      expect(leaving.map(({ usedAt }) => usedAt)).toEqual(leaving.map(({ usedAt }) => usedAt).toSorted((a, b) => a - b));
      if (leaving.length < every.length) expect(sum(leaving)).toBeGreaterThanOrEqual(bytes);
      expect(sum(leaving.slice(0, -1))).toBeLessThan(Math.max(1, bytes));
    }),
  );
});
