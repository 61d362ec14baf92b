/** The single rows of a workspace's `meta` store, by key. */

import type { BackupFailure, PlaceSettings, PlaceState, PlaceType } from '#core/backup-places.ts';
import type { ServerTime, Stamp } from '#core/clock.ts';
import type { Drills } from '#core/drills.ts';
import type { DeviceId } from '#core/ids.ts';
import type { Op, RemoteEntity } from '#core/protocol.ts';
import type { Seen } from '#core/protocol-parts.ts';
import type { MissingBody } from '#core/sync-store.ts';
import type { LoggedEvent } from '#store/status-store.ts';
import type { BlobCareRow, BlobFillRow, BlobPartRow, BlobRecallRow, BlobWayRow, ShownFilesRow } from './blob-meta-rows.ts';
import type { BroughtKeysRow, ComingRow, RestoreCopiesRow, RestoredRow, RestoreRow } from './restore-meta-rows.ts';

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
