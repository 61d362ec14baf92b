import { randomInt } from 'node:crypto';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { playwright } from '@vitest/browser-playwright';
import { defineConfig } from 'vitest/config';
import { BROWSER_ARGS, browserOptions } from './.ci/browser.mjs';

const SECOND = 1000;
const FOLDER = 'holdfast-tests-';

// For the workers of this run; once, however often this file is read. The end of the run removes it.
if (!tmpdir().includes(FOLDER)) process.env.TMPDIR = mkdtempSync(join(tmpdir(), FOLDER));
// For them, and for what is printed at its start.
process.env.FAST_CHECK_SEED ??= String(randomInt(2 ** 31));

/** Tests that start real processes, or run thousands of seeds, have time of their own. */
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          environment: 'node',
          globalSetup: ['tests/support/print-seed.ts', 'tests/support/temp-folder.ts'],
          setupFiles: ['tests/support/property-runs.ts'],
          include: ['tests/{unit,property,contract,golden}/**/*.test.ts'],
          exclude: ['**/*.browser.test.ts', 'tests/contract/server-*.test.ts'],
          // They share nothing that one of them changes: a process of its own for each file takes twice the time.
          isolate: false,
          maxWorkers: 2,
          testTimeout: 60 * SECOND,
        },
      },
      {
        test: {
          name: 'server',
          environment: 'node',
          globalSetup: ['tests/support/temp-folder.ts'],
          include: ['tests/contract/server-*.test.ts'],
          maxWorkers: 2,
          testTimeout: 180 * SECOND,
          hookTimeout: 60 * SECOND,
        },
      },
      {
        test: {
          name: 'simulation',
          environment: 'node',
          globalSetup: ['tests/support/temp-folder.ts'],
          include: ['tests/simulation/**/*.test.ts'],
          testTimeout: 300 * SECOND,
          hookTimeout: 60 * SECOND,
        },
      },
      {
        // As in `vite.config.ts`: what is found later, in a worker, reloads a test.
        optimizeDeps: { entries: ['tests/**/*.browser.test.ts', 'tests/support/*.worker.ts', 'src/workers/*.ts', 'sw/sw.ts'] },
        test: {
          name: 'browser',
          globalSetup: ['tests/support/temp-folder.ts'],
          include: ['tests/**/*.browser.test.ts'],
          testTimeout: 30 * SECOND,
          browser: {
            enabled: true,
            headless: true,
            screenshotFailures: false,
            provider: playwright({ launchOptions: { args: BROWSER_ARGS, ...(await browserOptions('shell')) } }),
            instances: [{ browser: 'chromium' }],
          },
        },
      },
    ],
  },
});
