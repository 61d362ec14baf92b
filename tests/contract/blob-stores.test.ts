import { existsSync, mkdtempSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createFileBlobs } from '#server/blobs/file-blobs.ts';
import { expectOk, newId } from '#support/server-world.ts';
import { describeBlobStore, hashOf, inPieces } from './blob-stores.ts';

const newFolder = (): string => mkdtempSync(join(tmpdir(), 'holdfast-blobs-'));

describeBlobStore('blobs as files', async () => createFileBlobs(newFolder()));

test('files of blobs lie by account and hash, for their owner alone', async () => {
  const root = newFolder();
  const store = createFileBlobs(join(root, 'blobs'));
  const bytes = Buffer.from('a picture');
  const key = { accountId: newId(), hash: hashOf(bytes) };
  expectOk(await store.append(key, 0, inPieces(bytes)));
  expectOk(await store.commit(key));
  const file = join(root, 'blobs', key.accountId, key.hash.slice(0, 2), key.hash);
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(statSync(join(root, 'blobs')).mode & 0o777).toBe(0o700);
});

test('where the folder that it lies in has gone, that is said, and no other one is made', async () => {
  const away = join(newFolder(), 'away');
  const store = createFileBlobs(join(away, 'blobs'));
  const key = { accountId: newId(), hash: hashOf(Buffer.from('a picture')) };
  expect(await store.size(key)).toMatchObject({ ok: false, error: { type: 'BlobsUnavailable' } });
  expect(existsSync(away)).toBe(false);
});
