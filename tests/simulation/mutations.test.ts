import { expect, test } from 'vitest';
import { product } from './adapters.ts';
import { type Mutation, mutations } from './mutations/index.ts';
import { makePlan } from './plan.ts';
import { simulate } from './simulate.ts';

/** Each was caught within 62 seeds when this was written, most within three. */
const MAX_SEEDS = 500;

/** The first seed whose plan breaks a rule with the mutation, and none without it. */
async function firstCatch(mutation: Mutation): Promise<{ readonly seed: number; readonly broke: string } | null> {
  const { needs, product: parts, storage } = mutation;
  for (let seed = 0; seed < MAX_SEEDS; seed++) {
    const plan = mutation.plan?.(seed) ?? makePlan(seed, needs);
    const { violations } = await simulate(plan, { product: { ...product, ...parts }, ...(storage ? { storage } : {}) });
    const [broke] = violations;
    if (broke !== undefined && (await simulate(plan)).violations.length === 0) return { seed, broke };
  }
  return null;
}

test.each(mutations)('the simulation notices when $name ($rule)', async (mutation) => {
  expect(await firstCatch(mutation)).not.toBeNull();
});
