/** Kills at random moments while a real writing session is typed: nothing that was shown as saved is ever missing. */
import { expect } from '@playwright/test';
import { startKillRun } from '#support/kill-run.ts';
import { test } from '#support/test.ts';

const MINUTE_MS = 60_000;
const KILLS = 40;

// The service worker and its Background Sync have a part in it.
test.use({ fullBrowser: true });

test('40 SIGKILLs of the browser, and some of the server, while the session is typed', async ({ server, openBrowser }) => {
  test.setTimeout(10 * MINUTE_MS);
  const run = await startKillRun({ seed: 'kill matrix', server, openBrowser });
  while (run.report.kills < KILLS) await run.kill();
  await run.finish();
  const { losses, ...numbers } = run.report;
  console.log(`kill matrix: ${JSON.stringify(numbers)}`);
  expect(losses).toEqual([]);
  expect(numbers.serverKills).toBeGreaterThan(5);
  expect(numbers.saves).toBeGreaterThan(KILLS);
});
