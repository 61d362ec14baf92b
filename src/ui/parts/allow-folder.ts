import type { Backups } from '#app/backups.ts';
import type { BackupWatch } from '#core/backups.ts';
import type { BackupError, StoreError } from '#core/errors.ts';
import { err, type Result } from '#core/result.ts';
import { askForFolder } from './folder-picker.ts';

/** Asks the person for the folder of a place again, and writes there at once what is due. For a press of the person. */
export async function allowFolder(
  backups: Backups,
  id: string,
  watch?: BackupWatch,
): Promise<Result<void, StoreError | BackupError>> {
  const folder = await backups.backupFolder(id);
  if (!folder.ok) return folder;
  if (!folder.value) return err({ type: 'PlaceGone' });
  if (!(await askForFolder(folder.value))) return err({ type: 'PlacePermission' });
  return backups.copyToPlace(id, watch);
}
