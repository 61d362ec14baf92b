import { expect, test } from 'vitest';
import { type CountedDeletions, GUARD_LIMITS, mustAsk, type Weighing } from '#store/draft/deletion-guard.ts';

const deleted = (count: number, kind = 'note', deviceId = 'laptop'): CountedDeletions => ({ kind, deviceId, count });
const asks = (run: readonly CountedDeletions[], live: number, more: Partial<Weighing> = {}): boolean =>
  mustAsk(
    { run, taken: [], held: [], live: new Map([...new Set(run.map(({ kind }) => kind))].map((kind) => [kind, live])), ...more },
    GUARD_LIMITS,
  );

test('a handful of deletions passes, even if it is most of a kind', () => {
  expect(asks([deleted(9)], 9)).toBe(false);
});

test('more than half of a kind is asked about', () => {
  expect(asks([deleted(10)], 19)).toBe(true);
  expect(asks([deleted(10)], 20)).toBe(false);
  expect(asks([deleted(6), deleted(6, 'note', 'phone')], 20)).toBe(true);
});

test('fifty at once are asked about, whatever the kind has and whoever deleted them', () => {
  expect(asks([deleted(49)], 100_000)).toBe(false);
  expect(asks([deleted(50)], 100_000)).toBe(true);
  expect(asks([deleted(30), deleted(20, 'chat', 'phone')], 900)).toBe(true);
});

test('what the same device has deleted within the day counts', () => {
  expect(asks([deleted(1)], 1000, { taken: [deleted(48)] })).toBe(false);
  expect(asks([deleted(1)], 1000, { taken: [deleted(49)] })).toBe(true);
  expect(asks([deleted(1)], 1000, { taken: [deleted(20), deleted(29, 'chat')] })).toBe(true);
  expect(asks([deleted(1)], 10, { taken: [deleted(9)] })).toBe(true);
  expect(asks([deleted(1)], 11, { taken: [deleted(9)] })).toBe(false);
});

test('what another device has deleted within the day does not count', () => {
  expect(asks([deleted(1)], 1000, { taken: [deleted(49, 'note', 'phone')] })).toBe(false);
});

test('while something of a device waits for the person, the rest of that device waits, too', () => {
  expect(asks([deleted(1)], 1000, { held: [deleted(60)] })).toBe(true);
  expect(asks([deleted(1)], 1000, { held: [deleted(60, 'note', 'phone')] })).toBe(false);
});
