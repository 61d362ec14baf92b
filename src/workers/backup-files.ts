/** What a file that is brought needs of the browser: room for what is decrypted or unpacked, and the workspace's pictures and files. */
import type { TempFiles } from '#backup/format/temp-files.ts';
import type { Pieces } from '#backup/format/zip-content.ts';
import type { FileSource, FileTarget } from '#backup/kept/copy-backup.ts';
import { take } from '#backup/kept/failure.ts';
import type { BringWorld } from '#backup/restore/bring-file.ts';
import { joinBytes } from '#core/bytes.ts';
import { type BlobNews, blobChannel } from '#core/channels.ts';
import { mintId } from '#core/ids.ts';
import { looksOf } from '#features/pictures/looks-of.ts';
import { openChannel, systemClock, systemRandom, webLocks } from '#platform/system.ts';
import { createArchiveFile } from '#store/archive-file.ts';
import type { Workspace } from '#store/workspace.ts';

const ports = { clock: systemClock, random: systemRandom, locks: webLocks };

/** Files of the origin that go with the call, or an hour after a kill. */
export const tempFiles: TempFiles = {
  create: () => createArchiveFile(`${mintId(systemClock.now(), systemRandom)}.tmp`),
};

/** By its first bytes it is known what a file is. */
const HEAD_BYTES = 64 * 1024;

/** What the bytes begin with, and all of them. */
async function withHead(given: Pieces): Promise<{ readonly head: Uint8Array<ArrayBuffer>; readonly pieces: Pieces }> {
  const first: Uint8Array[] = [];
  for (let bytes = 0; bytes < HEAD_BYTES; ) {
    const next = await given.next();
    if (next.done) break;
    first.push(next.value);
    bytes += next.value.length;
  }
  const head = joinBytes(first);
  const pieces = async function* (): Pieces {
    yield head;
    yield* given;
  };
  return { head: head.subarray(0, HEAD_BYTES), pieces: pieces() };
}

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
  const haveFiles: BringWorld['haveFiles'] = async (hashes) => take(await blobs.have(hashes));
  const putFile: BringWorld['putFile'] = async (hash, bytes) => {
    const { head, pieces } = await withHead(bytes instanceof Blob ? piecesOfBlob(bytes) : bytes);
    take(await blobs.put(pieces, { ...looksOf(head), expect: hash }, { signal }));
    news.post({ type: 'here', hash });
  };
  const read: FileSource['read'] = async (hash) => take(await blobs.read(hash));
  return { haveFiles, putFile, files: { read, have: async (hashes) => new Set(await haveFiles(hashes)), write: putFile } };
}
