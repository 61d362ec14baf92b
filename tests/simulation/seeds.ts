import { describe, expect, test } from 'vitest';
import { makePlan } from './plan.ts';
import { simulate } from './simulate.ts';

/** Seeds in one test: a failure names its hundred at once, and a busy machine stays within the time limit. */
const SEEDS_PER_TEST = 100;

/** Runs the seeds from `start` on. Two test files share them, because a runner gives each file a thread of its own. */
export function describeSeeds(start: number, count: number): void {
  describe(`simulation, seeds ${start} to ${start + count - 1}`, () => {
    for (let first = start; first < start + count; first += SEEDS_PER_TEST) {
      test(`nothing is lost and every promise is kept from seed ${first} on`, async () => {
        const broken: string[] = [];
        for (let seed = first; seed < Math.min(first + SEEDS_PER_TEST, start + count); seed++) {
          const { violations } = await simulate(makePlan(seed));
          if (violations[0] !== undefined) broken.push(`${violations[0]} (npm run simulate -- --seed ${seed} --shrink --trace)`);
        }
        expect(broken).toEqual([]);
      });
    }
  });
}
