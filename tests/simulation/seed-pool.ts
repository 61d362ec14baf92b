/** Runs many seeds on several threads. A seed's outcome does not depend on the thread that it runs on. */
import { once } from 'node:events';
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import type { SeedOrder, SeedReport } from './seed-worker.ts';

/** Small enough that no thread waits long for the last one. */
const BATCH = 20;

/** Calls `onReports` after each batch. With `scene` every seed plays that one. */
export async function runSeeds(
  start: number,
  count: number,
  onReports: (reports: readonly SeedReport[]) => void,
  scene?: SeedOrder['scene'],
): Promise<void> {
  let next = start;
  const end = start + count;
  const runThread = async (): Promise<void> => {
    const worker = new Worker(new URL('./seed-worker.ts', import.meta.url));
    try {
      while (next < end) {
        const size = Math.min(BATCH, end - next);
        const seeds = Array.from({ length: size }, (_, n) => next + n);
        next += size;
        worker.postMessage({ seeds, ...(scene && { scene }) } satisfies SeedOrder);
        const [reports] = (await once(worker, 'message')) as [readonly SeedReport[]];
        onReports(reports);
      }
    } finally {
      await worker.terminate();
    }
  };
  await Promise.all(Array.from({ length: Math.min(4, availableParallelism()) }, runThread));
}
