/** Backups as files that are downloaded, in the backup worker. */
import type { DownloadedFile, DownloadPort } from '#backup/kept/backup-api.ts';
import { Failure } from '#backup/kept/failure.ts';
import { type BackupSource, writeBackup } from '#backup/out/write-backup.ts';
import type { BackupProgress, DownloadChoice } from '#core/backups.ts';
import { mintId } from '#core/ids.ts';
import { ledger } from '#entities/index.ts';
import { systemClock, systemRandom } from '#platform/system.ts';
import { createArchiveFile, removeArchives } from '#store/archive-file.ts';
import { toKvError } from '#store/kv/kv-error.ts';
import { watching } from './watching.ts';

/** Writes a backup as one file, which is kept until the browser has copied it. Throws a `Failure`; nothing of it stays then. */
export async function writeDownload(
  source: Pick<BackupSource, 'manifest' | 'lines' | 'secrets'>,
  choice: DownloadChoice,
  port: DownloadPort,
): Promise<DownloadedFile> {
  await removeArchives(systemClock.now()).catch(() => {});
  // A name of its own: one of the same backup may be on its way into the downloads.
  const archive = await createArchiveFile(
    `${mintId(systemClock.now(), systemRandom)}.${choice.passphrase ? 'age' : choice.form}`,
  );
  const { signal, tell } = watching<BackupProgress>(port.watch);
  const step = (progress: BackupProgress): void => {
    if (signal.aborted) throw new Failure({ type: 'BackupStopped' });
    tell(progress);
  };
  try {
    const written = await writeBackup({ ...source, files: port, ledger }, archive.sink, { choice, step });
    return { ...written, blob: await archive.finish() };
  } catch (error) {
    await archive.discard();
    if (error instanceof Failure || !(error instanceof DOMException)) throw error;
    throw new Failure(toKvError(error));
  }
}
