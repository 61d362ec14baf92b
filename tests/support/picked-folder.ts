/** Folders that a person picks. Nobody can answer the browser's own dialog in a test: a folder of the origin stands in, or one that is dragged in. */
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { BrowserContext, Page } from '@playwright/test';

declare global {
  interface Window {
    droppedFolder?: Promise<FileSystemHandle | null>;
  }
}

/** From now on the picker gives a folder of the origin with that name: a real handle, into which the app may always write. */
export const pickOwnFolder = (context: BrowserContext, name: string): Promise<unknown> => context.addInitScript(standIn, name);

/** The same for the page as it is open. */
export const pickNow = (page: Page, name: string): Promise<void> => page.evaluate(standIn, name);

function standIn(name: string): void {
  const pick = async () => (await navigator.storage.getDirectory()).getDirectoryHandle(name, { create: true });
  Object.assign(window, { showDirectoryPicker: pick });
}

/** Drags a folder of the disk into the page, and has the picker give it: the browser lets the app read it, and asks before it writes. */
export async function pickDraggedFolder(page: Page, path: string): Promise<void> {
  await page.evaluate(() => {
    window.droppedFolder = new Promise((resolve) => {
      const stop = (event: Event) => {
        event.preventDefault();
        event.stopImmediatePropagation();
      };
      window.addEventListener('dragover', stop, true);
      window.addEventListener(
        'drop',
        (event) => {
          stop(event);
          const item = event.dataTransfer?.items[0] as unknown as { getAsFileSystemHandle(): Promise<FileSystemHandle | null> };
          resolve(item.getAsFileSystemHandle());
        },
        { capture: true, once: true },
      );
    });
    Object.assign(window, { showDirectoryPicker: () => window.droppedFolder });
  });
  const devtools = await page.context().newCDPSession(page);
  const data = { items: [], files: [path], dragOperationsMask: 1 };
  for (const type of ['dragEnter', 'dragOver', 'drop'] as const)
    await devtools.send('Input.dispatchDragEvent', { type, x: 300, y: 300, data });
  await page.evaluate(() => window.droppedFolder);
}

/** The names of all files in a folder of the origin, with their paths. */
export const filesInOwnFolder = (page: Page, name: string): Promise<readonly string[]> =>
  page.evaluate(async (folder) => {
    const found: string[] = [];
    const walk = async (handle: FileSystemDirectoryHandle, path: string): Promise<void> => {
      for await (const one of handle.values()) {
        if (one.kind === 'directory') await walk(one, `${path}${one.name}/`);
        else found.push(`${path}${one.name}`);
      }
    };
    await walk(await (await navigator.storage.getDirectory()).getDirectoryHandle(folder), '');
    return found.sort();
  }, name);

/** Writes what is in a folder of the origin to the disk. */
export async function saveOwnFolder(page: Page, name: string, path: string): Promise<void> {
  for (const file of await filesInOwnFolder(page, name)) {
    const bytes = await page.evaluate(
      async ([folder, within]) => {
        let handle = await (await navigator.storage.getDirectory()).getDirectoryHandle(folder);
        const names = within.split('/');
        const last = names.pop() ?? '';
        for (const one of names) handle = await handle.getDirectoryHandle(one);
        return [...new Uint8Array(await (await (await handle.getFileHandle(last)).getFile()).arrayBuffer())];
      },
      [name, file] as const,
    );
    await mkdir(join(path, dirname(file)), { recursive: true });
    await writeFile(join(path, file), Uint8Array.from(bytes));
  }
}
