/** The places that backups of a workspace are kept in, and their schedules, as plain data. */
import type { Counts } from './backups.ts';
import type { BackupError } from './errors.ts';

export const BACKUP_PACES = ['15', '30', '60', 'daily'] as const;
/** Minutes between two backups, or one a day. */
export type BackupPace = (typeof BACKUP_PACES)[number];

/** Attempts that have failed since the last one that did not. Times are wall times in ms. */
export interface BackupFailure {
  readonly error: BackupError;
  /** Of the first of them. */
  readonly since: number;
  readonly attempts: number;
  readonly retryAt: number;
}

/** The state of the schedule. Times are wall times in ms. */
export interface BackupSchedule {
  readonly pace: BackupPace;
  readonly lastMadeAt: number | null;
  readonly lastVerifiedAt: number | null;
  /** When the next one is made, should there be something new by then. */
  readonly nextAt: number;
  /** Since when no attempt has succeeded; null where the last one did. */
  readonly failure: BackupFailure | null;
  /** The newest backup has much less in it than one before: until the person has answered, nothing takes the place of earlier ones. */
  readonly shrunken: { readonly id: string; readonly before: Counts; readonly now: Counts } | null;
}

export type PlaceType = 'device' | 'folder' | 'server';

/** The place that every workspace has. */
export const DEVICE_PLACE = 'device';

/** The server of the account: there is one at most. */
export const SERVER_PLACE = 'server';

/** What is known of the backups in a place since it was last looked into. Times are wall times in ms. */
export interface PlaceState {
  readonly backups: number;
  /** Of all their parts. */
  readonly bytes: number;
  /** The newest of this workspace: what the next one is compared with. */
  readonly last: { readonly madeAt: number; readonly localSeq: number; readonly database: number | null } | null;
  /** When a live mirror was last written there; null where none is. */
  readonly mirroredAt: number | null;
  /** When one of them was last seen whole there. */
  readonly lastVerifiedAt: number | null;
  /** When all parts of one of them were last read there. */
  readonly checkedAt: number | null;
  /** Pictures and files that the newest names and that were not on this device when it was copied. */
  readonly lackingFiles: number;
}

/** A place of backups, and its state. */
export interface BackupPlace extends PlaceSettings {
  /** `device`, `server`, or a UUIDv7. */
  readonly id: string;
  readonly type: PlaceType;
  /** What a folder is called; empty for the others. */
  readonly name: string;
  readonly state: PlaceState;
  /** When the next one is made there, should there be something new by then. */
  readonly nextAt: number;
  /** Since when no attempt has succeeded; null where the last one did. */
  readonly failure: BackupFailure | null;
  /** The browser lets this app into the folder only after the person has said so again. */
  readonly isBarred: boolean;
  /** Something is being written there by this tab. */
  readonly isBusy: boolean;
}

/** What the person sets of a place beside this device. */
export interface PlaceSettings {
  readonly pace: BackupPace;
  /** All of it is written there some seconds after each change, beside what the schedule makes. */
  readonly isMirror: boolean;
}
