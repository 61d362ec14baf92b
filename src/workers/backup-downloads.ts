/** Backups as files that are downloaded, in the backup worker. */
import type { DownloadedFile, DownloadPort, DownloadTarget } from '#backup/kept/backup-api.ts';
import { Failure } from '#backup/kept/failure.ts';
import { goOnUnless } from '#backup/kept/write-backup.ts';
import { openFolderSink } from '#backup/markdown/folder-sink.ts';
import { type BackupSource, writeBackup, writeMarkdownInto } from '#backup/out/write-backup.ts';
import type { BackupProgress } from '#core/backups.ts';
import { exportName } from '#core/export-name.ts';
import { mintId } from '#core/ids.ts';
import { ledger } from '#entities/index.ts';
import { systemClock, systemRandom } from '#platform/system.ts';
import { createArchiveFile, removeArchives } from '#store/archive-file.ts';
import { toKvError } from '#store/kv/kv-error.ts';
import { watching } from './watching.ts';

/** Asks before each step whether it is to go on. */
function stepOf({ watch }: DownloadPort): (progress: BackupProgress) => void {
  const { signal, tell } = watching<BackupProgress>(watch);
  return (progress) => {
    goOnUnless(signal);
    tell(progress);
  };
}

async function writeIntoFolder(
  source: Pick<BackupSource, 'manifest' | 'lines' | 'lacking'>,
  picked: FileSystemDirectoryHandle,
  port: DownloadPort,
): Promise<DownloadedFile> {
  const sink = await openFolderSink(picked, exportName(source.manifest.madeAt), systemClock);
  try {
    const written = await writeMarkdownInto({ ...source, files: port }, sink, stepOf(port));
    await sink.finish();
    return { ...written, blob: null, folder: sink.name };
  } catch (error) {
    await sink.discard();
    throw error;
  }
}

/** Writes a backup as one file, which is kept until the browser has copied it, or into a folder. Throws a `Failure`; nothing of it stays then. */
export async function writeDownload(
  source: Pick<BackupSource, 'manifest' | 'lines' | 'lacking' | 'secrets'>,
  { folder, ...choice }: DownloadTarget,
  port: DownloadPort,
): Promise<DownloadedFile> {
  if (folder) return writeIntoFolder(source, folder, port);
  await removeArchives(systemClock.now()).catch(() => {});
  // A name of its own: one of the same backup may be on its way into the downloads.
  const archive = await createArchiveFile(
    `${mintId(systemClock.now(), systemRandom)}.${choice.passphrase ? 'age' : choice.form}`,
  );
  const step = stepOf(port);
  try {
    const written = await writeBackup({ ...source, files: port, ledger }, archive.sink, { choice, step });
    return { ...written, blob: await archive.finish(), folder: null };
  } catch (error) {
    await archive.discard();
    if (error instanceof Failure || !(error instanceof DOMException)) throw error;
    throw new Failure(toKvError(error));
  }
}
