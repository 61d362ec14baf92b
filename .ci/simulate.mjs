/** `npm run simulate -- --seeds N --start S`: runs the simulation on Node 24. */
import { ensureInstalled, NODE } from './install.mjs';
import { endCommandsOnSignals, run } from './process.mjs';

endCommandsOnSignals();
await ensureInstalled();
const { code } = await run(NODE, ['tests/simulation/run.ts', ...process.argv.slice(2)], { limitMs: 24 * 60 * 60_000 });
process.exitCode = code ?? 1;
