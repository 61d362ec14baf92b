/** What is asked about the backups of a workspace, by pages, the schedule and restores. Plain data, errors as values. */
import type { BackupError } from '#core/errors.ts';
import type { Result } from '#core/result.ts';
import type { DamagedPart } from './checks.ts';
import type { BackupReason, Counts } from './manifest.ts';
import type { BackupFailure, BackupPace } from './schedule.ts';

/** A backup as it is listed. */
export interface BackupInfo {
  readonly id: string;
  readonly account: string;
  readonly workspace: string;
  readonly device: { readonly id: string; readonly name: string };
  /** The app that made it. */
  readonly app: string;
  /** Wall time in ms. */
  readonly madeAt: number;
  readonly reason: BackupReason;
  readonly localSeq: number;
  readonly database: number | null;
  readonly records: number;
  readonly counts: Counts;
  /** Of all its parts, also of those that it shares with others. */
  readonly bytes: number;
  readonly blobs: { readonly files: number; readonly bytes: number };
  /** When all of it was last seen whole, wall time in ms: when it was made, or in a later check. Null where the last check found damage. */
  readonly verifiedAt: number | null;
  readonly damaged: readonly DamagedPart[];
  /** Much was gone when it was made, and the person has not said that this is meant. */
  readonly isShrunken: boolean;
  readonly isPinned: boolean;
}

export interface BackupList {
  /** The newest first. */
  readonly backups: readonly BackupInfo[];
  /** Lists that cannot be read: their names, and whether a newer version of the app made them. They are not touched. */
  readonly unreadable: readonly { readonly name: string; readonly isNewer: boolean }[];
  /** What all of it takes on the disk. */
  readonly bytes: number;
}

/** What the schedule is up to. Times are wall times in ms. */
export interface ScheduleState {
  readonly pace: BackupPace;
  readonly lastMadeAt: number | null;
  readonly lastVerifiedAt: number | null;
  /** When the next is due, should something change; null where no tab of this browser keeps the schedule. */
  readonly nextAt: number | null;
  readonly isRunning: boolean;
  /** Since when no attempt has succeeded. */
  readonly failure: BackupFailure | null;
  /** The newest backup has much less in it than the one before: until the person has answered, nothing takes the place of earlier ones. */
  readonly shrunken: { readonly id: string; readonly before: Counts; readonly now: Counts } | null;
}

/** The backup worker. One of its own for each run: it ends with it. */
export interface BackupWorkerApi {
  /** `reason` is `safety` before a restore: such a backup is not removed by itself. */
  backUp(workspaceId: string, reason: BackupReason): Promise<Result<BackupInfo, BackupError>>;
  list(workspaceId: string): Promise<Result<BackupList, BackupError>>;
  /** Reads all of it. The result is noted with it. */
  verify(workspaceId: string, id: string): Promise<Result<BackupInfo, BackupError>>;
  remove(workspaceId: string, id: string): Promise<Result<void, BackupError>>;
  /** It stays until that time at least, wall time in ms; null: until it is removed by the person. 0 takes that back. */
  pin(workspaceId: string, id: string, until: number | null): Promise<Result<void, BackupError>>;
  /** The person says that what is gone is meant to be: it counts as any other. */
  accept(workspaceId: string, id: string): Promise<Result<void, BackupError>>;
  /** The workspaces of which there are backups in this browser, whatever its databases say. */
  workspaces(): Promise<Result<readonly string[], BackupError>>;
}
