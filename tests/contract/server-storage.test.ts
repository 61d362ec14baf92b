/** What happens to the database of a running server: locked by others, updated, removed. Real processes, real files. */
import { copyFile, open, readdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import SqliteDatabase from 'better-sqlite3';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { hashText } from '#core/hash.ts';
import { manifestBuckets } from '#core/manifest-digest.ts';
import { paths } from '#core/paths.ts';
import type { ManifestAnswer } from '#core/protocol.ts';
import { PROTOCOL } from '#core/protocol-parts.ts';
import { enterDevice, startApp, type TestDevice } from '#support/server-http.ts';
import { type ServerOptions, type ServerProcess, startServer as startProcess } from '#support/server-process.ts';
import { makeOp } from '#support/server-world.ts';

const running: ServerProcess[] = [];
const connections: SqliteDatabase.Database[] = [];
vi.setConfig({ testTimeout: 120_000 });
afterEach(async () => {
  for (const server of running.splice(0)) await server.kill('SIGKILL');
  for (const connection of connections.splice(0)) connection.close();
});

async function startServer(options: ServerOptions = {}): Promise<ServerProcess> {
  const server = await startProcess(options);
  running.push(server);
  return server;
}

/** Another process's connection to the same database. */
function connect({ dataDir }: Pick<ServerProcess, 'dataDir'>): SqliteDatabase.Database {
  const connection = new SqliteDatabase(join(dataDir, 'holdfast.db'));
  connections.push(connection);
  return connection;
}

async function manifestOf(device: TestDevice): Promise<ManifestAnswer> {
  const answer = await device.post(paths.manifest(device.accountId), { protocol: PROTOCOL, after: null, limit: 5000 });
  expect(answer.status).toBe(200);
  return answer.json as ManifestAnswer;
}

describe('while another process holds the write lock', () => {
  test('everybody else is served, and the push is taken when the lock is free', async () => {
    const server = await startServer();
    const device = await enterDevice(server.url);
    await device.push([makeOp()]);
    const other = connect(server);
    other.exec('begin immediate');
    const answers: string[] = [];
    const pushes = Promise.all(
      [makeOp(), makeOp()].map((op) => device.push([op]).then((answer) => answers.push(`push ${answer.status}`))),
    );
    for (let round = 0; round < 20; round++) {
      const [health, pull] = await Promise.all([fetch(`${server.url}/healthz`), device.pull({ cursor: 0 })]);
      answers.push(`health ${health.status}, pull ${pull.status} with ${pull.json.changes.length}`);
      await sleep(20);
    }
    expect(answers).toEqual(Array.from({ length: 20 }, () => 'health 200, pull 200 with 1'));
    other.exec('commit');
    await pushes;
    expect(answers.slice(20)).toEqual(['push 200', 'push 200']);
  });

  test('for too long, the push is refused with a time to come back, has left nothing, and passes later', async () => {
    const server = await startServer();
    const device = await enterDevice(server.url);
    const other = connect(server);
    other.exec('begin immediate');
    const op = makeOp();
    const refused = await device.push([op]);
    expect(refused).toMatchObject({ status: 503, json: { type: 'unavailable' } });
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    other.exec('rollback');
    expect((await device.push([op])).json.results).toMatchObject([{ type: 'applied', seq: 1 }]);
  });
});

describe('files that go away under a running server', () => {
  const changes: readonly (readonly [string, (dataDir: string) => Promise<void>])[] = [
    ['the data folder is removed', (dataDir) => rm(dataDir, { recursive: true })],
    ['the data folder is moved', (dataDir) => rename(dataDir, `${dataDir}-moved`)],
    ['the database is removed', (dataDir) => rm(join(dataDir, 'holdfast.db'))],
    ['the WAL is removed', (dataDir) => rm(join(dataDir, 'holdfast.db-wal'))],
    [
      'a copy is put in place of the database',
      async (dataDir) => {
        await copyFile(join(dataDir, 'holdfast.db'), join(dataDir, 'copy.db'));
        await rename(join(dataDir, 'copy.db'), join(dataDir, 'holdfast.db'));
      },
    ],
  ];
  test.each(changes)('%s: nothing is acknowledged any more, and it is said', async (_what, change) => {
    const server = await startServer();
    const device = await enterDevice(server.url);
    await device.push([makeOp()]);
    await change(server.dataDir);
    for (let round = 0; round < 2; round++) {
      const refused = await device.push([makeOp()]);
      expect(refused).toMatchObject({ status: 503, json: { type: 'unavailable' } });
      expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
      expect((await device.pull({ cursor: 0 })).status).toBe(503);
    }
    // An answer holds for a second.
    await vi.waitFor(async () => expect((await fetch(`${server.url}/readyz`)).status).toBe(503), 5000);
    expect(await (await fetch(`${server.url}/readyz`)).text()).toContain('removed or replaced');
    expect((await fetch(`${server.url}/healthz`)).status).toBe(200);
    expect(server.logs().match(/removed or replaced while the server was running/g)).toHaveLength(1);
  });

  test('a folder moved away and back is served again', async () => {
    const server = await startServer();
    const device = await enterDevice(server.url);
    await rename(server.dataDir, `${server.dataDir}-moved`);
    expect((await device.push([makeOp()])).status).toBe(503);
    await rename(`${server.dataDir}-moved`, server.dataDir);
    expect((await device.push([makeOp()])).status).toBe(200);
    await vi.waitFor(async () => expect((await fetch(`${server.url}/readyz`)).status).toBe(200), 5000);
  });
});

test('a large database that is damaged is noticed after the start, and nothing is taken or given any more', async () => {
  const server = await startServer();
  const device = await enterDevice(server.url);
  await device.push([makeOp()]);
  await server.stop();
  const raw = connect(server);
  raw.exec(`
    with recursive n(seq) as (select 2 union all select seq + 1 from n where seq < 160)
    insert into versions select account_id, n.seq, printf('0190b4a0-7c00-7000-8000-%012x', n.seq), kind,
      printf('0190b4a0-7c00-7000-9000-%012x', n.seq), 1, v, device_id, last_updated, 0, hash, '[]', accepted_at, 1, hex(randomblob(250000))
    from n, versions where versions.seq = 1;
    insert into entities select account_id, kind, id, op_id, 1, seq, hash, 0, bytes from versions where seq > 1;
    update accounts set seq = 160, last_op_id = printf('0190b4a0-7c00-7000-8000-%012x', 160);
  `);
  raw.pragma('wal_checkpoint(TRUNCATE)');
  // Pages of the log that no start reads.
  const file = await open(join(server.dataDir, 'holdfast.db'), 'r+');
  const { size } = await file.stat();
  expect(size).toBeGreaterThan(64_000_000);
  await file.write(Buffer.alloc(200_000, 0xa5), 0, 200_000, Math.floor(size / 2));
  await file.close();

  await server.restart();
  await vi.waitFor(async () => expect((await fetch(`${server.url}/readyz`)).status).toBe(503), 30_000);
  expect(await (await fetch(`${server.url}/readyz`)).text()).toContain('damaged');
  expect((await device.push([makeOp()])).status).toBe(503);
  expect((await device.pull({ cursor: 0 })).status).toBe(503);
  expect(server.logs()).toContain('What to do:');
});

describe('free space below the limit', () => {
  test('refuses what needs room, takes deletions, is said, and is over when there is room again', async () => {
    let free = 1_000_000;
    const app = await startApp({ freeBytes: () => free, config: { minFreeBytes: 1000 } });
    const device = await enterDevice(app.url);
    const op = makeOp();
    await device.push([op]);
    expect((await fetch(`${app.url}/readyz`)).status).toBe(200);
    free = 999;
    await vi.waitFor(async () => expect((await fetch(`${app.url}/readyz`)).status).toBe(503), 5000);
    expect(await (await fetch(`${app.url}/readyz`)).text()).toContain('999 bytes are free');
    expect(await device.push([makeOp()])).toMatchObject({ status: 507, json: { type: 'over-quota' } });
    expect((await device.push([makeOp({ id: op.id, base: op.opId, body: null })])).json.results).toMatchObject([
      { type: 'applied' },
    ]);
    expect((await device.pull({ cursor: 0 })).status).toBe(200);
    free = 1000;
    await vi.waitFor(async () => expect((await fetch(`${app.url}/readyz`)).status).toBe(200), 5000);
    expect((await device.push([makeOp()])).status).toBe(200);
    await app.close();
  });
});

test('what was deleted permanently is erased by the running server, and its words are in none of its files', async () => {
  const server = await startServer({ env: { HOLDFAST_KEEP_DELETED_DAYS: '0' } });
  const device = await enterDevice(server.url);
  const [kept, gone] = [makeOp({ body: 'words to be kept' }), makeOp({ body: 'words to be erased' })];
  await device.push([kept, gone, makeOp({ id: gone.id, base: gone.opId, body: null })]);
  const holds = async (text: string): Promise<boolean> => {
    const found = await readdir(server.dataDir, { recursive: true, withFileTypes: true });
    const files = found.filter((one) => one.isFile());
    const all = await Promise.all(files.map(({ parentPath, name }) => readFile(join(parentPath, name))));
    return all.some((bytes) => bytes.includes(text));
  };
  expect(await holds('words to be erased')).toBe(true);
  // It looks right after its start, and then once a minute.
  await server.restart();
  await vi.waitFor(async () => expect(await holds('words to be erased')).toBe(false), 20_000);
  expect(await holds('words to be kept')).toBe(true);
  const history = await device.fetch(paths.history(device.accountId, 'note', gone.id));
  expect(history.json).toMatchObject({ versions: [{ deleted: true, body: null }] });
});

test('readiness writes a row, and a database that was found damaged is not ready', async () => {
  const app = await startApp();
  app.storage.condemn();
  expect((await fetch(`${app.url}/readyz`)).status).toBe(503);
  await app.close();
  const readonly = await startServer();
  const raw = connect(readonly);
  expect(Number(raw.prepare('select count(*) from pulse').pluck().get())).toBe(1);
});

test('a database of an older server gets its digests at the start, also when it is killed again and again meanwhile', async () => {
  const server = await startServer();
  const device = await enterDevice(server.url);
  const before = (await device.push([makeOp()])).json;
  await server.stop();
  const raw = connect(server);
  // A log of 100,000 versions, as an older server leaves it: without a digest.
  raw.exec(`
    with recursive n(seq) as (select 2 union all select seq + 1 from n where seq < 100000)
    insert into versions select account_id, n.seq, printf('0190b4a0-7c00-7000-8000-%012x', n.seq), kind,
      printf('0190b4a0-7c00-7000-9000-%012x', n.seq), 1, v, device_id, last_updated, 0, hash, '[]', accepted_at, bytes, body
    from n, versions where versions.seq = 1;
    insert into entities select account_id, kind, id, op_id, 1, seq, hash, 0, bytes from versions where seq > 1;
    update accounts set seq = 100000, last_op_id = printf('0190b4a0-7c00-7000-8000-%012x', 100000);
    drop table digests; drop table purges; drop table damages; drop table pulse;
    delete from migrations where name = '0002-upkeep';
  `);
  const digestSeq = (): number => {
    try {
      return Number(raw.prepare('select seq from digests').pluck().get() ?? 0);
    } catch {
      return 0;
    }
  };
  const reached: number[] = [];
  for (let kill = 0; kill < 3; kill++) {
    const starting = server.restart();
    const from = digestSeq();
    while (digestSeq() <= from) await sleep(5);
    await server.kill('SIGKILL');
    await starting.catch(() => undefined);
    reached.push(digestSeq());
  }
  expect(reached[0]).toBeGreaterThan(0);
  expect(reached).toEqual([...new Set(reached)].sort((a, b) => a - b));
  await server.restart();
  const again = await enterDevice(server.url, device.request);
  const manifest = await manifestOf(again);
  expect(manifest.count).toBe(100_000);
  const heads = raw.prepare<[], { kind: string; id: string; version: string }>('select kind, id, version from entities').all();
  expect(manifest.buckets).toEqual(manifestBuckets(heads, hashText));
  expect(before.seen?.seq).toBe(1);
});
