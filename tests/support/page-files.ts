/** Files of a page as its own store has them: added as the page would add them, and read from the browser's storage. */
import { createHash } from 'node:crypto';
import { expect, type Page } from '@playwright/test';
import { readAccountKeys } from './app-page.ts';

/** The same bytes for the same seed, here and in a browser: it is sent there as text. */
export function seededBytes(size: number, seed: number): Uint8Array<ArrayBuffer> {
  const words = new Uint32Array(Math.ceil(size / 4));
  let state = seed * 2_654_435_761 + 1;
  for (let at = 0; at < words.length; at++) {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    words[at] = state;
  }
  return new Uint8Array(words.buffer, 0, size);
}

export const hashOfBytes = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** Asks the store worker for `putBlob`, as the page does. Waits for nothing. */
function askToAdd(bytes: Uint8Array<ArrayBuffer>): void {
  const call = { id: 'add', type: 'APPLY', path: ['putBlob'] };
  const argumentList = [
    { type: 'RAW', value: new Blob([bytes]) },
    { type: 'RAW', value: { type: 'image/png' } },
  ];
  self.dispatchEvent(new MessageEvent('message', { data: { ...call, argumentList } }));
}

/** Has the page's store worker add so many bytes. Does not wait for anything. */
export async function beginToAdd(page: Page, size: number, seed: number): Promise<void> {
  const worker = page.workers().findLast((candidate) => candidate.url().includes('store.worker'));
  if (!worker) throw new Error('There is no store worker');
  await worker.evaluate(`(${askToAdd})((${seededBytes})(${size}, ${seed}))`);
}

/** Adds so many bytes. Gives the reference of a note to them, and their hash. */
export async function addFile(page: Page, size: number, seed: number): Promise<{ readonly hash: string; readonly text: string }> {
  const hash = hashOfBytes(seededBytes(size, seed));
  await beginToAdd(page, size, seed);
  await expect.poll(async () => (await readFileRows(page)).map((row) => row.hash), { timeout: 60_000 }).toContain(hash);
  return { hash, text: `![](files/${hash}.png)` };
}

export interface FileRow {
  readonly hash: string;
  readonly size: number;
  readonly sent: boolean;
  readonly at: 'file' | 'rows' | null;
}

/** The rows of the files of the open account. */
export async function readFileRows(page: Page): Promise<readonly FileRow[]> {
  const { workspaceId } = await readAccountKeys(page);
  return page.evaluate(
    (name) =>
      new Promise<FileRow[]>((resolve, reject) => {
        const opening = indexedDB.open(name);
        opening.onerror = () => reject(opening.error);
        opening.onsuccess = () => {
          const all = opening.result.transaction('blobs').objectStore('blobs').getAll();
          all.onsuccess = () => {
            opening.result.close();
            resolve(all.result.map(({ hash, size, sent, at }) => ({ hash, size, sent, at })));
          };
        };
      }),
    `holdfast-ws-${workspaceId}`,
  );
}

/** The files of the open account in the browser's storage: their names, and the hash of what is in each. */
export async function readFileHashes(page: Page): Promise<readonly { readonly name: string; readonly hash: string }[]> {
  const { workspaceId } = await readAccountKeys(page);
  return page.evaluate(async (id) => {
    const files: { name: string; hash: string }[] = [];
    const root = await (await navigator.storage.getDirectory())
      .getDirectoryHandle('holdfast-blobs')
      .then((folder) => folder.getDirectoryHandle(id))
      .catch(() => null);
    for await (const handle of root?.values() ?? []) {
      if (!('getFile' in handle)) continue;
      // What is just being moved to its name is listed by the next reading.
      const bytes = await (handle as FileSystemFileHandle)
        .getFile()
        .then((file) => file.arrayBuffer())
        .catch(() => null);
      if (!bytes) continue;
      const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
      files.push({ name: handle.name, hash: Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('') });
    }
    return files;
  }, workspaceId);
}
