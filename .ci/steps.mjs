/** The steps of `npm test`, in their order, and the sum of their counts. */
import { ensureBrowser } from './browser.mjs';
import { ensureBuilt } from './build.mjs';
import { countPlaywright, countVitest, forgetReport, reportPath } from './counts.mjs';
import { NODE } from './install.mjs';
import { run } from './process.mjs';
import { checkTypes } from './types.mjs';

const MINUTE_MS = 60_000;

// The limits below are for what hangs: on a busy machine the steps take several times what they take on an idle one.

/**
 * @typedef {import('./counts.mjs').Counts} Counts
 * @typedef {{ name: string, needsBrowser?: true, run: () => Promise<Counts> }} Step
 */

/**
 * A check has one outcome: nothing to say, or a failure in words.
 * @param {() => Promise<string>} check
 * @returns {() => Promise<Counts>}
 */
const asCheck = (check) => async () => {
  const problem = await check();
  if (problem) console.log(problem);
  return { passed: problem ? 0 : 1, failed: problem ? 1 : 0, skipped: 0 };
};

/**
 * @param {string} command
 * @param {readonly string[]} args
 */
const runTool = (command, args) => async () => {
  const { code, output } = await run(`node_modules/.bin/${command}`, args, { quiet: true, limitMs: 3 * MINUTE_MS });
  return code === 0 ? '' : output || `${command} ended with ${code}`;
};

/**
 * @param {string} project
 * @param {number} limitMs
 */
const runVitest = (project, limitMs) => async () => {
  forgetReport(project);
  const args = ['run', '--project', project, '--reporter=default', '--reporter=json', `--outputFile.json=${reportPath(project)}`];
  const { code } = await run(NODE, ['node_modules/vitest/vitest.mjs', ...args], { limitMs });
  return countVitest(project, code);
};

const runPlaywright = async () => {
  // After a failed build there is nothing to test, and an old `dist/` would be tested for the new one.
  await ensureBuilt();
  forgetReport('e2e');
  // A second try tells a busy machine from a fault. A test that needed it is counted as flaky and named at the end.
  const args = ['test', '--project=e2e', '--reporter=list,json', '--retries=1'];
  const env = { PLAYWRIGHT_JSON_OUTPUT_FILE: reportPath('e2e') };
  const { code } = await run(NODE, ['node_modules/@playwright/test/cli.js', ...args], { limitMs: 45 * MINUTE_MS, env });
  return countPlaywright('e2e', code);
};

/** A warning counts: whoever starts the app for the first time would see it. */
const build = async () => {
  try {
    return await ensureBuilt();
  } catch (error) {
    return String(error);
  }
};

/** @type {readonly Step[]} */
const STEPS = [
  { name: 'lint', run: asCheck(runTool('biome', ['check', '--error-on-warnings'])) },
  { name: 'types', run: asCheck(checkTypes) },
  { name: 'knip', run: asCheck(runTool('knip', [])) },
  { name: 'unit', run: runVitest('unit', 8 * MINUTE_MS) },
  { name: 'browser', needsBrowser: true, run: runVitest('browser', 6 * MINUTE_MS) },
  { name: 'simulation', run: runVitest('simulation', 10 * MINUTE_MS) },
  { name: 'server', run: runVitest('server', 10 * MINUTE_MS) },
  { name: 'build', run: asCheck(build) },
  { name: 'e2e', needsBrowser: true, run: runPlaywright },
];

/**
 * Runs the steps with these names, or all, and prints one line for each and the sum. Throws on an unknown name.
 * @param {readonly string[]} names
 * @returns {Promise<Counts>}
 */
export async function runSteps(names) {
  const unknown = names.filter((name) => !STEPS.some((step) => step.name === name));
  if (unknown.length > 0)
    throw new Error(`No such step: ${unknown.join(', ')}. There are: ${STEPS.map(({ name }) => name).join(', ')}`);
  const chosen = STEPS.filter(({ name }) => names.length === 0 || names.includes(name));
  // Where it must be installed first, the steps that do without it go on meanwhile.
  const browser = chosen.some(({ needsBrowser }) => needsBrowser) ? ensureBrowser() : Promise.resolve('');
  browser.catch(() => {});
  const lines = [];
  /** @type {Counts} */
  const sum = { passed: 0, failed: 0, skipped: 0, flaky: 0 };
  for (const step of chosen) {
    console.log(`\n── ${step.name} ──`);
    const start = performance.now();
    const counts = await runStep(step, browser);
    sum.passed += counts.passed;
    sum.failed += counts.failed;
    sum.skipped += counts.skipped;
    sum.flaky = (sum.flaky ?? 0) + (counts.flaky ?? 0);
    const seconds = ((performance.now() - start) / 1000).toFixed(1);
    lines.push(`${step.name.padEnd(12)}${formatCounts(counts)} (${seconds} s)`);
  }
  console.log(`\n${lines.join('\n')}\n`);
  console.log(formatCounts(sum));
  return sum;
}

/**
 * @param {Step} step
 * @param {Promise<string>} browser rejects where none can be had
 */
async function runStep(step, browser) {
  try {
    if (step.needsBrowser) await browser;
    return await step.run();
  } catch (error) {
    console.log(error instanceof Error ? error.message : error);
    return { passed: 0, failed: 1, skipped: 0 };
  }
}

/** @param {Counts} counts */
const formatCounts = ({ passed, failed, skipped, flaky = 0 }) =>
  `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}${flaky > 0 ? `, ${flaky} of the passed flaky` : ''}`;
