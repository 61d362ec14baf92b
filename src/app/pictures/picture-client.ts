import { type Remote, wrap } from 'comlink';
import { MAX_BLOB_BYTES } from '#core/blobs.ts';
import type { Clock } from '#core/ports.ts';
import { err, ok, type Result } from '#core/result.ts';
import { onWorkerLost } from '#core/worker-loss.ts';
import { asFile, typeOfHead } from '#features/pictures/as-file.ts';
import type { FileError } from '#features/pictures/file-error.ts';
import type { PictureWorkerApi, PreparedFile, PrepareOptions } from '#features/pictures/prepared-file.ts';
import type { Pictures } from './pictures.ts';

/** For one file. 50 megapixels take seconds; on a slow phone, scaled and written as PNG, most of a minute. */
const DEADLINE_MS = 60_000;
const HEAD_DEADLINE_MS = 5000;
/** Nobody adds pictures: the memory is given back. Starting again takes a tenth of a second. */
const IDLE_MS = 30_000;

type Outcome = Result<PreparedFile, FileError>;

interface Connection {
  readonly api: Remote<PictureWorkerApi>;
  /** Whether the worker has ever answered: one that never did has not died of a file. */
  readonly started: Promise<boolean>;
  /** Settles when the worker is gone: Comlink would leave its calls waiting forever. */
  readonly lost: Promise<string>;
  readonly end: (reason: string) => void;
}

export interface PictureClientOptions {
  readonly spawn: () => Worker;
  readonly clock: Pick<Clock, 'setTimer'>;
}

const stopped = err({ type: 'PrepareStopped' } as const);

/** The page's side of the picture worker: started at the first file, ended when idle and when a file is stopped, late or deadly. */
export function createPictureClient({ spawn, clock }: PictureClientOptions): Pictures {
  let connection: Connection | null = null;
  let cancelIdle: (() => void) | null = null;
  let turn: Promise<unknown> = Promise.resolve();

  const connect = (): Connection => {
    if (connection) return connection;
    const worker = spawn();
    const { promise: lost, resolve } = Promise.withResolvers<string>();
    const end = (reason: string): void => {
      if (connection?.end === end) connection = null;
      worker.terminate();
      resolve(reason);
    };
    onWorkerLost(worker, end);
    const api = wrap<PictureWorkerApi>(worker);
    const started = Promise.race([api.ping().then(() => true), lost.then(() => false)]);
    connection = { api, started, lost, end };
    return connection;
  };

  /** What is kept of a file that no worker came back from. */
  const afterLoss = async (file: Blob, { stripLocation }: PrepareOptions): Promise<Outcome> => {
    const { promise: late, resolve } = Promise.withResolvers<null>();
    const cancelLate = clock.setTimer(HEAD_DEADLINE_MS, () => resolve(null));
    const media = await Promise.race([typeOfHead(file).catch(() => null), late]);
    cancelLate();
    if (!media?.type.startsWith('image/')) return err({ type: 'FileUnreadable', reason: 'its end was not reached' });
    const { name = '' } = file as Partial<File>;
    return ok(asFile(file, media, name, { type: 'PictureUnreadable', locationKept: stripLocation }));
  };

  /** One file, with nothing else in the worker. */
  const run = async (file: Blob, options: PrepareOptions, stop: Promise<typeof stopped>): Promise<Outcome> => {
    cancelIdle?.();
    const { api, started, lost, end } = connect();
    const { promise: late, resolve } = Promise.withResolvers<'late'>();
    const cancelLate = clock.setTimer(DEADLINE_MS, () => resolve('late'));
    try {
      const answer = async () => ((await started) ? api.prepare(file, options) : 'lost');
      const outcome: Outcome | string = await Promise.race([answer(), stop, late, lost.then(() => 'lost' as const)]);
      if (outcome === stopped) end('stopped');
      if (typeof outcome !== 'string') return outcome;
      end(outcome);
      return (await started) ? afterLoss(file, options) : err({ type: 'PrepareFailed', reason: await lost });
    } finally {
      cancelLate();
      cancelIdle = clock.setTimer(IDLE_MS, () => connection?.end('nobody adds files'));
    }
  };

  const runSafely = (...request: Parameters<typeof run>): Promise<Outcome> =>
    run(...request).catch((error: unknown) => {
      connection?.end('failed');
      return err({ type: 'PrepareFailed', reason: String(error) });
    });

  return {
    async prepare(file, { limitBytes = MAX_BLOB_BYTES, signal, maxEdge, stripLocation }) {
      if (file.size === 0) return err({ type: 'FileEmpty' });
      if (file.size > limitBytes) return err({ type: 'FileTooLarge', bytes: file.size, limitBytes });
      if (signal?.aborted) return stopped;
      const { promise: stop, resolve } = Promise.withResolvers<typeof stopped>();
      const onAbort = (): void => resolve(stopped);
      signal?.addEventListener('abort', onAbort);
      const mine = turn.then(() => (signal?.aborted ? stopped : runSafely(file, { maxEdge, stripLocation }, stop)));
      turn = mine;
      const outcome: Outcome | string = await Promise.race([mine, stop]);
      signal?.removeEventListener('abort', onAbort);
      return outcome;
    },
  };
}
