/** A folder of Markdown that is brought: what is wrong with one of its pictures keeps nothing else out. */
import { strToU8, zipSync } from 'fflate';
import { expect, test } from 'vitest';
import { encryptStream } from '#backup/format/passphrase.ts';
import { caught, Failure } from '#backup/kept/failure.ts';
import { bringFolder } from '#backup/markdown/bring-folder.ts';
import { blobReference } from '#core/blobs.ts';
import { memoryTemp } from '#support/backup-file.ts';
import { openBackupWorld } from '#support/backup-world.ts';
import { hashOf, someBytes } from '#support/blob-bytes.ts';
import { bringFolderPorts } from '#support/bring-ports.ts';
import { must } from '#support/memory-workspace.ts';

test('a picture that was changed, and one that cannot be read, are named, and the notes and other pictures come', async () => {
  const world = await openBackupWorld();
  const files = new Map<string, Blob>();
  const [own, leaf, barred] = [someBytes(100), someBytes(200), someBytes(300)];
  const reference = blobReference(hashOf(own), 'png');
  const barredFile = new File([barred], 'barred.png');
  barredFile.stream = () => {
    throw new DOMException('it is locked', 'NotReadableError');
  };
  const picked = [
    { path: 'Vault/a.md', file: new File([`![](${reference}) ![](leaf.png) ![](barred.png)`], 'a.md') },
    // An optimizer has rewritten it in its place.
    { path: `Vault/${reference}`, file: new File([someBytes(90)], 'own.png') },
    { path: 'Vault/leaf.png', file: new File([leaf], 'leaf.png') },
    { path: 'Vault/barred.png', file: barredFile },
  ];
  const brought = must(
    await caught(() =>
      bringFolder('Vault', picked, {
        ...bringFolderPorts(world),
        async putFile(hash, bytes) {
          if (hashOf(new Uint8Array(await bytes.arrayBuffer())) !== hash) throw new Failure({ type: 'WrongBytes' });
          files.set(hash, bytes);
        },
      }),
    ),
  );
  expect(brought).toMatchObject({ type: 'brought', backup: { records: 1 } });
  expect([...files.keys()]).toEqual([hashOf(leaf)]);
  expect(brought.type === 'brought' && brought.faults.map(({ path, type }) => `${type} ${path}`).sort()).toEqual([
    'Unreadable barred.png',
    `WrongBytes ${reference}`,
  ]);
});

test('an archive behind a passphrase comes as any other, and leaves nothing decrypted behind', async () => {
  const world = await openBackupWorld();
  const temp = memoryTemp();
  const plain = new Blob([zipSync({ 'Leaves.md': strToU8('# Leaves\n\nGreen.') })]);
  const bytes = await new Response(await encryptStream(plain.stream(), 'six words', 4)).arrayBuffer();
  const bring = async (file: File, passphrase?: string) =>
    must(await caught(() => bringFolder(file.name, file, { ...bringFolderPorts(world), temp }, passphrase)));
  const locked = new File([bytes], 'Vault.markdown.zip.age');
  expect(await bring(locked)).toEqual({ type: 'unreadable', fault: { type: 'PassphraseNeeded' } });
  expect(await bring(locked, 'other')).toEqual({ type: 'unreadable', fault: { type: 'WrongPassphrase' } });
  const brought = await bring(locked, 'six words');
  // As the same archive does that was not encrypted.
  const open = await bring(new File([plain], 'Vault.markdown.zip'));
  expect(brought).toMatchObject({ type: 'brought', backup: { records: 1 }, faults: [] });
  expect(open.type === 'brought' && brought.type === 'brought' && open.backup.id === brought.backup.id).toBe(true);
  const { parts } = await world.kept.find(brought.type === 'brought' ? brought.backup.id : '');
  expect(parts).toHaveLength(1);
  expect(temp.left()).toBe(0);
});
