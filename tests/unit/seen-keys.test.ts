/** Whether an entity has come before, in whatever order they come. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { compareKeys } from '#backup/format/record.ts';
import { createSeenKeys } from '#backup/format/seen-keys.ts';

const key = fc.record({ kind: fc.constantFrom('note', 'chat', 'message'), id: fc.uuid() });

test('each counts once: sorted, shuffled, and sorted up to somewhere', () => {
  fc.assert(
    fc.property(fc.array(key, { maxLength: 60 }), fc.array(fc.nat(), { maxLength: 20 }), fc.nat(60), (some, again, sortedTo) => {
      const sorted = [...some.slice(0, sortedTo)].sort(compareKeys);
      const repeated = again.flatMap((at) => some[at % Math.max(1, some.length)] ?? []);
      const before = new Set<string>();
      const seen = createSeenKeys();
      for (const one of [...sorted, ...repeated, ...some.slice(sortedTo), ...some]) {
        const text = `${one.kind}/${one.id}`;
        expect(seen.add(one)).toBe(!before.has(text));
        before.add(text);
      }
    }),
  );
});

test('of many thousands in order none is forgotten', () => {
  const seen = createSeenKeys();
  const keys = Array.from({ length: 9000 }, (_, n) => ({
    kind: n < 4500 ? 'chat' : 'note',
    id: `01900000-0000-7000-8000-${String(n).padStart(12, '0')}`,
  }));
  expect(keys.every((one) => seen.add(one))).toBe(true);
  expect(keys.some((one) => seen.add(one))).toBe(false);
});

test('a file of very many kinds takes no more memory than one of few', () => {
  const seen = createSeenKeys();
  const kinds = Array.from({ length: 20_000 }, (_, n) => `kind-${String(n).padStart(6, '0')}`);
  const { arrayBuffers } = process.memoryUsage();
  for (const kind of kinds) seen.add({ kind, id: '01900000-0000-7000-8000-000000000000' });
  expect(process.memoryUsage().arrayBuffers - arrayBuffers).toBeLessThan(10_000_000);
  expect(kinds.some((kind) => seen.add({ kind, id: '01900000-0000-7000-8000-000000000000' }))).toBe(false);
});
