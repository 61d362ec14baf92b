/** `export`: an account on the disk as the app itself would have written it, and as the app reads it. */
import { randomBytes } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { zipSync } from 'fflate';
import { afterEach, expect, test, vi } from 'vitest';
import { blobReference } from '#core/blobs.ts';
import { encodeBody } from '#core/body.ts';
import { standInFor } from '#core/large-body.ts';
import { openWhole } from '#support/backup-file.ts';
import { hashOf } from '#support/blob-bytes.ts';
import { putBlob } from '#support/blob-requests.ts';
import { runServerCommand } from '#support/server-command.ts';
import { enterDevice, type TestDevice } from '#support/server-http.ts';
import { type ServerProcess, startServer } from '#support/server-process.ts';
import { makeOp, newId } from '#support/server-world.ts';

vi.setConfig({ testTimeout: 120_000 });
const running: ServerProcess[] = [];
afterEach(async () => {
  for (const server of running.splice(0)) await server.kill('SIGKILL');
});

const newFolder = (): string => mkdtempSync(join(tmpdir(), 'holdfast-export-'));
const STAMP = '0mgq0f0a0-0000-0badcafe';
const bodyOf = (text: string, more: { readonly binnedAt?: number } = {}): string =>
  encodeBody({ fields: { text, ...more }, stamps: { text: STAMP } });

/** An account with a note that has a picture, a binned one, a deleted one, a large one, and a kind that nobody knows. */
async function openAccount(server: ServerProcess) {
  const device = await enterDevice(server.url);
  const picture = randomBytes(5000);
  await putBlob(server.url, device, picture);
  const named = `![a leaf](${blobReference(hashOf(picture), 'png')})`;
  const large = bodyOf('words '.repeat(200_000));
  const largeHash = hashOf(Buffer.from(large));
  await putBlob(server.url, device, Buffer.from(large));
  const deleted = makeOp({ body: bodyOf('never seen again') });
  const ops = [
    makeOp({ body: bodyOf(named), blobs: [hashOf(picture)] }),
    makeOp({ body: bodyOf('in the bin', { binnedAt: 5 }) }),
    makeOp({ body: standInFor({ blob: largeHash, bytes: large.length }), blobs: [largeHash] }),
    makeOp({ kind: 'flashcard', v: 7, body: bodyOf('of tomorrow') }),
    makeOp({ kind: 'chat', body: '{"not":"a body"}' }),
  ];
  await device.push([...ops, deleted, makeOp({ id: deleted.id, base: deleted.opId, body: null })]);
  return { device, picture, named };
}

async function open() {
  const server = await startServer();
  running.push(server);
  const run = (...args: readonly string[]) => runServerCommand(args, { HOLDFAST_DATA_DIR: server.dataDir });
  return { server, run, ...(await openAccount(server)) };
}

const textsOf = (records: readonly { readonly fields: object }[]): readonly string[] =>
  records.flatMap(({ fields }) => ('text' in fields ? [String(fields.text).slice(0, 100)] : []));

async function expectAccount(folder: string, { accountId }: TestDevice, picture: Buffer, named: string) {
  const read = await openWhole(new Blob([readFileSync(join(folder, 'backup.json'))]));
  expect(read.faults).toEqual([]);
  expect(read.head).toMatchObject({
    account: accountId,
    secrets: false,
    files: 1,
    counts: { note: { live: 2, binned: 1 }, chat: { live: 1, binned: 0 }, flashcard: { live: 1, binned: 0 } },
  });
  expect(read.records.map(({ kind }) => kind)).toEqual(['chat', 'flashcard', 'note', 'note', 'note']);
  expect([...textsOf(read.records)].sort()).toEqual(
    [named, 'in the bin', 'of tomorrow', 'words '.repeat(200_000).slice(0, 100)].sort(),
  );
  expect(read.records.find(({ kind }) => kind === 'flashcard')).toMatchObject({ v: 7, stamps: { text: STAMP } });
  expect(read.records.find(({ kind }) => kind === 'chat')).toMatchObject({ raw: '{"not":"a body"}' });
  expect(readFileSync(join(folder, `files/${hashOf(picture)}.png`)).equals(picture)).toBe(true);
}

test('a running server gives an account as JSON and files, which the app reads, and as a ZIP of them too', async () => {
  const { server, run, device, picture, named } = await open();
  await openAccount(server);
  const folder = join(newFolder(), 'deep', 'of one');
  const { code, output } = await run('export', '--account', device.accountId, '--json', folder);
  expect([code, output]).toEqual([0, `${folder} has 5 entities and 1 pictures and files of account ${device.accountId}.\n`]);
  await expectAccount(folder, device, picture, named);
  expect(readdirSync(folder).sort()).toEqual(['backup.json', 'files']);
  expect(statSync(join(folder, 'backup.json')).mode & 0o777).toBe(0o600);
  const zip = zipSync({
    'mine/backup.json': readFileSync(join(folder, 'backup.json')),
    [`mine/files/${hashOf(picture)}.png`]: picture,
  });
  const read = await openWhole(new Blob([zip as Uint8Array<ArrayBuffer>]));
  expect([read.faults, read.records.length, Object.keys(read.files)]).toEqual([[], 5, [hashOf(picture)]]);
});

test('--all gives each account a folder of its own', async () => {
  const { server, run, ...first } = await open();
  const second = await openAccount(server);
  const folder = newFolder();
  expect((await run('export', '--all', '--json', folder)).code).toBe(0);
  for (const { device, picture, named } of [first, second])
    await expectAccount(join(folder, device.accountId), device, picture, named);
  expect(readdirSync(folder)).toHaveLength(2);
});

test('a kind whose name means something to JavaScript is counted like any other', async () => {
  const server = await startServer();
  running.push(server);
  const device = await enterDevice(server.url);
  await device.push([makeOp({ kind: 'constructor', body: bodyOf('words') })]);
  const folder = newFolder();
  const args = ['export', '--account', device.accountId, '--json', folder];
  expect((await runServerCommand(args, { HOLDFAST_DATA_DIR: server.dataDir })).code).toBe(0);
  const read = await openWhole(new Blob([readFileSync(join(folder, 'backup.json'))]));
  expect([read.faults, read.records.length]).toEqual([[], 1]);
  expect(Object.entries(read.head?.counts ?? {})).toEqual([['constructor', { live: 1, binned: 0 }]]);
});

test('a file that is named with two endings is there under both', async () => {
  const { run, device, picture } = await open();
  const hash = hashOf(picture);
  await device.push([
    makeOp({ body: bodyOf(`![](${blobReference(hash, 'jpg')}) ![](${blobReference(hash, '')})`), blobs: [hash] }),
  ]);
  const folder = join(newFolder(), 'out');
  expect((await run('export', '--account', device.accountId, '--json', folder)).code).toBe(0);
  expect(readdirSync(join(folder, 'files')).sort()).toEqual([hash, `${hash}.jpg`, `${hash}.png`].sort());
  const packed = zipSync({
    'backup.json': new Uint8Array(readFileSync(join(folder, 'backup.json'))),
    ...Object.fromEntries(['.png', '.jpg', ''].map((end) => [`files/${hash}${end}`, new Uint8Array(picture)])),
  });
  expect((await openWhole(new Blob([packed]))).faults).toEqual([]);
});

test('what is lost on the server is named, and the rest is there', async () => {
  const { server, run, device, picture } = await open();
  writeFileSync(join(server.dataDir, 'blobs', device.accountId, hashOf(picture).slice(0, 2), hashOf(picture)), 'x');
  const folder = newFolder();
  const { code, output } = await run('export', '--account', device.accountId, '--json', folder);
  expect([code, output]).toEqual([1, expect.stringContaining(`files/${hashOf(picture)}.png: it is damaged or missing`)]);
  const read = await openWhole(new Blob([readFileSync(join(folder, 'backup.json'))]));
  expect([read.faults, read.records.length, read.head?.files]).toEqual([[], 5, 0]);
});

test('an account that is not there, a folder with something in it, and bad arguments are refused in words', async () => {
  const { run, device } = await open();
  const folder = newFolder();
  const id = newId();
  expect(await run('export', '--account', id, '--json', join(folder, 'none'))).toEqual({
    code: 1,
    output: `There is no account ${id} here.\n`,
  });
  expect(existsSync(join(folder, 'none'))).toBe(false);
  writeFileSync(join(folder, 'letter.txt'), 'dear aunt');
  const taken = await run('export', '--account', device.accountId, '--json', folder);
  expect(taken).toMatchObject({ code: 1, output: expect.stringContaining('is not empty') });
  expect(readdirSync(folder)).toEqual(['letter.txt']);
  const bad = await run('export', '--account', '../../etc', '--json', folder);
  expect(bad).toMatchObject({
    code: 2,
    output: expect.stringContaining('is not the id of an account. See --help.'),
  });
});
