/** `npm run simulate -- --seeds N --start S`: runs seeds, and prints those that fail. `--seed S --trace` shows one. */
import { parseArgs } from 'node:util';
import { makePlan } from './plan.ts';
import { simulate } from './simulate.ts';

const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '2000' },
    start: { type: 'string', default: '0' },
    seed: { type: 'string' },
    trace: { type: 'boolean', default: false },
  },
});

if (values.seed !== undefined) {
  const plan = makePlan(Number(values.seed));
  console.log(JSON.stringify(plan.devices));
  for (const act of plan.acts) console.log(JSON.stringify(act));
  const outcome = await simulate(plan, values.trace ? { onTrace: (line) => console.log(line) } : {});
  console.log(outcome);
} else {
  const [start, count] = [Number(values.start), Number(values.seeds)];
  const began = performance.now();
  let steps = 0;
  let failed = 0;
  const kinds = new Map<string, number[]>();
  for (let seed = start; seed < start + count; seed++) {
    const outcome = await simulate(makePlan(seed));
    steps += outcome.steps;
    if (outcome.violations.length === 0) continue;
    failed += 1;
    const rule = String(outcome.violations[0]).split(':')[0] ?? '';
    kinds.set(rule, [...(kinds.get(rule) ?? []), seed]);
    if (failed <= 10) console.log(`seed ${seed}: ${outcome.violations[0]?.slice(0, 600)}`);
  }
  const ms = performance.now() - began;
  console.log(`${count} seeds, ${failed} failed, ${Math.round(steps / count)} steps and ${(ms / count).toFixed(1)} ms each`);
  for (const [rule, seeds] of kinds) console.log(`  ${rule}: ${seeds.length} (${seeds.slice(0, 8).join(', ')})`);
}
