/**
 * Takes stores of the browser away between two starts, as a damaged profile or an eviction does, and looks at what the
 * next start brings back. The profile, the browser and the server are real.
 */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, type Page } from '@playwright/test';
import {
  expectOpen,
  expectSyncState,
  noteInList,
  openApp,
  readAccountKeys,
  waitForServiceWorker,
  writeNote,
} from './app-page.ts';
import type { PersistentBrowser } from './browser.ts';
import type { ServerProcess } from './server-process.ts';

export type StoreName = 'indexedDB' | 'fileSystem' | 'cacheStorage' | 'localStorage';

/** The folders of a profile, by what a page calls them. */
export type StoreFolders = { readonly [store in StoreName]: string };

const CHROMIUM_STORES: StoreFolders = {
  indexedDB: 'Default/IndexedDB',
  fileSystem: 'Default/File System',
  cacheStorage: 'Default/Service Worker',
  localStorage: 'Default/Local Storage',
};

/** So far the second copy may be behind. */
const COPY_BEHIND_MS = 250;

export interface LostStorageRun {
  /** Writes a note that is synced and one that is not, ends the browser, takes `lost` away, and starts it again. */
  lose(lost: readonly StoreName[], how?: 'close' | 'kill'): Promise<Found>;
}

export interface Found {
  readonly page: Page;
  readonly synced: string;
  readonly unsent: string;
  readonly accountBefore: string;
  readonly accountAfter: string;
  /** From the beginning of the start until the notes that are asked for are in the list. */
  waitFor(titles: readonly string[]): Promise<number>;
}

export interface LostStorageOptions {
  readonly server: ServerProcess;
  readonly profile: string;
  readonly openBrowser: () => Promise<PersistentBrowser>;
  /** Below the profile. Where none are named they are those of Chromium. */
  readonly stores?: StoreFolders;
}

export function startLostStorageRun(options: LostStorageOptions): LostStorageRun {
  const { server, profile, openBrowser, stores = CHROMIUM_STORES } = options;
  let round = 0;
  let browser: PersistentBrowser | null = null;
  return {
    async lose(lost, how = 'close') {
      round += 1;
      browser ??= await openBrowser();
      const { context } = browser;
      const page = await openApp(context);
      await waitForServiceWorker(page);
      const synced = `Synced ${round}`;
      const unsent = `Unsent ${round}`;
      await writeNote(page, { title: synced, text: `words of ${synced}` });
      await expectSyncState(page, 'synced', 'Synced', 30_000);
      const accountBefore = (await readAccountKeys(page)).accountId;
      await server.kill('SIGKILL');
      await writeNote(page, { title: unsent, text: `words of ${unsent}` });
      await sleep(COPY_BEHIND_MS);
      if (how === 'kill') await browser.kill();
      else await context.close();
      for (const store of lost) await rm(join(profile, stores[store]), { recursive: true });
      await server.restart();

      browser = await openBrowser();
      const again = browser.context.pages()[0] ?? (await browser.context.newPage());
      const startedAt = performance.now();
      await again.goto('/notes');
      await expectOpen(again);
      return {
        page: again,
        synced,
        unsent,
        accountBefore,
        accountAfter: (await readAccountKeys(again)).accountId,
        async waitFor(titles) {
          for (const title of titles) await expect(noteInList(again, title)).toBeVisible();
          return performance.now() - startedAt;
        },
      };
    },
  };
}
