/**
 * `npm run fuzz:import -- --mutants N --start S`: reads N mutants of backup files, in a thread of its own that is watched: one that never ends is a
 * finding, too. Prints what was found, by the number that makes it again.
 */
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { checkMutant } from './backup-mutants.ts';

const HANG_MS = 60_000;
const SAID_EVERY = 10_000;

interface Range {
  readonly start: number;
  readonly end: number;
}

const option = (name: string, otherwise: number): number => {
  const at = process.argv.indexOf(`--${name}`);
  return at < 0 ? otherwise : Number(process.argv[at + 1]);
};

async function readAll({ start, end }: Range): Promise<void> {
  for (let number = start; number < end; number++) {
    parentPort?.postMessage({ number });
    parentPort?.postMessage({ number, result: await checkMutant(number) });
  }
}

async function watch({ start, end }: Range): Promise<void> {
  const faults = new Map<string, number>();
  const worker = new Worker(new URL(import.meta.url), { workerData: { start, end } });
  let [at, slowest, wrong] = [start, 0, 0];
  let timer = setTimeout(() => {}, 0);
  const ended = new Promise<void>((resolve, reject) => {
    worker.on('exit', resolve).on('error', reject);
  });
  worker.on('message', ({ number, result }) => {
    at = number;
    clearTimeout(timer);
    timer = setTimeout(() => {
      console.log(`mutant ${at} never ends`);
      process.exit(1);
    }, HANG_MS);
    if (!result) return;
    for (const type of result.faults.length > 0 ? new Set<string>(result.faults) : ['none'])
      faults.set(type, (faults.get(type) ?? 0) + 1);
    slowest = Math.max(slowest, result.ms);
    if (result.wrong) {
      wrong++;
      console.log(`mutant ${number} (${result.ms.toFixed(0)} ms): ${result.wrong}`);
    }
    if ((number + 1 - start) % SAID_EVERY === 0)
      console.log(`${number + 1 - start} mutants, ${wrong} findings, slowest ${slowest.toFixed(0)} ms`);
  });
  await ended;
  clearTimeout(timer);
  console.log(`${end - start} mutants from ${start}: ${wrong} findings, slowest ${slowest.toFixed(0)} ms`);
  console.log(
    [...faults]
      .sort(([, a], [, b]) => b - a)
      .map(([type, count]) => `${type} ${count}`)
      .join(', '),
  );
  process.exitCode = wrong > 0 ? 1 : 0;
}

if (isMainThread) {
  const start = option('start', 0);
  await watch({ start, end: start + option('mutants', 10_000) });
} else await readAll(workerData as Range);
