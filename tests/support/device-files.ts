/** Files of the open workspace, put in and looked at by a test without a screen. */
import { createHash } from 'node:crypto';
import { expect, type Page } from '@playwright/test';

export interface AddedFile {
  readonly bytes: number;
  /** The value of every byte. */
  readonly fill?: number;
  readonly type?: string;
  /** As if it came from the server. */
  readonly sent?: boolean;
}

/** Has the page's own store worker add a file, as the page would ask it to. Does not wait. */
export async function beginToAdd(page: Page, { bytes, fill = 7, type = 'image/png', sent = false }: AddedFile): Promise<void> {
  const worker = page.workers().find((candidate) => candidate.url().includes('store.worker'));
  if (!worker) throw new Error('There is no store worker');
  const file = { size: bytes, value: fill, about: { type, sent } };
  await worker.evaluate(({ size, value, about }) => {
    const call = { id: 'add', type: 'APPLY', path: ['putBlob'] };
    const blob = new Blob([new Uint8Array(size).fill(value)]);
    const argumentList = [blob, about].map((argument) => ({ type: 'RAW', value: argument }));
    self.dispatchEvent(new MessageEvent('message', { data: { ...call, argumentList } }));
  }, file);
}

/** Adds a file, and gives its hash when it is there. */
export async function addFile(page: Page, file: AddedFile): Promise<string> {
  const hash = createHash('sha256')
    .update(Buffer.alloc(file.bytes, file.fill ?? 7))
    .digest('hex');
  await beginToAdd(page, file);
  await expect.poll(() => readRows(page), { timeout: 30_000 }).toContain(hash);
  return hash;
}

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

/** The hashes of the rows. */
const readRows = (page: Page): Promise<readonly string[]> =>
  page.evaluate(async () => {
    const { name = '' } = (await indexedDB.databases()).find((database) => database.name?.startsWith('holdfast-ws-')) ?? {};
    return new Promise<string[]>((resolve, reject) => {
      const opening = indexedDB.open(name);
      opening.onerror = () => reject(opening.error);
      opening.onsuccess = () => {
        const all = opening.result.transaction('blobs').objectStore('blobs').getAll();
        all.onsuccess = () => {
          opening.result.close();
          resolve(all.result.map(({ hash }) => hash));
        };
      };
    });
  });

/** The hashes of the rows, and the names of the files with the hash of what is in each; of one that goes meanwhile an empty one. */
export const readAll = async (page: Page) => ({ rows: await readRows(page), files: await readFiles(page) });

const readFiles = (page: Page) =>
  page.evaluate(async () => {
    const files: { name: string; hash: string }[] = [];
    const root = await (await navigator.storage.getDirectory()).getDirectoryHandle('holdfast-blobs').catch(() => null);
    for await (const folder of root?.values() ?? [])
      for await (const handle of (folder as FileSystemDirectoryHandle).values()) {
        const bytes = await (handle as FileSystemFileHandle)
          .getFile()
          .then((file) => file.arrayBuffer())
          .catch(() => null);
        const digest = new Uint8Array(bytes ? await crypto.subtle.digest('SHA-256', bytes) : []);
        files.push({ name: handle.name, hash: Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('') });
      }
    return files;
  });
