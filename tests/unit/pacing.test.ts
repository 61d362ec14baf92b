import { expect, test } from 'vitest';
import { heldForMs } from '#core/pacing.ts';

const NOW = 1_790_000_000_000;

test('a change is held for what is left of its time, and not a moment longer', () => {
  expect(heldForMs(NOW + 4000, NOW)).toBe(4000);
  expect(heldForMs(NOW, NOW)).toBe(0);
  expect(heldForMs(0, NOW)).toBe(0);
});

test('a hold from before the clock was set back holds nothing', () => {
  expect(heldForMs(NOW + 3_600_000, NOW)).toBe(0);
});
