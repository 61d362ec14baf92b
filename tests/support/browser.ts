/** A real browser with a profile on disk: closed, killed and opened again, it finds what it had. */
import { readdir, readFile } from 'node:fs/promises';
import { type BrowserContext, type BrowserContextOptions, chromium } from '@playwright/test';
import { BROWSER_ARGS, browserOptions } from '#ci/browser.mjs';

export interface PersistentBrowser {
  readonly context: BrowserContext;
  /** The browser's main process. `process.kill(browserPid, 'SIGKILL')` takes the whole browser down, as a power cut does. */
  readonly browserPid: number;
  /** SIGKILL, and waits until the process and its profile's lock are gone, so that the profile can be opened again. */
  kill(): Promise<void>;
}

/**
 * Opens Chromium with the profile in `userDataDir` (made when absent). `build` is what `browserOptions` tells apart,
 * `extraArgs` are added to the command line, `options` go to Playwright. Close it with `context.close()` or `kill()`.
 */
export async function launchPersistent(
  userDataDir: string,
  build: 'full' | 'shell',
  extraArgs: readonly string[] = [],
  options: BrowserContextOptions & { readonly executablePath?: string } = {},
): Promise<PersistentBrowser> {
  const context = await chromium.launchPersistentContext(userDataDir, {
    headless: true,
    args: [...BROWSER_ARGS, ...extraArgs],
    ...(await browserOptions(build)),
    ...options,
  });
  const profile = `--user-data-dir=${userDataDir}`;
  const browserPid = await findBrowserPid((args) => args.includes(profile) && !args.some((arg) => arg.startsWith('--type=')));
  return { context, browserPid, kill: () => killBrowser(context, browserPid) };
}

/** SIGKILL, and waits until the process is gone. */
export async function killBrowser(context: BrowserContext, browserPid: number): Promise<void> {
  const closed = new Promise<void>((resolve) => context.once('close', () => resolve()));
  // Playwright starts the browser as the leader of a group: its renderers hold files of the profile open.
  process.kill(-browserPid, 'SIGKILL');
  await closed;
}

/**
 * Playwright keeps the process of a persistent context to itself; its profile on the command line tells it apart. Throws
 * where no command line is that of the main process.
 */
export async function findBrowserPid(isMain: (args: readonly string[]) => boolean): Promise<number> {
  for (const entry of await readdir('/proc')) {
    if (!/^\d+$/.test(entry)) continue;
    const args = (await readFile(`/proc/${entry}/cmdline`, 'utf8').catch(() => '')).split('\0');
    if (isMain(args)) return Number(entry);
  }
  throw new Error('There is no process of this browser');
}
