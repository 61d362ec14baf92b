/** What an operator runs beside the server: check, backup, --restored. Real processes on real files. */
import { copyFileSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import SqliteDatabase from 'better-sqlite3';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { blobPartPath } from '#core/blob-protocol.ts';
import { hashText } from '#core/hash.ts';
import { paths } from '#core/paths.ts';
import { PROTOCOL } from '#core/protocol-parts.ts';
import { runServerCommand } from '#support/server-command.ts';
import { enterDevice, postJson, type TestDevice } from '#support/server-http.ts';
import { type ServerOptions, type ServerProcess, startServer as startProcess } from '#support/server-process.ts';
import { makeOp, newId } from '#support/server-world.ts';

const running: ServerProcess[] = [];
vi.setConfig({ testTimeout: 120_000 });
afterEach(async () => {
  for (const server of running.splice(0)) await server.kill('SIGKILL');
});

async function startServer(options: ServerOptions = {}): Promise<ServerProcess> {
  const server = await startProcess(options);
  running.push(server);
  return server;
}

const newFolder = (): string => mkdtempSync(join(tmpdir(), 'holdfast-commands-'));
const databaseOf = (dataDir: string): string => join(dataDir, 'holdfast.db');
const run = (dataDir: string, ...args: readonly string[]) => runServerCommand(args, { HOLDFAST_DATA_DIR: dataDir });

/** A stopped server's folder with two devices of one account and a few notes, one of them changed and one deleted. */
async function createFolder() {
  const server = await startServer();
  const device = await enterDevice(server.url);
  const ops = Array.from({ length: 30 }, () => makeOp({ body: `{"text":"${'words '.repeat(50)}"}` }));
  await device.push(ops);
  const [first, second] = ops;
  await device.push([
    makeOp({ id: first?.id ?? '', base: first?.opId ?? '' }),
    makeOp({ id: second?.id ?? '', base: second?.opId ?? '', body: null }),
  ]);
  return { server, device, dataDir: server.dataDir, ops };
}

/** Puts a copy in place of a stopped server's database, as the instructions say. */
function putBack(dataDir: string, copy: string): void {
  for (const suffix of ['-wal', '-shm']) rmSync(databaseOf(dataDir) + suffix, { force: true });
  copyFileSync(copy, databaseOf(dataDir));
}

function damage(dataDir: string, sql: string): void {
  const raw = new SqliteDatabase(databaseOf(dataDir));
  raw.pragma('foreign_keys = OFF');
  raw.exec(sql);
  raw.close();
}

describe('check', () => {
  test('finds a running server sound, and changes nothing', async () => {
    const { server, dataDir } = await createFolder();
    const before = readdirSync(dataDir).sort();
    expect(await run(dataDir, 'check')).toEqual({ code: 0, output: 'All is sound.\n' });
    expect(await run(dataDir, 'check', '--quick')).toEqual({ code: 0, output: 'The structure is sound.\n' });
    expect(readdirSync(dataDir).sort()).toEqual(before);
    expect((await fetch(`${server.url}/readyz`)).status).toBe(200);
    await server.stop();
    expect((await run(dataDir, 'check')).code).toBe(0);
  });

  test('names each picture or file that is damaged or missing', async () => {
    const { server, dataDir, device } = await createFolder();
    const hashes = ['one', 'two', 'three'].map(hashText);
    for (const text of ['one', 'two', 'three']) {
      await device.fetch(blobPartPath(device.accountId, hashText(text), 0, text.length), {
        method: 'PUT',
        headers: { 'content-type': 'application/octet-stream' },
        body: text,
      });
    }
    expect(await run(dataDir, 'check')).toMatchObject({ code: 0, output: expect.stringContaining('All 3 pictures and files') });
    await server.stop();
    const [damaged = '', missing = '', sound = ''] = hashes.map((hash) =>
      join(dataDir, 'blobs', device.accountId, hash.slice(0, 2), hash),
    );
    writeFileSync(damaged, 'onf');
    rmSync(missing);
    const { code, output } = await run(dataDir, 'check');
    expect(code).toBe(1);
    expect(output).toContain(`blob ${basename(damaged)}: its bytes do not match its hash`);
    expect(output).toContain(`blob ${basename(missing)}: it is missing`);
    expect(output).not.toContain(basename(sound));
  });

  test('says each kind of damage, and nothing that a person wrote', async () => {
    const { server, dataDir } = await createFolder();
    await server.stop();
    const sound = readFileSync(databaseOf(dataDir));
    const damages: readonly (readonly [string, RegExp])[] = [
      [
        `update versions set body = replace(body, 'words', 'swords') where seq = 5`,
        /version 5: its body does not match its hash/,
      ],
      [`update versions set body = null where seq = 5`, /version 5: its body does not match/],
      [`update versions set hash = '${hashText('other')}' where seq = 6`, /version 6: its body does not match/],
      [`delete from versions where seq = 7`, /its log has 31 of 32 versions/],
      [`delete from versions where seq = 32`, /the last one is 31/],
      [
        `update entities set version = '${newId()}' where seq = 8`,
        /version 8: its current version is not the last one of the log/,
      ],
      [`update entities set seq = 1 where seq = 31`, /differ from the log/],
      [`delete from entities where seq = 9`, /version 9: it is in the log and nowhere else/],
      [`update digests set sums = zeroblob(2048)`, /digest/],
      [`update digests set entities = 7`, /digest/],
      [`update accounts set used_bytes = 1`, /1 bytes are counted/],
    ];
    for (const [sql, words] of damages) {
      damage(dataDir, sql);
      const { code, output } = await run(dataDir, 'check');
      expect([sql, code]).toEqual([sql, 1]);
      expect(output).toMatch(words);
      expect(output).not.toMatch(/words words| {4}at /);
      for (const suffix of ['-wal', '-shm']) rmSync(databaseOf(dataDir) + suffix, { force: true });
      writeFileSync(databaseOf(dataDir), sound);
    }
    expect((await run(dataDir, 'check')).code).toBe(0);
  });

  test('says that a folder holds no database, or something else', async () => {
    const folder = newFolder();
    expect(await run(folder, 'check')).toMatchObject({ code: 2, output: expect.stringContaining('There is no database in') });
    expect(readdirSync(folder)).toEqual([]);
    writeFileSync(databaseOf(folder), 'a letter to my aunt, and no database at all, however long it is'.repeat(100));
    expect(await run(folder, 'check')).toMatchObject({ code: 1, output: expect.stringContaining('file is not a database') });
  });
});

describe('backup', () => {
  test('copies a running server while it takes pushes: whole, checked, for its owner alone', async () => {
    const { device, dataDir } = await createFolder();
    const file = join(newFolder(), 'copy.db');
    let pushing = true;
    const acknowledged: string[] = [];
    const pushes = (async () => {
      while (pushing) {
        const op = makeOp();
        const { json } = await device.push([op]);
        if (json.results[0]?.type === 'applied') acknowledged.push(op.opId);
      }
    })();
    while (acknowledged.length < 3) await new Promise((resolve) => setTimeout(resolve, 5));
    const before = [...acknowledged];
    const { code, output } = await run(dataDir, 'backup', file, '--database');
    expect(output).toContain('a checked copy');
    expect(code).toBe(0);
    const during = acknowledged.length - before.length;
    pushing = false;
    await pushes;
    expect(during).toBeGreaterThan(0);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(readdirSync(dirname(file))).toEqual(['copy.db']);

    const copy = new SqliteDatabase(file, { readonly: true });
    const held = new Set(copy.prepare<[], string>('select op_id from versions').pluck().all());
    copy.close();
    expect(before.filter((opId) => !held.has(opId))).toEqual([]);
    const folder = newFolder();
    copyFileSync(file, databaseOf(folder));
    const second = await startServer({ dataDir: folder });
    const again = await enterDevice(second.url, device.request);
    expect((await again.pull({ cursor: 0, limit: 2000 })).json.changes.length).toBeGreaterThanOrEqual(30);
  });

  test('two runs into one file at the same time: one good copy, nothing of theirs left behind, nothing else removed', async () => {
    const { dataDir } = await createFolder();
    const folder = newFolder();
    const file = join(folder, 'copy.db');
    writeFileSync(`${file}.partial`, 'precious');
    const runs = await Promise.all(Array.from({ length: 4 }, () => run(dataDir, 'backup', file, '--database')));
    expect(runs.map(({ code }) => code).sort()).toEqual([0, 1, 1, 1]);
    for (const { code, output } of runs) expect(output).toContain(code === 0 ? 'a checked copy' : 'is there already');
    expect(readdirSync(folder).sort()).toEqual(['copy.db', 'copy.db.partial']);
    expect(readFileSync(`${file}.partial`, 'utf8')).toBe('precious');
    const copied = new SqliteDatabase(file, { readonly: true });
    expect(copied.pragma('integrity_check', { simple: true })).toBe('ok');
    copied.close();
  });

  test('says so where the file is a folder, or its folder is missing, and makes nothing', async () => {
    const { dataDir } = await createFolder();
    const folder = newFolder();
    expect(await run(dataDir, 'backup', folder, '--database')).toEqual({
      code: 1,
      output: expect.stringContaining(`${folder} is a folder`),
    });
    expect(await run(dataDir, 'backup', join(folder, 'no', 'copy.db'), '--database')).toMatchObject({
      code: 1,
      output: expect.stringContaining(`There is no folder ${join(folder, 'no')}`),
    });
    expect(readdirSync(folder)).toEqual([]);
    expect(readdirSync(dirname(folder)).filter((name) => name.startsWith(`${basename(folder)}.`))).toEqual([]);
  });

  test('never overwrites a file, and leaves none where the database is damaged', async () => {
    const { server, dataDir } = await createFolder();
    const folder = newFolder();
    const taken = join(folder, 'taken.db');
    writeFileSync(taken, 'precious');
    expect(await run(dataDir, 'backup', taken, '--database')).toMatchObject({
      code: 1,
      output: expect.stringContaining('is there already'),
    });
    expect(readFileSync(taken, 'utf8')).toBe('precious');
    expect(await run(dataDir, 'backup', join(folder, 'no', 'such', 'copy.db'), '--database')).toMatchObject({
      code: 1,
      output: expect.not.stringContaining('    at '),
    });
    await server.stop();
    damage(dataDir, `update versions set body = 'x' where seq = 5`);
    expect(await run(dataDir, 'backup', join(folder, 'copy.db'), '--database')).toMatchObject({
      code: 1,
      output: expect.stringContaining('not sound'),
    });
    expect(readdirSync(folder)).toEqual(['taken.db']);
  });
});

describe('--restored', () => {
  const setPassword = (device: TestDevice, password: string) =>
    device.post(paths.password(device.accountId), {
      protocol: PROTOCOL,
      name: 'ada',
      authKey: hashText(password),
      wrappedKey: password,
    });
  const login = (url: string, password: string) =>
    postJson(url + paths.login, {
      protocol: PROTOCOL,
      name: 'ada',
      authKey: hashText(password),
      deviceId: newId(),
      deviceName: 'another',
    });

  /** A copy is made, then the phone is signed out and the password replaced; then the copy is put back. */
  async function restoreOlderCopy(beforeRestore: (dataDir: string) => void = () => undefined) {
    const { server, device, dataDir } = await createFolder();
    const { accountId, accountKey } = device.request;
    const phone = await enterDevice(server.url, { accountId, accountKey, deviceName: 'the phone' });
    await setPassword(device, 'old');
    const copy = join(newFolder(), 'copy.db');
    expect((await run(dataDir, 'backup', copy, '--database')).code).toBe(0);
    const late = await enterDevice(server.url, { accountId, accountKey, deviceName: 'later than the copy' });
    for (const { deviceId } of [phone, late]) await device.fetch(`/api/a/${accountId}/devices/${deviceId}`, { method: 'DELETE' });
    await setPassword(device, 'new');
    await server.stop();
    putBack(dataDir, copy);
    beforeRestore(dataDir);
    const { code, output } = await run(dataDir, '--restored');
    expect(code).toBe(0);
    await server.restart();
    return { server, device, phone, late, output };
  }

  test('refuses a folder without a database, and makes none', async () => {
    for (const folder of [newFolder(), join(newFolder(), 'mistyped')]) {
      const { code, output } = await run(folder, '--restored');
      expect(code).toBe(1);
      expect(output).toContain(`There is no database in ${folder}`);
      expect(existsSync(databaseOf(folder))).toBe(false);
    }
    const empty = newFolder();
    writeFileSync(databaseOf(empty), '');
    expect((await run(empty, '--restored')).code).toBe(1);
  });

  test('keeps signed-out devices out, and the newest password', async () => {
    const { server, phone, late, output } = await restoreOlderCopy();
    expect(output).toContain('Signed out again, though the copy let them in: 2 (devices). Newer passwords kept: 1.');
    expect(await phone.pull({ cursor: 0 })).toMatchObject({ status: 403, json: { type: 'revoked' } });
    expect((await postJson(server.url + paths.enter, late.request)).status).toBe(403);
    expect((await login(server.url, 'old')).status).toBe(403);
    expect((await login(server.url, 'new')).status).toBe(200);
  });

  test('without the record it says which devices can enter again', async () => {
    const { phone, output } = await restoreOlderCopy((dataDir) => rmSync(join(dataDir, 'holdfast-access.log')));
    expect(output).toContain('There is no record of sign-outs');
    expect(output).toContain('"the phone"');
    expect((await phone.pull({ cursor: 0 })).status).not.toBe(403);
  });

  test('reads what it can of a damaged record, and says that there was more', async () => {
    const { phone, output } = await restoreOlderCopy((dataDir) => {
      const record = join(dataDir, 'holdfast-access.log');
      const text = readFileSync(record, 'utf8');
      // One bit of the first line, which is the old password, and a last line that was cut off.
      writeFileSync(record, `${text.replace('"ada"', '"ade"')}\n1234567890abcdef {"type":"revo`);
    });
    expect(output).toContain('Lines of it that cannot be read: 2.');
    expect(output).toContain('Signed out again, though the copy let them in: 2 (devices).');
    expect(output).toContain('"laptop"');
    expect(await phone.pull({ cursor: 0 })).toMatchObject({ status: 403, json: { type: 'revoked' } });
  });

  test('thousands of accounts take one statement', async () => {
    const { server, device, dataDir } = await createFolder();
    await server.stop();
    damage(
      dataDir,
      `with recursive n(i) as (select 1 union all select i + 1 from n where i < 20000)
       insert into accounts (id, key_hash, epoch, seq, used_bytes, created_at)
       select printf('0190b4a0-7c00-7000-8000-%012x', i), 'k', '${newId()}', 0, 0, 0 from n`,
    );
    const raw = new SqliteDatabase(databaseOf(dataDir), { readonly: true });
    const before = raw.prepare('select epoch from accounts where id = ?').pluck().get(device.accountId);
    expect((await run(dataDir, '--restored')).output).toContain('Accounts with a new epoch: 20001.');
    const epochs = raw.prepare('select distinct epoch from accounts').pluck().all();
    raw.close();
    expect(epochs).toHaveLength(1);
    expect(epochs[0]).not.toBe(before);
  });
});

describe('a start', () => {
  test('with a file that is no database, a foreign one or a damaged one is refused in words, and leaves it as it was', async () => {
    const { server, dataDir } = await createFolder();
    await server.stop();
    const sound = readFileSync(databaseOf(dataDir));
    const holes = (from: number, to: number): Buffer => {
      const copy = Buffer.from(sound);
      copy.fill(0xa5, Math.floor(copy.length * from), Math.floor(copy.length * to));
      return copy;
    };
    const foreign = join(newFolder(), 'foreign.db');
    const other = new SqliteDatabase(foreign);
    other.exec('create table recipes (name text)');
    other.close();
    const files: readonly (readonly [Buffer, string])[] = [
      [Buffer.from('a letter to my aunt'.repeat(1000)), 'is not a database'],
      [readFileSync(foreign), 'was not made by Holdfast'],
      [holes(0.3, 0.6), 'is damaged'],
      [holes(0.9, 1), 'is damaged'],
      [sound.subarray(0, Math.floor(sound.length / 2)), 'is damaged'],
    ];
    for (const [bytes, words] of files) {
      const folder = newFolder();
      writeFileSync(databaseOf(folder), bytes);
      const { code, output } = await run(folder);
      expect([words, code]).toEqual([words, 1]);
      expect(output).toContain(words);
      expect(output).not.toMatch(/^ {4}at /m);
      expect(readFileSync(databaseOf(folder)).equals(bytes)).toBe(true);
    }
  });

  test('in a folder that cannot be one is refused in words', async () => {
    const file = join(newFolder(), 'file');
    writeFileSync(file, '');
    const { code, output } = await run(join(file, 'data'));
    expect(code).toBe(1);
    expect(output).toContain('cannot be written');
    expect(output).not.toMatch(/^ {4}at /m);
  });

  test('makes its files readable for their owner alone, also those of an older server', async () => {
    const { server, dataDir } = await createFolder();
    const modes = () => readdirSync(dataDir).map((name) => [name, statSync(join(dataDir, name)).mode & 0o077]);
    expect(modes().length).toBeGreaterThan(2);
    expect(modes().filter(([, mode]) => mode !== 0)).toEqual([]);
    await server.stop();
    const folder = newFolder();
    copyFileSync(databaseOf(dataDir), databaseOf(folder));
    const old = await startServer({ dataDir: folder });
    expect(statSync(databaseOf(old.dataDir)).mode & 0o077).toBe(0);
  });
});
