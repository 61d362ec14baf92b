/** Power cuts, several processes, and databases put back: with real processes that are really killed. */
import { copyFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import SqliteDatabase from 'better-sqlite3';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { paths } from '#core/paths.ts';
import type { Op, PushResult, RemoteEntity } from '#core/protocol.ts';
import { enterDevice, type TestDevice } from '#support/server-http.ts';
import { type ServerOptions, type ServerProcess, startServer as startProcess } from '#support/server-process.ts';
import { createTestRandom, makeOp, newId } from '#support/server-world.ts';

/** Tests push as fast as they can; the rates are tested elsewhere. */
const FAST = { HOLDFAST_RATE_PER_ACCOUNT: '1000000', HOLDFAST_RATE_PER_ADDRESS: '1000000', HOLDFAST_LOG_LEVEL: 'warn' };

const running: ServerProcess[] = [];
vi.setConfig({ testTimeout: 240_000 });
afterEach(async () => {
  for (const server of running.splice(0)) await server.kill('SIGKILL');
});

async function startServer(options: ServerOptions = {}): Promise<ServerProcess> {
  const server = await startProcess({ ...options, env: { ...FAST, ...options.env } });
  running.push(server);
  return server;
}

type Applied = Extract<PushResult, { type: 'applied' }>;

/** A restart is a matter of half a second, but not on a machine that has much else to do. */
const ANSWER_LIMIT_MS = 60_000;

/** Pushes until it is answered, as a device does: the same op again after each cut. Gives the answer. */
async function pushUntilAnswered(
  device: TestDevice,
  ops: readonly Op[],
  urls: readonly string[],
): Promise<readonly PushResult[]> {
  const deadline = performance.now() + ANSWER_LIMIT_MS;
  for (let attempt = 0; performance.now() < deadline; attempt++) {
    try {
      const url = urls[attempt % urls.length] ?? '';
      const headers = { cookie: device.cookie, 'content-type': 'application/json' };
      const body = JSON.stringify({ protocol: 1, epoch: null, seen: null, ops });
      const answer = await fetch(url + paths.push(device.accountId), { method: 'POST', headers, body });
      if (answer.status === 200) return ((await answer.json()) as { results: PushResult[] }).results;
      await answer.text();
    } catch {
      // Reset, or refused: it is not there, or was killed with the answer.
    }
    await sleep(20);
  }
  throw new Error('no answer to a push');
}

async function pullEverything(device: TestDevice): Promise<readonly RemoteEntity[]> {
  const all: RemoteEntity[] = [];
  for (;;) {
    const { status, json } = await device.pull({ cursor: all.at(-1)?.seq ?? 0, limit: 500 });
    expect(status).toBe(200);
    all.push(...json.changes);
    if (!json.more) return all;
  }
}

/** Waits for all, later: one that fails meanwhile is reported then, and not as nobody's. */
function settle(work: readonly Promise<void>[]): () => Promise<void> {
  const all = Promise.allSettled(work);
  return async () => {
    for (const result of await all) if (result.status === 'rejected') throw result.reason;
  };
}

interface LogRow {
  readonly op_id: string;
  readonly rev: number;
  readonly seq: number;
  readonly hash: string;
  readonly accepted_at: number;
}

/** Each answer must be what the database of the stopped server holds: this version, at this seq, once. */
function expectHeld(server: ServerProcess, answered: ReadonlyMap<string, Applied>, ops: ReadonlyMap<string, Op>): void {
  expect(server.pid).toBeUndefined();
  const database = new SqliteDatabase(join(server.dataDir, 'holdfast.db'), { readonly: true });
  const rows = database.prepare<[], LogRow>('select op_id, rev, seq, hash, accepted_at from versions order by seq').all();
  expect(database.pragma('integrity_check', { simple: true })).toBe('ok');
  database.close();
  const log = new Map(rows.map((row) => [row.op_id, row]));
  for (const [opId, { rev, seq, acceptedAt }] of answered) {
    const expected = { op_id: opId, rev, seq, hash: ops.get(opId)?.hash, accepted_at: acceptedAt };
    expect(log.get(opId), `the acknowledged op ${opId}`).toEqual(expected);
  }
  // Every seq is held once, from the first to the last: no op half applied, none twice.
  expect(rows.map((row) => row.seq)).toEqual(rows.map((_, index) => index + 1));
}

describe('a server that is killed', () => {
  test('ten times while it takes pushes: every acknowledged op is there, once, and each repeated one is answered as before', async () => {
    const server = await startServer();
    const device = await enterDevice(server.url);
    const random = createTestRandom(20);
    const answered = new Map<string, Applied>();
    const ops = new Map<string, Op>();
    let pushing = true;

    // Three writers, each with a chain of versions of its own entity and new entities beside it.
    const written = settle(
      Array.from({ length: 3 }, async () => {
        const id = newId();
        let base: string | null = null;
        for (let round = 0; pushing; round++) {
          const revision: Op = makeOp({
            id: round % 15 === 0 ? newId() : id,
            base: round % 15 === 0 ? null : base,
            body: `${'x'.repeat(3000)} ${round}`,
          });
          const batch = [revision, makeOp(), makeOp()];
          for (const op of batch) ops.set(op.opId, op);
          const results = await pushUntilAnswered(device, batch, [server.url]);
          for (const result of results) {
            if (result.type !== 'applied')
              throw new Error(`an op of one writer alone was not applied: ${JSON.stringify(result)}`);
            answered.set(result.opId, result);
          }
          if (revision.id === id) base = revision.opId;
        }
      }),
    );

    for (let kill = 0; kill < 10; kill++) {
      await sleep(20 + random.fraction() * 180);
      await server.kill('SIGKILL');
      await server.restart();
    }
    pushing = false;
    await written();

    expect(answered.size).toBeGreaterThan(50);
    await server.stop();
    expectHeld(server, answered, ops);
    await server.restart();
    const again = [...answered.keys()].slice(-50).flatMap((opId) => ops.get(opId) ?? []);
    for (const result of await pushUntilAnswered(device, again, [server.url])) expect(result).toEqual(answered.get(result.opId));
  });

  test('keeps cookies, and comes back with the database as it was', async () => {
    const server = await startServer();
    const device = await enterDevice(server.url);
    const op = makeOp();
    await device.push([op]);
    await server.kill('SIGKILL');
    await server.restart();
    expect(await pullEverything(device)).toMatchObject([{ version: op.opId, body: op.body }]);
  });
});

describe('two servers on one database', () => {
  test('one of them killed again and again: both give the same answer to the same op, and the order has no gap', async () => {
    const dataDir = await mkdtemp(join(tmpdir(), 'holdfast-two-'));
    const steady = await startServer({ dataDir });
    const shaky = await startServer({ dataDir });
    const laptop = await enterDevice(steady.url);
    const { accountId, accountKey } = laptop.request;
    const phone = await enterDevice(shaky.url, { accountId, accountKey });
    const answered = new Map<string, Applied>();
    const ops = new Map<string, Op>();
    let pushing = true;
    let conflicts = 0;

    // Both devices change the same three entities, each through both servers in turn.
    const shared = [newId(), newId(), newId()];
    const heads = new Map<string, string | null>();
    const write = async (device: TestDevice, urls: readonly string[]) => {
      for (let round = 0; pushing; round++) {
        const id = shared[round % 3] ?? '';
        const op = makeOp({ id, base: heads.get(id) ?? null, body: `${device.deviceId} ${round}` });
        ops.set(op.opId, op);
        for (const result of await pushUntilAnswered(device, [op], round % 2 === 0 ? urls : [...urls].reverse())) {
          if (result.type === 'applied') {
            answered.set(result.opId, result);
            heads.set(id, result.opId);
          } else {
            expect(result.type).toBe('conflict');
            conflicts += 1;
            if (result.type === 'conflict') heads.set(id, result.current?.version ?? null);
          }
        }
      }
    };
    const written = settle([write(laptop, [steady.url, shaky.url]), write(phone, [shaky.url, steady.url])]);
    for (let kill = 0; kill < 4; kill++) {
      await sleep(250);
      await shaky.kill('SIGKILL');
      await sleep(50);
      await shaky.restart();
    }
    pushing = false;
    await written();

    expect(answered.size).toBeGreaterThan(40);
    expect(conflicts).toBeGreaterThan(0);
    for (const server of [steady, shaky]) await server.stop();
    expectHeld(steady, answered, ops);
    for (const server of [steady, shaky]) await server.restart();
    const again = [...answered.keys()].slice(-100).flatMap((opId) => ops.get(opId) ?? []);
    for (const url of [steady.url, shaky.url]) {
      for (const result of await pushUntilAnswered(phone, again, [url])) expect(result).toEqual(answered.get(result.opId));
    }
  });

  test('may start on a new folder at the same moment', async () => {
    const dataDir = await mkdtemp(join(tmpdir(), 'holdfast-new-'));
    const servers = await Promise.all([startServer({ dataDir }), startServer({ dataDir })]);
    const device = await enterDevice(servers[0].url);
    for (const server of servers) expect((await pushUntilAnswered(device, [makeOp()], [server.url]))[0]?.type).toBe('applied');
    expect(await pullEverything(device)).toHaveLength(2);
  });
});

describe('a database put back', () => {
  const FILES = ['holdfast.db', 'holdfast.db-wal', 'holdfast.db-shm'];

  test('to an older copy of its file: a device that has seen more is asked to reconcile', async () => {
    const server = await startServer();
    const device = await enterDevice(server.url);
    const first = await device.push([makeOp()]);
    await server.stop();
    const copy = join(server.dataDir, 'copy.db');
    await copyFile(join(server.dataDir, 'holdfast.db'), copy);
    await server.restart();
    const second = await device.push([makeOp()]);
    expect(second.json.seen?.seq).toBe(2);
    await server.stop();
    for (const name of FILES) await rm(join(server.dataDir, name), { force: true });
    await copyFile(copy, join(server.dataDir, 'holdfast.db'));
    await server.restart();

    const past = { epoch: second.json.epoch, seen: second.json.seen };
    const asked = await device.pull({ cursor: 2, ...past });
    expect(asked).toMatchObject({ status: 409, json: { type: 'reconcile' } });
    // From here on every device compares: also one that has seen no more than the copy holds.
    expect(asked.json.epoch).not.toBe(first.json.epoch);
    expect(await device.pull({ cursor: 1, epoch: first.json.epoch, seen: first.json.seen })).toMatchObject({
      status: 409,
      json: { type: 'reconcile', reason: 'epoch', epoch: asked.json.epoch },
    });
    expect((await device.pull({ cursor: 1, epoch: asked.json.epoch, seen: first.json.seen })).status).toBe(200);
  });

  test('to nothing: the cookie is unknown, and the account is entered again with a new epoch', async () => {
    const server = await startServer();
    const device = await enterDevice(server.url);
    const before = await device.push([makeOp()]);
    await server.stop();
    for (const name of FILES) await rm(join(server.dataDir, name), { force: true });
    await server.restart();
    expect((await device.pull()).status).toBe(401);
    const again = await enterDevice(server.url, device.request);
    const answer = await again.pull({ cursor: 0, epoch: before.json.epoch, seen: before.json.seen });
    expect(answer).toMatchObject({ status: 409, json: { type: 'reconcile', reason: 'epoch' } });
  });
});
