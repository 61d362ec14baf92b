/**
 * What the page's composition root builds and hands to every panel: the only door from the UI to the rest.
 */

import type { DeviceList } from '#core/account-protocol.ts';
import type { SendingFile } from '#core/channels.ts';
import type { Fields } from '#core/entity.ts';
import type { KeyPair } from '#core/entity-key.ts';
import type { HoldfastError, StoreError, SyncError } from '#core/errors.ts';
import type { AccountId, DeviceId, EntityId } from '#core/ids.ts';
import type { Json } from '#core/json.ts';
import type { Result } from '#core/result.ts';
import type { FieldsOfKind, PatchOfKind } from '#entities/index.ts';
import type { Bringing } from '#store/calls/worker-api.ts';
import type { DeletionAnswer, HeldDeletion, HeldVersion, StoreSummary } from '#store/store.ts';
import type { Backups } from './backups.ts';
import type { Chats } from './chat/chats.ts';
import type { Files } from './files.ts';
import type { Install } from './install.ts';
import type { JournalState } from './kept-journal.ts';
import type { Observable } from './observable.ts';
import type { RestoresElsewhere } from './restores-elsewhere.ts';
import type { Search } from './search/search.ts';
import type { StartChoice } from './start-choice.ts';
import type { Conflict, Side } from './status/conflict.ts';
import type { StatusService } from './status/status-service.ts';
import type { StorageNotice } from './storage-notice.ts';
import type { UnsavedWords } from './tab-guard.ts';
import type { ThisDevice } from './this-device.ts';
import type { EntityView, HistoryEntry, ListAnswer, ListRequest } from './views.ts';

// The UI reads entities through the app and never meets the store itself.
export type { DeletionAnswer, HeldDeletion, StoreSummary } from '#store/store.ts';
export type { EntityView, HistoryEntry, ListAnswer, ListRequest } from './views.ts';

/** `dirty`: typed, not yet handed over. `saved`: everything typed is committed. `error`: kept in memory and retried. */
export type SaveState =
  | { readonly type: 'clean' }
  | { readonly type: 'dirty' }
  | { readonly type: 'saving' }
  | { readonly type: 'saved'; readonly at: number }
  | { readonly type: 'error'; readonly error: StoreError };

export type SyncState =
  /** Nothing is here that the server could know of, and it has not been asked. */
  | { readonly type: 'unasked' }
  /** The server has answered since this page was opened, and the answer covers every change that is here. */
  | {
      readonly type: 'synced';
      readonly at: number | null;
      readonly toDecide: number;
      /** Files follow the words: how many are still to be sent, and how many of them the server refuses. Absent where none is. */
      readonly files?: Pick<StoreSummary['files'], 'waiting' | 'refused' | 'heldUp'>;
    }
  /** Changes are on their way, or wait only until they may go. In all of these, `pending` counts as a person counts. */
  | { readonly type: 'syncing'; readonly pending: number }
  | { readonly type: 'offline'; readonly pending: number }
  | { readonly type: 'waiting'; readonly pending: number; readonly reason: SyncError | null; readonly retryAt: number | null }
  | { readonly type: 'signed-out'; readonly pending: number }
  /** The account was deleted: what is here stays on this device. */
  | { readonly type: 'account-deleted'; readonly pending: number }
  | { readonly type: 'stuck'; readonly pending: number; readonly since: number; readonly reason: HoldfastError | null }
  | { readonly type: 'off'; readonly pending: number }
  /** This browser gives no locks at this address (plain http): nothing is ever sent from here. */
  | { readonly type: 'insecure'; readonly pending: number };

/** One entity under edit. Every `set` reaches the device within 250 ms, `flush` at once. */
export interface EntitySession<K extends string = string, F = FieldsOfKind<K>, P = PatchOfKind<K>> {
  readonly kind: K;
  readonly id: EntityId;
  /** The fields as they are now, with what has been typed and merged. Null until loaded, or where there is no such entity. */
  readonly view: Observable<EntityView<K, F> | null>;
  readonly fields: F;
  /** It has no field at all: it is new, and nothing has been typed. */
  readonly isUntouched: boolean;
  set(patch: P): void;
  /** As `set`, by something else than the fields that show the values, such as the restore of an earlier revision: they are notified. */
  replace(patch: P): void;
  /** Hands over what is waiting; resolves when it is committed (or has failed, and is kept for another try). */
  flush(): Promise<void>;
  /**
   * Values that came from elsewhere (another tab or device) and are now in `fields`; the editor shows them without
   * losing the caret. Not called for the session's own edits, but for those by `replace`, which a person can undo: `isOwn`.
   */
  onIncoming(listener: (fields: P, isOwn: boolean) => void): () => void;
  close(): Promise<void>;
  /** Of a document: which side of what two devices have written differently it shows, and edits. */
  readonly sides?: Sides;
}

/** Which side of what is undecided a document shows: what this device wrote, or, to be read only, what the other one did. */
export type ShownSide = 'own' | 'other';

export interface Sides {
  readonly shown: Observable<ShownSide>;
  show(side: ShownSide): void;
  /** What is undecided and this device has written a side of, with that side as it is now. */
  own(): readonly { readonly conflict: Conflict; readonly side: Side; readonly value: Json }[];
}

/** A stream that writes by itself. A person's words bring back what was deleted permanently; a machine's are dropped. */
export interface MachineWriter {
  /** The entity, or its parent, was deleted permanently: nothing more is taken. */
  onGone(): void;
}

export interface Accounts {
  readonly current: Observable<AccountInfo>;
  /** 24 words; empty where they could not be read. */
  showRecoveryCode(): Promise<readonly string[]>;
  /** The person has kept the words somewhere: from now on there is a way back in. */
  confirmRecoveryCode(): Promise<void>;
  /**
   * Opens the account of a recovery code on this device. `join` says what becomes of the work already here. `bringing`: the
   * account opens when all of that is there.
   */
  enterByCode(
    code: string,
    join: 'bring' | 'apart',
  ): Promise<Result<Opened, HoldfastError | { readonly type: 'BadCode'; readonly reason: string }>>;
  setPassword(name: string, password: string): Promise<Result<void, HoldfastError | { readonly type: 'NameTaken' }>>;
  signIn(
    name: string,
    password: string,
    join: 'bring' | 'apart',
  ): Promise<Result<Opened, HoldfastError | { readonly type: 'WrongPassword' }>>;
  devices(): Promise<Result<DeviceList, SyncError>>;
  /**
   * Names this device as the person has typed it; '' gives it the name that it begins with again. Kept here at once, and on the
   * server with the next contact.
   */
  renameDevice(name: string): Promise<Result<void, StoreError | { readonly type: 'NameTooLong'; readonly most: number }>>;
  revoke(deviceId: DeviceId): Promise<Result<void, SyncError>>;
  /**
   * Deletes the account on the server permanently, for all devices. What is in this browser stays here. `password`: the account's, where it has one; null where this
   * device's key is to show that it may.
   */
  deleteAccount(password: string | null): Promise<Result<void, HoldfastError | { readonly type: 'WrongPassword' }>>;
  /** Opens a new account, with everything that is on this device, instead of the present one. */
  beginAnew(): Promise<Result<Opened, HoldfastError>>;
  /** Opens an account that this browser has, in every tab. */
  open(workspaceId: string): Promise<Result<void, HoldfastError>>;
  /** Another account is open in this browser, and this tab holds words that it could not save: it has stopped. */
  readonly isLeft: Observable<boolean>;
  /** Tries once more to move this tab to the open account. */
  goThere(): Promise<void>;
  /** Work on its way into another account, in whichever tab it goes on. */
  readonly bringing: Observable<Bringing | null>;
  /** Goes on after something prevented it. */
  retryBringing(): Promise<void>;
  /** Ends it: what is not there yet stays here. */
  stopBringing(): Promise<void>;
  /** Leaves the account on this device. Unsent work stays for the next sign-in unless `sync first` succeeded. */
  signOut(): Promise<Result<void, HoldfastError>>;
}

/** How another account was opened: at once, or when all work of the present one is there. */
export type Opened = 'open' | 'bringing';

export type { Bringing } from '#store/calls/worker-api.ts';

export interface AccountInfo {
  readonly workspaceId: string;
  readonly accountId: AccountId;
  readonly deviceId: DeviceId;
  readonly deviceName: string;
  readonly entered: boolean;
  readonly recoverable: boolean;
  readonly loginName: string | null;
  /** The account's key is known here: it can show the recovery code and set a password. */
  readonly hasKey: boolean;
  /** It was deleted from this browser. What the server says of one that was deleted elsewhere is in the sync's state. */
  readonly isDeleted: boolean;
}

export interface App {
  readonly account: Accounts;
  /** Backups that are kept in this browser, and restores from them. */
  readonly backups: Backups;
  readonly saveState: Observable<SaveState>;
  /** Whether what is typed in the last moment before this tab ends is kept. */
  readonly journal: Observable<JournalState>;
  readonly syncState: Observable<SyncState>;
  /** Wall time in ms of the last committed save on this device, and of the last completed sync. */
  readonly lastSavedAt: Observable<number | null>;
  readonly lastSyncedAt: Observable<number | null>;
  /** The numbers behind the states, read after each commit and each sync; null until they were read once. */
  readonly summary: Observable<StoreSummary | null>;
  /** The large file that is on its way to the server, in whichever context; null where none is known to be. */
  readonly sendingFile: Observable<SendingFile | null>;
  /** How durable storage is here: `persistent`, `best-effort`, or `memory` where IndexedDB is not to be had. */
  readonly durability: Observable<'persistent' | 'best-effort' | 'memory'>;
  /** Asks the browser to keep the storage. Gives whether it did. */
  keepStorage(): Promise<boolean>;
  /** A new version of the app is ready. `apply` flushes, then moves every tab once. */
  readonly update: Observable<{ readonly apply: () => Promise<void> } | null>;
  /** How to go on after a start that found nothing where there was work before. */
  readonly start: StartChoice;
  /** Restores of other devices that this one has taken in. */
  readonly restoresElsewhere: RestoresElsewhere;
  /** What has become of the browser's storage, where the person is to know. */
  readonly storageNotice: Observable<StorageNotice | null>;
  /** Loads the page again, where `tab-guard.ts` lets it. Gives whether it does. */
  reload(): Promise<boolean>;
  /** Words that would be lost if this tab were replaced now, as something of ours is about to do. The shell asks. */
  readonly unsavedWords: Observable<UnsavedWords | null>;
  /** Mints an id and opens a session; nothing is written before the first `set`. `machine`: not a person's words. */
  create<K extends string>(kind: K, fields?: PatchOfKind<K>, machine?: MachineWriter): EntitySession<K>;
  open<K extends string>(kind: K, id: EntityId): EntitySession<K>;
  /**
   * One committed patch outside an editor: star, tag, bin, restore. Gives the previous values for Undo. `machine`: not a person's
   * word, and refused as `NotFound` where a person's would bring back what was deleted permanently.
   */
  patch<K extends string>(
    kind: K,
    id: EntityId,
    patch: PatchOfKind<K>,
    by?: 'machine',
  ): Promise<Result<{ readonly previous: Fields }, StoreError>>;
  /** The same where the patch follows from the fields as they are then. Null changes nothing, and gives null. */
  patchBy(
    kind: string,
    id: EntityId,
    change: (fields: Fields) => Fields | null,
    by?: 'machine',
  ): Promise<Result<{ readonly previous: Fields } | null, StoreError>>;
  get<K extends string>(kind: K, id: EntityId): Promise<Result<EntityView<K> | null, StoreError>>;
  /** The same for a listener of `onChange`, who is not made to read again what a save of this tab has left. */
  getChanged<K extends string>(kind: K, id: EntityId): Promise<Result<EntityView<K> | null, StoreError>>;
  list<K extends string>(request: ListRequest<K>): Promise<Result<ListAnswer<K>, StoreError>>;
  count(kind: string, lifecycle: 'live' | 'binned'): Promise<Result<number, StoreError>>;
  history<K extends string>(kind: K, id: EntityId): Promise<Result<readonly HistoryEntry<K>[], StoreError>>;
  /** `act` is the id of one act in which the person has confirmed how much goes; its parts share it. */
  purge(kind: string, ids: readonly EntityId[], act?: string): Promise<Result<number, StoreError>>;
  /** Called after each commit, here, in another tab or by the service worker. `keys` null means "many". */
  onChange(listener: (keys: readonly KeyPair[] | null) => void): () => void;
  /** Tries to save and sync now; the buttons of the status bar. */
  retry(): Promise<void>;
  /** What was deleted in bulk, here or elsewhere, and goes no further until the person answers (`SyncState` names `DeletionsHeld`). */
  heldDeletions(): Promise<Result<readonly HeldDeletion[], StoreError>>;
  /** `delete` lets it happen everywhere (the history keeps the content); `keep` brings the entities back everywhere. */
  decideDeletions(answer: DeletionAnswer, shown: readonly HeldVersion[]): Promise<Result<number, StoreError>>;
  /** Conversations with a model. Their code comes at the first call; a failed load is tried again at the next. */
  chats(): Promise<Chats>;
  /** Full text search, in a worker of its own. Its code comes at the first call; a failed load is tried again at the next. */
  search(): Promise<Search>;
  /** Pictures and files beside documents. */
  readonly files: Files;
  /** What two devices have written differently and nobody has decided yet, newest first. */
  readonly conflicts: Observable<readonly Conflict[]>;
  /** What the Status panel works with. Its code comes at the first call; a failed load is tried again at the next. */
  status(): Promise<StatusService>;
  /** What this browser holds, and how all of it goes. */
  readonly device: ThisDevice;
  readonly install: Install;
  /** Ids of the singletons of this device. */
  readonly settingsId: string;
  readonly deviceId: DeviceId;
}
