/** The `test` of every end-to-end test: a server of its own, browsers whose profiles outlive a kill, and a watch on all pages. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type BrowserContextOptions, test as base, expect } from '@playwright/test';
import { launchPersistent, type PersistentBrowser } from './browser.ts';
import { watchPages } from './page-watch.ts';
import { type ServerProcess, startServer } from './server-process.ts';

interface Fixtures {
  /** A folder that is removed after the test. */
  readonly folder: string;
  /** A running server with an empty data folder. */
  readonly server: ServerProcess;
  /** Policy violations and uncaught errors of all pages. A test in which there are any fails at its end. */
  readonly pageProblems: string[];
  /**
   * `test.use({ fullBrowser: true })` where a test needs what only people's browsers have: Background Sync (what is sent with
   * no tab open) and installing.
   */
  readonly fullBrowser: boolean;
  /** `test.use({ serverEnv: { … } })`: further settings of the server, by their environment names. */
  readonly serverEnv: Readonly<Record<string, string>>;
  /**
   * Opens the browser profile of that name, over the server's address or `options.baseURL`. The same name again, after
   * `close` or `kill`, is the same person's browser started again; another name is another device. All are watched, and
   * closed after the test.
   */
  readonly openBrowser: (
    profile?: string,
    extraArgs?: readonly string[],
    options?: BrowserContextOptions,
  ) => Promise<PersistentBrowser>;
}

export const test = base.extend<Fixtures>({
  fullBrowser: [false, { option: true }],
  serverEnv: [{}, { option: true }],
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the names of needed fixtures from the pattern.
  folder: async ({}, use) => {
    const folder = await mkdtemp(join(tmpdir(), 'holdfast-e2e-'));
    await use(folder);
    // A browser that was asked to close may still write its last files.
    await rm(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
  },
  server: async ({ folder, serverEnv }, use, testInfo) => {
    const server = await startServer({ dataDir: join(folder, 'data'), env: serverEnv });
    await use(server);
    await server.stop();
    if (testInfo.status !== testInfo.expectedStatus) await testInfo.attach('server.log', { body: server.logs() });
  },
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the names of needed fixtures from the pattern.
  pageProblems: async ({}, use) => {
    const problems: string[] = [];
    await use(problems);
    expect(problems, 'what pages did that no page may do').toEqual([]);
  },
  openBrowser: async ({ folder, server, pageProblems, fullBrowser }, use) => {
    const opened: PersistentBrowser[] = [];
    await use(async (profile = 'first', extraArgs = [], options = {}) => {
      const build = fullBrowser ? 'full' : 'shell';
      const userDataDir = join(folder, `profile-${profile}`);
      const browser = await launchPersistent(userDataDir, build, extraArgs, { baseURL: server.url, ...options });
      opened.push(browser);
      await watchPages(browser.context, pageProblems);
      return browser;
    });
    for (const browser of opened) await browser.context.close();
  },
});
