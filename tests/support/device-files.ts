/** Files of the open workspace, put in and looked at by a test without a screen. */
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

export interface AddedFile {
  readonly bytes: number;
  /** What makes its bytes unlike those of another. */
  readonly seed?: number;
  readonly type?: string;
  /** As if it came from the server. */
  readonly sent?: boolean;
}

/** Asks the store worker for `putBlob`, as the page does. Waits for nothing. */
function askToAdd(bytes: Uint8Array<ArrayBuffer>, about: object): void {
  const call = { id: 'add', type: 'APPLY', path: ['putBlob'] };
  const argumentList = [new Blob([bytes]), about].map((value) => ({ type: 'RAW', value }));
  self.dispatchEvent(new MessageEvent('message', { data: { ...call, argumentList } }));
}

/** Has the page's own store worker add a file, as the page would ask it to. Does not wait. */
export async function beginToAdd(page: Page, { bytes, seed = 7, type = 'image/png', sent = false }: AddedFile): Promise<void> {
  const worker = page.workers().findLast((candidate) => candidate.url().includes('store.worker'));
  if (!worker) throw new Error('There is no store worker');
  await worker.evaluate(`(${askToAdd})((${seededBytes})(${bytes}, ${seed}), ${JSON.stringify({ type, sent })})`);
}

/** Adds a file, and gives its hash when it is there. */
export async function addFile(page: Page, file: AddedFile): Promise<string> {
  const hash = hashOfBytes(seededBytes(file.bytes, file.seed ?? 7));
  await beginToAdd(page, file);
  await expect.poll(() => hashesOfRows(page), { timeout: 60_000 }).toContain(hash);
  return hash;
}

/** Waits until the server has a file and the words that name it, and was asked about it. */
export const waitForSent = (page: Page, hash: string): Promise<void> =>
  expect
    .poll(
      () =>
        page.evaluate(async (key) => {
          const { name = '' } = (await indexedDB.databases()).find((database) => database.name?.startsWith('holdfast-ws-')) ?? {};
          const database = await new Promise<IDBDatabase>((resolve, reject) => {
            const opening = indexedDB.open(name);
            opening.onerror = () => reject(opening.error);
            opening.onsuccess = () => resolve(opening.result);
          });
          const transaction = database.transaction(['blobs', 'meta', 'outbox']);
          const asked = [
            transaction.objectStore('blobs').get(key),
            transaction.objectStore('meta').get('blob-way'),
            transaction.objectStore('outbox').count(),
          ];
          await new Promise((resolve) => {
            transaction.oncomplete = resolve;
          });
          database.close();
          const [file, way, waiting] = asked.map(({ result }) => result);
          return file?.sent === true && typeof way?.askedAt === 'number' && way.asking === null && waiting === 0;
        }, hash),
      { timeout: 30_000 },
    )
    .toBe(true);

/** Makes all files of the open workspace so many days older in their last use. */
export const ageFiles = (page: Page, days: number): Promise<void> =>
  page.evaluate(
    async (ms) => {
      const { name = '' } = (await indexedDB.databases()).find((database) => database.name?.startsWith('holdfast-ws-')) ?? {};
      await new Promise<void>((resolve, reject) => {
        const opening = indexedDB.open(name);
        opening.onerror = () => reject(opening.error);
        opening.onsuccess = () => {
          const transaction = opening.result.transaction('blobs', 'readwrite');
          const rows = transaction.objectStore('blobs');
          rows.getAll().onsuccess = ({ target }) => {
            for (const row of (target as IDBRequest).result) rows.put({ ...row, usedAt: row.usedAt - ms });
          };
          transaction.oncomplete = () => {
            opening.result.close();
            resolve();
          };
        };
      });
    },
    days * 24 * 3_600_000,
  );

/** The names of everything in the file system of the origin, with their folders. */
export const namesInOrigin = (page: Page): Promise<readonly string[]> =>
  page.evaluate(async () => {
    const names: string[] = [];
    const walk = async (folder: FileSystemDirectoryHandle, path: string): Promise<void> => {
      for await (const handle of folder.values()) {
        if (handle.kind === 'directory') await walk(handle as FileSystemDirectoryHandle, `${path}${handle.name}/`);
        else names.push(path + handle.name);
      }
    };
    await walk(await navigator.storage.getDirectory(), '');
    return names;
  });

export interface FileRow {
  readonly hash: string;
  readonly size: number;
  readonly sent: boolean;
  readonly at: 'file' | 'rows' | null;
}

/** The rows of the files of the open workspace. */
export async function readRows(page: Page): Promise<readonly FileRow[]> {
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

export const hashesOfRows = async (page: Page): Promise<readonly string[]> => (await readRows(page)).map(({ hash }) => hash);

/** The files of the open workspace, with the hash of what is in each. What is just being moved to its name is listed by the next reading. */
export async function readFiles(page: Page): Promise<readonly { readonly name: string; readonly hash: string }[]> {
  const { workspaceId } = await readAccountKeys(page);
  return page.evaluate(async (id) => {
    const files: { name: string; hash: string }[] = [];
    const folder = await (await navigator.storage.getDirectory())
      .getDirectoryHandle('holdfast-blobs')
      .then((top) => top.getDirectoryHandle(id))
      .catch(() => null);
    for await (const handle of folder?.values() ?? []) {
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

export const namesOfFiles = async (page: Page): Promise<readonly string[]> =>
  (await readFiles(page)).map(({ name }) => name).toSorted();
