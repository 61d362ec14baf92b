/**
 * `npm test`: installs what is missing, a browser too, then runs every check and every test. `npm test -- unit e2e` runs
 * the named steps only. A failing step hides none of the others; the last line is the sum of what the runners counted.
 */
import { ensureInstalled } from '#ci/install.mjs';
import { endCommandsOnSignals } from '#ci/process.mjs';
import { runSteps } from '#ci/steps.mjs';

endCommandsOnSignals();
await ensureInstalled();
const { failed } = await runSteps(process.argv.slice(2));
process.exitCode = failed > 0 ? 1 : 0;
