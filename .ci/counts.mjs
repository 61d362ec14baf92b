/** Reads the machine-readable reports of the test runners. What a runner did not report is a failure, never nothing. */
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './process.mjs';

/** @typedef {{ passed: number, failed: number, skipped: number, flaky?: number }} Counts `flaky`: how many of the passed failed at first */

const FOLDER = join(ROOT, 'node_modules/.cache/holdfast');

/** @param {string} name */
export const reportPath = (name) => join(FOLDER, `${name}.json`);

/**
 * Removes the report of an earlier run, so that it cannot be taken for the next one's.
 * @param {string} name
 */
export function forgetReport(name) {
  mkdirSync(FOLDER, { recursive: true });
  rmSync(reportPath(name), { force: true });
}

/**
 * The counts, with one failure more where the runner failed for a reason that is no test's: an import that throws, an
 * unhandled rejection, a limit that was hit, no test found.
 * @param {Counts} counts
 * @param {number | null} code
 * @returns {Counts}
 */
function addRunFailure(counts, code) {
  const isUnexplained = counts.failed === 0 && (code !== 0 || counts.passed === 0);
  return isUnexplained ? { ...counts, failed: 1 } : counts;
}

/**
 * @param {string} name
 * @param {number | null} code the runner's exit code; null when it was killed at its limit
 * @returns {Counts}
 */
export function countVitest(name, code) {
  if (!existsSync(reportPath(name))) return { passed: 0, failed: 1, skipped: 0 };
  const report = JSON.parse(readFileSync(reportPath(name), 'utf8'));
  /** @type {readonly { status: string, assertionResults: readonly { status: string }[] }[]} */
  const files = report.testResults;
  const brokenFiles = files.filter(
    ({ status, assertionResults }) => status === 'failed' && assertionResults.every((test) => test.status !== 'failed'),
  );
  const counts = {
    passed: report.numPassedTests,
    failed: report.numFailedTests + brokenFiles.length,
    skipped: report.numPendingTests + report.numTodoTests,
  };
  return addRunFailure(counts, code);
}

/**
 * @param {string} name
 * @param {number | null} code the runner's exit code; null when it was killed at its limit
 * @returns {Counts}
 */
export function countPlaywright(name, code) {
  if (!existsSync(reportPath(name))) return { passed: 0, failed: 1, skipped: 0 };
  const { stats } = JSON.parse(readFileSync(reportPath(name), 'utf8'));
  const { expected, unexpected, flaky, skipped } = stats;
  return addRunFailure({ passed: expected + flaky, failed: unexpected, skipped, flaky }, code);
}
