/**
 * `npm run simulate -- --seeds N --start S` runs seeds and prints those that fail, each made small. `--seed S` shows one
 * seed's plan and outcome, with `--trace` every step of it; `--shrink` makes its plan small first.
 */
import { parseArgs } from 'node:util';
import { makePlan, type Plan } from './plan.ts';
import { ruleOf, shrink } from './shrink.ts';
import { simulate } from './simulate.ts';

const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '2000' },
    start: { type: 'string', default: '0' },
    seed: { type: 'string' },
    trace: { type: 'boolean', default: false },
    shrink: { type: 'boolean', default: false },
    /** Failing seeds that are made small. */
    show: { type: 'string', default: '3' },
  },
});

const print = (text: string): void => {
  process.stdout.write(`${text}\n`);
};

function printPlan({ devices, acts }: Plan): void {
  for (const device of devices) print(`  device ${JSON.stringify(device)}`);
  for (const act of acts) print(`  ${JSON.stringify(act)}`);
}

async function showSeed(seed: number): Promise<void> {
  const whole = makePlan(seed);
  const plan = values.shrink ? await shrink(whole, simulate) : whole;
  printPlan(plan);
  const outcome = await simulate(plan, values.trace ? { onTrace: print } : {});
  print(JSON.stringify(outcome, null, 2));
  if (values.shrink) print(`to pin it: ${JSON.stringify(plan)}`);
}

async function runSeeds(start: number, count: number): Promise<void> {
  const began = process.cpuUsage();
  const failed = new Map<string, number[]>();
  let steps = 0;
  let shown = 0;
  for (let seed = start; seed < start + count; seed++) {
    const outcome = await simulate(makePlan(seed));
    steps += outcome.steps;
    if ((seed + 1 - start) % 500 === 0) print(`${seed + 1 - start} of ${count}`);
    const rule = ruleOf(outcome);
    if (rule === undefined) continue;
    const known = failed.get(rule) ?? [];
    failed.set(rule, [...known, seed]);
    print(`seed ${seed}: ${outcome.violations[0]?.slice(0, known.length > 0 ? 100 : 1000)}`);
    if (known.length > 0 || shown >= Number(values.show)) continue;
    shown += 1;
    printPlan(await shrink(makePlan(seed), simulate));
  }
  const { user, system } = process.cpuUsage(began);
  print(`${count} seeds, ${Math.round(steps / count)} steps and ${((user + system) / 1000 / count).toFixed(0)} ms of work each`);
  for (const [rule, seeds] of failed) print(`${seeds.length} broke "${rule}": ${seeds.slice(0, 12).join(', ')}`);
  for (const [, [seed]] of failed) print(`see: npm run simulate -- --seed ${seed} --shrink --trace`);
  if (failed.size > 0) process.exitCode = 1;
}

if (values.seed !== undefined) await showSeed(Number(values.seed));
else await runSeeds(Number(values.start), Number(values.seeds));
