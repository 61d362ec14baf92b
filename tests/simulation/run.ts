/**
 * `npm run simulate -- --seeds N --start S` runs seeds and prints those that fail, the first of each kind made small.
 * `--scene NAME` plays one scene with all of them.
 * `--seed S` shows one seed's plan and outcome: `--shrink` makes the plan small first, `--trace` prints every step.
 */
import { parseArgs } from 'node:util';
import { ALL_SCENES, makePlan, type Plan, type SceneName } from './plan.ts';
import { runSeeds } from './seed-pool.ts';
import { ruleOf, shrink } from './shrink.ts';
import { simulate } from './simulate.ts';

const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '2000' },
    start: { type: 'string', default: '0' },
    seed: { type: 'string' },
    scene: { type: 'string' },
    trace: { type: 'boolean', default: false },
    shrink: { type: 'boolean', default: false },
  },
});

const isScene = (name: string | undefined): name is SceneName => name !== undefined && Object.hasOwn(ALL_SCENES, name);
const scene = isScene(values.scene) ? values.scene : undefined;
if (values.scene !== undefined && !scene)
  throw new Error(`There is no scene ${values.scene}: ${Object.keys(ALL_SCENES).join(', ')}.`);
const planOf = scene ? ALL_SCENES[scene] : makePlan;

const print = (text: string): void => {
  process.stdout.write(`${text}\n`);
};

function printPlan({ devices, acts }: Plan): void {
  for (const device of devices) print(`  device ${JSON.stringify(device)}`);
  for (const act of acts) print(`  ${JSON.stringify(act)}`);
}

async function showSeed(seed: number): Promise<void> {
  const whole = planOf(seed);
  const plan = values.shrink ? await shrink(whole, simulate) : whole;
  printPlan(plan);
  const outcome = await simulate(plan, values.trace ? { onTrace: print } : {});
  print(JSON.stringify(outcome, null, 2));
  if (values.shrink) print(`to pin it: ${JSON.stringify(plan)}`);
}

async function hunt(start: number, count: number): Promise<void> {
  const failed = new Map<string, number[]>();
  let done = 0;
  let steps = 0;
  await runSeeds(
    start,
    count,
    (reports) => {
      for (const report of reports) {
        steps += report.steps;
        done += 1;
        if (done % 500 === 0) print(`${done} of ${count}`);
        const rule = ruleOf(report);
        if (rule === undefined) continue;
        const known = failed.get(rule) ?? [];
        failed.set(rule, [...known, report.seed]);
        print(`seed ${report.seed}: ${report.violations[0]?.slice(0, known.length > 0 ? 120 : 1000)}`);
      }
    },
    scene,
  );
  const seconds = Math.round(performance.now() / 1000);
  print(`${count} seeds in ${seconds} s, ${Math.round(steps / count)} steps each`);
  for (const [rule, seeds] of failed) print(`${seeds.length} broke "${rule}": ${seeds.slice(0, 12).join(', ')}`);
  for (const [first] of failed.values()) {
    print(`npm run simulate -- --seed ${first}${scene ? ` --scene ${scene}` : ''} --shrink --trace`);
    printPlan(await shrink(planOf(first as number), simulate));
  }
  if (failed.size > 0) process.exitCode = 1;
}

if (values.seed !== undefined) await showSeed(Number(values.seed));
else await hunt(Number(values.start), Number(values.seeds));
