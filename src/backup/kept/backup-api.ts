import type { BackupForm, BackupInfo, BackupList, MadeReason, RestoreChoice, RestoreInfo, RestorePlan } from '#core/backups.ts';
import type { BackupError } from '#core/errors.ts';
import type { Result } from '#core/result.ts';

/** What the backup worker does: one of its own for each call, which ends with it. `BackupCalls` says what the calls mean. */
export interface BackupWorkerApi {
  backUp(workspaceId: string, reason: MadeReason): Promise<Result<BackupInfo, BackupError>>;
  list(workspaceId: string): Promise<Result<BackupList, BackupError>>;
  verify(workspaceId: string, id: string): Promise<Result<BackupInfo, BackupError>>;
  remove(workspaceId: string, id: string): Promise<Result<void, BackupError>>;
  pin(workspaceId: string, id: string, until: number | null): Promise<Result<void, BackupError>>;
  accept(workspaceId: string, id: string): Promise<Result<void, BackupError>>;
  download(workspaceId: string, id: string, form: BackupForm): Promise<Result<Blob, BackupError>>;
  plan(workspaceId: string, id: string, choice: RestoreChoice): Promise<Result<RestorePlan, BackupError>>;
  restore(workspaceId: string, id: string, choice: RestoreChoice): Promise<Result<RestoreInfo, BackupError>>;
  resume(workspaceId: string, restoreId: string): Promise<Result<RestoreInfo, BackupError>>;
  undo(workspaceId: string, restoreId: string): Promise<Result<RestoreInfo, BackupError>>;
  workspaces(): Promise<Result<readonly string[], BackupError>>;
}
