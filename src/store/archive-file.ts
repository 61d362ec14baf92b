/**
 * The archive of an export while it is made and downloaded: a file of the origin, so that nothing of it is in memory. It stays until
 * the browser has copied it, which no script learns of: for an hour at most.
 */
import { tempFileLock } from '#core/channels.ts';
import type { Locks } from '#core/ports.ts';
import { namesIn, openInPlace, openTopFolder, removeIn, writeAt } from '#store/kv/opfs.ts';

const ROOT = 'holdfast-exports';
const KEPT_MS = 3_600_000;
/** Written at once: a browser asks for room with each write. */
const GATHERED_BYTES = 1024 * 1024;

export interface ArchiveFile {
  /** Takes the bytes; throws where the device has no room for them. */
  readonly sink: WritableStream<Uint8Array>;
  /** The sink is closed: gives the file. */
  finish(): Promise<Blob>;
  /** Removes what was written. Never throws. */
  discard(): Promise<void>;
}

/** `name` is a file name, unlike that of any other archive. In a dedicated worker; where it cannot write files, the archive is made in memory. */
export async function createArchiveFile(name: string): Promise<ArchiveFile> {
  const folder = await openTopFolder(ROOT);
  const handle = await folder?.getFileHandle(name, { create: true });
  const file = handle && (await openInPlace(handle).catch(() => null));
  if (!folder || !handle || !file) return archiveInMemory();
  const gathered = new Uint8Array(GATHERED_BYTES);
  let used = 0;
  let at = 0;
  const put = (): void => {
    at = writeAt(file, gathered.subarray(0, used), at);
    used = 0;
  };
  const close = (): void => {
    put();
    file.flush();
    file.close();
  };
  const discard = async (): Promise<void> => {
    // Closed twice does no harm.
    file.close();
    await removeIn(folder, name).catch(() => {});
  };
  return {
    sink: new WritableStream<Uint8Array>({
      write(bytes) {
        if (used + bytes.length > gathered.length) put();
        if (bytes.length > gathered.length) at = writeAt(file, bytes, at);
        else {
          gathered.set(bytes, used);
          used += bytes.length;
        }
      },
      close,
    }),
    finish: () => handle.getFile(),
    discard,
  };
}

/** Loose bytes are handed to the browser from here on, which may put them to disk. */
const SPILL_BYTES = 4_000_000;

function archiveInMemory(): ArchiveFile {
  let whole = new Blob();
  let loose: BlobPart[] = [];
  let looseBytes = 0;
  const spill = (): void => {
    whole = new Blob([whole, ...loose]);
    loose = [];
    looseBytes = 0;
  };
  return {
    sink: new WritableStream<Uint8Array>({
      write(bytes) {
        // The bytes are the writer's again as soon as this is done.
        loose.push(bytes.slice());
        looseBytes += bytes.length;
        if (looseBytes > SPILL_BYTES) spill();
      },
      close: spill,
    }),
    finish: async () => whole,
    discard: async () => {},
  };
}

/** Removes the archives of earlier exports, or, for an erasure, all, temporary files too. One that is being written stays. */
export async function removeArchives(nowMs: number, all = false): Promise<void> {
  const folder = await openTopFolder(ROOT);
  if (!folder) return;
  for (const name of await namesIn(folder, 'file')) {
    if (!all && isTemp(name)) continue;
    const handle = await folder.getFileHandle(name).catch(() => null);
    const file = all ? null : await handle?.getFile().catch(() => null);
    // A clock that was set back makes none stay.
    if (all || (file && Math.abs(nowMs - file.lastModified) > KEPT_MS)) await removeIn(folder, name).catch(() => {});
  }
}

const TEMP = '.tmp';
const isTemp = (name: string): boolean => name.endsWith(TEMP);

/** The same for what is only wanted until `discard`, as what was decrypted: after a kill it goes at the next look. Those that others have left go first. */
export async function createTempFile(locks: Locks, id: string): Promise<ArchiveFile> {
  await removeTempFiles(locks).catch(() => {});
  const name = `${id}${TEMP}`;
  const { promise: ended, resolve: end } = Promise.withResolvers<void>();
  await new Promise<void>((resolve) => {
    void locks.hold(tempFileLock(name), () => {
      resolve();
      return ended;
    });
  });
  try {
    const file = await createArchiveFile(name);
    return { ...file, discard: () => file.discard().finally(end) };
  } catch (error) {
    end();
    throw error;
  }
}

/** Removes the temporary files that contexts have left which ended before they could. */
export async function removeTempFiles(locks: Locks): Promise<void> {
  const folder = await openTopFolder(ROOT);
  if (!folder) return;
  for (const name of await namesIn(folder, 'file')) {
    const remove = (): Promise<void> => removeIn(folder, name).catch(() => {});
    if (isTemp(name)) await locks.hold(tempFileLock(name), remove, { ifAvailable: true });
  }
}
