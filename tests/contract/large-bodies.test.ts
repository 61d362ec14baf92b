/** Bodies that travel by themselves: the store and the sync of several devices, and a real server with real files. */
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import type { Fields } from '#core/entity.ts';
import { hashText } from '#core/hash.ts';
import { readStandIn, withStandIn } from '#core/large-body.ts';
import type { BytesTransport, Transport } from '#core/ports.ts';
import type { Op } from '#core/protocol.ts';
import { err, ok } from '#core/result.ts';
import { createBlobApi } from '#server/api/blobs.ts';
import type { BlobStore } from '#server/blobs/blob-store.ts';
import { createFileBlobs } from '#server/blobs/file-blobs.ts';
import { defaultLimits, type Limits } from '#server/limits.ts';
import type { SqliteStorage } from '#server/storage/sqlite.ts';
import { KEPT_BODIES } from '#server/storage/storage.ts';
import { collectBlobs } from '#server/upkeep/collector.ts';
import { makeBlobsSound } from '#server/upkeep/sound-blobs.ts';
import { readEvents } from '#store/draft/event-log.ts';
import { createStatusStore } from '#store/status/create-status-store.ts';
import { createSyncStore } from '#store/sync/create-sync-store.ts';
import { createMemoryServerBlobs } from '#support/memory-server-blobs.ts';
import { drainerOf, mint, must, openMemoryWorkspace } from '#support/memory-workspace.ts';
import { createServerWorld, expectOk, makeEnter, makeOp, makePush } from '#support/server-world.ts';
import { bytesTo } from '#support/world-bytes.ts';
import { transportTo } from '#support/world-transport.ts';

const open: SqliteStorage[] = [];
afterEach(async () => {
  for (const storage of open.splice(0)) await storage.close();
});

const LARGE = 1000;
/** Not twice the same, with characters of one to four bytes. */
const longText = (mark: string, length = 5000): string => `${mark} aé漢😀`.repeat(length / 10);

async function openServer(limits: Partial<Limits> = {}) {
  const all = { ...defaultLimits, ...limits };
  const world = await createServerWorld({ limits });
  open.push(world.storage);
  const { storage, clock, accountId } = world;
  const place = { current: createFileBlobs(mkdtempSync(join(tmpdir(), 'holdfast-large-'))) as BlobStore };
  const blobs: BlobStore = {
    arrived: (key) => place.current.arrived(key),
    append: (...given) => place.current.append(...given),
    commit: (key) => place.current.commit(key),
    isLocal: false,
    drop: (key) => place.current.drop(key),
    size: (key) => place.current.size(key),
    read: (...given) => place.current.read(...given),
    remove: (key) => place.current.remove(key),
    clear: (of) => place.current.clear(of),
    list: (of) => place.current.list(of),
    accounts: () => place.current.accounts(),
  };
  const api = createBlobApi({ storage, clock, blobs, limits: all });
  const newestOf = async (id: string) => {
    const [kept] = expectOk(await storage.read((reader) => reader.keptVersions(accountId, { kind: 'note', id })));
    const [version] = expectOk(await storage.read((reader) => reader.versionsAt(accountId, [kept?.seq ?? 0])));
    return version;
  };
  const rows = async () => expectOk(await storage.read((reader) => reader.blobsAfter(accountId, null, 1000)));
  const collect = async () => expectOk(await collectBlobs({ storage, blobs, clock, keepMs: 30 * 86_400_000 }, accountId));
  return { ...world, place, blobs, blobApi: api, newestOf, rows, collect };
}

/** The entities whose current version the server asks for, because it has lost the body. */
const noted = async ({ storage, accountId }: Server) =>
  expectOk(await storage.read((reader) => reader.damaged(accountId, 100))).map(({ id }) => id);

const readHash = (version: { readonly body: string | null } | undefined) => ({
  hash: readStandIn(version?.body ?? null)?.blob ?? '',
});

type Server = Awaited<ReturnType<typeof openServer>>;

interface Wires {
  readonly words?: (real: Transport) => Transport;
  /** Null: an app of before. */
  readonly bytes?: ((real: BytesTransport) => BytesTransport) | null;
}

async function openDevice(server: Server, { words = (real) => real, bytes = (real) => real }: Wires = {}) {
  const { accountId, accountKey } = server;
  const { deviceId } = makeEnter();
  await server.api.enter(makeEnter({ accountId, accountKey, deviceId }));
  const workspace = await openMemoryWorkspace(undefined, { accountId, accountKey });
  const { store, context } = workspace;
  const seen: string[] = [];
  const real = transportTo(() => server, deviceId);
  const noted: Transport = {
    request(request) {
      const ops = (request.body as { readonly ops?: readonly Op[] } | undefined)?.ops ?? [];
      if (ops.length > 0) seen.push(...ops.map((op) => (readStandIn(op.body) ? 'stand-in' : 'op')));
      return real.request(request);
    },
  };
  const realBytes = bytesTo(() => server.blobApi);
  const notedBytes: BytesTransport = {
    requestBytes(request) {
      seen.push(request.method);
      return realBytes.requestBytes(request);
    },
  };
  const drainer = drainerOf(workspace, words(noted), bytes ? { bytes: bytes(notedBytes), largeBody: LARGE } : {});
  const text = async (id: string) => must(await store.get('note', id))?.fields.text ?? null;
  return {
    store,
    seen,
    status: createStatusStore(context),
    events: () => readEvents(context),
    run: async () => must(await drainer.run({ force: true })),
    text,
    waiting: async () => must(await createSyncStore(context).position()).damaged.map(({ id }) => id),
    async save(id: string, value: string, more: Fields = {}) {
      const found = must(await store.get('note', id));
      const base = found ? { text: found.fields.text ?? '' } : {};
      const patch = { text: value, ...more };
      must(await store.save({ kind: 'note', id, patch, base, baseSeq: found?.localSeq ?? 0, saveId: mint() }));
    },
    async sync() {
      expect(must(await drainer.run({ force: true })).error).toBeNull();
    },
    /** The app is replaced by the one of today. */
    update() {
      const next = drainerOf(workspace, noted, { bytes: notedBytes, largeBody: LARGE });
      return { sync: async () => expect(must(await next.run({ force: true })).error).toBeNull() };
    },
  };
}

test('a large body goes ahead of its op, and is whole on another device, in both directions', async () => {
  const server = await openServer();
  const [one, two] = [await openDevice(server), await openDevice(server)];
  const id = mint();
  await one.save(id, longText('first'));
  await one.sync();
  expect(one.seen).toEqual(['HEAD', 'PUT', 'HEAD', 'stand-in']);
  const stored = await server.newestOf(id);
  expect(readStandIn(stored?.body ?? '')).not.toBeNull();
  await two.sync();
  expect(await two.text(id)).toBe(longText('first'));
  await two.save(id, longText('second'));
  await two.sync();
  await one.sync();
  expect([await one.text(id), await two.text(id)]).toEqual([longText('second'), longText('second')]);
  expect((await server.rows()).map(({ state, isBody }) => [state, isBody])).toEqual([
    ['complete', true],
    ['complete', true],
  ]);
});

test('the comparison of a device with the server finds them the same', async () => {
  const server = await openServer();
  const one = await openDevice(server);
  const id = mint();
  await one.save(id, longText('words', 1_000_000));
  await one.sync();
  const page = must(await one.status.versions(null, true));
  const here = page.versions.find((version) => version.id === id);
  expect((await server.newestOf(id))?.hash).toBe(here?.standInHash);
});

test('what is small goes first, and goes out while a large body cannot', async () => {
  const server = await openServer();
  let isDown = true;
  const one = await openDevice(server, {
    bytes: (real) => ({
      requestBytes: (request) => (isDown ? Promise.resolve(err({ reason: 'down' })) : real.requestBytes(request)),
    }),
  });
  const two = await openDevice(server);
  const [large, small, theirs] = [mint(), mint(), mint()];
  await one.save(large, longText('large'));
  await one.save(small, 'small');
  await two.save(theirs, 'theirs');
  await two.sync();
  expect((await one.run()).error).toMatchObject({ type: 'Network' });
  expect(one.seen).toEqual(['op']);
  expect(await one.text(theirs)).toBe('theirs');
  await two.sync();
  expect([await two.text(small), await two.text(large)]).toEqual(['small', null]);
  isDown = false;
  await one.sync();
  await two.sync();
  expect(await two.text(large)).toBe(longText('large'));
});

test('what is written while a large body goes ahead goes out between its parts', async () => {
  const server = await openServer();
  const small = mint();
  let parts = 0;
  const one = await openDevice(server, {
    bytes: (real) => ({
      async requestBytes(request) {
        if (request.method === 'PUT' && parts++ === 0) await one.save(small, 'written meanwhile');
        return real.requestBytes(request);
      },
    }),
  });
  const id = mint();
  await one.save(id, longText('large', 500_000));
  await one.sync();
  expect(one.seen.indexOf('op')).toBeLessThan(one.seen.lastIndexOf('PUT'));
  expect(one.seen.at(-1)).toBe('stand-in');
});

test('a large body that is changed all the time while it goes ahead goes all the same', async () => {
  const server = await openServer();
  const id = mint();
  let edits = 0;
  const one = await openDevice(server, {
    bytes: (real) => ({
      async requestBytes(request) {
        const answer = await real.requestBytes(request);
        if (request.method === 'PUT' && edits < 20) await one.save(id, longText(`edit ${edits++}`));
        return answer;
      },
    }),
  });
  await one.save(id, longText('large'));
  await one.run();
  expect(readStandIn((await server.newestOf(id))?.body ?? '')).not.toBeNull();
});

describe('nothing is lost where a request or its answer is, at any point', () => {
  /** Lets `count` requests pass; the next one is lost, or its answer. */
  const breaking = (state: { count: number; after: boolean; done: boolean }) => {
    const around = async <T>(ask: () => Promise<T>): Promise<T | { ok: false; error: { reason: string } }> => {
      if (state.done || state.count-- > 0) return ask();
      state.done = true;
      if (state.after) await ask();
      return err({ reason: 'lost' });
    };
    return {
      words: (real: Transport): Transport => ({ request: (request) => around(() => real.request(request)) }),
      bytes: (real: BytesTransport): BytesTransport => ({ requestBytes: (request) => around(() => real.requestBytes(request)) }),
    };
  };
  for (const after of [false, true]) {
    for (let count = 0; count < 8; count++) {
      test(`${after ? 'the answer to' : ''} request ${count}, of the sender and of the receiver`, async () => {
        const server = await openServer();
        const one = await openDevice(server, breaking({ count, after, done: false }));
        const [large, small] = [mint(), mint()];
        await one.save(large, longText('large'));
        await one.save(small, 'small');
        for (let run = 0; run < 3; run++) await one.run();
        const two = await openDevice(server, breaking({ count, after, done: false }));
        for (let run = 0; run < 3; run++) await two.run();
        expect([await two.text(large), await two.text(small)]).toEqual([longText('large'), 'small']);
        const versions = expectOk(
          await server.storage.read((reader) => reader.keptVersions(server.accountId, { kind: 'note', id: large })),
        );
        expect(versions).toHaveLength(1);
      });
    }
  }
});

test('a body that the server does not give is left for later, the others come, and it comes once it is there', async () => {
  const server = await openServer();
  const [one, two] = [await openDevice(server), await openDevice(server)];
  const [large, small] = [mint(), mint()];
  await one.save(large, longText('large'));
  await one.sync();
  await one.save(small, 'small');
  await one.sync();
  const real = server.place.current;
  for (const broken of [
    { ...real, size: async () => err({ type: 'BlobsUnavailable', reason: 'down' } as const) },
    { ...real, read: async () => ok((await import('node:stream')).Readable.from([Buffer.alloc(10)])) },
  ]) {
    server.place.current = broken;
    await two.sync();
    expect([await two.text(small), await two.text(large), await two.waiting()]).toEqual(['small', null, [large]]);
  }
  server.place.current = real;
  await two.sync();
  expect([await two.text(large), await two.waiting()]).toEqual([longText('large'), []]);
});

test('a body that the server has lost is sent again by a device that has it, once another one asks for it', async () => {
  const server = await openServer();
  const one = await openDevice(server);
  const id = mint();
  await one.save(id, longText('large'));
  await one.sync();
  const { hash } = (await server.rows())[0] ?? { hash: '' };
  // Its bytes are gone, and nobody knows yet.
  expectOk(await server.blobs.remove({ accountId: server.accountId, hash }));
  await one.sync();
  const two = await openDevice(server);
  await two.sync();
  expect([await two.text(id), await two.waiting()]).toEqual([null, [id]]);
  // The second time it is asked for by its name, and is missing in the rows.
  await two.sync();
  await one.sync();
  await two.sync();
  expect([await two.text(id), await two.waiting(), await one.waiting()]).toEqual([longText('large'), [], []]);
  expect(await noted(server)).toEqual([]);
});

test('a body that a check of the server finds lost or damaged is sent again by the next sync of a device that has it', async () => {
  for (const fault of ['lost', 'damaged'] as const) {
    const server = await openServer();
    const memory = createMemoryServerBlobs();
    server.place.current = memory;
    const [one, two] = [await openDevice(server), await openDevice(server)];
    const [id, other, file] = [mint(), mint(), 'files/0'];
    await one.save(id, longText('large'));
    await one.save(other, `${longText('sound')} ${file}`);
    await one.sync();
    await two.sync();
    const { hash } = readHash(await server.newestOf(id));
    const whole = memory.copy();
    const kept = [...whole].filter(([name]) => !name.endsWith(hash));
    memory.replace(
      new Map(
        fault === 'lost'
          ? kept
          : [...whole].map(([name, bytes]) => [name, name.endsWith(hash) ? bytes.map((byte) => byte ^ 1) : bytes]),
      ),
    );
    const { storage, clock } = server;
    const sound = () =>
      makeBlobsSound({ storage, blobs: server.blobs, clock, mayBeEmpty: true, readAll: true, onProblem: () => {} });
    expect(await sound()).toMatchObject({ looked: 2, lost: 1 });
    expect(await noted(server)).toEqual([id]);
    await two.sync();
    expect(await sound()).toMatchObject({ looked: 2, lost: 0 });
    await one.sync();
    await two.sync();
    expect([await noted(server), await one.waiting(), await two.waiting()]).toEqual([[], [], []]);
    const three = await openDevice(server);
    await three.sync();
    expect([await three.text(id), await three.text(other)]).toEqual([longText('large'), `${longText('sound')} ${file}`]);
  }
});

test('what the server does not give now is not called damaged', async () => {
  const server = await openServer();
  const [one, two] = [await openDevice(server), await openDevice(server)];
  const id = mint();
  await one.save(id, longText('large'));
  await one.sync();
  const real = server.place.current;
  server.place.current = { ...real, size: async () => err({ type: 'BlobsUnavailable', reason: 'down' } as const) };
  await two.sync();
  expect(must(await two.store.summary())).toMatchObject({ damaged: 0, withheld: 1 });
  expect(must(await two.events()).map(({ event }) => event)).toContainEqual({ type: 'withheld', count: 1 });
  server.place.current = real;
  await two.sync();
  expect(must(await two.store.summary())).toMatchObject({ damaged: 0, withheld: 0 });
});

test('more bodies than the device remembers that the server does not give end the pull, and all come later', async () => {
  const server = await openServer();
  server.place.current = createMemoryServerBlobs();
  const [one, two] = [await openDevice(server), await openDevice(server)];
  const ids = Array.from({ length: 120 }, mint);
  for (const id of ids) await one.save(id, longText(id, 2000));
  await one.sync();
  const real = server.place.current;
  server.place.current = { ...real, size: async () => err({ type: 'BlobsUnavailable', reason: 'down' }) };
  for (let run = 0; run < 3; run++) expect((await two.run()).error).toMatchObject({ type: 'ServerError' });
  server.place.current = real;
  await two.sync();
  for (const id of ids) expect(await two.text(id)).toBe(longText(id, 2000));
});

test('an app that does not know stand-ins keeps them as they came, and takes nothing from anybody', async () => {
  const server = await openServer();
  const old = await openDevice(server, { bytes: null });
  const one = await openDevice(server);
  const [known, unknown] = [mint(), mint()];
  await old.save(known, 'as the old app knows it');
  await old.sync();
  await one.sync();
  await one.save(known, longText('known'));
  await one.save(unknown, longText('unknown'));
  await one.sync();
  await old.sync();
  expect(await old.text(known)).toBe('as the old app knows it');
  const quarantined = must(await old.status.quarantined()).map(({ id, reason }) => [id, reason]);
  expect(quarantined.sort()).toEqual(
    [
      [known, 'unreadable'],
      [unknown, 'unreadable'],
    ].sort(),
  );
  await old.save(known, 'edited by the old app');
  await old.sync();
  await one.sync();
  const two = await openDevice(server);
  await two.sync();
  for (const device of [one, two])
    expect([await device.text(known), await device.text(unknown)]).toEqual([longText('known'), longText('unknown')]);
  expect(await old.text(known)).toBe('edited by the old app');
});

test('what an app that did not know stand-ins has kept is read by the one that follows it, and leaves the quarantine', async () => {
  const server = await openServer();
  const old = await openDevice(server, { bytes: null });
  const one = await openDevice(server);
  const [known, unknown] = [mint(), mint()];
  await old.save(known, 'as the old app knows it');
  await old.sync();
  await one.sync();
  await one.save(known, longText('known'));
  await one.save(unknown, longText('unknown'));
  await one.sync();
  await old.sync();
  const updated = old.update();
  await updated.sync();
  expect([await old.text(known), await old.text(unknown)]).toEqual([longText('known'), longText('unknown')]);
  expect([must(await old.status.quarantined()), await old.waiting()]).toEqual([[], []]);
  await old.save(unknown, longText('edited after the update'));
  await updated.sync();
  await one.sync();
  expect(await one.text(unknown)).toBe(longText('edited after the update'));
});

test('large bodies of an app of before, which travel inside of their ops, are taken as always', async () => {
  const server = await openServer();
  const [old, one] = [await openDevice(server, { bytes: null }), await openDevice(server)];
  const id = mint();
  await old.save(id, longText('inside'));
  await old.sync();
  await one.sync();
  expect(await one.text(id)).toBe(longText('inside'));
});

test('a server that takes no blobs gets the body inside of its op', async () => {
  const server = await openServer();
  const one = await openDevice(server, {
    bytes: () => ({
      requestBytes: async () =>
        ok({ status: 404, offset: null, size: null, json: { type: 'not-found', message: '' }, retryAfterMs: null, body: null }),
    }),
  });
  const id = mint();
  await one.save(id, longText('large'));
  await one.sync();
  expect(one.seen).toEqual(['op']);
  expect((await server.newestOf(id))?.body).toContain('large');
});

test('what the account has no room for waits in quarantine with its words', async () => {
  const server = await openServer({ quotaBytes: 2000 });
  const one = await openDevice(server);
  const id = mint();
  await one.save(id, longText('large'));
  await one.sync();
  expect(must(await one.status.quarantined()).map(({ id, reason }) => [id, reason])).toEqual([[id, 'over-quota']]);
});

test('a body that the server removed before it took the op is sent again before the op counts as taken', async () => {
  const server = await openServer();
  let isRaced = false;
  const one = await openDevice(server, {
    words: (real) => ({
      async request(request) {
        if (request.path.endsWith('/push') && !isRaced) {
          isRaced = true;
          await server.collect();
          server.clock.advance(3_600_000);
          expect(await server.collect()).toBe(1);
        }
        return real.request(request);
      },
    }),
  });
  const id = mint();
  await one.save(id, longText('large'));
  await one.sync();
  expect(isRaced).toBe(true);
  const two = await openDevice(server);
  await two.sync();
  expect(await two.text(id)).toBe(longText('large'));
});

test('two devices that change a large body at once merge the two', async () => {
  const server = await openServer();
  const [one, two] = [await openDevice(server), await openDevice(server)];
  const id = mint();
  await one.save(id, longText('large'));
  await one.sync();
  await two.sync();
  await one.save(id, `${longText('large')}\n\nat the end`);
  await two.save(id, `at the beginning\n\n${longText('large')}`);
  await one.sync();
  await two.sync();
  await one.sync();
  const both = `at the beginning\n\n${longText('large')}\n\nat the end`;
  expect([await one.text(id), await two.text(id)]).toEqual([both, both]);
});

test('bodies go with the versions that name them, within hours and not after thirty days', async () => {
  const server = await openServer();
  const one = await openDevice(server);
  const id = mint();
  for (let edit = 0; edit < KEPT_BODIES + 3; edit++) {
    await one.save(id, longText(`edit ${edit}`, 2000));
    await one.sync();
  }
  await server.collect();
  server.clock.advance(3_600_000);
  expect(await server.collect()).toBe(3);
  expect(await server.rows()).toHaveLength(KEPT_BODIES);
  const two = await openDevice(server);
  await two.sync();
  expect(await two.text(id)).toBe(longText(`edit ${KEPT_BODIES + 2}`, 2000));
});

test('many large bodies are written as they come: a pull that breaks keeps what it had, and goes on behind it', async () => {
  const server = await openServer();
  server.place.current = createMemoryServerBlobs();
  const one = await openDevice(server);
  const ids = Array.from({ length: 12 }, mint);
  for (const id of ids) await one.save(id, longText(id, 100_000));
  await one.sync();
  let left = 10;
  let asked = 0;
  const two = await openDevice(server, {
    bytes: (real) => ({
      async requestBytes(request) {
        asked += 1;
        return left-- > 0 ? real.requestBytes(request) : err({ reason: 'the connection broke' });
      },
    }),
  });
  expect((await two.run()).error).toMatchObject({ type: 'Network' });
  const had = (await Promise.all(ids.map((id) => two.text(id)))).filter((text) => text !== null).length;
  expect(had).toBeGreaterThan(0);
  [left, asked] = [100, 0];
  await two.sync();
  expect(asked).toBe(ids.length - had);
  for (const id of ids) expect(await two.text(id)).toBe(longText(id, 100_000));
});

test('an op that is pushed again in its other form is the same op', async () => {
  const { api, accountId, deviceId } = await openServer();
  const push = async (op: Op | null) => expectOk(await api.push(accountId, deviceId, makePush([op]))).results[0];
  const [inside, aside] = [makeOp({ body: longText('one') }), makeOp({ body: longText('two') })];
  const applied = [await push(inside), await push(withStandIn(aside))];
  const again = [await push(withStandIn(inside)), await push(aside)];
  expect(again.map((result) => ({ ...result, missingBlobs: [] }))).toEqual(
    applied.map((result) => ({ ...result, missingBlobs: [] })),
  );
  expect(await push({ ...inside, body: 'x', hash: hashText('x') })).toMatchObject({ type: 'rejected', reason: 'op-reused' });
});
