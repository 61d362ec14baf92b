import { expect, test } from 'vitest';
import { createDeletionGuard } from '#sync/deletion-guard.ts';

const keys = (count: number, kind = 'note') => Array.from({ length: count }, (_, i) => [kind, `${i}`] as const);

test('a handful of deletions passes, even if it is most of a kind', () => {
  expect(createDeletionGuard().stops({ keys: keys(9), live: new Map([['note', 9]]) })).toBe(false);
});

test('more than half of a kind stops', () => {
  expect(createDeletionGuard().stops({ keys: keys(10), live: new Map([['note', 19]]) })).toBe(true);
  expect(createDeletionGuard().stops({ keys: keys(10), live: new Map([['note', 20]]) })).toBe(false);
});

test('fifty at once stop, whatever the kind has', () => {
  expect(createDeletionGuard().stops({ keys: keys(50), live: new Map([['note', 100_000]]) })).toBe(true);
  expect(
    createDeletionGuard().stops({
      keys: [...keys(30), ...keys(20, 'chat')],
      live: new Map([
        ['note', 900],
        ['chat', 900],
      ]),
    }),
  ).toBe(true);
});

test('pages of one run count together', () => {
  const guard = createDeletionGuard();
  expect(guard.stops({ keys: keys(30), live: new Map([['note', 1000]]) })).toBe(false);
  expect(guard.stops({ keys: keys(20), live: new Map([['note', 970]]) })).toBe(true);
  const halves = createDeletionGuard();
  expect(halves.stops({ keys: keys(8), live: new Map([['note', 20]]) })).toBe(false);
  expect(halves.stops({ keys: keys(4), live: new Map([['note', 12]]) })).toBe(true);
});
