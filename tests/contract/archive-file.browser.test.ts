/** The file that an export is written to, in a worker as the product has one. */
import { type Remote, wrap } from 'comlink';
import { expect, test } from 'vitest';
import { webLocks } from '#platform/system.ts';
import { removeArchives, removeTempFiles } from '#store/archive-file.ts';
import { namesIn } from '#store/kv/opfs.ts';
import { mint } from '#support/memory-workspace.ts';

interface ArchiveWorker {
  write(name: string, sizes: readonly number[]): Promise<Blob>;
  hold(id: string): Promise<void>;
}

const MB = 1024 * 1024;

const openWorker = () => {
  const worker = new Worker(new URL('../support/archive.worker.ts', import.meta.url), { type: 'module' });
  return { worker, api: wrap<ArchiveWorker>(worker) as Remote<ArchiveWorker> };
};

test('pieces of any size come back in their order, whole', async () => {
  const { worker, api } = openWorker();
  const sizes = [1, MB, 0, MB + 1, 10, 700_000, 700_000, 3, 3 * MB, MB - 1, 1, 1, 64];
  const file = await api.write(`${mint()}.tmp`, sizes);
  const bytes = new Uint8Array(await file.arrayBuffer());
  worker.terminate();
  const runs: [byte: number, length: number][] = [];
  for (const byte of bytes) {
    const last = runs.at(-1);
    if (last?.[0] === byte) last[1] += 1;
    else runs.push([byte, 1]);
  }
  expect(runs).toEqual(sizes.flatMap((size, at) => (size === 0 ? [] : [[at + 1, size]])));
});

test('a temporary file stays as long as it is wanted, and goes when its context was ended', async () => {
  const { worker, api } = openWorker();
  const id = mint();
  const isThere = async () => {
    const folder = await (await navigator.storage.getDirectory()).getDirectoryHandle('holdfast-exports');
    return (await namesIn(folder, 'file')).includes(`${id}.tmp`);
  };
  await api.hold(id);
  await removeTempFiles(webLocks);
  expect(await isThere()).toBe(true);
  worker.terminate();
  await expect
    .poll(async () => {
      await removeTempFiles(webLocks);
      return isThere();
    })
    .toBe(false);
});

test.each([
  ['after its hour', 2],
  ['after the clock was set back', -2],
])('an archive goes %s', async (_what, hours) => {
  const { worker, api } = openWorker();
  const name = `${mint()}.json`;
  await api.write(name, [10]);
  worker.terminate();
  const names = async () =>
    namesIn(await (await navigator.storage.getDirectory()).getDirectoryHandle('holdfast-exports'), 'file');
  await removeArchives(Date.now());
  expect(await names()).toContain(name);
  await removeArchives(Date.now() + hours * 3_600_000);
  expect(await names()).not.toContain(name);
});
