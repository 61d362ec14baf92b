/** What the Status panel asks of the app, beside what every panel sees. Its code comes when the panel is opened. */

import type { EntityView } from '#app/views.ts';
import type { BlobHash } from '#core/blobs.ts';
import type { KeyPair } from '#core/entity-key.ts';
import type { StoreError, SyncError } from '#core/errors.ts';
import type { Json } from '#core/json.ts';
import type { MergeOutcome } from '#core/merge/merge.ts';
import type { Result } from '#core/result.ts';
import type { RefusedBlob as RefusedFile } from '#store/blob-store.ts';
import type { DeviceEvent, KindCount, LoggedEvent, Quarantined, QuarantineExport } from '#store/status-store.ts';
import type { KindComparison } from './comparison.ts';
import type { Conflict, Resolution } from './conflict.ts';
import type { MergeEntry } from './merge-entry.ts';

export type { RefusedBlob as RefusedFile } from '#store/blob-store.ts';
// The UI reads these through the app and never meets the store itself.
export type { DeviceEvent, KindCount, LoggedEvent, Quarantined, QuarantineExport } from '#store/status-store.ts';

/** An entity that names a file. */
export interface FileUse {
  readonly hash: BlobHash;
  /** What the entity calls it; empty where it says nothing. */
  readonly name: string;
  readonly entity: EntityView;
  /** The document: the entity itself, or the one that it is a part of. */
  readonly document: EntityView;
}

export interface CompareOptions {
  readonly signal: AbortSignal;
  /** Entities of the server looked at, and how many it has. */
  readonly onProgress: (done: number, total: number) => void;
}

export type CompareError = SyncError | StoreError | { readonly type: 'Cancelled' };

/** An act that can be taken back while its toast is shown. */
export interface Undoable {
  readonly undo: () => Promise<void>;
}

export interface StatusService {
  quarantined(): Promise<Result<readonly Quarantined[], StoreError>>;
  /** Sends one entry, or all, once more. Gives how many. */
  retryQuarantined(only?: readonly [kind: string, id: string]): Promise<Result<number, StoreError>>;
  exportQuarantined(keys: readonly KeyPair[]): Promise<Result<QuarantineExport, StoreError>>;
  /** Gives up what was refused. Undo writes it again, as an ordinary edit. */
  discardQuarantined(entry: Quarantined): Promise<Result<Undoable, StoreError>>;
  /** A few of the files that the server does not take, the smallest first. */
  refusedFiles(): Promise<Result<readonly RefusedFile[], StoreError>>;
  /** What these files are called and what they are in, as far as it is known. Reads everything: not for each refresh. */
  fileUses(hashes: readonly BlobHash[]): Promise<Result<readonly FileUse[], StoreError>>;
  /** Sends them once more, now. */
  retryRefusedFiles(): Promise<Result<void, StoreError>>;
  /** What this device holds, by kind. */
  countKinds(): Promise<Result<readonly KindCount[], StoreError>>;
  /** Compares every entity with the server's manifest. */
  compare(options: CompareOptions): Promise<Result<readonly KindComparison[], CompareError>>;
  /** Conflicts that wait for the person, newest first. */
  openConflicts(): Promise<Result<readonly EntityView<'conflict'>[], StoreError>>;
  /** Writes `value` into the entity and closes the conflict. `resolution` is in the conflict's own terms. */
  decide(conflict: Conflict, resolution: Resolution, value: Json): Promise<Result<Undoable, StoreError>>;
  /** Puts back what one merge lost. Null where it is there already. */
  undoMerge(entry: MergeEntry, outcome: MergeOutcome): Promise<Result<Undoable | null, StoreError>>;
  /** Notes what a panel did, for the event log. */
  log(event: DeviceEvent): void;
  events(): Promise<Result<readonly LoggedEvent[], StoreError>>;
  clearEvents(): Promise<Result<void, StoreError>>;
  /** What the browser says that this origin uses and may use, in bytes. */
  storage(): Promise<{ readonly usedBytes: number; readonly quotaBytes: number } | null>;
}
