/**
 * What is known and asked about the backups of a workspace, by pages, the schedule and restores: plain data. How they are kept is in
 * `src/backup/kept/` (`docs/decisions/0038-backups-are-manifests-over-shared-parts.md`).
 */
import type { ContentFault, FileFault } from './backup-faults.ts';
import type { DrillReport, Drills } from './drills.ts';
import type { Fields } from './entity.ts';
import type { KeyPair } from './entity-key.ts';
import type { BackupError, StoreError } from './errors.ts';
import type { Result } from './result.ts';

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

/** What the schedule is up to. Times are wall times in ms. */
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

/** A place of backups, and how it stands. */
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
}

/** What is in a file that was made of a backup. */
export interface DownloadedFiles {
  /** Pictures and files that are in it, and those that its entities name and that could not be had. */
  readonly files: number;
  readonly missing: number;
  /** API keys that were asked for: those that are in it, and those that this browser can no longer open. */
  readonly keys: { readonly written: number; readonly unreadable: number };
}

/**
 * How a record and what is here become one. `merge`: of each field the newer words win. `overwrite`: the backup wins where they differ. `copy`: a
 * document that differs becomes one of its own, with what belongs to it, beside what is here. `skip`: nothing happens.
 */
export type RestoreWay = 'merge' | 'overwrite' | 'copy' | 'skip';

/**
 * Why a record is left out: a person's choice, a kind or version that this app does not know, a body that cannot be read, another device's own, what
 * the app keeps for itself and has here already, such as tabs.
 */
export type LeftOut = 'chosen' | 'newer-app' | 'unreadable' | 'other-device' | 'not-words';

/** What the person has decided about a restore. */
export interface RestoreChoice {
  /** Of everything that nothing else is said of. */
  readonly way: RestoreWay;
  /** Of all of a kind, by its name, and of single entities with what belongs to them, by `keyText`: these count first. */
  readonly kinds?: { readonly [kind: string]: RestoreWay };
  readonly entities?: { readonly [key: string]: RestoreWay };
  /** Whatever was changed or deleted here after its state in the backup stays as it is. */
  readonly skipNewer: boolean;
  /** One entity alone, with what belongs to it; null: everything. */
  readonly only: KeyPair | null;
  /** Whether the API keys that came with the backup take the place of those that are here. Not where one entity alone is restored. */
  readonly secrets?: boolean;
  /** The person has seen which parts of the backup are damaged, and wants the rest of it. */
  readonly acceptDamage?: boolean;
}

/** An API key that came with a backup. It is not shown. */
export interface PlannedKey {
  readonly id: string;
  /** What it is for. */
  readonly origin: string;
  /** `replaced`: another one is here. */
  readonly type: 'added' | 'replaced' | 'same';
  /** What the one that is here is for; null where none is. */
  readonly originHere: string | null;
}

/** How many records of a kind come to what. */
export interface PlanCounts {
  readonly added: number;
  /** Documents of their own, and what belongs to them, beside those that are here. */
  readonly copied: number;
  readonly revived: number;
  readonly changed: number;
  readonly same: number;
  readonly newerHere: number;
  readonly leftOut: number;
}

/** What a restore would do with one entity. */
export interface PlannedEntity {
  /** As it is called in the backup, also where it would be copied. */
  readonly kind: string;
  readonly id: string;
  readonly title: string;
  /** `newer-here` and `kept`: it stays as it is. */
  readonly type: 'added' | 'copied' | 'revived' | 'changed' | 'newer-here' | 'kept' | 'left-out';
  readonly why: LeftOut | null;
  /** Field by field, as text; long ones are cut. */
  readonly changes: readonly { readonly field: string; readonly before: string; readonly after: string }[];
}

/** What a restore would do. Nothing is written by it. */
export interface RestorePlan {
  readonly counts: { readonly [kind: string]: PlanCounts };
  /** Those that were asked for, of all that are not the same, in the order of their kinds. */
  readonly entities: readonly PlannedEntity[];
  /** How many fit the words that were asked for. */
  readonly found: number;
  readonly keys: readonly PlannedKey[];
  /** What of the backup cannot be read: nothing of it is restored, and what is here of it stays as it is. */
  readonly damaged: readonly DamagedPart[];
}

/** Which entities of a plan are named. */
export interface PlanQuery {
  /** All of these words are in its title or its texts, whatever their case. Empty: any. */
  readonly words: string;
  readonly limit: number;
}

/** A restore that was begun. Times are wall times in ms. */
export interface RestoreInfo {
  readonly id: string;
  readonly state: 'applying' | 'applied' | 'undoing' | 'undone';
  readonly startedAt: number;
  /** The backup that it is from, and when that was made. */
  readonly backup: string;
  readonly madeAt: number;
  readonly choice: RestoreChoice;
  readonly changed: number;
  /** Entities that an undo has left as they are, because they were edited since. */
  readonly keptEdited: number;
}

/** How far a call has come. */
export interface BackupProgress {
  readonly phase: BackupPhase;
  /** In bytes, files, parts or entries, as the phase says. A file that is half done counts as a half. */
  readonly done: number;
  /** Null where it is not known. */
  readonly total: number | null;
}

/** `reading` counts the bytes of a file, `files` its pictures and files, `writing` entities and files, `checking` parts, `copying` bytes; the others count entities. */
export type BackupPhase =
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

export interface BringOptions {
  /** Of a file that is encrypted. */
  readonly passphrase?: string;
  /** The person has seen what is wrong with the file, and wants what can be read of it. */
  readonly acceptFaults?: boolean;
}

/** What has become of a file that was to be brought. */
export type BroughtFile =
  | { readonly type: 'brought'; readonly backup: BackupInfo }
  /**
   * Something is wrong with it, and nothing of it is kept. `usable` is what could be used all the same, if the person accepts that; null where
   * none of it can be trusted.
   */
  | {
      readonly type: 'faulty';
      readonly faults: readonly (FileFault | ContentFault)[];
      readonly usable: { readonly records: number } | null;
    };

/** Backups in this browser of a workspace that nothing here knows any more. */
export interface LostBackups {
  readonly workspaceId: string;
  /** The newest that is whole and not shrunken, where there is such a one. */
  readonly newest: BackupInfo;
  readonly count: number;
}

/** A restore that another device has made, and whose changes came to this one. Times are wall times in ms. */
export interface RestoreElsewhere {
  readonly id: string;
  readonly deviceId: string;
  /** When the backup was made, and when the restore was begun. */
  readonly madeAt: number;
  readonly at: number;
  /** How many entities it has changed; 0 until it has ended. */
  readonly changed: number;
  /** It was taken back. */
  readonly undone: boolean;
  /** The backup of how things were on this device before it; null where none was made in time. */
  readonly copy: string | null;
}

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
}
