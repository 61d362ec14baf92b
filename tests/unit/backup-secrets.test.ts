/** No secret leaves with a backup: canaries in every field that may hold one, looked for in every form of file. */
import { beforeAll, expect, test } from 'vitest';
import { openBackup } from '#backup/kept/open-backup.ts';
import { writeBackup } from '#backup/out/write-backup.ts';
import type { BackupForm } from '#core/backups.ts';
import type { EntityDeclaration, Fields } from '#core/entity.ts';
import { mintId } from '#core/ids.ts';
import { ledger } from '#entities/index.ts';
import { systemRandom } from '#platform/system.ts';
import { unzip } from '#support/archive.ts';
import { collectBytes } from '#support/backup-content.ts';
import { openBackupWorld } from '#support/backup-world.ts';
import { filesHere } from '#support/markdown-folder.ts';
import { must } from '#support/memory-workspace.ts';

const CANARY = 'canary-7f3e91c2-never-to-be-seen';
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

let bytesOf: (form: BackupForm) => Promise<string>;
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
  await world.save('note', mintId(Date.now(), systemRandom), { title: PLAIN });
  const { id } = must(await world.backUp());
  const manifest = await world.kept.find(id);
  bytesOf = async (form) => {
    const { sink, blob } = collectBytes();
    const lines = () => openBackup(world.place, manifest).lines();
    await writeBackup({ manifest, lines, files: filesHere(), ledger }, sink, { choice: { form }, step: () => {} });
    const bytes = new Uint8Array(await blob().arrayBuffer());
    const files = form === 'zip' || form === 'markdown' ? [...unzip(bytes)] : [['', bytes] as const];
    return files.map(([path, file]) => `${path}\n${new TextDecoder().decode(file)}`).join('\n');
  };
});

test('the canaries are there to be found', () => {
  const secret = [...ledger.values()].filter((one) => JSON.stringify(canaries(one)).includes(CANARY));
  expect(secret.map(({ kind }) => kind)).toContain('secret');
});

test.each(['json', 'yaml', 'zip', 'markdown'] as const)('%s has everything else, and none of them', async (form) => {
  const text = await bytesOf(form);
  expect(text).toContain(PLAIN);
  expect(text).not.toContain(CANARY);
  expect(accountKey.length).toBeGreaterThan(20);
  expect(text).not.toContain(accountKey);
});
