/** A property that failed can be tried again on the same values. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { propertySeed } from '#support/property-runs.ts';

function valuesSeen(): readonly number[] {
  const seen: number[] = [];
  fc.assert(fc.property(fc.integer(), (value) => void seen.push(value)));
  return seen;
}

test('every property gets the seed of the run, which FAST_CHECK_SEED sets', () => {
  expect(String(propertySeed)).toBe(process.env.FAST_CHECK_SEED);
  expect(fc.readConfigureGlobal().seed).toBe(propertySeed);
});

test('the same seed gives the same values, another one others', () => {
  const first = valuesSeen();
  expect(valuesSeen()).toEqual(first);
  const others: number[] = [];
  fc.assert(
    fc.property(fc.integer(), (value) => void others.push(value)),
    { seed: propertySeed + 1 },
  );
  expect(others).not.toEqual(first);
});
