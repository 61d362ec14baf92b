/** The real stores of the browser in which the second copy is kept. */
import { wrap } from 'comlink';
import { expect, test } from 'vitest';
import { openCacheDisk } from '#store/second-copy/cache-disk.ts';
import type { CopyDisk } from '#store/second-copy/disk.ts';
import { createMemoryCopyDisk } from '#support/memory-copy-disk.ts';
import { describeCopyDisk } from './copy-disk.ts';

/** Calls that cross to the worker; `bytes` is then a promise, which the suite awaits. */
const openInWorker = async (): Promise<CopyDisk> =>
  wrap<CopyDisk>(new Worker(new URL('../support/opfs.worker.ts', import.meta.url), { type: 'module' })) as unknown as CopyDisk;

describeCopyDisk('the origin private file system', openInWorker);
describeCopyDisk('Cache Storage', async () => {
  const disk = await openCacheDisk();
  if (!disk) throw new Error('no Cache Storage');
  return disk;
});
const memory = createMemoryCopyDisk();
describeCopyDisk('memory', async () => memory);

test('a file that another context has open is not opened', async () => {
  const [first, second] = [await openInWorker(), await openInWorker()];
  const file = await first.open('shared', '1.log');
  await expect(second.open('shared', '1.log')).rejects.toThrow();
  expect(await second.read('shared', '1.log')).toBe('');
  file.close();
  await first.removeFolder('shared');
});
