import type {
  BackupForm,
  BackupInfo,
  BackupList,
  BackupWatch,
  BringOptions,
  BroughtFile,
  MadeReason,
  RestoreChoice,
  RestoreInfo,
  RestorePlan,
} from '#core/backups.ts';
import type { BackupError } from '#core/errors.ts';
import type { Result } from '#core/result.ts';

/** What the backup worker does: one of its own for each call, which ends with it. `BackupCalls` says what the calls mean. */
export interface BackupWorkerApi {
  backUp(workspaceId: string, reason: MadeReason, watch?: BackupWatch): Promise<Result<BackupInfo, BackupError>>;
  list(workspaceId: string): Promise<Result<BackupList, BackupError>>;
  verify(workspaceId: string, id: string, watch?: BackupWatch): Promise<Result<BackupInfo, BackupError>>;
  remove(workspaceId: string, id: string): Promise<Result<void, BackupError>>;
  pin(workspaceId: string, id: string, until: number | null): Promise<Result<void, BackupError>>;
  accept(workspaceId: string, id: string): Promise<Result<void, BackupError>>;
  download(workspaceId: string, id: string, form: BackupForm): Promise<Result<Blob, BackupError>>;
  bring(workspaceId: string, file: File, options: BringOptions, watch?: BackupWatch): Promise<Result<BroughtFile, BackupError>>;
  plan(workspaceId: string, id: string, choice: RestoreChoice, watch?: BackupWatch): Promise<Result<RestorePlan, BackupError>>;
  restore(workspaceId: string, id: string, choice: RestoreChoice, watch?: BackupWatch): Promise<Result<RestoreInfo, BackupError>>;
  resume(workspaceId: string, restoreId: string, watch?: BackupWatch): Promise<Result<RestoreInfo, BackupError>>;
  undo(workspaceId: string, restoreId: string, watch?: BackupWatch): Promise<Result<RestoreInfo, BackupError>>;
  workspaces(): Promise<Result<readonly string[], BackupError>>;
}
