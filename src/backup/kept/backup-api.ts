/** What is asked about the backups of a workspace, by pages, the schedule and restores. Plain data, errors as values. */
import type { DamagedPart } from './checks.ts';
import type { BackupReason, Counts } from './manifest.ts';

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
