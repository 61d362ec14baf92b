/** Expected failures, as plain values that survive structured clone. Each has words for the person in `ui/text/error-text.ts`. */

/** What the local database can answer instead of a result. */
export type KvError =
  | { readonly type: 'QuotaExceeded' }
  | { readonly type: 'StorageDisabled'; readonly reason: string }
  | { readonly type: 'ConnectionLost'; readonly reason: string }
  /** Another tab holds an older version of the database open. */
  | { readonly type: 'UpgradeBlocked' }
  /** The database was made by a newer version of the app. */
  | { readonly type: 'NewerDatabase' }
  /** The browser has deleted the database under this context. It is not made again by a context that had it open. */
  | { readonly type: 'StorageGone' }
  | { readonly type: 'StorageFailed'; readonly reason: string };

/** What adding a file can answer beside that. Nothing of the file is kept then. */
export type BlobError =
  | KvError
  /** By the person, or by whoever began it. */
  | { readonly type: 'Canceled' }
  /** The file was moved, changed or deleted while it was being read. */
  | { readonly type: 'FileUnreadable'; readonly reason: string }
  /** The bytes are not those of the hash under which they were asked for. */
  | { readonly type: 'WrongBytes' };

/** What asking the server for a blob can answer beside its bytes. Nothing of it is kept then. */
export type FetchError =
  | BlobError
  | SyncError
  /** The account has no such blob: the device that added it has not sent it yet, or nobody has it any more. */
  | { readonly type: 'BlobMissing' }
  /** The person has switched sync off on this device. */
  | { readonly type: 'SyncOff' };

export type StoreError =
  | BlobError
  | { readonly type: 'NotFound'; readonly kind: string; readonly id: string }
  /** The entity was written by a newer version of the app: it can be read and travels on, but not edited here. */
  | { readonly type: 'NewerEntity'; readonly kind: string; readonly id: string }
  | { readonly type: 'InvalidPatch'; readonly field: string }
  /** The store's worker did not answer within its deadline. */
  | { readonly type: 'WorkerTimeout' }
  | { readonly type: 'WorkerLost'; readonly reason: string }
  /** The person chose to stay: this tab holds words that are not on the disk. Nothing was done. */
  | { readonly type: 'Stayed' };

/** How a request to the server can end, other than with its answer. */
export type SyncError =
  /** No answer, or one that did not come from a Holdfast server (a captive portal's page, a proxy's 502). */
  | { readonly type: 'Network'; readonly reason: string; readonly timedOut?: boolean }
  | { readonly type: 'ServerError'; readonly status: number; readonly retryAfterMs: number | null }
  | { readonly type: 'RateLimited'; readonly retryAfterMs: number | null }
  | { readonly type: 'SignedOut' }
  | { readonly type: 'Forbidden'; readonly reason: string }
  /** The account was permanently deleted on the server. What is here stays here. */
  | { readonly type: 'AccountDeleted' }
  | { readonly type: 'ReconcileNeeded'; readonly epoch: string | null }
  | { readonly type: 'TooLarge' }
  | { readonly type: 'UpdateRequired' }
  | { readonly type: 'ServerFull' }
  | { readonly type: 'Rejected'; readonly status: number; readonly reason: string }
  /** This page came over plain http from another machine: browsers give it neither locks nor keys, and nothing is sent. */
  | { readonly type: 'NeedsHttps' };

/** What a place where backups are kept can answer beside a full disk. */
export type PlaceError =
  /** The browser does not let this app into the folder, or not any more. */
  | { readonly type: 'PlacePermission' }
  /** The folder was moved, deleted or unplugged. */
  | { readonly type: 'PlaceGone' }
  | { readonly type: 'PlaceFailed'; readonly reason: string }
  /** The server that keeps backups did not answer as it should. */
  | { readonly type: 'PlaceServer'; readonly cause: SyncError };

/** What keeping, reading and removing backups can answer. */
export type BackupError =
  | StoreError
  | PlaceError
  /** By the person, or because something else was more urgent. Nothing half is listed. */
  | { readonly type: 'BackupStopped' }
  /** There is no such backup in that place. */
  | { readonly type: 'BackupMissing' }
  /** A list or a part of it is not as it was written. */
  | { readonly type: 'BackupDamaged' }
  /** It was made by a newer version of the app. */
  | { readonly type: 'BackupNewer' }
  /** A restore from it was interrupted, and needs it to go on. */
  | { readonly type: 'BackupInUse' };

export type HoldfastError =
  | StoreError
  | FetchError
  | BackupError
  /** So much was deleted, here or elsewhere, that it goes no further until the person has looked. */
  | { readonly type: 'DeletionsHeld'; readonly count: number }
  /** The server refuses what these entities hold; they stay on this device, with every change, until they are tried again. */
  | { readonly type: 'Quarantined'; readonly count: number }
  /** The account's key was lost with this browser's storage; its cookie alone lets it sync. */
  | { readonly type: 'KeyUnknown' }
  /** A sync was asked for, and nothing has been learned of it for minutes: whoever should run it does not. */
  | { readonly type: 'SyncSilent' };
