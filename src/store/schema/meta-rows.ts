/** The single rows of a workspace's `meta` store, by key. */

import type { BackupFailure, PlaceSettings, PlaceState, PlaceType } from '#core/backup-places.ts';
import type { BlobFailure } from '#core/blob-queue.ts';
import type { BlobHash } from '#core/blobs.ts';
import type { ServerTime, Stamp } from '#core/clock.ts';
import type { Drills } from '#core/drills.ts';
import type { Body } from '#core/entity.ts';
import type { DeviceId } from '#core/ids.ts';
import type { Op, RemoteEntity } from '#core/protocol.ts';
import type { Seen } from '#core/protocol-parts.ts';
import type { RestoreChoice, SealedKey } from '#core/restores.ts';
import type { MissingBody } from '#core/sync-store.ts';
import type { LoggedEvent } from '#store/status-store.ts';

/** The counters of a workspace, in one row: every save reads and writes it. */
export interface CountersRow {
  /** The stored name of the row. */
  readonly key: 'state';
  readonly localSeq: number;
  readonly clock: Stamp;
  readonly bytes: number;
  readonly lastSavedAt: number | null;
  /** What is known of the server's time. Here because every save is stamped by it; written no more often than it must. */
  readonly server?: ServerTime;
  /** Rows up to this localSeq have been read to be brought into another workspace: their next change keeps a revision of them. */
  readonly broughtSeq?: number;
  /** The highest `order` that an outbox row was ever given. */
  readonly lastOrder?: number;
  /** The bulk that is on its way. Its ops are in the row `bulk`. */
  readonly sending?: BulkMark | null;
  /** Waiting rows that the server has taken in bulks, by their `order`. */
  readonly acked?: readonly AckedRun[];
}

/** Outbox rows of which every `order` from `from` to `to` is on its way, in one push. */
export interface BulkMark {
  readonly from: number;
  readonly to: number;
  /** The workspace's localSeq when they were marked: what was edited since has a higher one. */
  readonly localSeq: number;
}

/** Outbox rows that the server has applied: the one of order `from + n` as its account's seq `seq + n`. */
export interface AckedRun {
  readonly from: number;
  readonly to: number;
  readonly seq: number;
  readonly acceptedAt: number;
}

/** The ops of a bulk that is on its way, frozen as they are sent. */
export interface BulkRow {
  readonly key: 'bulk';
  /** In the order of their outbox rows, without a gap. */
  readonly ops: readonly Op[];
  /** The rev that each op makes of its entity. */
  readonly revs: readonly number[];
}

/** Where this workspace is with the server. */
export interface SyncRow {
  readonly key: 'sync';
  readonly epoch: string | null;
  readonly cursor: number;
  /** Where the cursor was before a pull of which pages are still to come. */
  readonly since?: number;
  readonly seen: Seen;
  readonly lastSyncedAt: number | null;
  readonly lastPushedAt: number | null;
  /** Set while a reconcile has not finished, so that a killed one starts again. */
  readonly reconciling: boolean;
  /** Versions whose bodies came damaged, or did not come: asked for again in every run (`damage.ts`). */
  readonly damaged?: readonly MissingBody[];
  readonly failure: {
    readonly reason: string;
    readonly since: number;
    readonly attempts: number;
    /** Attempts that ended without an answer in time. Absent in rows of older versions. */
    readonly timeouts?: number;
    readonly retryAt: number;
  } | null;
}

/** Older ancestors of one entity (`ancestors.ts`). */
export interface AncestorsRow {
  /** `ancestors/<kind>/<id>/<number>` */
  readonly key: `ancestors/${string}`;
  readonly tails: string;
}

/** What was sent and never answered when a reconcile began: other devices may have built on it. Gone with the end of that. */
export interface UnansweredRow {
  /** `unanswered/<kind>/<id>` */
  readonly key: `unanswered/${string}`;
  readonly sentOp: Op;
}

/** One line of the device's event log (`event-log.ts`). */
export interface EventRow extends LoggedEvent {
  /** `event/<order>` */
  readonly key: `event/${string}`;
}

/** A deletion of another device that has changed nothing here yet (`held-deletions.ts`). */
export interface HeldRow {
  /** `held/<kind>/<id>` */
  readonly key: `held/${string}`;
  /** Up to `DeletionsRow.heldTo` it waits for the person; above it, for the end of the run that brought it. */
  readonly order: number;
  /** Wall time in ms at which this device learned of it. */
  readonly at: number;
  readonly deletion: RemoteEntity;
  /** The server may have forgotten it: a reconcile under way has not met it again. */
  readonly doubtful?: true;
}

/** Deletions that this device has let happen without asking, of one device and kind, within an hour. */
export interface TakenDeletions {
  readonly at: number;
  readonly deviceId: DeviceId;
  readonly kind: string;
  readonly count: number;
}

/** The counters of the deletion guard. */
export interface DeletionsRow {
  readonly key: 'deletions';
  /** The highest `order` that a `HeldRow` was given. */
  readonly last: number;
  readonly heldTo: number;
  /** How many wait for the person, since when (wall time in ms), and how many for the end of their run. */
  readonly held: number;
  readonly heldSince: number;
  readonly aside: number;
  /** Those of the last day. */
  readonly taken: readonly TakenDeletions[];
}

/** What was put back after the browser had lost this workspace's database. */
export interface Recovered {
  /** Wall time in ms. */
  readonly at: number;
  /** Where the account was known from: the second copy of the registry, or the account's cookie alone. */
  readonly from: 'copy' | 'cookie';
  /** Entities with changes that the server had not acknowledged; null where there was no copy of any. */
  readonly unsent: number | null;
}

/** Written when the database is first opened. A registered database without it has been emptied or made again. */
export interface MarkerRow {
  readonly key: 'marker';
  readonly madeAt: number;
  /** To be shown to the person; null where there is nothing to show. */
  readonly recovered: Recovered | null;
  /** There was work in this browser before, nothing of it was found, and the person has not said yet how to go on: nothing is sent. */
  readonly undecided?: true;
}

/** Since when backups of this workspace fail. */
export interface BackupsRow {
  readonly key: 'backups';
  readonly failure: BackupFailure | null;
}

/** A restore of another device whose changes came to this one (`draft/coming-restores.ts`). */
export interface ComingRow {
  /** `coming/<id of the restore>` */
  readonly key: `coming/${string}`;
  readonly deviceId: DeviceId;
  /** Wall time in ms at which this device learned of it. */
  readonly at: number;
  /** The backup of how things were before it. */
  readonly copy: string | null;
  /** The person has read of it. */
  readonly putAway: boolean;
}

/** What trying restores has come to. */
export interface DrillsRow {
  readonly key: 'drills';
  readonly drills: Drills;
}

/** A place of backups beside this device: this browser alone knows of it. */
export interface BackupPlaceRow extends PlaceSettings {
  /** `backup-place/<id>` */
  readonly key: `backup-place/${string}`;
  readonly id: string;
  readonly type: Exclude<PlaceType, 'device'>;
  readonly name: string;
  /** The folder that the person has picked, and the name of the one in it that has these backups. */
  readonly folder?: { readonly handle: FileSystemDirectoryHandle; readonly name: string };
  /** The person does not want it: the server is not added by itself again. */
  readonly isRemoved?: true;
  readonly state: PlaceState;
  readonly failure: BackupFailure | null;
}

/** Rows of bytes that are being written and that no blob has yet: what a kill leaves of them is removed. */
export interface BlobPartRow {
  /** `blob-part/<name>` */
  readonly key: `blob-part/${string}`;
}

/** When it was last looked whether a blob is still named (`collect-blobs.ts`). */
export interface BlobCareRow {
  readonly key: 'blobs';
  /** Wall time in ms. */
  readonly collectedAt: number;
}

/** Files that the editors of a page have shown: *Undo* may name them again for as long as the page is open (`shown-files.ts`). */
export interface ShownFilesRow {
  /** `shown-files/<tab>` */
  readonly key: `shown-files/${string}`;
  /** As a text refers to them: the row names them. */
  readonly references: readonly string[];
}

/** What is named here, not by a version that the server has, and not here (`recall-blobs.ts`). */
export interface BlobRecallRow {
  readonly key: 'blob-recall';
  /** Wall time in ms. */
  readonly lookedAt: number;
  /** Wall time in ms of the last sync by then. Absent in rows of earlier versions. */
  readonly knownAt?: number;
  readonly waiting: readonly RecalledBlob[];
}

export interface RecalledBlob {
  readonly hash: BlobHash;
  /** Wall time in ms since when it may be so. */
  readonly since: number;
  /** On how many days the server did not have it. */
  readonly times: number;
}

/** How this device and the server are with each other's blobs (`blob-questions.ts`). */
export interface BlobWayRow {
  readonly key: 'blob-way';
  /** Wall time in ms at which the server was last asked about every blob that is here. */
  readonly askedAt: number | null;
  /**
   * Being asked: what lies behind `after` (null: all) is still to be, of the server's life `epoch`. `since`: wall time in ms of the first
   * question; absent before it.
   */
  readonly asking: { readonly epoch: string | null; readonly after: BlobHash | null; readonly since?: number } | null;
  /** How the last runs of the transfer ended. */
  readonly failure: BlobFailure | null;
}

export interface LackingBlob {
  readonly hash: BlobHash;
  /** How often the server did not have it, and when it is asked again, wall time in ms. */
  readonly times: number;
  readonly retryAt: number;
}

/** How far this device is in fetching what its entities name (`blob-fill.ts`). */
export interface BlobFillRow {
  readonly key: 'blob-fill';
  /** Entities up to this localSeq were looked at. */
  readonly reached: number;
  /** The pass that is under way: from `top` down, and those from `below` on were looked at. */
  readonly pass: { readonly top: number; readonly below: number } | null;
  readonly lacking: readonly LackingBlob[];
}

/** A restore: how far it is (`restore/apply-restore.ts`). It stays for as long as it can be undone. */
export interface RestoreRow {
  /** `restore/<id>` */
  readonly key: `restore/${string}`;
  readonly state: 'applying' | 'applied' | 'undoing' | 'undone';
  /** Wall time in ms. */
  readonly startedAt: number;
  /** The backup that it is from, when that was made, and what the person has decided. */
  readonly backup: string;
  readonly madeAt: number;
  readonly choice: RestoreChoice;
  /** How many records are done: the next batch begins there. */
  readonly done: number;
  /** How many entities were changed, and how many of them an undo has left as they are because they were edited since. */
  readonly changed: number;
  readonly keptEdited: number;
}

/** The documents that a restore copies. */
export interface RestoreCopiesRow {
  /** `restore-copies/<id>` */
  readonly key: `restore-copies/${string}`;
  /** Each by `pairText`, with what the ids of its copy follow from. */
  readonly documents: readonly (readonly [document: string, digest: string])[];
}

/** The API keys that came with a backup, sealed to this browser: they are in no backup that is kept. */
export interface BroughtKeysRow {
  /** `brought-keys/<id of the backup>` */
  readonly key: `brought-keys/${string}`;
  readonly keys: readonly SealedKey[];
}

/** What a batch of a restore has replaced: undone from the last batch to the first. */
export interface RestoredRow {
  /** `restored/<id>/<number, 8 digits>` */
  readonly key: `restored/${string}`;
  readonly entries: readonly RestoredEntry[];
}

export interface RestoredEntry {
  readonly kind: string;
  readonly id: string;
  /** The schema version of both bodies. */
  readonly v: number;
  /** What was there; null where nothing was, or a tombstone. */
  readonly before: Body | null;
  /** What the restore has made of it. */
  readonly after: Body;
}

export type MetaRow =
  | RestoreRow
  | RestoredRow
  | BroughtKeysRow
  | RestoreCopiesRow
  | CountersRow
  | SyncRow
  | BulkRow
  | EventRow
  | HeldRow
  | DeletionsRow
  | AncestorsRow
  | UnansweredRow
  | MarkerRow
  | BlobPartRow
  | BackupsRow
  | BackupPlaceRow
  | DrillsRow
  | ComingRow
  | BlobCareRow
  | ShownFilesRow
  | BlobRecallRow
  | BlobWayRow
  | BlobFillRow;
