/** API keys that come with an encrypted backup: into another browser, shown, asked about, sealed there, and taken back. */
import { expect, test } from 'vitest';
import { Failure } from '#backup/kept/failure.ts';
import { openBackup } from '#backup/kept/open-backup.ts';
import { openSecrets } from '#backup/out/open-secrets.ts';
import { writeBackup } from '#backup/out/write-backup.ts';
import { bringFile } from '#backup/restore/bring-file.ts';
import { type BoxKey, sealSecrets } from '#backup/restore/brought-secrets.ts';
import { readFields } from '#core/entity.ts';
import { err, ok } from '#core/result.ts';
import { makeBoxKey, openSecret, sealSecret } from '#crypto/secret-box.ts';
import { ledger } from '#entities/index.ts';
import { PROVIDER_SECRET_ID, secret } from '#entities/secret.ts';
import { keepBroughtKeys } from '#store/restore/brought-keys.ts';
import type { StoreContext } from '#store/schema/context.ts';
import { collectBytes } from '#support/backup-content.ts';
import { bringPorts } from '#support/bring-ports.ts';
import { filesHere } from '#support/markdown-folder.ts';
import { textsIn } from '#support/memory-place.ts';
import { must } from '#support/memory-workspace.ts';
import { MERGE, openRestoresWorld, type RestoresWorld } from '#support/restores-world.ts';
import { keepKeys } from '#workers/brought-keys.ts';

const ORIGIN = 'https://models.example';
const CANARY = 'sk-canary-9b1f';
const passphrase = 'six words';

/** A browser with a box key of its own. */
async function openBrowser() {
  const key = await makeBoxKey();
  const boxKey: BoxKey = async () => ok(key);
  const world = await openRestoresWorld({ boxKey });
  const setKey = async (text: string, origin = ORIGIN) =>
    world.save('secret', PROVIDER_SECRET_ID, { origin, box: await sealSecret(key, text, origin) });
  /** The key that is used for an origin; null where none is set. */
  const keyFor = async (origin: string) => {
    const { box } = readFields(secret, must(await world.store.get('secret', PROVIDER_SECRET_ID))?.fields ?? {});
    return box === '' ? null : openSecret(key, box, origin);
  };
  return { ...world, boxKey, setKey, keyFor };
}
type Browser = Awaited<ReturnType<typeof openBrowser>>;

async function download({ kept, backUp, place, rows, boxKey }: Browser): Promise<File> {
  const manifest = await kept.find(must(await backUp('asked')).id);
  const { sink, blob } = collectBytes();
  const lines = () => openBackup(place, manifest).lines();
  const source = { manifest, lines, files: filesHere(), ledger, secrets: () => openSecrets(rows, boxKey) };
  await writeBackup(source, sink, { choice: { form: 'json', passphrase, secrets: true }, step: () => {}, workFactor: 4 });
  return new File([blob()], 'backup.json.age');
}

/** Gives the id of the backup. */
async function bring(browser: Browser, file: File, context: Pick<StoreContext, 'kv'> = browser.context): Promise<string> {
  const { kept, boxKey } = browser;
  const brought = await bringFile(
    file,
    { passphrase },
    {
      ...bringPorts(browser),
      keepSecrets: async (backup, secrets) => keepKeys(context, kept, backup, await sealSecrets(secrets, boxKey)),
    },
  );
  if (brought.type !== 'brought') throw new Error(JSON.stringify(brought));
  return brought.backup.id;
}

/** All that the browser has written, as text. */
async function dump({ context, place }: RestoresWorld): Promise<string> {
  const tables = await Promise.all(
    (['meta', 'entities', 'outbox', 'history'] as const).map((table) =>
      context.kv.read({ rows: { list: table, limit: 10_000 } }),
    ),
  );
  return [JSON.stringify(tables), ...(await textsIn(place))].join('\n');
}

/** The backups whose keys are kept. */
async function keysOf({ context }: RestoresWorld): Promise<string[]> {
  const { rows } = must(
    await context.kv.read({ rows: { list: 'meta', lower: 'brought-keys/', upper: 'brought-keys/~', limit: 9 } }),
  );
  return rows.map(({ key }) => key.slice('brought-keys/'.length));
}

async function openPair() {
  const [first, second] = [await openBrowser(), await openBrowser()];
  await first.writeNotes(20);
  await first.setKey(CANARY);
  return { first, second, file: await download(first) };
}

test('a key goes into another browser, is sealed there, and goes again when that is undone', async () => {
  const { second, file } = await openPair();
  const id = await bring(second, file);
  expect(await second.plan(id, MERGE)).toMatchObject({
    keys: [{ id: PROVIDER_SECRET_ID, origin: ORIGIN, type: 'added', originHere: null }],
  });
  expect(await second.keyFor(ORIGIN)).toBeNull();
  const { id: restore } = must(await second.restore(id, { ...MERGE, secrets: true }));
  expect(await second.keyFor(ORIGIN)).toEqual(ok(CANARY));
  expect((await second.plan(id, MERGE)).keys).toMatchObject([{ type: 'same' }]);
  // Nowhere is it written as text, nor does it wait to be sent.
  const written = await dump(second);
  expect(written).not.toContain(CANARY);
  const { rows } = must(await second.context.kv.read({ rows: { list: 'outbox', limit: 1000 } }));
  expect(rows.length).toBeGreaterThanOrEqual(20);
  expect(JSON.stringify(rows)).not.toContain('secret');
  await second.undo(restore);
  expect(await second.keyFor(ORIGIN)).toBeNull();
});

test('the key that is here stays unless the person wants the other', async () => {
  const { second, file } = await openPair();
  await second.setKey('sk-mine', 'https://other.example');
  const id = await bring(second, file);
  expect((await second.plan(id, MERGE)).keys).toMatchObject([{ type: 'replaced', originHere: 'https://other.example' }]);
  must(await second.restore(id, MERGE));
  expect(await second.keyFor('https://other.example')).toEqual(ok('sk-mine'));
  const { id: restore } = must(await second.restore(id, { ...MERGE, secrets: true }));
  expect(await second.keyFor(ORIGIN)).toEqual(ok(CANARY));
  await second.undo(restore);
  expect(await second.keyFor('https://other.example')).toEqual(ok('sk-mine'));
});

test('the same key a second time, and a restore of one note alone, write none', async () => {
  const { first, second, file } = await openPair();
  const own = await bring(first, file);
  expect((await first.plan(own, MERGE)).keys).toMatchObject([{ type: 'same' }]);
  expect(must(await first.restore(own, { ...MERGE, secrets: true }))).toMatchObject({ changed: 0 });
  const id = await bring(second, file);
  const [note] = (await second.plan(id, MERGE)).entities;
  if (!note) throw new Error('no note');
  const alone = { ...MERGE, secrets: true, only: [note.kind, note.id] } as const;
  expect(must(await second.restore(id, alone))).toMatchObject({ changed: 1 });
  expect(await second.keyFor(ORIGIN)).toBeNull();
});

test('a restore that was interrupted before its keys goes on with them', async () => {
  const { second, file } = await openPair();
  const id = await bring(second, file);
  const begun = await second.restoreUntil(14, id, { ...MERGE, secrets: true });
  expect(await second.keyFor(ORIGIN)).toBeNull();
  expect(await second.resume(begun)).toMatchObject({ state: 'applied', changed: 21 });
  expect(await second.keyFor(ORIGIN)).toEqual(ok(CANARY));
});

test('sealed keys go with the backup that they came with', async () => {
  const { first, second, file } = await openPair();
  const { kept } = second;
  const id = await bring(second, file);
  await first.writeNotes(1);
  const other = await bring(second, await download(first));
  expect((await keysOf(second)).sort()).toEqual([id, other].sort());
  await kept.remove(id);
  expect(await keysOf(second)).toEqual([other]);
  await kept.remove(other);
  expect(await keysOf(second)).toEqual([]);
});

test('sealed keys go when their backup has had its time, with the next one that is made', async () => {
  const { second, file } = await openPair();
  await bring(second, file);
  second.time.ms += 15 * 24 * 3_600_000;
  must(await second.backUp());
  expect(await keysOf(second)).toEqual([]);
});

test('two tabs that bring files at once both keep their keys', async () => {
  const { first, second, file } = await openPair();
  await first.writeNotes(1);
  const other = await download(first);
  const { promise: isHeld, resolve: hold } = Promise.withResolvers<void>();
  const { promise: goesOn, resolve: goOn } = Promise.withResolvers<void>();
  const { kv } = second.context;
  // The first tab has looked which backups there are, and is slow to write.
  const transact: typeof kv.transact = async (...given) => {
    hold();
    await goesOn;
    return kv.transact(...given);
  };
  const slow = bring(second, file, { kv: { ...kv, transact } });
  await isHeld;
  const quick = bring(second, other);
  await Promise.race([quick, new Promise((resolve) => setTimeout(resolve, 500))]);
  goOn();
  const ids = await Promise.all([slow, quick]);
  expect((await keysOf(second)).sort()).toEqual([...ids].sort());
});

test('a backup whose keys could not be kept is not listed', async () => {
  const { second, file } = await openPair();
  const { kv } = second.context;
  const transact: typeof kv.transact = async () => err({ type: 'QuotaExceeded' });
  await expect(bring(second, file, { kv: { ...kv, transact } })).rejects.toThrow();
  expect((await second.kept.list()).backups).toEqual([]);
});

test('the same backup brought without its keys takes none away', async () => {
  const { first, second, file } = await openPair();
  const id = await bring(second, file);
  const manifest = await first.kept.find((await first.kept.list()).backups[0]?.id ?? '');
  const { sink, blob } = collectBytes();
  const source = { manifest, lines: () => openBackup(first.place, manifest).lines(), files: filesHere(), ledger };
  await writeBackup({ ...source, secrets: async () => ({ secrets: [], unreadable: 0 }) }, sink, {
    ...{ choice: { form: 'json' }, step: () => {}, workFactor: 4 },
  });
  expect(await bring(second, new File([blob()], 'backup.json'))).toBe(id);
  expect(await keysOf(second)).toEqual([id]);
});

test('a key that was set since a restore stays whole, with its address, when that is undone', async () => {
  const { second, file } = await openPair();
  await second.setKey('sk-mine', 'https://other.example');
  const id = await bring(second, file);
  const { id: restore } = must(await second.restore(id, { ...MERGE, secrets: true }));
  await second.setKey('sk-new');
  expect(await second.undo(restore)).toMatchObject({ keptEdited: 1 });
  expect(await openSecrets(second.rows, second.boxKey)).toMatchObject({ secrets: [{ origin: ORIGIN, key: 'sk-new' }] });
});

test('a backup that is brought a second time stays as long as a restore from it needs it', async () => {
  const { second, file } = await openPair();
  const id = await bring(second, file);
  const find = async () => (await second.kept.list()).backups.find((one) => one.id === id);
  expect((await find())?.keptUntil).toBeGreaterThan(second.time.ms);
  must(await second.restore(id, MERGE));
  expect(await find()).toMatchObject({ isPinned: true, keptUntil: null });
  expect(await bring(second, file)).toBe(id);
  expect(await find()).toMatchObject({ isPinned: true, keptUntil: null });
});

test('a restore that could not begin leaves what was brought to be removed in its time', async () => {
  const { second, file } = await openPair();
  const id = await bring(second, file);
  second.place.before = (call) => {
    if (call.endsWith('.json.gz') && call.startsWith('write')) throw new Failure({ type: 'QuotaExceeded' });
  };
  expect(await second.restore(id, MERGE)).toMatchObject({ ok: false });
  second.place.before = () => {};
  second.time.ms += 15 * 24 * 3_600_000;
  must(await second.backUp());
  expect((await second.kept.list()).backups.some((one) => one.id === id)).toBe(false);
});

test('a restore that was interrupted as it began keeps its backup for as long as it may go on', async () => {
  const { second, file } = await openPair();
  const id = await bring(second, file);
  await second.restoreUntil(7, id, MERGE);
  second.time.ms += 40 * 24 * 3_600_000;
  must(await second.backUp());
  expect((await second.kept.list()).backups.some((one) => one.id === id)).toBe(true);
});

test('a sealed key that this browser can no longer open is not offered, and takes the place of none', async () => {
  const { second, file } = await openPair();
  await second.setKey('sk-mine');
  const id = await bring(second, file);
  const keys = [{ id: PROVIDER_SECRET_ID, origin: ORIGIN, box: await sealSecret(await makeBoxKey(), CANARY, ORIGIN) }];
  must(await keepBroughtKeys(second.context, id, keys, [id]));
  expect((await second.plan(id, MERGE)).keys).toEqual([]);
  must(await second.restore(id, { ...MERGE, secrets: true }));
  expect(await second.keyFor(ORIGIN)).toEqual(ok('sk-mine'));
});
