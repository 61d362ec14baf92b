/** A thread that runs seeds one after another and reports each that fails. */
import { parentPort } from 'node:worker_threads';
import { ALL_SCENES, makePlan, type SceneName } from './plan.ts';
import { simulate } from './simulate.ts';

export interface SeedOrder {
  readonly seeds: readonly number[];
  /** Plays this scene with every seed. */
  readonly scene?: SceneName;
}

export interface SeedReport {
  readonly seed: number;
  readonly steps: number;
  readonly violations: readonly string[];
}

parentPort?.on('message', async ({ seeds, scene }: SeedOrder) => {
  const plan = scene ? ALL_SCENES[scene] : makePlan;
  const reports: SeedReport[] = [];
  for (const seed of seeds) {
    const { steps, violations } = await simulate(plan(seed));
    reports.push({ seed, steps, violations });
  }
  parentPort?.postMessage(reports);
});
