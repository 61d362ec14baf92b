import type { BackupInfo, BackupList, BackupReason } from '#core/backups.ts';
import type { BackupError } from '#core/errors.ts';
import type { Result } from '#core/result.ts';

/** What the backup worker does: one of its own for each call, which ends with it. `BackupCalls` says what the calls mean. */
export interface BackupWorkerApi {
  backUp(workspaceId: string, reason: BackupReason): Promise<Result<BackupInfo, BackupError>>;
  list(workspaceId: string): Promise<Result<BackupList, BackupError>>;
  verify(workspaceId: string, id: string): Promise<Result<BackupInfo, BackupError>>;
  remove(workspaceId: string, id: string): Promise<Result<void, BackupError>>;
  pin(workspaceId: string, id: string, until: number | null): Promise<Result<void, BackupError>>;
  accept(workspaceId: string, id: string): Promise<Result<void, BackupError>>;
  workspaces(): Promise<Result<readonly string[], BackupError>>;
}
