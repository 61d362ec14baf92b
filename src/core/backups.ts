/**
 * What is known and asked about the backups of a workspace, by pages, the schedule and restores: plain data. How they are kept is in
 * `src/backup/kept/` (`docs/decisions/0038-backups-are-manifests-over-shared-parts.md`).
 */

import type { Fields } from './entity.ts';
import type { KeyPair } from './entity-key.ts';

/** How many entities of each kind there are. */
export type Counts = { readonly [kind: string]: { readonly live: number; readonly binned: number } };

/**
 * Why a backup was made here: by the schedule, because the person asked, before a restore, or as a live mirror, which takes the place of the one
 * before it.
 */
export const MADE_REASONS = ['schedule', 'asked', 'safety', 'mirror'] as const;
export type MadeReason = (typeof MADE_REASONS)[number];

/** Why a backup is here. `brought`: it was made elsewhere, and copied here so that it can be restored from. */
export type BackupReason = MadeReason | 'brought';

/** Where a backup was brought from, by the name that the person knows: of the file, the folder or the server. */
export interface BroughtFrom {
  readonly type: 'file' | 'folder' | 'server' | 'browser';
  readonly name: string;
}

/** A part that is not there or not as it was written, and what it held. */
export interface DamagedPart {
  readonly hash: string;
  /** The keys that it held: from the first on, up to the second, which it did not hold; null where it was the last part. */
  readonly from: KeyPair;
  readonly to: KeyPair | null;
  /** How many records it held. */
  readonly records: number;
  /** Those of them that a backup around it or the workspace knows, by name. */
  readonly entities: readonly { readonly kind: string; readonly id: string; readonly title: string }[];
}

/** A backup as it is listed. Times are wall times in ms. */
export interface BackupInfo {
  /** A UUIDv7. */
  readonly id: string;
  readonly account: string;
  readonly workspace: string;
  readonly device: { readonly id: string; readonly name: string };
  /** The app that made it. */
  readonly app: string;
  readonly madeAt: number;
  readonly reason: BackupReason;
  /** Where it was brought from; null where it was made here. */
  readonly from: BroughtFrom | null;
  /** Where the workspace's database was, and which one: when that was made. */
  readonly localSeq: number;
  readonly database: number | null;
  readonly records: number;
  /** How many more there were, which could not be read when the file was written that it was brought from. */
  readonly lacking: number;
  readonly counts: Counts;
  /** Of all its parts, also of those that it shares with others. */
  readonly bytes: number;
  /** What its records name. */
  readonly blobs: { readonly files: number; readonly bytes: number };
  /** When all of it was last seen whole: when it was made, or in a later check. Null where the last check found damage. */
  readonly verifiedAt: number | null;
  readonly damaged: readonly DamagedPart[];
  /** When all of it was last read; null where it was not since it was made. */
  readonly checkedAt: number | null;
  /** Much was gone when it was made, and the person has not said that this is meant. */
  readonly isShrunken: boolean;
  /** It is not removed by itself: before that time, wall time in ms, where there is one. */
  readonly isPinned: boolean;
  readonly keptUntil: number | null;
}

export interface BackupList {
  /** The newest first. */
  readonly backups: readonly BackupInfo[];
  /** Lists that cannot be read, by name, and whether a newer version of the app made them. They are not touched. */
  readonly unreadable: readonly { readonly name: string; readonly isNewer: boolean }[];
  /** What all parts take on the disk. */
  readonly bytes: number;
}

/** A state of an entity that backups hold. Times are wall times in ms. */
export interface BackedUpVersion {
  readonly fields: Fields;
  /** The newest backup that has it, when that was made, and when the first one was. */
  readonly id: string;
  readonly madeAt: number;
  readonly since: number;
  /** How many have it. */
  readonly backups: number;
}

export interface BackedUpVersions {
  /** The newest first. */
  readonly versions: readonly BackedUpVersion[];
  /** Older backups were not looked into. */
  readonly hasMore: boolean;
}

/** The backups of one workspace in a folder that the person has picked. */
export interface FoundBackups {
  /** Of the folder in it. */
  readonly name: string;
  readonly list: BackupList;
}

/**
 * The forms in which a backup is written as one file. `zip`: as JSON, with its pictures and files. `markdown`: a folder of its documents, in a ZIP, which
 * other apps read.
 */
export type BackupForm = 'json' | 'yaml' | 'zip' | 'markdown';

/** How a backup is to be written as one file. */
export interface DownloadChoice {
  readonly form: BackupForm;
  /** The file is encrypted by it; absent: it is not. Nobody can open it without. */
  readonly passphrase?: string;
  /** Whether the API keys of this browser are in it, as they are now. Only with a passphrase, and not as Markdown. */
  readonly secrets?: boolean;
  /** Whether the rest of a damaged backup is wanted; absent: then nothing is written. */
  readonly acceptDamage?: boolean;
}

/** What is in a file that was made of a backup. */
export interface DownloadedFiles {
  /** Pictures and files that are in it, and those that its entities name and that could not be had. */
  readonly files: number;
  readonly missing: number;
  /** Records of a damaged backup that cannot be read and are not in it. */
  readonly lacking: number;
  /** API keys that were asked for: those that are in it, and those that this browser can no longer open. */
  readonly keys: { readonly written: number; readonly unreadable: number };
}

/** How far a call has come. */
export interface BackupProgress {
  readonly phase: BackupPhase;
  /** In bytes, files, parts or entries, as the phase says. A file that is half done counts as a half. */
  readonly done: number;
  /** Null where it is not known. */
  readonly total: number | null;
}

/** `waiting` for another restore counts nothing, `reading` the bytes of a file, `files` its pictures and files, `writing` entities and files, `checking` parts, `copying` bytes; the others count entities. */
export type BackupPhase =
  | 'waiting'
  | 'reading'
  | 'files'
  | 'writing'
  | 'checking'
  | 'copying'
  | 'backing-up'
  | 'comparing'
  | 'restoring'
  | 'undoing';

/** Asked some times a second while a call goes on. An answer of false ends the call at its next step, with `BackupStopped`. */
export type BackupWatch = (progress: BackupProgress) => unknown;

/** Backups in this browser of a workspace that nothing here knows any more. */
export interface LostBackups {
  readonly workspaceId: string;
  /** The newest that is whole and not shrunken, where there is such a one. */
  readonly newest: BackupInfo;
  readonly count: number;
}
