/**
 * The store of one workspace. Its promise:
 *
 * - `save` resolves with `ok` only after entity, outbox row, base and counters have been committed in one strict
 *   transaction. "Saved" on the screen is that answer, nothing earlier.
 * - A save is a patch by field. Where the row has moved on since `baseSeq`, the patch is merged in, never laid over.
 * - A save repeated with the same `saveId` changes nothing and answers the same.
 * - A failed read is an error, never an empty result. Nothing here deletes what a person wrote but `purge`, their own word.
 */

import type { Fields } from '#core/entity.ts';
import type { KeyPair } from '#core/entity-key.ts';
import type { StoreError, SyncError } from '#core/errors.ts';
import type { DeviceId, EntityId, OpId } from '#core/ids.ts';
import type { Result } from '#core/result.ts';

/** An entity as a reader meets it: fields migrated to this app's version, initial values filled in. */
export interface EntityView {
  readonly kind: string;
  readonly id: EntityId;
  readonly fields: Fields;
  /** Wall time in ms of the last edit: of the last change to a field that counts as one (`FieldDeclaration.noEdit`). */
  readonly updatedAt: number;
  /** What a save of this view is built on. */
  readonly localSeq: number;
  readonly lifecycle: 'live' | 'binned' | 'purged';
  /** Written by a newer version of the app: shown, not edited. */
  readonly readOnly: boolean;
  /** Has changes that the server has not acknowledged. */
  readonly pending: boolean;
}

/** Wall time in ms by field. */
export type TypedAt = { readonly [field: string]: number };

/** A `baseSeq` that no row has: the save is merged in, whatever is there. */
export const NO_ROW = -1;

export interface SaveRequest {
  readonly kind: string;
  readonly id: EntityId;
  /** The new values, by field. */
  readonly patch: Fields;
  /** The values of the same fields that the editor had before: what the patch was made from. */
  readonly base: Fields;
  /** `localSeq` of the view that `base` came from; 0 for an entity that did not exist. */
  readonly baseSeq: number;
  /**
   * Names this save and no other patch, and is used again when it is repeated: a UUID minted once, or a numbered id
   * (`core/save-id.ts`).
   */
  readonly saveId: string;
  /** Wall time in ms at which each field was typed: its stamp, however late the save comes. Now where it is absent. */
  readonly typedAt?: TypedAt;
  /**
   * An earlier state of the same typing, as the journal has it. Where that has been replayed before this save arrives, the
   * patch was made from it.
   */
  readonly journaled?: { readonly saveId: string; readonly patch: Fields };
  /** The entity is still being edited: it may wait up to `EDIT_PACE_MS` before it is sent. */
  readonly editing?: boolean;
  /**
   * Words of a machine, not of a person: refused as `NotFound` where the entity or its parent has been deleted permanently. A
   * person's would bring it back.
   */
  readonly machine?: true;
  /**
   * A change without typing, saved late: what has been changed since `typedAt` stays so, and what was deleted permanently since is `NotFound`. `unread`: it was
   * made from nothing that was read, and is saved over what the entity holds.
   */
  readonly untyped?: 'read' | 'unread';
  /** The schema version of `patch` and `base`, where an earlier version of the app has made them; this app's where it is absent. */
  readonly v?: number;
}

export interface SaveAnswer {
  readonly entity: EntityView;
  /** The row had moved on, and `entity` holds more than the patch: the editor takes over its values. */
  readonly merged: boolean;
}

export interface ListRequest {
  readonly kind: string;
  readonly lifecycle?: 'live' | 'binned';
  /** Only children of this entity, in their order. */
  readonly parent?: string;
  /** Newest first unless `oldest`, by the last edit, or children by when they were made. Pinned ones come before the others. */
  readonly order?: 'newest' | 'oldest';
  readonly limit: number;
  /** `next` of the page before. */
  readonly after?: string;
}

export interface ListAnswer {
  readonly items: readonly EntityView[];
  /** Give it as `after` for the next page; null at the end. */
  readonly next: string | null;
}

/** Entities in the order of their last change on this device, oldest first: each once, in its present state. */
export interface ChangesAnswer {
  /** Of every kind and place, purged ones (without fields) included. */
  readonly items: readonly EntityView[];
  /** The localSeq up to which this page goes: give it to the next call. */
  readonly next: number;
  /** How many entities lie beyond this page. */
  readonly left: number;
  /** The workspace's localSeq: a reader that has seen a higher one looks at another, or an older, database. */
  readonly head: number;
}

export interface HistoryEntry {
  readonly at: number;
  readonly fields: Fields;
  readonly reason: 'edit' | 'merge' | 'restore' | 'delete';
  /** The device that made the state; absent where that is not known. */
  readonly deviceId?: DeviceId;
}

/** Numbers for the status bar, read in one transaction. */
export interface StoreSummary {
  readonly localSeq: number;
  /**
   * Changes that the server is to get and has not acknowledged, those in quarantine included. Layout and other things of
   * this device count: they are sent, too. Private kinds do not. An entity counts twice while a newer change of it waits
   * behind one that is on its way.
   */
  readonly pending: number;
  /**
   * The same as a person counts: documents that wait. A chat with its messages is one, layout and device settings are none.
   * Of a queue of more than 200 rows the rest counts by rows.
   */
  readonly changes: number;
  /** Those of `pending` that wait for the person: in quarantine, or as deletions that are held. */
  readonly awaitingPerson: number;
  /** Entries in quarantine; more than wait here where another device sent what cannot be read here. */
  readonly quarantined: number;
  /** Wall time in ms from which on one of the waiting changes may go: an entity under edit is held back. Null where none waits. */
  readonly dueAt: number | null;
  /** Wall time in ms of the oldest change that is not in quarantine. */
  readonly oldestPendingAt: number | null;
  readonly oldestQuarantinedAt: number | null;
  readonly lastSavedAt: number | null;
  readonly lastSyncedAt: number | null;
  /** Wall time in ms at which the server last took a change of this device. */
  readonly lastPushedAt: number | null;
  readonly openConflicts: number;
  /** Deletions that wait for the person, and since when, wall time in ms. */
  /** Entries that came damaged and are asked for again in every sync. */
  readonly damaged: number;
  /** Entries whose large body the server does not give now, asked for again in the same way. */
  readonly withheld: number;
  readonly heldDeletions: { readonly count: number; readonly since: number };
  /** Blobs that the server does not have, in files and bytes, and how many of them it has refused. Of more than 1,000 the bytes of these. */
  readonly files: { readonly waiting: number; readonly bytes: number; readonly refused: number; readonly heldUp?: FilesHeldUp };
  /** The account's seq up to which this device has pulled. */
  readonly cursor: number;
  readonly bytes: number;
  readonly failure: {
    readonly reason: string;
    readonly since: number;
    readonly attempts: number;
    readonly retryAt: number;
  } | null;
}

/** Why no file goes to the server now. */
export interface FilesHeldUp {
  readonly error: SyncError;
  /** Wall time in ms since when, how often it was tried, and when it is next. */
  readonly since: number;
  readonly attempts: number;
  readonly retryAt: number;
}

export interface Store {
  save(request: SaveRequest): Promise<Result<SaveAnswer, StoreError>>;
  /** The entity, purged ones included, or null where there has never been one. */
  get(kind: string, id: EntityId): Promise<Result<EntityView | null, StoreError>>;
  /** What `get` gives for each of `[kind, id]`, in their order and as of one moment: one transaction instead of one for each. */
  getMany(keys: readonly KeyPair[]): Promise<Result<readonly (EntityView | null)[], StoreError>>;
  list(request: ListRequest): Promise<Result<ListAnswer, StoreError>>;
  count(kind: string, lifecycle: 'live' | 'binned'): Promise<Result<number, StoreError>>;
  /** At most `limit` entities whose last change came after `localSeq`: what an index that has seen `localSeq` must look at. */
  changedSince(localSeq: number, limit: number): Promise<Result<ChangesAnswer, StoreError>>;
  /** Kept revisions of an entity on this device, newest first. */
  history(kind: string, id: EntityId): Promise<Result<readonly HistoryEntry[], StoreError>>;
  /** Deletes permanently, leaving tombstones: the person's word. What they held goes to the history first. */
  /** With `act`, the id of one act in which the person has confirmed how much goes, nobody asks again, here or elsewhere. */
  purge(kind: string, ids: readonly EntityId[], act?: string): Promise<Result<number, StoreError>>;
  /** Lets paced changes go at once: on blur, when hidden, at close. */
  release(): Promise<Result<number, StoreError>>;
  summary(): Promise<Result<StoreSummary, StoreError>>;
  /** Lets one entity in quarantine, or all, be sent once more, under new opIds. Gives how many entities that are. */
  retryQuarantined(only?: readonly [kind: string, id: EntityId]): Promise<Result<number, StoreError>>;
  /**
   * What was deleted in bulk and waits for the person's answer: by other devices, and not yet here; or here, and not yet sent.
   * The newest first.
   */
  heldDeletions(): Promise<Result<readonly HeldDeletion[], StoreError>>;
  /** The person's answer about what they were shown. Gives how many of those it was still about. */
  decideDeletions(answer: DeletionAnswer, shown: readonly HeldVersion[]): Promise<Result<number, StoreError>>;
}

/** Held deletions happen, their content going to the history; or the entities stay, and come back where they are gone. */
export type DeletionAnswer = 'delete' | 'keep';

/** A deletion that waits for the person. */
export interface HeldDeletion {
  /** What it would delete. */
  readonly entity: EntityView;
  /** The version that deletes it, or that is to. */
  readonly version: OpId;
  /** The device that deleted it: another, or this one. */
  readonly deviceId: DeviceId;
  /** Wall time in ms at which this device learned of it, or deleted it. */
  readonly at: number;
}

/** Names a held deletion as it was shown. */
export interface HeldVersion {
  readonly kind: string;
  readonly id: EntityId;
  readonly version: OpId;
}

/** What every context of the origin receives after a commit: which entities changed, up to which localSeq. */
export interface StoreChange {
  readonly type: 'changed';
  readonly workspaceId: string;
  /** The localSeq before the commit. Absent from earlier versions of the app. */
  readonly after?: number;
  readonly localSeq: number;
  /** `[kind, id]`; null means "many: read again". */
  readonly keys: readonly KeyPair[] | null;
  /** The kinds of those many; absent where `keys` says it. */
  readonly kinds?: readonly string[];
}
