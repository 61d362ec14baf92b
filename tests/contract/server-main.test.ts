import { once } from 'node:events';
import { mkdtempSync, statSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { hashText } from '#core/hash.ts';
import { paths } from '#core/paths.ts';
import { PROTOCOL } from '#core/protocol-parts.ts';
import { readConfig, settings } from '#server/config.ts';
import { runServerCommand } from '#support/server-command.ts';
import { enterDevice, postJson } from '#support/server-http.ts';
import { type ServerOptions, type ServerProcess, startServer as startProcess } from '#support/server-process.ts';
import { expectErr, expectOk, makeEnter, makeOp, newId } from '#support/server-world.ts';

const running: ServerProcess[] = [];
afterEach(async () => {
  for (const server of running.splice(0)) await server.kill('SIGKILL');
});

async function startServer(options: ServerOptions = {}): Promise<ServerProcess> {
  const server = await startProcess(options);
  running.push(server);
  return server;
}

const newFolder = (): string => mkdtempSync(join(tmpdir(), 'holdfast-main-'));

test('--help names every setting', async () => {
  const { code, output } = await runServerCommand(['--help']);
  expect(code).toBe(0);
  for (const { name } of settings) expect(output).toContain(name);
});

test('an unknown argument, and every wrong setting at once, are explained', async () => {
  expect(await runServerCommand(['--halp'])).toMatchObject({ code: 2, output: expect.stringContaining('--halp') });
  const env = {
    HOLDFAST_PORT: '99999',
    HOLDFAST_REGISTRATION: 'maybe',
    HOLDFAST_QUOTA_BYTES: 'lots',
    HOLDFAST_DATA_DIR: newFolder(),
  };
  const { code, output } = await runServerCommand([], env);
  expect(code).toBe(1);
  for (const part of ['HOLDFAST_PORT', '65535', 'HOLDFAST_REGISTRATION', 'open, code, closed', 'HOLDFAST_QUOTA_BYTES', 'lots']) {
    expect(output).toContain(part);
  }
  expect(output).not.toContain('    at ');
});

test('a port that is taken is said in a sentence', async () => {
  const taken = createServer().listen(0, '127.0.0.1');
  await once(taken, 'listening');
  const address = taken.address();
  const port = String(typeof address === 'object' && address ? address.port : 0);
  const { code, output } = await runServerCommand([], { HOLDFAST_PORT: port, HOLDFAST_DATA_DIR: newFolder() });
  expect(code).toBe(1);
  expect(output).toContain(`Cannot listen on 127.0.0.1:${port}`);
  expect(output).not.toContain('    at ');
  taken.close();
});

test('it says where it is ready and with what, creates its folder for itself alone, and ends in peace', async () => {
  const dataDir = join(newFolder(), 'deep', 'data');
  const server = await startServer({ dataDir });
  expect(server.logs()).toContain(`Holdfast is ready at http://localhost:${server.port}\n`);
  for (const part of [dataDir, 'open', '/metrics']) expect(server.logs()).toContain(part);
  expect(server.logs()).not.toContain('sync only over https');
  expect(statSync(dataDir).mode & 0o777).toBe(0o700);
  const { pid } = server;
  expect(pid).toBeDefined();
  const start = performance.now();
  await server.stop();
  expect(performance.now() - start).toBeLessThan(10_000);
  expect(server.logs()).toContain('"signal":"SIGTERM"');
});

test('beyond loopback it asks for a registration code, which it prints, and says that other machines need https', async () => {
  const server = await startServer({ env: { HOLDFAST_HOST: '0.0.0.0', HOLDFAST_ALLOWED_HOSTS: 'notes.example' } });
  expect(server.logs()).toContain('notes.example');
  expect(server.logs()).toContain('sync only over https');
  const code = /with the code (\S+)/.exec(server.logs())?.[1];
  expect(code).toMatch(/^[0-9a-z]{12}$/);
  expect(await postJson(server.url + paths.enter, makeEnter())).toMatchObject({ status: 403, json: { type: 'code-required' } });
  expect((await postJson(server.url + paths.enter, makeEnter({ code: code ?? '' }))).status).toBe(200);
});

test('--restored gives each account a new epoch, and devices are asked to reconcile', async () => {
  const server = await startServer();
  const device = await enterDevice(server.url);
  const { epoch, seen } = (await device.push([makeOp()])).json;
  await server.stop();
  expect(await runServerCommand(['--restored'], { HOLDFAST_DATA_DIR: server.dataDir })).toMatchObject({ code: 0 });
  await server.restart();
  expect(await device.pull({ cursor: 1, epoch, seen })).toMatchObject({
    status: 409,
    json: { type: 'reconcile', reason: 'epoch' },
  });
});

test('logs are JSON lines, and hold no key, password, cookie, account or content, whatever happens', async () => {
  const server = await startServer({ env: { HOLDFAST_LOG_LEVEL: 'trace' } });
  const device = await enterDevice(server.url, { deviceName: 'the name of a device' });
  const op = makeOp({ body: 'what a person wrote' });
  const authKey = hashText('the password');
  await device.push([op, { ...op, opId: newId(), hash: 'wrong' }]);
  await device.pull();
  await device.post(paths.password(device.accountId), {
    protocol: PROTOCOL,
    name: 'ada lovelace',
    authKey,
    wrappedKey: 'wrapped-key',
  });
  await postJson(server.url + paths.login, {
    protocol: PROTOCOL,
    name: 'ada lovelace',
    authKey,
    deviceId: newId(),
    deviceName: '',
  });
  await device.fetch(`/api/a/${device.accountId}/${device.cookie}`);
  await device.fetch(paths.push(device.accountId), {
    method: 'POST',
    body: '{"broken',
    headers: { 'content-type': 'application/json' },
  });
  await server.stop();
  const lines = server
    .logs()
    .split('\n')
    .filter((line) => line.startsWith('{'));
  expect(lines.length).toBeGreaterThan(6);
  expect(lines.map((line) => JSON.parse(line) as object)).toContainEqual(
    expect.objectContaining({ method: 'POST', route: '/api/a/:accountId/push', status: 200 }),
  );
  const { accountKey } = device.request;
  const secrets = [
    accountKey,
    device.cookie.split('=')[1] ?? '',
    authKey,
    'wrapped-key',
    'a person',
    'ada lovelace',
    'name of a device',
    device.accountId,
  ];
  for (const secret of secrets) expect(server.logs()).not.toContain(secret);
});

test('the settings become what they say, and their defaults what the help says', () => {
  const initial = expectOk(readConfig({}, () => 'unused'));
  expect(initial).toMatchObject({
    port: 8787,
    host: '127.0.0.1',
    trustProxy: false,
    metrics: true,
    maxDatabaseBytes: null,
    allowedHosts: [],
  });
  expect(initial.limits.registration).toEqual({ mode: 'open' });
  const open = expectOk(
    readConfig(
      { HOLDFAST_HOST: 'notes.example', HOLDFAST_ALLOWED_HOSTS: ' A.example, b.example ,', HOLDFAST_METRICS: 'yes' },
      () => 'minted',
    ),
  );
  expect(open).toMatchObject({ allowedHosts: ['a.example', 'b.example', 'notes.example'], metrics: true });
  expect(open.limits.registration).toEqual({ mode: 'code', code: 'minted' });
  const told = expectOk(
    readConfig(
      { HOLDFAST_REGISTRATION: 'code', HOLDFAST_REGISTRATION_CODE: 'told', HOLDFAST_MAX_DATABASE_BYTES: '5000' },
      () => 'minted',
    ),
  );
  expect(told).toMatchObject({ limits: { registration: { mode: 'code', code: 'told' } }, maxDatabaseBytes: 5000 });
  for (const opened of [{ HOLDFAST_TRUST_PROXY: 'yes' }, { HOLDFAST_ALLOWED_HOSTS: 'notes.example' }, { HOLDFAST_HOST: '::' }]) {
    const config = expectOk(readConfig(opened, () => 'minted'));
    expect([config.limits.registration.mode, config.metrics]).toEqual(['code', false]);
  }
  expect(expectErr(readConfig({ HOLDFAST_REGISTRATION_CODE: 'x' }, () => ''))).toEqual([
    expect.stringContaining('HOLDFAST_REGISTRATION is open'),
  ]);
});

test('an S3-compatible store is set whole or not at all, and no sentence about it holds the secret', () => {
  const whole = {
    HOLDFAST_S3_ENDPOINT: 'https://s3.example.org',
    HOLDFAST_S3_BUCKET: 'bucket',
    HOLDFAST_S3_KEY_ID: 'key',
    HOLDFAST_S3_SECRET: 'not to be said',
  };
  const read = (env: Readonly<Record<string, string>>) => readConfig(env, () => '');
  expect(expectOk(read({})).s3).toBeNull();
  expect(expectOk(read({ ...whole, HOLDFAST_S3_PREFIX: 'a/b' })).s3).toEqual({
    endpoint: 'https://s3.example.org',
    bucket: 'bucket',
    region: 'us-east-1',
    accessKeyId: 'key',
    secretAccessKey: 'not to be said',
    prefix: 'a/b/',
  });
  const wrong: readonly (readonly [Readonly<Record<string, string>>, RegExp])[] = [
    ...Object.keys(whole).map((name) => [{ ...whole, [name]: '' }, new RegExp(`is set, but not ${name}`)] as const),
    [{ HOLDFAST_S3_PREFIX: 'a' }, /HOLDFAST_S3_ENDPOINT is not/],
    ...['s3.example.org', 'ftp://s3.example.org', 'https://key:secret@s3.example.org', 'https://s3.example.org/?x=1'].map(
      (endpoint) => [{ ...whole, HOLDFAST_S3_ENDPOINT: endpoint }, /must be an address/] as const,
    ),
    [{ ...whole, HOLDFAST_S3_BUCKET: 'a/b' }, /must be the name of a bucket/],
    ...['/a', 'a//b', '../a', 'a?b', 'a b', 'a+b'].map(
      (prefix) => [{ ...whole, HOLDFAST_S3_PREFIX: prefix }, /HOLDFAST_S3_PREFIX may hold/] as const,
    ),
    [{ ...whole, HOLDFAST_MAX_BLOB_BYTES: '5000000001' }, /from 0 to 5000000000/],
  ];
  for (const [env, words] of wrong) {
    const problems = expectErr(read(env)).join('\n');
    expect(problems).toMatch(words);
    expect(problems).not.toContain('not to be said');
    expect(problems).not.toContain('key:secret');
  }
});
