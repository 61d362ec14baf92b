/** What a page asks of the backups of its workspace. */
import type { BackupPlace, BackupSchedule, PlaceSettings } from './backup-places.ts';
import type { BackedUpVersions, BackupInfo, BackupList, BackupWatch, LostBackups, MadeReason } from './backups.ts';
import type { DrillReport, Drills } from './drills.ts';
import type { BackupError, StoreError } from './errors.ts';
import type { PlanQuery, RestoreChoice, RestoreElsewhere, RestoreInfo, RestorePlan } from './restores.ts';
import type { Result } from './result.ts';

/**
 * What a page asks of the backups of its workspace: of those on this device where no place is named. Places have ids (`BackupPlace`).
 */
export interface BackupCalls {
  /** Makes one at once. `safety` before a restore: such a backup is not removed by itself. */
  backUpNow(reason: MadeReason, watch?: BackupWatch): Promise<Result<BackupInfo, StoreError | BackupError>>;
  backups(place?: string): Promise<Result<BackupList, StoreError | BackupError>>;
  /** The states of one entity in the backups of this device, as far as sixty of their parts show them. */
  backedUpVersions(kind: string, id: string): Promise<Result<BackedUpVersions, StoreError | BackupError>>;
  /** Reads all of it. What is found is noted with it. */
  verifyBackup(id: string, watch?: BackupWatch, place?: string): Promise<Result<BackupInfo, StoreError | BackupError>>;
  removeBackup(id: string, place?: string): Promise<Result<void, StoreError | BackupError>>;
  /** It stays until that time at least, wall time in ms; null: until the person removes it. 0 takes that back. */
  pinBackup(id: string, until: number | null, place?: string): Promise<Result<void, StoreError | BackupError>>;
  /** The person says that what is gone from it, and from those before it, is meant to be: they count as any other. */
  acceptBackup(id: string): Promise<Result<void, StoreError | BackupError>>;
  /** What a restore would do: compared with what is here, and nothing is written. */
  planRestore(
    id: string,
    choice: RestoreChoice,
    query: PlanQuery,
    watch?: BackupWatch,
  ): Promise<Result<RestorePlan, StoreError | BackupError>>;
  /** Makes a safety backup, then writes. One that is stopped is an interrupted one: `resumeRestore` goes on with it, `undoRestore` takes it back. */
  restoreBackup(id: string, choice: RestoreChoice, watch?: BackupWatch): Promise<Result<RestoreInfo, StoreError | BackupError>>;
  /** Goes on with one that was interrupted. */
  resumeRestore(id: string, watch?: BackupWatch): Promise<Result<RestoreInfo, StoreError | BackupError>>;
  undoRestore(id: string, watch?: BackupWatch): Promise<Result<RestoreInfo, StoreError | BackupError>>;
  /** The newest first. */
  restores(): Promise<Result<readonly RestoreInfo[], StoreError | BackupError>>;
  /** This device first, then the others in the order in which they were added. */
  backupPlaces(): Promise<Result<readonly BackupPlace[], StoreError | BackupError>>;
  setBackupPlace(place: string, settings: Partial<PlaceSettings>): Promise<Result<void, StoreError | BackupError>>;
  /** The account's server keeps backups as well, once a day; without effect where it does already. */
  addServerPlace(): Promise<Result<void, StoreError | BackupError>>;
  /** It is not looked after any more. What lies there stays. */
  removeBackupPlace(place: string): Promise<Result<void, StoreError | BackupError>>;
  /** Copies the newest backup there at once; where something has changed since that was made, one is made first. */
  copyToPlace(place: string, watch?: BackupWatch): Promise<Result<void, StoreError | BackupError>>;
  /** Copies a backup of another place to this device, unless it is here: from then on it can be restored by its id. */
  bringBackup(id: string, place: string, watch?: BackupWatch): Promise<Result<BackupInfo, StoreError | BackupError>>;
  /**
   * Restores a backup, or the newest that was made here (null), into a workspace that is thrown away afterwards, and compares it with the backup
   * and with what is here, entity by entity.
   */
  tryRestore(id: string | null, watch?: BackupWatch): Promise<Result<DrillReport, StoreError | BackupError>>;
  /** What is known of the restores that were tried on this device, by the person or by themselves. */
  drills(): Promise<Result<Drills, StoreError | BackupError>>;
  /** Those that the person has not put away, of the last thirty days, the newest first. */
  restoresElsewhere(): Promise<Result<readonly RestoreElsewhere[], StoreError | BackupError>>;
  putAwayRestore(id: string): Promise<Result<void, StoreError | BackupError>>;
  backupSchedule(): Promise<Result<BackupSchedule, StoreError | BackupError>>;
  /** Found in the files of this browser, after it has dropped its databases. The newest first. */
  lostBackups(): Promise<Result<readonly LostBackups[], StoreError | BackupError>>;
  /** Copies one of them, with its pictures and files, to the backups of the open workspace: from then on it can be restored by its id. */
  bringLost(workspaceId: string, id: string, watch?: BackupWatch): Promise<Result<BackupInfo, StoreError | BackupError>>;
  /** Removes all of one lost workspace, with its pictures and files. Without effect where this browser knows the workspace. */
  removeLost(workspaceId: string): Promise<Result<void, StoreError | BackupError>>;
}
