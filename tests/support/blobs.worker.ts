/** A dedicated worker with the blobs of a workspace: there bytes are written in place. */
import { expose } from 'comlink';
import { systemClock, systemRandom, webLocks } from '#platform/system.ts';
import type { BlobSource, BlobStore, BlobWatch, NewBlob } from '#store/blob-store.ts';
import { openBlobs } from '#store/blobs/open-blobs.ts';
import { openKv } from '#store/kv/db.ts';
import { createMemoryKv } from '#store/kv/kv-memory.ts';
import { journalSchema } from '#store/schema/journal-database.ts';
import { WORKSPACE_VERSION, type WorkspaceTables, workspaceSchema } from '#store/schema/schema.ts';

let opened: BlobStore | null = null;
const blobs = (): BlobStore => {
  if (!opened) throw new Error('not open');
  return opened;
};

/** `BlobStore`, with the watcher of a put as an argument of its own: functions in objects do not cross. */
expose({
  async open(workspaceId: string) {
    const kv = await openKv<WorkspaceTables>(`holdfast-ws-${workspaceId}`, WORKSPACE_VERSION, workspaceSchema);
    if (!kv.ok) throw new Error(kv.error.type);
    const journal = createMemoryKv(journalSchema);
    const ports = { clock: systemClock, random: systemRandom, locks: webLocks };
    opened = await openBlobs({ ...ports, kv: kv.value, journal, workspaceId });
  },
  put: (source: BlobSource, about: NewBlob, watch?: BlobWatch) => blobs().put(source, about, { watch }),
  read: (...args: Parameters<BlobStore['read']>) => blobs().read(...args),
  readBytes: (...args: Parameters<BlobStore['readBytes']>) => blobs().readBytes(...args),
  info: (...args: Parameters<BlobStore['info']>) => blobs().info(...args),
  have: (...args: Parameters<BlobStore['have']>) => blobs().have(...args),
  markSent: (...args: Parameters<BlobStore['markSent']>) => blobs().markSent(...args),
  unsent: (...args: Parameters<BlobStore['unsent']>) => blobs().unsent(...args),
  countUnsent: () => blobs().countUnsent(),
  letGoUnused: (...args: Parameters<BlobStore['letGoUnused']>) => blobs().letGoUnused(...args),
  putThumbnail: (...args: Parameters<BlobStore['putThumbnail']>) => blobs().putThumbnail(...args),
  thumbnails: (...args: Parameters<BlobStore['thumbnails']>) => blobs().thumbnails(...args),
  sweep: () => blobs().sweep(),
  collect: (...args: Parameters<BlobStore['collect']>) => blobs().collect(...args),
});
