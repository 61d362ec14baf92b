/** A real server that can be put back to a copy, and devices of it. */
import { copyFileSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import SqliteDatabase from 'better-sqlite3';
import { expect } from 'vitest';
import type { Fields } from '#core/entity.ts';
import { err, ok } from '#core/result.ts';
import { systemClock, systemRandom } from '#platform/system.ts';
import type { SqliteStorage } from '#server/storage/sqlite.ts';
import { rotateEpochs } from '#server/upkeep/restored.ts';
import { createStatusStore } from '#store/status/create-status-store.ts';
import { drainerOf, mint, must, openMemoryWorkspace } from './memory-workspace.ts';
import { createServerWorld, createTestRandom, openTestStorage, type ServerWorld } from './server-world.ts';
import { transportTo } from './world-transport.ts';

const open: SqliteStorage[] = [];

/** Closes what the tests have opened: to be called after each. */
export async function closeServers(): Promise<void> {
  for (const storage of open.splice(0)) await storage.close();
}

/** A real server of which a copy can be made and put back; with `isTold` by the restore command. */
export async function openServer() {
  const path = join(mkdtempSync(join(tmpdir(), 'holdfast-restored-')), 'holdfast.db');
  const start = async (file: string): Promise<ServerWorld> => {
    const storage = await openTestStorage({ path: file });
    open.push(storage);
    return createServerWorld({ storage });
  };
  let world = await start(path);
  let restores = 0;
  const { accountId, deviceId } = world;
  return {
    deviceId,
    world: () => world,
    transport: (id: string) => transportTo(() => world, id),
    copy: () => {
      const raw = new SqliteDatabase(path);
      raw.prepare('vacuum into ?').run(`${path}.copy`);
      raw.close();
    },
    /** Starts the server anew, with or without room for more. */
    setFull: async (isFull: boolean) => {
      const limits = isFull ? { quotaBytes: 0 } : {};
      world = { ...(await createServerWorld({ storage: world.storage, limits })), accountId };
    },
    restore: async (isTold: boolean) => {
      const file = `${path}.${++restores}`;
      copyFileSync(`${path}.copy`, file);
      world = { ...(await start(file)), accountId };
      if (isTold) await rotateEpochs({ ...world, random: createTestRandom() });
    },
  };
}

/** What happens just before a device's next requests of these names, in this order: `before` is the device's option. */
export interface Between {
  readonly before: (name: string) => Promise<void>;
  /** `act` runs before the next request `name` that comes after those already named. */
  add(name: string, act?: () => Promise<void>): void;
  /** How many have not come yet. */
  readonly left: number;
}

export function createBetween(): Between {
  const steps: (readonly [name: string, act: () => Promise<void>])[] = [];
  return {
    async before(name) {
      if (steps[0]?.[0] === name) await steps.shift()?.[1]();
    },
    add: (name, act = async () => {}) => void steps.push([name, act]),
    get left() {
      return steps.length;
    },
  };
}

interface DeviceOptions {
  readonly id?: string;
  /** Its pulls come in pages of so many entities. */
  readonly pageSize?: number;
  /** A push of more ops is refused for its size. */
  readonly pushLimit?: number;
  /** Its wall clock, ms; the real one where it is absent. */
  readonly now?: () => number;
  /** See `StoreContext`. */
  readonly beforeRestore?: (ids: readonly string[]) => Promise<void>;
  /** Runs before each of its requests, named by the end of its path: `push`, `pull`, `manifest`. */
  readonly before?: (name: string) => Promise<void>;
}

/** A device of that server. */
export async function openDevice(
  server: Awaited<ReturnType<typeof openServer>>,
  {
    id = mint(),
    pageSize,
    pushLimit = Number.POSITIVE_INFINITY,
    now = systemClock.now,
    before,
    beforeRestore,
  }: DeviceOptions = {},
) {
  const workspace = await openMemoryWorkspace({ clock: { ...systemClock, now }, random: systemRandom });
  const { store } = workspace;
  const transport = server.transport(id);
  let isDeaf = false;
  let pages = 0;
  let most = Number.POSITIVE_INFINITY;
  const drainer = drainerOf(
    { ...workspace, context: { ...workspace.context, ...(beforeRestore && { beforeRestore }) } },
    {
      async request(request) {
        await before?.(request.path.split('/').at(-1) ?? '');
        const { ops } = (request.body ?? {}) as { readonly ops?: readonly unknown[] };
        if (ops && ops.length > pushLimit)
          return ok({ status: 413, json: { type: 'too-large', message: 'Send fewer.' }, retryAfterMs: null });
        const isPaged = pageSize !== undefined && request.path.endsWith('/pull');
        const body = isPaged ? { ...(request.body as object), limit: pageSize } : request.body;
        const answer = await transport.request({ ...request, body });
        if (isPaged) pages += 1;
        return isDeaf || pages > most ? err({ reason: 'reset' }) : answer;
      },
    },
  );
  const fields = async (note: string): Promise<Fields> => must(await store.get('note', note))?.fields ?? {};
  return {
    store,
    context: workspace.context,
    status: createStatusStore(workspace.context),
    fields,
    sync: async () => expect(must(await drainer.run({ force: true })).error).toBeNull(),
    /** The server takes what is sent, and its answer is lost. */
    async syncUnanswered() {
      isDeaf = true;
      expect(must(await drainer.run({ force: true })).error).toMatchObject({ type: 'Network' });
      isDeaf = false;
    },
    /** The pull breaks off after so many pages. */
    async syncPages(count: number) {
      [pages, most] = [0, count];
      expect(must(await drainer.run({ force: true })).error).toMatchObject({ type: 'Network' });
      most = Number.POSITIVE_INFINITY;
    },
    async save(note: string, patch: Fields) {
      const found = must(await store.get('note', note));
      const base = Object.fromEntries(
        Object.keys(patch).flatMap((field) => (found ? [[field, found.fields[field] ?? null]] : [])),
      );
      must(await store.save({ kind: 'note', id: note, patch, base, baseSeq: found?.localSeq ?? 0, saveId: mint() }));
    },
  };
}

export type Device = Awaited<ReturnType<typeof openDevice>>;

/** Saves fields of an entity of any kind, written by somebody who saw nothing of it. */
export const saveAny = async ({ store }: Device, kind: string, id: string, patch: Fields): Promise<void> =>
  void must(await store.save({ kind, id, patch, base: {}, baseSeq: 0, saveId: mint() }));

/** Saves and syncs `count` times. */
export async function type(device: Device, note: string, from: number, count: number): Promise<void> {
  for (let n = from; n < from + count; n++) {
    await device.save(note, { text: `word ${n}` });
    await device.sync();
  }
}
