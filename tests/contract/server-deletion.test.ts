/** The deletion of an account, by its owner and by the operator: what is refused from then on, what is gone, and that no copy brings it back. */
import { randomBytes } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import SqliteDatabase from 'better-sqlite3';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { hashText } from '#core/hash.ts';
import { paths } from '#core/paths.ts';
import { PROTOCOL } from '#core/protocol-parts.ts';
import { hashOf } from '#support/blob-bytes.ts';
import { getBlob, putBlob } from '#support/blob-requests.ts';
import { runServerCommand } from '#support/server-command.ts';
import { enterDevice, postJson, type TestDevice } from '#support/server-http.ts';
import { type ServerProcess, startServer } from '#support/server-process.ts';
import { makeOp, newId } from '#support/server-world.ts';

vi.setConfig({ testTimeout: 120_000 });
const running: ServerProcess[] = [];
afterEach(async () => {
  for (const server of running.splice(0)) await server.kill('SIGKILL');
});

const SECRET = 'words that nobody else may ever find';
const DELETED = { status: 403, json: { type: 'forbidden', reason: 'account-deleted' } };
const newFolder = (): string => mkdtempSync(join(tmpdir(), 'holdfast-deletion-'));
const run = (dataDir: string, ...args: readonly string[]) => runServerCommand(args, { HOLDFAST_DATA_DIR: dataDir });
const remove = ({ accountId, ...device }: TestDevice, proof: object) =>
  device.post(paths.deleteAccount(accountId), { protocol: PROTOCOL, ...proof });

/** A server with an account that has words, a history, a file, a password, a backup and two devices, and with another account. */
async function open() {
  const server = await startServer();
  running.push(server);
  const device = await enterDevice(server.url);
  const { accountId, accountKey } = device.request;
  const phone = await enterDevice(server.url, { accountId, accountKey, deviceName: 'the phone' });
  const file = Buffer.concat([Buffer.from(SECRET), randomBytes(5000)]);
  await putBlob(server.url, device, file);
  const first = makeOp({ body: `{"text":"${SECRET}"}`, blobs: [hashOf(file)] });
  await device.push([first, makeOp({ id: first.id, base: first.opId, body: `{"text":"${SECRET}, again"}` })]);
  await device.push(Array.from({ length: 300 }, () => makeOp()));
  const login = { name: 'ada', authKey: hashText('password'), wrappedKey: SECRET };
  await device.post(paths.password(accountId), { protocol: PROTOCOL, ...login });
  const manifest = randomBytes(100);
  await putBlob(server.url, device, manifest, { backup: true });
  const named = { manifest: hashOf(manifest), madeAt: 1, blobs: [hashOf(file)] };
  await device.post(paths.backup(accountId, newId()), { protocol: PROTOCOL, ...named });
  const other = await enterDevice(server.url);
  await other.push([makeOp()]);
  await putBlob(server.url, other, file);
  return { server, device, phone, other, file, accountId, accountKey, authKey: login.authKey };
}

type World = Awaited<ReturnType<typeof open>>;

/** Rows of the account in each table, and its files; looked at until nothing is left of it. */
async function expectErased({ server, accountId }: World): Promise<void> {
  const rows = () => {
    const raw = new SqliteDatabase(join(server.dataDir, 'holdfast.db'), { readonly: true });
    const tables = raw.prepare<[], string>(
      `select m.name from sqlite_master m, pragma_table_info(m.name) c where m.type = 'table' and c.name = 'account_id'`,
    );
    const counts = tables
      .pluck()
      .all()
      .map((table) => [table, raw.prepare(`select count(*) from ${table} where account_id = ?`).pluck().get(accountId)] as const);
    raw.close();
    return counts.filter(([, count]) => count !== 0);
  };
  while (rows().length > 0 || existsSync(join(server.dataDir, 'blobs', accountId))) await sleep(50);
  await server.stop();
  for (const name of readdirSync(server.dataDir)) {
    const path = join(server.dataDir, name);
    if (statSync(path).isFile()) expect([name, readFileSync(path).includes(SECRET)]).toEqual([name, false]);
  }
  expect((await run(server.dataDir, 'check')).code).toBe(0);
  await server.restart();
}

async function expectOtherWhole({ server, other, file }: World): Promise<void> {
  expect((await other.pull()).json.changes).toHaveLength(1);
  expect((await getBlob(server.url, other, hashOf(file))).bytes.equals(file)).toBe(true);
}

/** Nobody gets in, by whatever way, and nothing that a device sends makes the account anew. */
async function expectRefused({ server, device, phone }: World): Promise<void> {
  for (const one of [device, phone]) {
    expect(await one.pull()).toMatchObject(DELETED);
    expect(await one.push([makeOp()])).toMatchObject(DELETED);
    expect(await one.fetch(paths.backups(one.accountId))).toMatchObject(DELETED);
    expect(await postJson(server.url + paths.enter, one.request)).toMatchObject(DELETED);
    expect(await postJson(server.url + paths.enter, { ...one.request, deviceId: newId() })).toMatchObject(DELETED);
  }
  const login = { protocol: PROTOCOL, name: 'ada', authKey: hashText('password'), deviceId: newId(), deviceName: 'new' };
  expect((await postJson(server.url + paths.login, login)).status).toBe(403);
}

describe('by its owner', () => {
  for (const [how, proofOf] of [
    ['the key', ({ accountKey }: World) => ({ accountKey })],
    ['the password', ({ authKey }: World) => ({ authKey })],
  ] as const) {
    test(`with ${how}: at once for all devices, everything of it goes, and nothing of others`, async () => {
      const world = await open();
      const { device } = world;
      for (const wrong of [{ accountKey: 'f'.repeat(32) }, { authKey: hashText('guess') }])
        expect(await remove(device, wrong)).toMatchObject({ status: 403, json: { message: expect.stringContaining('Neither') } });
      for (const wrong of [{}, { accountKey: 'x' }]) expect((await remove(device, wrong)).status).toBe(400);
      expect((await device.pull()).status).toBe(200);
      expect(await remove(device, proofOf(world))).toMatchObject({ status: 200, json: { done: true } });
      await expectRefused(world);
      await expectErased(world);
      await expectRefused(world);
      await expectOtherWhole(world);
    });
  }

  test('another account cannot delete it, whatever it knows', async () => {
    const { server, device, other, accountId, accountKey } = await open();
    const asked = await postJson(
      server.url + paths.deleteAccount(accountId),
      { protocol: PROTOCOL, accountKey },
      { cookie: other.cookie },
    );
    expect(asked.status).toBe(401);
    expect((await device.pull()).status).toBe(200);
  });

  test('its streams of events end', async () => {
    const { server, device, accountKey } = await open();
    const stream = await fetch(server.url + paths.events(device.accountId), { headers: { cookie: device.cookie } });
    const read = stream.text();
    await remove(device, { accountKey });
    expect(await read).toContain('event: poke');
  });

  test('killed while it is erased, the server starts, and goes on with it', async () => {
    const world = await open();
    await remove(world.device, { accountKey: world.accountKey });
    await world.server.kill('SIGKILL');
    expect((await run(world.server.dataDir, 'check')).code).toBe(0);
    await world.server.restart();
    await expectRefused(world);
    await expectErased(world);
  });

  test('a copy from before does not bring it back, by either way', async () => {
    const world = await open();
    const { server, device, accountKey } = world;
    const [copy, archive] = [join(newFolder(), 'copy.db'), join(newFolder(), 'server.tar')];
    await run(server.dataDir, 'backup', copy, '--database');
    await run(server.dataDir, 'backup', archive);
    await remove(device, { accountKey });
    await expectErased(world);
    for (const from of [archive, copy]) {
      await server.stop();
      const { code, output } = await run(server.dataDir, 'restore', from);
      expect([code, output]).toEqual([
        0,
        expect.stringContaining('Deleted again, because they were deleted after the copy: 1 (accounts).'),
      ]);
      await server.restart();
      await expectRefused(world);
      await expectErased(world);
      await expectOtherWhole(world);
    }
  });
});

describe('by the operator', () => {
  test('it says what there is, deletes nothing without --yes, and all of it with, beside a running server', async () => {
    const world = await open();
    const { server, device, accountId } = world;
    const said = await run(server.dataDir, 'delete-account', accountId);
    expect(said.code).toBe(0);
    for (const words of [
      'name "ada"',
      '301 entities',
      '"the phone"',
      '1 backups',
      'files of 5036 bytes',
      'Nothing was deleted. Add --yes',
    ])
      expect(said.output).toContain(words);
    expect(said.output).not.toContain(SECRET);
    expect((await device.pull()).status).toBe(200);
    const done = await run(server.dataDir, 'delete-account', accountId, '--yes');
    expect(done).toMatchObject({ code: 0, output: expect.stringContaining('everything of it is erased') });
    await expectRefused(world);
    await expectErased(world);
    await expectOtherWhole(world);
    expect(await run(server.dataDir, 'delete-account', accountId, '--yes')).toMatchObject({
      code: 1,
      output: expect.stringContaining('There is no account'),
    });
  });

  test('what is not an account is refused in words', async () => {
    const { server } = await open();
    expect(await run(server.dataDir, 'delete-account', newId(), '--yes')).toMatchObject({ code: 1 });
    expect(await run(server.dataDir, 'delete-account', '../..', '--yes')).toMatchObject({ code: 2 });
    expect(await run(server.dataDir, 'delete-account')).toMatchObject({
      code: 2,
      output: expect.stringContaining('needs the id'),
    });
  });
});
