/** Debian's Firefox with a profile on disk, where it is installed. */
import { existsSync } from 'node:fs';
import { type BrowserContextOptions, firefox } from '@playwright/test';
import { findBrowserPid, killBrowser, type PersistentBrowser } from './browser.ts';

const EXECUTABLE = ['/usr/bin/firefox-esr', '/usr/bin/firefox'].find((path) => existsSync(path));

/** Why no test can run in Firefox here; null where it can. */
export const whyNoFirefox: string | null =
  EXECUTABLE === undefined ? 'There is no Firefox on this machine (Debian: apt-get install firefox-esr)' : null;

/** Opens Firefox with the profile in `userDataDir` (made when absent). `options` go to Playwright. */
export async function launchFirefox(userDataDir: string, options: BrowserContextOptions): Promise<PersistentBrowser> {
  const context = await firefox.launchPersistentContext(userDataDir, {
    ...options,
    channel: 'moz-firefox',
    ...(EXECUTABLE && { executablePath: EXECUTABLE }),
  });
  const browserPid = await findBrowserPid((args) => args.includes(userDataDir) && !args.includes('-contentproc'));
  return { context, browserPid, kill: () => killBrowser(context, browserPid) };
}

/** The folders of a Firefox profile that hold what an origin has stored, by what a page calls them. */
export function firefoxStores(origin: string): {
  readonly [store in 'indexedDB' | 'fileSystem' | 'cacheStorage' | 'localStorage']: string;
} {
  const folder = `storage/default/${origin.replace('://', '+++').replace(':', '+')}`;
  return {
    indexedDB: `${folder}/idb`,
    fileSystem: `${folder}/fs`,
    cacheStorage: `${folder}/cache`,
    localStorage: `${folder}/ls`,
  };
}
