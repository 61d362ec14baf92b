/** The rows of one workspace's database (`holdfast-ws-<uuid>`). One set of indexes serves every kind, so a new kind needs no upgrade. */

import type { ServerTime, Stamp } from '#core/clock.ts';
import type { Fields, Stamps } from '#core/entity.ts';
import type { KeyPair } from '#core/entity-key.ts';
import type { AccountId, DeviceId, EntityId, OpId } from '#core/ids.ts';
import type { KvSchema } from '#core/ports.ts';
import type { Damaged, Op, RemoteEntity, Seen } from '#core/protocol.ts';
import type { LoggedEvent, QuarantineReason } from '#store/status-store.ts';
import type { TypedAt } from '#store/store.ts';

/** Where an entity is: live, in the bin, or purged (a tombstone). The number is an index column. */
export const LIVE = 0;
export const BINNED = 1;
export const PURGED = 2;
export type Lifecycle = typeof LIVE | typeof BINNED | typeof PURGED;

export interface EntityRow {
  readonly kind: string;
  readonly id: EntityId;
  readonly v: number;
  readonly fields: Fields;
  readonly stamps: Stamps;
  /** The body as it came, where this app cannot read it. Travels on unchanged; `fields` is empty then. */
  readonly raw?: string;
  /** The last server version merged into this row; null where the server has never had the entity. */
  readonly version: OpId | null;
  readonly rev: number;
  /** The account's seq of `version`. */
  readonly seq: number;
  readonly acceptedAt: number | null;
  /** Versions that are contained in this row, oldest first, this device's sent ops included. At most `MAX_LINEAGE`. */
  readonly lineage: readonly OpId[];
  /** Ancestors that the lineage had no room for, as `ancestors.ts` writes them; those before them stand in `chunks` rows of `meta`. */
  readonly older?: string;
  readonly chunks?: number;
  /** What the row contains and a restored server has lost: said with the next op that is built on `against` (`Op.contains`). */
  readonly lost?: { readonly against: OpId | null; readonly tails: string };
  readonly lastUpdated: Stamp;
  readonly deviceId: DeviceId;
  readonly localSeq: number;
  /** The saves applied to this row, as `applied-saves.ts` remembers them. */
  readonly saves: readonly string[];
  /** The outbox rows of this entity: at most one that waits, and one that is on its way. */
  readonly queued: OpId | null;
  readonly sent: OpId | null;
  /** `order` of the outbox row that `queued` names, as it was when it was queued. Says nothing where `queued` is null. */
  readonly queuedOrder?: number;
  readonly bytes: number;
  /** Of a deletion made here: it need not be weighed any more, because the person has confirmed it or it was weighed before. */
  readonly cleared?: boolean;
  /** Wall time of the last history snapshot of this row. */
  readonly snapshotAt: number;
  /** The state of another workspace's row that was last brought into this one: `<workspace>/<localSeq>` (`bring-along.ts`). */
  readonly brought?: string;
  // Index columns. A null is not indexed.
  /** The stored name of the column; the code calls it the lifecycle. */
  readonly place: Lifecycle;
  readonly parent: string | null;
  readonly sort: string;
}

/** What the server last had of an entity that has unsent changes: the base of the next merge. */
export interface BaseRow {
  readonly kind: string;
  readonly id: EntityId;
  readonly version: OpId;
  readonly v: number;
  readonly fields: Fields;
  readonly stamps: Stamps;
  readonly deleted: boolean;
  /** `version` is one of another account's server: the body may serve a merge, the version says nothing here. */
  readonly foreign?: true;
}

/**
 * One pending change. `queued` may still take more edits; `sent` never changes again and holds the op as it was sent;
 * `parked` (a stored word) is in quarantine and waits for the person, `held` for the person's answer about a deletion (`own-deletions.ts`).
 */
export interface OutboxRow {
  readonly opId: OpId;
  readonly kind: string;
  readonly id: EntityId;
  readonly state: 'queued' | 'sent' | 'parked' | 'held';
  /** Rises with every row that is queued and is never given twice: runs of it stand for the rows of a bulk (`bulk-mark.ts`). */
  readonly order: number;
  readonly queuedAt: number;
  /** Not sent before this time while the entity is being edited. */
  readonly holdUntil: number;
  readonly op: Op | null;
  /** Its op went out before under an id that the server knew with another body. */
  readonly reissued?: true;
  /** The parent's id, where the entity has one: for counting. Rows of older versions lack it. */
  readonly parent?: string;
  /** Estimated size of the op, for batching. */
  readonly bytes: number;
  /** A deletion that has not been weighed yet: it is not sent before that. */
  readonly unweighed?: true;
  /**
   * Put back from the second copy, with its op frozen: whether the server has had it, and with which body, is not known
   * here. `last` holds all of its entity; `earlier` was sent before that one and is asked about first.
   */
  readonly restored?: 'last' | 'earlier';
}

export interface HistoryRow {
  readonly kind: string;
  readonly id: EntityId;
  /** The workspace's localSeq when the state was kept: order, and unique where two fall into one millisecond. */
  readonly order: number;
  readonly at: number;
  readonly fields: Fields;
  readonly stamp: Stamp;
  readonly reason: 'edit' | 'merge' | 'restore' | 'delete';
  /** The localSeq of the row whose state this is. */
  readonly of?: number;
  /** The schema version of `fields`; an older row does not say. */
  readonly v?: number;
}

export interface QuarantineRow {
  readonly kind: string;
  readonly id: EntityId;
  readonly reason: QuarantineReason;
  readonly at: number;
  readonly op: Op | null;
  readonly raw: string | null;
  /** With `newer-app`: the schema version that the app must know to merge it. */
  readonly v?: number;
}

/** One save as the journal keeps it: a patch, what it was made from, and its name. */
export interface UnsavedPatch {
  readonly patch: Fields;
  readonly was: Fields;
  readonly builtOn: number;
  readonly saveId: string;
  /** Wall time in ms at which each field was typed last. Rows of version 2 have none: `at` stands for it. */
  readonly typedAt?: TypedAt;
}

/** What the page did not know to be committed: the patch typed last, and the save that was on its way before it. */
export interface UnsavedRow extends UnsavedPatch {
  /** `<tab>/<kind>/<id>/<session>` */
  readonly key: string;
  readonly tab: string;
  readonly kind: string;
  readonly id: EntityId;
  readonly at: number;
  /** The save on its way when the row was written; the row's own patch is built on it. Absent where none was. */
  readonly inFlight?: UnsavedPatch;
  /** The schema version of the fields in its patches; an older row does not say. */
  readonly v?: number;
  /** Words of a machine (`SaveRequest.machine`). */
  readonly machine?: true;
}

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
  /** Rows up to this localSeq have been read to be brought into another workspace: their next change keeps a state of them. */
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
  /** Versions whose bodies came damaged: asked for again in every run (`damage.ts`). */
  readonly damaged?: readonly Damaged[];
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
  /** Wall time in ms at which this device heard of it. */
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

/** Written when the database is first opened. A registered database without it has been emptied or made anew. */
export interface MarkerRow {
  readonly key: 'marker';
  readonly madeAt: number;
  /** To be shown to the person; null where there is nothing to show. */
  readonly recovered: Recovered | null;
}

export type MetaRow = CountersRow | SyncRow | BulkRow | EventRow | HeldRow | DeletionsRow | AncestorsRow | MarkerRow;

export type WorkspaceTables = {
  readonly entities: EntityRow;
  readonly bases: BaseRow;
  readonly outbox: OutboxRow;
  readonly history: HistoryRow;
  readonly quarantine: QuarantineRow;
  /** Earlier versions kept the journal here (`journal-database.ts`); what is left of theirs is still replayed. */
  readonly unsaved: UnsavedRow;
  readonly meta: MetaRow;
};

/**
 * 2: bulks (`bulk-mark.ts`). 3: deletions that wait (`held-deletions.ts`), journal rows that name the save in flight. The stores
 * are those of 1, but an older app would misread the rows.
 */
export const WORKSPACE_VERSION = 3;

/** Sorts after every string and number that a key or an index of ours holds. */
export const HIGH = '\uffff';

/** The outbox rows in a state, oldest first, as the index finds them: all, or those of order `from` to `to`. */
export const outboxIn = (state: OutboxRow['state'], from = 0, to = Infinity) =>
  ({ index: 'byOrder', lower: [state, from], upper: [state, to] }) as const;

export const workspaceSchema: KvSchema<WorkspaceTables> = {
  stores: {
    entities: {
      key: ['kind', 'id'],
      indexes: { byPlace: ['kind', 'place', 'sort', 'id'], byParent: ['parent', 'sort', 'id'], byLocalSeq: 'localSeq' },
    },
    bases: { key: ['kind', 'id'], indexes: {} },
    outbox: { key: 'opId', indexes: { byOrder: ['state', 'order'] } },
    history: { key: ['kind', 'id', 'order'], indexes: {} },
    quarantine: { key: ['kind', 'id'], indexes: {} },
    unsaved: { key: 'key', indexes: {} },
    meta: { key: 'key', indexes: {} },
  },
};

/** One local database with its identity. The account exists on the device before any server knows of it. */
export interface WorkspaceRow {
  readonly id: string;
  readonly deviceId: DeviceId;
  readonly deviceName: string;
  readonly accountId: AccountId;
  /**
   * 128 bits in hex. With the account id it is the recovery code. Never leaves the device but to enter. Empty where it was
   * lost with this browser's storage, and the account's cookie alone was left.
   */
  readonly accountKey: string;
  readonly name: string;
  readonly createdAt: number;
  readonly lastOpenedAt: number;
  /** Whether the server has let this device in (it then holds the cookie). */
  readonly entered: boolean;
  /** Whether the person has seen the recovery code, or set a password: the way back in exists. */
  readonly recoverable: boolean;
  readonly loginName: string | null;
  /** Its work was brought into another account; kept until all of it is acknowledged there. */
  readonly retired: boolean;
  /** What this device was called in the account before it was signed out and entered again, oldest first. */
  readonly formerDeviceIds?: readonly string[];
  /** What belongs to the device still is under the last of them (`adopt-device-id.ts`). */
  readonly isRenamed?: true;
  /** Its database has a `MarkerRow`: one without has been lost. */
  readonly marked?: boolean;
}

export interface ActiveRow {
  readonly key: 'active';
  readonly workspaceId: string;
}

/** The work of one workspace on its way into another: resumed at every start until all of it is there. */
export interface BringRow {
  readonly key: `bring/${string}`;
  readonly from: string;
  readonly into: string;
  /** `copying`: `into` opens when all of it is there. `following`: what a tab writes into `from` later still comes after. */
  readonly state: 'copying' | 'following';
  /** What `from` had up to this localSeq is in `into`, or is behind `after`. Null before the first page. */
  readonly seq: number | null;
  /** The last entity of the first pass, which goes by kind and id; null before it has begun and after it has ended. */
  readonly after: KeyPair | null;
  readonly done: number;
  readonly total: number;
  readonly startedAt: number;
}

export type RegistryTables = {
  readonly workspaces: WorkspaceRow;
  readonly active: ActiveRow | BringRow;
};

export const REGISTRY_VERSION = 1;

export const registrySchema: KvSchema<RegistryTables> = {
  stores: { workspaces: { key: 'id', indexes: {} }, active: { key: 'key', indexes: {} } },
};
