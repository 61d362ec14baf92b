/** What happens to the database of a running server: locked by others, updated, removed. Real processes, real files. */
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import SqliteDatabase from 'better-sqlite3';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { hashText } from '#core/hash.ts';
import { manifestBuckets } from '#core/manifest-digest.ts';
import { paths } from '#core/paths.ts';
import { type ManifestAnswer, PROTOCOL } from '#core/protocol.ts';
import { enterDevice, type TestDevice } from '#support/server-http.ts';
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
