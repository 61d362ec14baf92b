/** Which files may leave a device to make room. */
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { chooseLeaving, IN_USE_MS } from '#store/blobs/leaving.ts';
import { blobRow } from '#store/schema/blob-rows.ts';

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
const unused = fc.constantFrom(0, DAY, 10 * DAY, 40 * DAY);

test('only what is here, the server keeps and nobody has used for long leaves, the ones used longest ago first', () => {
  void fc.assert(
    fc.property(rows, unused, fc.integer({ min: 1, max: 3 }), (all, unusedMs, every) => {
      const shared = new Set(all.filter((_, at) => at % every === 0).map(({ hash }) => hash));
      const leaving = chooseLeaving(all, shared, { nowMs, unusedMs });
      const may = all.filter(
        ({ sent, at, usedAt, hash }) =>
          shared.has(hash) && sent && at !== null && nowMs - usedAt > unusedMs && nowMs - usedAt > IN_USE_MS,
      );
      expect(new Set(leaving)).toEqual(new Set(may));
      expect(leaving.map(({ usedAt }) => usedAt)).toEqual(leaving.map(({ usedAt }) => usedAt).toSorted((a, b) => a - b));
    }),
  );
});
