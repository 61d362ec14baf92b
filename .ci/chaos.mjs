/**
 * `npm run chaos -- --minutes N`: the kill matrix of the end-to-end tests, for as long as asked (default ten minutes).
 * Further arguments go to Playwright.
 */
import { ensureBrowser } from './browser.mjs';
import { ensureBuilt } from './build.mjs';
import { ensureInstalled, NODE } from './install.mjs';
import { endCommandsOnSignals, run } from './process.mjs';

const DEFAULT_MINUTES = '10';
const DAY_MS = 24 * 60 * 60_000;

const args = process.argv.slice(2);
const at = args.indexOf('--minutes');
const [, minutes = DEFAULT_MINUTES] = at === -1 ? [] : args.splice(at, 2);
if (!(Number(minutes) > 0)) throw new Error(`--minutes takes a number above 0, not ${minutes}`);

endCommandsOnSignals();
await ensureInstalled();
await ensureBrowser();
await ensureBuilt();
const { code } = await run(NODE, ['node_modules/@playwright/test/cli.js', 'test', '--project=chaos', ...args], {
  env: { HOLDFAST_CHAOS_MINUTES: minutes },
  limitMs: Number(minutes) * 60_000 + DAY_MS,
});
process.exitCode = code ?? 1;
