import { defineConfig } from '@playwright/test';
import { BROWSER_ARGS, browserOptions } from './.ci/browser.mjs';

const SECOND = 1000;

/**
 * End to end: a real browser against the real server process, over the built app of `dist/`. Every test starts a server
 * of its own (see tests/support/server-process.ts), so none can disturb another.
 */
export default defineConfig({
  globalSetup: './.ci/fresh-build.mjs',
  testDir: 'tests/e2e',
  outputDir: 'test-results',
  forbidOnly: Boolean(process.env.CI),
  fullyParallel: true,
  // A third of a test is waiting: for paced changes, backoffs, restarts (0.67 s of processor time a second, on two cores).
  workers: 3,
  retries: 0,
  // Far above what a quiet machine needs (a few seconds a test): a busy one must not make a sound test fail.
  timeout: 240 * SECOND,
  expect: { timeout: 30 * SECOND },
  reporter: [['list']],
  use: {
    headless: true,
    launchOptions: { args: BROWSER_ARGS, ...(await browserOptions('shell')) },
    // A trace takes a picture at every step: ask for one (--trace on) where a test fails.
    trace: 'off',
  },
  projects: [
    { name: 'e2e', testMatch: '**/*.spec.ts' },
    // `npm run pictures`.
    { name: 'pictures', testMatch: '**/*.pictures.ts' },
    // `npm run chaos`: kills for as long as HOLDFAST_CHAOS_MINUTES says.
    { name: 'chaos', testMatch: '**/*.chaos.ts', timeout: 0 },
  ],
});
