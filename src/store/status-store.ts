/**
 * What the Status panel asks of a workspace: what the server refused, what there is by kind, and the event log of this
 * device. Nothing here is part of a save or of a drain.
 */

import type { Fields } from '#core/entity.ts';
import type { KeyPair } from '#core/entity-key.ts';
import type { HoldfastError, StoreError } from '#core/errors.ts';
import type { EntityId, OpId } from '#core/ids.ts';
import type { Json } from '#core/json.ts';
import type { RejectReason } from '#core/protocol.ts';
import type { Result } from '#core/result.ts';
import type { DeletionAnswer, EntityView } from './store.ts';

/** Why something is in quarantine: the server's word, or `unreadable` for a body that this app cannot read. */
export type QuarantineReason = RejectReason | 'unreadable' | 'newer-app';

/** One entity in quarantine. */
export interface Quarantined {
  readonly kind: string;
  readonly id: EntityId;
  readonly reason: QuarantineReason;
  /** Wall time in ms of the refusal. */
  readonly at: number;
  /** The entity as it is on this device; null where this device has none. */
  readonly entity: EntityView | null;
  /** A change waits here until it is tried again. Without one there is only the note that something was refused. */
  readonly waiting: boolean;
  /** What was refused is a deletion. */
  readonly deletion: boolean;
  /** What the server held when the change was made; null where it has never had the entity. */
  readonly onServer: Fields | null;
}

/** What an export of the quarantine holds, as plain JSON. */
export interface QuarantineExport {
  readonly format: 'holdfast-quarantine';
  readonly version: 1;
  readonly entries: readonly {
    readonly kind: string;
    readonly id: string;
    readonly reason: QuarantineReason;
    readonly at: number;
    /** The fields as they are on this device, secret ones left out. */
    readonly fields: Fields;
    /** The body that was refused, or that could not be read, as it travelled. */
    readonly body: string | null;
  }[];
}

/** How many entities of a kind there are on this device. */
export interface KindCount {
  readonly kind: string;
  readonly live: number;
  readonly binned: number;
  /** Tombstones. */
  readonly purged: number;
}

/** What a comparison with the server needs of an entity. */
export interface LocalVersion {
  readonly kind: string;
  readonly id: EntityId;
  readonly version: OpId | null;
  readonly deleted: boolean;
  /** Something about it waits: to be sent, or as a deletion for the end of a run or for the person. */
  readonly pending: boolean;
  /**
   * SHA-256 of the body as it is here now, counted again; null where it is pending, and the server has another. Only where it
   * was asked for.
   */
  readonly hash?: string | null;
  /** The hash that the server has instead where the body travelled by itself (`core/large-body.ts`). */
  readonly standInHash?: string;
}

export interface VersionPage {
  /** By kind, then id: the order of the server's manifest. Private kinds are left out. */
  readonly versions: readonly LocalVersion[];
  readonly next: KeyPair | null;
}

/** What can happen to a device, without any content. */
export type DeviceEvent =
  | { readonly type: 'started'; readonly detail: string }
  | { readonly type: 'synced' }
  | { readonly type: 'sync-failed'; readonly error: HoldfastError }
  | { readonly type: 'save-failed'; readonly error: StoreError }
  | { readonly type: 'save-recovered' }
  /** The browser had no room: earlier revisions went, or, where these are none, the search indexes. */
  | { readonly type: 'room-made'; readonly states: number }
  | { readonly type: 'quarantined' | 'retried' | 'discarded'; readonly kind: string; readonly detail: string }
  | { readonly type: 'decided' | 'merge-undone' | 'restored'; readonly kind: string }
  /** Of another device, or of this one before they are sent. */
  | { readonly type: 'deletions-held' | 'own-deletions-held'; readonly count: number }
  /** Another device deleted them in one act that a person had confirmed there; they are gone here, too. */
  | { readonly type: 'deletions-confirmed'; readonly count: number }
  | { readonly type: 'deletions-decided'; readonly count: number; readonly answer: DeletionAnswer }
  /** Bodies came that did not match their hashes, or are damaged on the server. */
  | { readonly type: 'damaged'; readonly count: number }
  /** Bodies did not come: the server does not give them now. */
  | { readonly type: 'withheld'; readonly count: number }
  | { readonly type: 'updated' }
  /** A bug: the error's name and the place in the code, never its message. */
  | { readonly type: 'failed'; readonly detail: string };

/** One line of the event log. The same event again, with nothing between, is counted in its line. */
export interface LoggedEvent {
  readonly order: number;
  /** Wall time in ms of the first and of the last time. */
  readonly at: number;
  readonly until: number;
  readonly times: number;
  readonly event: DeviceEvent;
}

export interface StatusStore {
  /** At most 500 entries, newest first. */
  quarantined(): Promise<Result<readonly Quarantined[], StoreError>>;
  exportQuarantined(keys: readonly KeyPair[]): Promise<Result<QuarantineExport, StoreError>>;
  /**
   * The person's word: what was refused goes, and what the server holds comes back. The present state goes to the history
   * first. An entity that the server has never had is deleted, as by `purge`. Gives the fields that it had here, for Undo.
   */
  discardQuarantined(kind: string, id: EntityId): Promise<Result<{ readonly previous: Fields }, StoreError>>;
  countKinds(): Promise<Result<readonly KindCount[], StoreError>>;
  versions(after: KeyPair | null, withHashes?: boolean): Promise<Result<VersionPage, StoreError>>;
  /** The event log, newest first. */
  events(): Promise<Result<readonly LoggedEvent[], StoreError>>;
  logEvent(event: DeviceEvent): Promise<Result<void, StoreError>>;
  clearEvents(): Promise<Result<void, StoreError>>;
}

/** The event as JSON, to compare two and to write one into a file. */
export const eventJson = (event: DeviceEvent): Json => event as unknown as Json;
