/** A folder of the origin as a place for backups: real files, written by a page and by a worker, and what a kill leaves. */
import { type Remote, wrap } from 'comlink';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { createFolderPlace } from '#backup/kept/folder-place.ts';
import type { Place } from '#backup/kept/place.ts';
import { systemClock } from '#platform/system.ts';
import { openInPlace } from '#store/kv/opfs.ts';
import { mint } from '#support/memory-workspace.ts';

interface PlaceWorker extends Place {
  open(name: string): Promise<void>;
  writeForever(path: string, size: number): Promise<void>;
  written(): Promise<number>;
}

const bytes = (text: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(text);
const openFolder = async (name: string): Promise<FileSystemDirectoryHandle> =>
  (await navigator.storage.getDirectory()).getDirectoryHandle(name, { create: true });

const workers: Worker[] = [];
afterEach(() => {
  for (const worker of workers.splice(0)) worker.terminate();
});

async function openInWorker(name: string) {
  const worker = new Worker(new URL('../support/place.worker.ts', import.meta.url), { type: 'module' });
  workers.push(worker);
  const api: Remote<PlaceWorker> = wrap(worker);
  await api.open(name);
  const place: Place = {
    list: (folder) => api.list(folder),
    read: (path) => api.read(path),
    modifiedAt: (path) => api.modifiedAt(path),
    write: (path, content) => api.write(path, content),
    remove: (path) => api.remove(path),
    sweep: (folder) => api.sweep(folder),
  };
  return { place, api, kill: () => worker.terminate() };
}
const openInPage = async (name: string): Promise<Place> =>
  createFolderPlace(await openFolder(name), { clock: systemClock, openInPlace });

describe.each([
  ['a page', openInPage],
  ['a worker', async (name: string) => (await openInWorker(name)).place],
])('a folder in %s', (_where, open) => {
  test('gives back what was written, lists it, and removes it', async () => {
    const name = mint();
    await openFolder(name);
    const place = await open(name);
    expect(await place.list('parts/aa')).toEqual([]);
    expect(await place.read('parts/aa/one')).toBeNull();
    await place.write('parts/aa/one', bytes('first'));
    await place.write('list.json', bytes('{}'));
    await place.write('parts/aa/one', bytes('second, and longer'));
    expect(await place.list('parts/aa')).toEqual(['one']);
    expect(await place.list('')).toEqual(['list.json']);
    expect(await (await place.read('parts/aa/one'))?.text()).toBe('second, and longer');
    expect(Math.abs(((await place.modifiedAt('parts/aa/one')) ?? 0) - Date.now())).toBeLessThan(60_000);
    await place.remove('parts/aa/one');
    await place.remove('parts/aa/one');
    expect(await place.list('parts/aa')).toEqual([]);
    expect(await place.modifiedAt('parts/aa/one')).toBeNull();
  });

  test('sees what is in a folder that was removed and made anew since it looked last', async () => {
    const name = mint();
    const folder = await openFolder(name);
    const place = await open(name);
    await place.write('parts/aa/one', bytes('first'));
    await place.read('parts/aa/one');
    expect(await place.list('parts/aa')).toEqual(['one']);
    await folder.removeEntry('parts', { recursive: true });
    const aa = await (await folder.getDirectoryHandle('parts', { create: true })).getDirectoryHandle('aa', { create: true });
    const stream = await (await aa.getFileHandle('two', { create: true })).createWritable();
    await stream.write('second');
    await stream.close();
    expect(await place.list('parts/aa')).toEqual(['two']);
    expect(await (await place.read('parts/aa/two'))?.text()).toBe('second');
    expect(await place.read('parts/aa/one')).toBeNull();
    await place.remove('parts/aa/two');
    expect(await place.list('parts/aa')).toEqual([]);
  });

  test('finds a file again whose folder was removed and made anew', async () => {
    const name = mint();
    const folder = await openFolder(name);
    const place = await open(name);
    await place.write('parts/aa/one', bytes('first'));
    expect(await (await place.read('parts/aa/one'))?.text()).toBe('first');
    await folder.removeEntry('parts', { recursive: true });
    expect(await place.read('parts/aa/one')).toBeNull();
    const parts = await folder.getDirectoryHandle('parts', { create: true });
    const aa = await parts.getDirectoryHandle('aa', { create: true });
    const stream = await (await aa.getFileHandle('one', { create: true })).createWritable();
    await stream.write('second');
    await stream.close();
    expect(await (await place.read('parts/aa/one'))?.text()).toBe('second');
    expect(await place.read('parts/aa/two')).toBeNull();
  });

  test('does not list what a write that was killed has left, and sweeps it', async () => {
    const name = mint();
    const folder = await openFolder(name);
    for (const left of ['a.part', 'b.json.crswap']) await folder.getFileHandle(left, { create: true });
    const place = await open(name);
    await place.write('c.json', bytes('{}'));
    expect(await place.list('')).toEqual(['c.json']);
    await place.sweep('');
    const names: string[] = [];
    for await (const one of folder.keys()) names.push(one);
    expect(names).toEqual(['c.json']);
  });

  test('says that the folder is gone, and makes it not anew', async () => {
    const name = mint();
    await openFolder(name);
    const place = await open(name);
    await place.write('a/b', bytes('x'));
    await (await navigator.storage.getDirectory()).removeEntry(name, { recursive: true });
    for (const call of [
      () => place.list(''),
      () => place.read('a/b'),
      () => place.write('a/b', bytes('y')),
      () => place.remove('a/b'),
    ]) {
      await expect(call()).rejects.toThrow('PlaceGone');
    }
  });
});

test('a worker that is killed while it writes leaves the file as it was', async () => {
  const name = mint();
  await openFolder(name);
  const page = await openInPage(name);
  await page.write('list', bytes('before'));
  for (let round = 0; round < 5; round++) {
    const { api, kill } = await openInWorker(name);
    void api.writeForever('list', 3_000_000).catch(() => {});
    await vi.waitUntil(async () => ((await page.read('list'))?.size ?? 0) >= 0 && (await api.written()) > round);
    kill();
    const read = async (): Promise<ArrayBuffer | undefined> => (await page.read('list'))?.arrayBuffer();
    // The worker's last step may end after it, and a file that is moved just then is asked for again.
    const left = await read().catch(() => vi.waitFor(read));
    const all = new Uint8Array(left ?? new ArrayBuffer(0));
    const isBefore = all.length === 6;
    expect(isBefore || (all.length === 3_000_000 && all.every((one) => one === all[0]))).toBe(true);
  }
});

test('what waits forever is an answer in time', async () => {
  const folder = await openFolder(mint());
  const waiting = new Proxy(folder, {
    get: (target, name) => (name === 'getFileHandle' ? () => new Promise(() => {}) : Reflect.get(target, name).bind(target)),
  });
  const place = createFolderPlace(waiting, { clock: systemClock, openInPlace, deadlineMs: 50 });
  await expect(place.write('a', bytes('x'))).rejects.toThrow('PlaceFailed');
});
