/** The rows of one workspace's database (`holdfast-ws-<uuid>`). One set of indexes serves every kind, so a new kind needs no upgrade. */

import type { Stamp } from '#core/clock.ts';
import type { Fields, Stamps } from '#core/entity.ts';
import type { DeviceId, EntityId, OpId } from '#core/ids.ts';
import type { KvSchema } from '#core/ports.ts';
import type { Op } from '#core/protocol.ts';
import type { QuarantineReason } from '#store/status-store.ts';
import type { TypedAt } from '#store/store.ts';
import type { BlobBytesRow, BlobRow } from './blob-rows.ts';
import type { MetaRow } from './meta-rows.ts';

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
  /** Ancestors that the lineage had no room for, as `ancestors.ts` writes them; those before them are in `chunks` rows of `meta`. */
  readonly older?: string;
  readonly chunks?: number;
  /** What the row contains and a restored server has lost: said with the next op that is built on `against` (`Op.contains`). */
  readonly lost?: { readonly against: OpId | null; readonly tails: string };
  /** The row's version, where a restored server has lost it and has no room for it (`keep-lost.ts`). Says nothing of any other version. */
  readonly unreturned?: OpId;
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
  /** It contains every version that is before it among the row's ancestors. Bases of earlier versions of the app do not say it. */
  readonly containsEarlier?: true;
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
  /** Rises with every row that is queued and is never given twice: runs of it represent the rows of a bulk (`bulk-mark.ts`). */
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
  /** The device that made the state; an older row does not say. */
  readonly by?: DeviceId;
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

/** One save as the journal keeps it: its `base` and `baseSeq` under the names that the first rows gave them, and its name. */
export interface UnsavedPatch {
  readonly patch: Fields;
  readonly was: Fields;
  readonly builtOn: number;
  readonly saveId: string;
  /** Wall time in ms at which each field was typed last. Rows of version 2 have none: `at` takes its place. */
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
  /** A change without typing (`SaveRequest.untyped`). */
  readonly untyped?: 'read' | 'unread';
}

export type WorkspaceTables = {
  readonly entities: EntityRow;
  readonly bases: BaseRow;
  readonly outbox: OutboxRow;
  readonly history: HistoryRow;
  readonly quarantine: QuarantineRow;
  /** Earlier versions kept the journal here (`journal-database.ts`); what is left of theirs is still replayed. */
  readonly unsaved: UnsavedRow;
  readonly meta: MetaRow;
  readonly blobs: BlobRow;
  readonly 'blob-bytes': BlobBytesRow;
};

/**
 * 2: bulks (`bulk-mark.ts`). 3: deletions that wait (`held-deletions.ts`), journal rows that name the save in flight. Up to
 * here the stores are those of 1, but an older app would misread the rows. 4: blobs (`blob-rows.ts`).
 */
export const WORKSPACE_VERSION = 4;

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
    blobs: { key: 'hash', indexes: { byWaiting: ['waits', 'size'], bySpare: ['spare', 'usedAt'] } },
    'blob-bytes': { key: ['name', 'part'], indexes: {} },
  },
};
