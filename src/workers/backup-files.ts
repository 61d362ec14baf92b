/** What a file that is brought needs of the browser: room for what is decrypted or unpacked, and the workspace's pictures and files. */
import type { TempFiles } from '#backup/format/temp-files.ts';
import type { FileSource, FileTarget } from '#backup/kept/copy-backup.ts';
import { take } from '#backup/kept/failure.ts';
import type { BringWorld } from '#backup/restore/bring-file.ts';
import { type BlobNews, blobChannel } from '#core/channels.ts';
import { mintId } from '#core/ids.ts';
import { looksOf } from '#features/pictures/looks-of.ts';
import { openChannel, systemClock, systemRandom, webLocks } from '#platform/system.ts';
import { createTempFile } from '#store/archive-file.ts';
import type { Workspace } from '#store/workspace.ts';
import { takeHead } from '#sync/head-of-stream.ts';

const ports = { clock: systemClock, random: systemRandom, locks: webLocks };

/** Files of the origin that go with the call, or, after a kill, with the next one and the next start. */
export const tempFiles: TempFiles = {
  create: () => createTempFile(webLocks, mintId(systemClock.now(), systemRandom)),
};

export async function fileStoreOf(
  { row, kv, journal }: Workspace,
  signal: AbortSignal,
): Promise<Pick<BringWorld, 'haveFiles' | 'putFile'> & { readonly files: FileSource & FileTarget }> {
  const [{ openBlobs }, { piecesOfBlob }, { freeCaches }] = await Promise.all([
    import('#store/blobs/open-blobs.ts'),
    import('#store/blobs/source.ts'),
    import('#store/accounts/free-caches.ts'),
  ]);
  const around = { ...ports, kv, journal, workspaceId: row.id };
  const blobs = await openBlobs({ ...around, freeCaches: () => freeCaches(row.id, systemClock) });
  const news = openChannel<BlobNews>(blobChannel(row.id));
  const haveFiles: BringWorld['haveFiles'] = async (hashes) => take(await blobs.claim(hashes));
  const putFile: BringWorld['putFile'] = async (hash, bytes) => {
    const { head, all } = await takeHead(bytes instanceof Blob ? piecesOfBlob(bytes) : bytes);
    take(await blobs.put(all, { ...looksOf(head), expect: hash }, { signal }));
    news.post({ type: 'here', hash });
  };
  const read: FileSource['read'] = async (hash) => take(await blobs.read(hash));
  return { haveFiles, putFile, files: { read, have: async (hashes) => new Set(await haveFiles(hashes)), write: putFile } };
}
