/**
 * `npm run properties -- --times N`: every property test, with N times its usual runs (default 100). Further arguments
 * name test files, and go to Vitest.
 */
import { ensureInstalled, NODE } from './install.mjs';
import { endCommandsOnSignals, run } from './process.mjs';

const DEFAULT_TIMES = '100';
const HOUR_MS = 60 * 60_000;

const args = process.argv.slice(2);
const at = args.indexOf('--times');
const [, times = DEFAULT_TIMES] = at === -1 ? [] : args.splice(at, 2);

endCommandsOnSignals();
await ensureInstalled();
const files = args.length > 0 ? args : ['tests/property'];
const { code } = await run(
  NODE,
  ['node_modules/vitest/vitest.mjs', 'run', '--project', 'unit', '--testTimeout', `${HOUR_MS}`, ...files],
  { env: { HOLDFAST_PROPERTY_TIMES: times }, limitMs: 6 * HOUR_MS },
);
process.exitCode = code ?? 1;
