/** `npm run fuzz:import -- --mutants N --start S`: reads mutants of backup files on Node 24. */
import { ensureInstalled, NODE } from './install.mjs';
import { endCommandsOnSignals, run } from './process.mjs';

endCommandsOnSignals();
await ensureInstalled();
const { code } = await run(NODE, ['tests/support/fuzz-import.ts', ...process.argv.slice(2)], { limitMs: 24 * 60 * 60_000 });
process.exitCode = code ?? 1;
