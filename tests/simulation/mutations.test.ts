/** A simulation that cannot fail proves nothing: with any one of the protocol's rules switched off, it must. */
import { describe, expect, test } from 'vitest';
import { product } from './adapters.ts';
import { mutations } from './mutations.ts';
import { makePlan } from './plan.ts';
import { simulate } from './simulate.ts';

/** A rule that is needed so rarely that this many seeds do not show it would hardly be a rule. */
const MAX_SEEDS = 250;

describe('with one rule switched off', () => {
  test.each(mutations)('$name: the simulation finds a loss', async (mutation) => {
    let caught: string | undefined;
    for (let seed = 0; seed < MAX_SEEDS && caught === undefined; seed++) {
      const { violations } = await simulate(makePlan(seed, mutation.needs), {
        product: { ...product, ...mutation.product },
        ...(mutation.storage && { storage: mutation.storage }),
      });
      caught = violations[0];
    }
    expect(caught, `${MAX_SEEDS} seeds without a violation: ${mutation.rule}`).toBeDefined();
  });
});
