/** No secret leaves with a backup: canaries in every field that may hold one, looked for in every form of file. */
import { beforeAll, expect, test } from 'vitest';
import { recordLine } from '#backup/format/record.ts';
import { secretRecord, withSecrets } from '#backup/format/secret-record.ts';
import type { Manifest, PartEntry } from '#backup/kept/manifest.ts';
import { openBackup } from '#backup/kept/open-backup.ts';
import { partPath, readTexts } from '#backup/kept/parts.ts';
import { createPartWriter, writeWhole } from '#backup/kept/write-backup.ts';
import { openSecrets } from '#backup/out/open-secrets.ts';
import { writeBackup } from '#backup/out/write-backup.ts';
import type { BackupForm, DownloadChoice } from '#core/backups.ts';
import type { EntityDeclaration, Fields } from '#core/entity.ts';
import { mintId } from '#core/ids.ts';
import { ok } from '#core/result.ts';
import { makeBoxKey, sealSecret } from '#crypto/secret-box.ts';
import { ledger } from '#entities/index.ts';
import { PROVIDER_SECRET_ID } from '#entities/secret.ts';
import { systemRandom } from '#platform/system.ts';
import { unzip } from '#support/archive.ts';
import { collectBytes } from '#support/backup-content.ts';
import { openWhole } from '#support/backup-file.ts';
import { openBackupWorld } from '#support/backup-world.ts';
import { filesHere } from '#support/markdown-folder.ts';
import { textsIn } from '#support/memory-place.ts';
import { must } from '#support/memory-workspace.ts';

const CANARY = 'canary-7f3e91c2-never-to-be-seen';
/** An API key of this browser, which can open it. */
const KEY = 'sk-canary-41aa97d0';
const ORIGIN = 'https://models.example';
const PLAIN = 'plain-2b9d40aa-to-be-seen';

/** Every text of a sample as the canary, or the plain word, and one that another version has added. */
function canaries({ scope, fields, sample }: EntityDeclaration): Fields {
  const isSecret = (field: string): boolean => scope === 'private' || fields[field]?.secret === true;
  const texts = Object.entries(sample()).map(([field, value]) => [
    field,
    typeof value !== 'string' || (fields[field] && !fields[field].check(CANARY)) ? value : isSecret(field) ? CANARY : value,
  ]);
  const hasSecret = scope === 'private' || Object.values(fields).some(({ secret }) => secret);
  return { ...Object.fromEntries(texts), ...(hasSecret && { addedByAnother: CANARY }) };
}

let fileOf: (choice: DownloadChoice) => Promise<Blob>;
let keptTexts: () => Promise<readonly string[]>;
let accountKey: string;

beforeAll(async () => {
  const world = await openBackupWorld();
  accountKey = world.row.accountKey;
  for (const declaration of ledger.values()) {
    const patch = canaries(declaration);
    const id = mintId(Date.now(), systemRandom);
    must(
      await world.store.save({
        kind: declaration.kind,
        id,
        patch,
        base: {},
        baseSeq: 0,
        saveId: mintId(Date.now(), systemRandom),
      }),
    );
  }
  await world.save('device-settings', world.row.deviceId, {
    endpoint: `https://ann:${CANARY}@models.example/v1?api-version=1&api_key=${CANARY}`,
  });
  await world.save('note', mintId(Date.now(), systemRandom), { title: PLAIN });
  const boxKey = await makeBoxKey();
  await world.save('secret', PROVIDER_SECRET_ID, { origin: ORIGIN, box: await sealSecret(boxKey, KEY, ORIGIN) });
  const { id } = must(await world.backUp());
  const manifest = await world.kept.find(id);
  const secrets = () => openSecrets(world.rows, async () => ok(boxKey));
  fileOf = async (choice) => {
    const { sink, blob } = collectBytes();
    const lines = () => openBackup(world.place, manifest).lines();
    const source = { manifest, lines, files: filesHere(), ledger, secrets };
    await writeBackup(source, sink, { choice, step: () => {}, workFactor: 4 });
    return blob();
  };
  keptTexts = () => textsIn(world.place);
});

const textOf = async (form: BackupForm, more: Partial<DownloadChoice> = {}): Promise<string> => {
  const bytes = new Uint8Array(await (await fileOf({ form, ...more })).arrayBuffer());
  const files = form === 'zip' || form === 'markdown' ? [...unzip(bytes)] : [['', bytes] as const];
  return files.map(([path, file]) => `${path}\n${new TextDecoder().decode(file)}`).join('\n');
};

test('the canaries are there to be found', () => {
  const secret = [...ledger.values()].filter((one) => JSON.stringify(canaries(one)).includes(CANARY));
  expect(secret.map(({ kind }) => kind)).toContain('secret');
});

test.each(['json', 'yaml', 'zip', 'markdown'] as const)('%s has everything else, and none of them', async (form) => {
  // Also where they were asked for: nothing is encrypted.
  for (const more of [{}, { secrets: true }]) {
    const text = await textOf(form, more);
    expect(text).toContain(PLAIN);
    expect(text).not.toContain(CANARY);
    expect(text).not.toContain(KEY);
    expect(accountKey.length).toBeGreaterThan(20);
    expect(text).not.toContain(accountKey);
  }
});

test('a kept backup, which a folder and the server get a copy of, has none of them', async () => {
  const texts = await keptTexts();
  expect(texts.some((text) => text.includes(PLAIN))).toBe(true);
  for (const canary of [CANARY, KEY, accountKey]) expect(texts.filter((text) => text.includes(canary))).toEqual([]);
});

test.each(['json', 'yaml', 'zip'] as const)('behind a passphrase, %s has the API key if it was asked for', async (form) => {
  const passphrase = 'six words';
  const asked = await fileOf({ form, passphrase, secrets: true });
  expect(await asked.text()).not.toContain(KEY);
  const opened = await openWhole(asked, { passphrase });
  expect(opened.faults).toEqual([]);
  expect(opened.head).toMatchObject({ secrets: true, counts: { secret: { live: 1, binned: 0 } } });
  expect(opened.records.filter(({ kind }) => kind === 'secret')).toEqual([
    { kind: 'secret', id: PROVIDER_SECRET_ID, v: 1, fields: { origin: ORIGIN, key: KEY }, stamps: {} },
  ]);
  // Sealed by a key of another browser, nobody can open it.
  expect(JSON.stringify(opened.records)).not.toContain(CANARY);

  const other = await openWhole(await fileOf({ form, passphrase }), { passphrase });
  expect(other.head).toMatchObject({ secrets: false });
  expect(JSON.stringify(other)).toContain(PLAIN);
  for (const canary of [CANARY, KEY, 'sk-canary']) expect(JSON.stringify(other)).not.toContain(canary);
});

test('the lines around API keys are not looked into, however many there are', async () => {
  const secrets = ['b', 'a'].map((id) => ({ id, origin: ORIGIN, key: KEY }));
  const mine = ['a', 'b'].map((id) => recordLine(secretRecord({ id, origin: ORIGIN, key: KEY })));
  const linesOf = async (lines: readonly string[]): Promise<readonly string[]> => {
    const counts = { note: { live: 1, binned: 1 }, settings: { live: lines.length - 2, binned: 0 } };
    const given = async function* () {
      yield* lines;
    };
    const all: string[] = [];
    for await (const line of withSecrets(given(), secrets, counts)) all.push(line);
    return all;
  };
  expect(await linesOf(['no JSON', 'nor this', 'behind'])).toEqual(['no JSON', 'nor this', ...mine, 'behind']);
  expect(await linesOf(['no JSON', 'nor this'])).toEqual(['no JSON', 'nor this', ...mine]);
});

test('a key that an earlier version has put into a backup is in none that is made after it, and nothing gives it back', async () => {
  const [address, whole] = ['https://models.example/v1', `https://ann:${CANARY}@models.example/v1?api_key=${CANARY}`];
  const world = await openBackupWorld();
  await world.save('device-settings', world.row.deviceId, { endpoint: whole });
  // A part ends by chance with one note in 64: of so many there is one between the first and the last.
  await world.writeNotes(1200);
  const made = await world.kept.find(must(await world.backUp()).id);
  const textsIn = async (part: PartEntry) => must(await readTexts(await world.place.read(partPath(part.hash)), part));
  const textsOf = async ({ parts }: Manifest): Promise<string> => JSON.stringify(await Promise.all(parts.map(textsIn)));
  // As an earlier version wrote it.
  const [begin, ...others] = made.parts;
  if (!begin) throw new Error('nothing is there');
  const { hash: _, bytes: __, ...content } = begin;
  const text = new TextEncoder().encode((await textsIn(begin)).map((line) => `${line.replace(address, whole)}\n`).join(''));
  const parts = [await createPartWriter(world.place, new Set()).write({ ...content, text }), ...others];
  const first = { ...made, parts, bytes: parts.reduce((sum, { bytes }) => sum + bytes, 0) };
  await writeWhole(world.place, first);
  expect(await textsOf(first)).toContain(CANARY);
  await world.writeNotes(1);
  const second = await world.kept.find(must(await world.backUp()).id);
  expect(await textsOf(second)).not.toContain(CANARY);
  expect(await textsOf(second)).toContain(address);
  // What holds nothing of it is shared as before.
  expect(second.parts.filter(({ hash }) => first.parts.some((part) => part.hash === hash)).length).toBeGreaterThan(0);
  for await (const line of openBackup(world.place, first).lines()) expect(line).not.toContain(CANARY);
});
