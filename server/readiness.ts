import { statfsSync } from 'node:fs';
import type { FastifyBaseLogger } from 'fastify';
import type { Clock } from '#core/ports.ts';
import { storageRefusal } from './refusal.ts';
import type { Storage, StorageError } from './storage/storage.ts';

/** What this process can say of itself. */
export interface Readiness {
  /** Writes to the database, at most once a second however often it is asked. Null where the server is ready, else why not. */
  check(): Promise<string | null>;
  /** Whether there is room for more. False below the limit: what needs no room still passes. */
  hasRoom(): boolean;
  /** The same storage, with its failures noticed. */
  watch(storage: Storage): Storage;
}

interface ReadinessDeps {
  readonly storage: Storage;
  readonly clock: Pick<Clock, 'now'>;
  readonly log: Pick<FastifyBaseLogger, 'error' | 'info'>;
  /** Free bytes of the database's disk; null where it lies on none. */
  readonly freeBytes: () => number | null;
  readonly minFreeBytes: number;
}

/** An answer holds for so long: nobody may make the server write, or ask the disk, at every request. */
const HOLDS_MS = 1000;

const explained: { readonly [R in Extract<StorageError, { type: 'StorageBroken' }>['reason']]: string } = {
  damaged: 'the database is damaged: stop the server and see docs/recovery.md, "The server\'s database is damaged"',
  gone: 'the files of the database were removed or replaced while the server was running: put them back, or restart the server',
  disk: 'the disk does not take or give what it should: see the log of the system',
};

const explain = (error: StorageError): string =>
  error.type === 'StorageBroken' ? explained[error.reason] : storageRefusal(error).error.message;

export function createReadiness({ storage, clock, log, freeBytes, minFreeBytes }: ReadinessDeps): Readiness {
  let room = { free: freeBytes(), until: 0 };
  let current: string | null = null;
  let running: { readonly result: Promise<string | null>; readonly until: number } | undefined;

  /** Each change is logged once, not each request that meets it. */
  const note = (problem: string | null): string | null => {
    if (problem !== current) {
      if (problem === null) log.info('the server is ready again');
      else log.error(`not ready: ${problem}`);
    }
    current = problem;
    return problem;
  };
  const noteFailure = (error: StorageError): void => {
    if (error.type !== 'StorageBusy') note(explain(error));
  };

  const free = (): number | null => {
    if (performance.now() >= room.until) room = { free: freeBytes(), until: performance.now() + HOLDS_MS };
    return room.free;
  };
  const hasRoom = (): boolean => (free() ?? minFreeBytes) >= minFreeBytes;

  async function look(): Promise<string | null> {
    const beaten = await storage.beat(Math.floor(clock.now()));
    if (!beaten.ok) return note(explain(beaten.error));
    if (hasRoom()) return note(null);
    return note(`only ${free()} bytes are free on the disk: nothing that needs room is taken until there are ${minFreeBytes}`);
  }

  return {
    check() {
      if (!running || performance.now() >= running.until) {
        const result = look().catch((error: unknown) => {
          log.error({ err: error }, 'the database does not answer');
          return 'the database does not answer';
        });
        running = { result, until: performance.now() + HOLDS_MS };
      }
      return running.result;
    },
    hasRoom,
    watch(watched) {
      return {
        ...watched,
        async read(body) {
          const result = await watched.read(body);
          if (!result.ok) noteFailure(result.error);
          return result;
        },
        async write(accountId, body) {
          const result = await watched.write(accountId, body);
          if (!result.ok) noteFailure(result.error);
          return result;
        },
      };
    },
  };
}

/** Free bytes for this user on the disk of `folder`; null where it cannot be asked. */
export function freeBytesOf(folder: string): number | null {
  try {
    const { bavail, bsize } = statfsSync(folder);
    return bavail * bsize;
  } catch {
    return null;
  }
}
