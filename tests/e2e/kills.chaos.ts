/**
 * `npm run chaos`: the kill matrix for as long as HOLDFAST_CHAOS_MINUTES says (10 by default), from a seed of its own each
 * time or from HOLDFAST_CHAOS_SEED. It prints how it goes and fails at its end when anything was lost.
 */
import { expect } from '@playwright/test';
import { type KillReport, startKillRun } from '#support/kill-run.ts';
import { test } from '#support/test.ts';

const MINUTE_MS = 60_000;
const PRINT_EVERY_KILLS = 10;

test.use({ fullBrowser: true });

test('kills for as long as asked', async ({ server, openBrowser }) => {
  const minutes = Number(process.env.HOLDFAST_CHAOS_MINUTES ?? 10);
  const seed = process.env.HOLDFAST_CHAOS_SEED ?? String(Date.now());
  console.log(`chaos for ${minutes} minutes, seed ${seed}`);
  const end = performance.now() + minutes * MINUTE_MS;
  const run = await startKillRun({ seed, server, openBrowser });
  while (performance.now() < end) {
    await run.kill();
    if (run.report.kills % PRINT_EVERY_KILLS === 0) console.log(inWords(run.report));
  }
  await run.finish();
  console.log(inWords(run.report));
  expect(run.report.losses).toEqual([]);
});

function inWords({ kills, serverKills, strokes, saves, mostMissingMs, losses }: KillReport): string {
  const sums = `${kills} kills, ${serverKills} of the server, ${strokes} strokes, ${saves} saves checked`;
  return `${sums}, at most ${Math.round(mostMissingMs)} ms missing, ${losses.length} losses${losses.map((loss) => `\n  ${loss}`).join('')}`;
}
