/** The file that an export is written to, in a worker as the product has one. */
import { type Remote, wrap } from 'comlink';
import { expect, test } from 'vitest';
import { mint } from '#support/memory-workspace.ts';

interface ArchiveWorker {
  write(name: string, sizes: readonly number[]): Promise<Blob>;
}

const MB = 1024 * 1024;

test('pieces of any size come back in their order, whole', async () => {
  const worker = new Worker(new URL('../support/archive.worker.ts', import.meta.url), { type: 'module' });
  const api: Remote<ArchiveWorker> = wrap(worker);
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
