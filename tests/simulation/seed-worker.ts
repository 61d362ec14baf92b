/** A thread that runs seeds one after another and reports each that fails. */
import { parentPort } from 'node:worker_threads';
import { makePlan } from './plan.ts';
import { simulate } from './simulate.ts';

export interface SeedOrder {
  readonly seeds: readonly number[];
}

export interface SeedReport {
  readonly seed: number;
  readonly steps: number;
  readonly violations: readonly string[];
}

parentPort?.on('message', async ({ seeds }: SeedOrder) => {
  const reports: SeedReport[] = [];
  for (const seed of seeds) {
    const { steps, violations } = await simulate(makePlan(seed));
    reports.push({ seed, steps, violations });
  }
  parentPort?.postMessage(reports);
});
