/**
 * The server of the simulated world: the product's own sync API over a real SQLite database in memory, run by two
 * processes that can be killed between a commit and its answer, and a machine whose database can be put back.
 */

import * as v from 'valibot';
import { enterRequestSchema } from '#core/account-protocol.ts';
import { keepBackupRequestSchema } from '#core/backup-protocol.ts';
import { readStandIn } from '#core/large-body.ts';
import { paths } from '#core/paths.ts';
import type { BytesAnswer, Random } from '#core/ports.ts';
import { manifestRequestSchema, pullRequestSchema, pushRequestSchema } from '#core/protocol.ts';
import type { Result } from '#core/result.ts';
import { type BlobApi, createBlobApi } from '#server/api/blobs.ts';
import { createSyncApi, type SyncApi } from '#server/api/sync-api.ts';
import type { BlobKey } from '#server/blobs/blob-store.ts';
import { defaultLimits, type Limits } from '#server/limits.ts';
import type { Refusal } from '#server/refusal.ts';
import { openSqlite, type SqliteStorage } from '#server/storage/sqlite.ts';
import type { Storage } from '#server/storage/storage.ts';
import { collectBlobs } from '#server/upkeep/collector.ts';
import { rotateEpochs } from '#server/upkeep/restored.ts';
import { makeBlobsSound } from '#server/upkeep/sound-blobs.ts';
import { type BlobsCopy, createMemoryServerBlobs, type MemoryServerBlobs } from '#support/memory-server-blobs.ts';
import { type ServerBytesRequest, serveBytes, serveMissing } from './blob-requests.ts';
import { START_MS } from './device-clock.ts';
import type { Prng } from './prng.ts';
import type { Actor, Scheduler } from './scheduler.ts';

/** A request as it comes out of the wire. `token` is the device's cookie for the account in the path. */
export interface ServerRequest {
  readonly method: string;
  readonly path: string;
  readonly body: unknown;
  readonly token: string | null;
}

export interface ServerAnswer {
  readonly status: number;
  readonly json: unknown;
  readonly retryAfterMs: number | null;
  /** The cookie that `enter` sets. */
  readonly token: string | null;
}

export interface ServerHost {
  /** Null where the process died or none is there: the connection is reset. */
  handle(request: ServerRequest): Promise<ServerAnswer | null>;
  /** The same for bytes. */
  handleBytes(request: ServerBytesRequest): Promise<BytesAnswer | null>;
  /** The body that travelled by itself, where this stands in for one that is there; else the text as it is. */
  wholeBody(body: string | null): string | null;
  /** The process that reaches its gate number `gates` from now dies there; another takes its place a second later. */
  killSoon(gates: number): void;
  /** No process runs for `ms`. */
  stop(ms: number): void;
  /** Refuses whatever needs room for `ms`. */
  fill(ms: number): void;
  isFull(): boolean;
  /** Runs again, with room, at once. */
  resume(): void;
  /** A copy of the data folder, as an administrator would take it. */
  copy(): ServerCopy;
  /**
   * Puts a copy in place of the database; `rotate` as the restore command does, else as a plain file copy does. With `files` the blobs
   * are only those.
   */
  restore(copy: ServerCopy, rotate: boolean, files?: BlobsCopy): Promise<void>;
  wipe(): Promise<void>;
  /** Brings rows and bytes of blobs together, as the command does that is to be run after a restore. */
  verify(): Promise<void>;
  /** One process removes what nothing has named for long: now, or at the same time as each of the next `pushes`. */
  collect(accountId: string, pushes?: number): void;
  readonly files: MemoryServerBlobs;
  readonly storage: SqliteStorage;
  /** Counts restores and wipes: what an answer said holds within one life only. */
  life(): number;
  close(): Promise<void>;
}

export interface ServerCopy {
  readonly database: Uint8Array;
  readonly files: BlobsCopy;
}

/** What is heard of blobs. Where somebody hears it, processes may die between any two steps of what they do with them. */
export interface BlobsWatch {
  onWhole(key: BlobKey, bytes: Uint8Array): void;
  /** From now on a blob counts as removed. */
  onClaim(key: BlobKey, what: Claimed): void;
}

export interface Claimed {
  /** A kept version, or a backup, names it at that moment. */
  readonly isNamed: boolean;
  /** It is the body of an op. */
  readonly isBody: boolean;
  /** It is there for the sake of backups alone. */
  readonly isBackup: boolean;
}

const KEEP_MS = 30 * 24 * 3_600_000;

let empty: Uint8Array | null = null;

/** A copy of a new database: opening it saves making the tables for each of thousands of runs. */
async function emptyDatabase(): Promise<Uint8Array> {
  if (!empty) {
    const storage = await opened({ path: ':memory:' });
    empty = storage.serialize();
    await storage.close();
  }
  return empty;
}

async function opened(source: { readonly path: string } | { readonly from: Uint8Array }): Promise<SqliteStorage> {
  const storage = await openSqlite(source);
  if (!storage.ok) throw new Error(storage.error.type);
  return storage.value;
}

/** `wrap` puts something between the product's API and its database. */
export async function createServerHost(
  scheduler: Scheduler,
  random: Prng,
  wrap: (storage: Storage) => Storage = (storage) => storage,
  watch: BlobsWatch | null = null,
): Promise<ServerHost> {
  let storage = await opened({ from: await emptyDatabase() });
  let life = 0;
  let started = 0;
  let stoppedUntil = 0;
  let fullUntil = 0;
  let processes: Process[] = [];
  const files = createMemoryServerBlobs(watch ?? undefined);
  const clock = { now: () => Math.floor(START_MS + scheduler.now()) };
  const limits: Limits = {
    ...defaultLimits,
    get quotaBytes() {
      return scheduler.now() < fullUntil ? 0 : defaultLimits.quotaBytes;
    },
  };
  const chance: Random = random.fork('server');

  const start = (): void => {
    const actor = scheduler.actor(`server${++started}`);
    const gated = gateStorage(scheduler, actor, wrap(watch ? watchClaims(storage, watch) : storage));
    const api = createSyncApi({ storage: gated, clock, random: chance, limits });
    const place = watch ? files.connect((label) => scheduler.gate(actor, label)) : files;
    const blobs = createBlobApi({ storage: gated, blobs: place, clock, limits });
    const collect = (accountId: string) => collectBlobs({ storage: gated, blobs: place, clock, keepMs: KEEP_MS }, accountId);
    processes.push({ actor, api, blobs, collect });
  };

  const killAll = (why: string): void => {
    for (const { actor } of processes) scheduler.kill(actor, why);
    processes = [];
  };

  const replace = async (from: Uint8Array): Promise<void> => {
    killAll('database replaced');
    const old = storage;
    storage = await opened({ from });
    life += 1;
    await old.close();
  };

  const revive = (): void => {
    processes = processes.filter(({ actor }) => actor.alive());
    if (scheduler.now() < stoppedUntil) return;
    while (processes.length < 2) start();
  };

  /** Has one of the processes do it. Null where it dies, or none runs. */
  const serve = <T>(label: string, work: (process: Process) => Promise<T>): Promise<T | null> => {
    revive();
    return new Promise((resolve) => {
      if (processes.length === 0) {
        resolve(null);
        return;
      }
      const process = random.pick(processes);
      process.actor.onKill(() => resolve(null));
      scheduler.spawn(process.actor, `serve ${label}`, async () => resolve(await work(process)));
    });
  };

  const verify = async (): Promise<void> => {
    await makeBlobsSound({ storage, blobs: files, clock, mayBeEmpty: true, readAll: true, onProblem: () => {} });
  };
  const collect = (accountId: string): void => void serve('collection', (process) => process.collect(accountId));
  let beside: { readonly accountId: string; pushes: number } | null = null;

  return {
    get storage() {
      return storage;
    },
    life: () => life,
    files,
    handle(request) {
      if (beside && beside.pushes > 0 && request.path.endsWith('/push')) {
        beside.pushes -= 1;
        collect(beside.accountId);
      }
      return serve(request.path.split('/').at(-1) ?? '', (process) => answer(process, request));
    },
    handleBytes: (request) =>
      serve(`${request.method} bytes`, async ({ api, blobs }) => {
        const device = request.token === null ? null : await api.authenticate(request.path.split('/')[3] ?? '', request.token);
        if (device?.ok) return serveBytes(blobs, request);
        const { status, error } = device?.error ?? { status: 401, error: { type: 'unauthorized', message: 'no cookie' } };
        return { status, offset: null, size: null, json: error, retryAfterMs: null, body: null };
      }),
    collect(accountId, pushes = 0) {
      if (pushes > 0) beside = { accountId, pushes };
      else collect(accountId);
    },
    wholeBody(body) {
      const standIn = readStandIn(body);
      return standIn ? (files.textOf(standIn.blob) ?? body) : body;
    },
    killSoon(gates) {
      revive();
      for (const { actor } of processes) scheduler.doom(actor, gates, 'server process killed');
    },
    stop(ms) {
      killAll('server stopped');
      stoppedUntil = scheduler.now() + ms;
    },
    fill(ms) {
      fullUntil = scheduler.now() + ms;
    },
    // A little longer than it lasts: an answer may be on its way.
    isFull: () => fullUntil > 0 && scheduler.now() < fullUntil + 60_000,
    resume() {
      stoppedUntil = 0;
      fullUntil = Math.min(fullUntil, scheduler.now());
    },
    copy: () => ({ database: storage.serialize(), files: files.copy() }),
    async restore(copy, rotate, kept) {
      await replace(copy.database);
      if (kept) files.replace(kept);
      if (!rotate) return;
      await rotateEpochs({ storage, clock, random: chance });
      if (watch) await verify();
    },
    verify,
    async wipe() {
      files.replace(new Map());
      await replace(await emptyDatabase());
    },
    async close() {
      killAll('end');
      await storage.close();
    },
  };
}

function watchClaims(storage: Storage, { onClaim }: BlobsWatch): Storage {
  return {
    ...storage,
    write: (accountId, body) =>
      storage.write(accountId, (writer, account) => {
        const putBlob: typeof writer.putBlob = async (id, row) => {
          const [before] = row.state === 'removing' ? await writer.blobs(id, [row.hash]) : [];
          await writer.putBlob(id, row);
          if (before?.state !== 'complete') return;
          const versions = await writer.namedBlobs(id, 0, Number.MAX_SAFE_INTEGER);
          const backups = await writer.backups(id);
          const lists = await Promise.all(backups.map((backup) => writer.backupBlobs(id, backup.id)));
          const isBackedUp = lists.some((list) => list?.includes(row.hash));
          const isNamed = isBackedUp || versions.some(({ hashes }) => hashes === null || hashes.includes(row.hash));
          onClaim({ accountId: id, hash: row.hash }, { isNamed, isBody: row.isBody, isBackup: row.isBackup });
        };
        return body({ ...writer, putBlob }, account);
      }),
  };
}

/** One process of the server. */
interface Process {
  readonly actor: Actor;
  readonly api: SyncApi;
  readonly blobs: BlobApi;
  readonly collect: (accountId: string) => Promise<unknown>;
}

/** The crash hooks: before a transaction, and between a commit and what follows from it. */
function gateStorage(scheduler: Scheduler, actor: Actor, storage: Storage): Storage {
  return {
    ...storage,
    async read(body) {
      await scheduler.gate(actor, 'db read');
      return storage.read(body);
    },
    async write(accountId, body) {
      await scheduler.gate(actor, 'db write');
      const result = await storage.write(accountId, body);
      await scheduler.gate(actor, 'db committed');
      return result;
    },
  };
}

const ROUTE = /^\/api\/a\/([^/]+)\/(push|pull|manifest|history|blobs\/missing|backups)(?:\/([^/]+)(?:\/([^/]+))?)?$/;

async function answer({ api, blobs }: Process, { method, path, body, token }: ServerRequest): Promise<ServerAnswer> {
  if (path === paths.enter) {
    const entered = await api.enter(v.parse(enterRequestSchema, body));
    return entered.ok ? { ...fine(entered.value.answer), token: entered.value.token } : refused(entered.error);
  }
  const route = ROUTE.exec(path);
  if (!route) throw new Error(`the simulated server has no ${path}`);
  const [, accountId = '', call, kind = '', id = ''] = route;
  if (token === null) return refused({ status: 401, error: { type: 'unauthorized', message: 'no cookie' } });
  const device = await api.authenticate(accountId, token);
  if (!device.ok) return refused(device.error);
  return toAnswer(await run());

  function run(): Promise<Result<unknown, Refusal>> {
    if (call === 'push') return api.push(accountId, device.ok ? device.value.deviceId : '', v.parse(pushRequestSchema, body));
    if (call === 'pull') return api.pull(accountId, v.parse(pullRequestSchema, body) as Parameters<SyncApi['pull']>[1]);
    if (call === 'blobs/missing') return serveMissing(blobs, accountId, body);
    if (call === 'backups') return answerBackups(device.ok ? device.value.deviceId : '');
    if (call === 'manifest') return api.manifest(accountId, v.parse(manifestRequestSchema, body));
    return api.history(accountId, kind, id);
  }

  function answerBackups(deviceId: string): Promise<Result<unknown, Refusal>> {
    if (method === 'GET') return api.listBackups(accountId);
    if (method === 'DELETE') return api.removeBackup(accountId, kind);
    return api.keepBackup(accountId, deviceId, kind, v.parse(keepBackupRequestSchema, body));
  }
}

const fine = (value: unknown): ServerAnswer => ({ status: 200, json: value, retryAfterMs: null, token: null });

const refused = ({ status, error, retryAfterSeconds }: Refusal): ServerAnswer => ({
  status,
  json: error,
  retryAfterMs: retryAfterSeconds === undefined ? null : retryAfterSeconds * 1000,
  token: null,
});

const toAnswer = (result: Result<unknown, Refusal>): ServerAnswer => (result.ok ? fine(result.value) : refused(result.error));
