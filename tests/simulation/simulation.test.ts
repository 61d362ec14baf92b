import { expect, test } from 'vitest';
import pinned from './pinned.json' with { type: 'json' };
import { makePlan, type Plan } from './plan.ts';
import { runSeeds } from './seed-pool.ts';
import type { SeedReport } from './seed-worker.ts';
import { shrink } from './shrink.ts';
import { simulate } from './simulate.ts';

/** Each seed has kills and restarts between any two steps (invariant 14). */
const SEEDS = 2000;

test.each(pinned)('a plan that once failed holds: $why', async ({ plan }) => {
  const outcome = await simulate(plan as unknown as Plan);
  expect(outcome.violations).toEqual([]);
});

test('the same seed gives the same run, to the last step', async () => {
  for (const seed of [1, 2, 3, 5, 8, 13]) {
    const [first, second] = [await simulate(makePlan(seed)), await simulate(makePlan(seed))];
    expect([second.traceHash, second.steps]).toEqual([first.traceHash, first.steps]);
  }
});

test(`${SEEDS} seeds lose nothing, and all devices and the server end with the same`, async () => {
  const failed: SeedReport[] = [];
  let ran = 0;
  await runSeeds(0, SEEDS, (reports) => {
    ran += reports.length;
    failed.push(...reports.filter(({ violations }) => violations.length > 0));
  });
  expect(ran).toBe(SEEDS);
  const [first] = failed;
  if (!first) return;
  const plan = await shrink(makePlan(first.seed), simulate);
  expect.fail(
    [
      `${failed.length} of ${SEEDS} seeds failed: ${failed.map(({ seed }) => seed).join(', ')}`,
      first.violations.join('\n'),
      `repeat it: npm run simulate -- --seed ${first.seed} --shrink --trace`,
      `pin it in tests/simulation/pinned.json: ${JSON.stringify({ why: 'say why', plan })}`,
    ].join('\n'),
  );
});
