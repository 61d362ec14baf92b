/**
 * Every call that a page makes to its store worker: by the part of the store that answers it, with its deadline in ms. The
 * page's client (`store-client.ts`) and the worker's answers (`serveCalls`) are both built from this table, and the compiler
 * holds it to the interfaces of the parts: a call that is missing here, or in a part, does not compile.
 */
import type { BackupError, FetchError, StoreError } from '#core/errors.ts';
import type { Result } from '#core/result.ts';
import type { StatusStore } from '#store/status-store.ts';
import type { Store } from '#store/store.ts';
import type { AccountCalls, BackupPart, BlobCalls, StartCalls, SyncCalls, WorkspaceCalls } from './worker-api.ts';

/** The parts of a store worker. Each comes as a whole; all but the first two are loaded at their first call, or are small. */
export interface StoreParts {
  readonly start: StartCalls;
  readonly store: Store;
  readonly workspace: WorkspaceCalls;
  readonly status: StatusStore;
  readonly sync: SyncCalls;
  readonly accounts: AccountCalls;
  readonly blobs: BlobCalls;
  readonly backups: BackupPart;
}

export type PartName = keyof StoreParts;

/** Deadlines in ms, by part and call. */
export type CallTable = { readonly [P in PartName]: { readonly [N in keyof StoreParts[P]]: number } };

/** Far above the slowest honest call (a page of 1,000 rows on a slow phone), short enough for a person to wait. */
const SHORT_MS = 10_000;
/** Reads or deletes everything, or waits for another tab's upgrade. */
const LONG_MS = 200_000;
/** A large file on a slow disk. Saves are answered meanwhile, and watched by a pulse of their own. */
const FILE_MS = 15 * 60_000;
/** The way from the server ends by itself where nothing moves: only a worker that hangs is later than this. */
const FETCH_MS = 24 * 3_600_000;
/** Above the deadline of the worker that does it. It may wait for another tab's. */
const BACKUP_MS = 65 * 60_000;
/** A large change takes long over a slow way, and what waits for the network has deadlines of its own. */
const DRAIN_MS = 15 * 60_000;

export const CALLS: CallTable = {
  start: { open: LONG_MS, ping: SHORT_MS },
  store: {
    save: SHORT_MS,
    get: SHORT_MS,
    getMany: SHORT_MS,
    list: SHORT_MS,
    count: SHORT_MS,
    changedSince: SHORT_MS,
    history: SHORT_MS,
    purge: LONG_MS,
    release: SHORT_MS,
    summary: SHORT_MS,
    retryQuarantined: SHORT_MS,
    heldDeletions: SHORT_MS,
    decideDeletions: SHORT_MS,
  },
  workspace: {
    workspace: SHORT_MS,
    updateWorkspace: SHORT_MS,
    forgetRecovered: SHORT_MS,
    isUndecided: SHORT_MS,
    decideStart: SHORT_MS,
    accountState: SHORT_MS,
    switchAccount: SHORT_MS,
    startOver: SHORT_MS,
    stopBringing: SHORT_MS,
  },
  status: {
    quarantined: SHORT_MS,
    exportQuarantined: SHORT_MS,
    discardQuarantined: SHORT_MS,
    countKinds: SHORT_MS,
    versions: SHORT_MS,
    events: SHORT_MS,
    logEvent: SHORT_MS,
    clearEvents: SHORT_MS,
  },
  sync: { drain: DRAIN_MS },
  accounts: {
    openAccount: LONG_MS,
    resumeBringing: SHORT_MS,
    usage: LONG_MS,
    localAccounts: LONG_MS,
    forgetAccount: LONG_MS,
    freeCaches: LONG_MS,
    erase: LONG_MS,
  },
  blobs: {
    putBlob: FILE_MS,
    readBlob: LONG_MS,
    blobInfo: SHORT_MS,
    haveBlobs: SHORT_MS,
    makeRoom: LONG_MS,
    refusedBlobs: SHORT_MS,
    blobUsers: LONG_MS,
    retryRefusedBlobs: SHORT_MS,
    fetchBlob: FETCH_MS,
    putThumbnail: SHORT_MS,
    noteShownFiles: SHORT_MS,
    readThumbnails: SHORT_MS,
  },
  backups: {
    backUpNow: BACKUP_MS,
    backups: LONG_MS,
    backedUpVersions: LONG_MS,
    verifyBackup: BACKUP_MS,
    removeBackup: LONG_MS,
    pinBackup: LONG_MS,
    acceptBackup: LONG_MS,
    backupPlaces: LONG_MS,
    setBackupPlace: SHORT_MS,
    addServerPlace: SHORT_MS,
    removeBackupPlace: SHORT_MS,
    copyToPlace: BACKUP_MS,
    bringBackup: BACKUP_MS,
    addBackupFolder: SHORT_MS,
    lookIntoFolder: LONG_MS,
    bringFromFolder: BACKUP_MS,
    backupFolder: SHORT_MS,
    barredFolders: SHORT_MS,
    backupSchedule: LONG_MS,
    downloadBackup: FETCH_MS,
    downloadNow: FETCH_MS,
    backupFiles: LONG_MS,
    bringFile: BACKUP_MS,
    bringMarkdown: BACKUP_MS,
    planRestore: BACKUP_MS,
    restoreBackup: BACKUP_MS,
    resumeRestore: BACKUP_MS,
    undoRestore: BACKUP_MS,
    restores: LONG_MS,
    tryRestore: BACKUP_MS,
    drills: SHORT_MS,
    restoresElsewhere: SHORT_MS,
    putAwayRestore: SHORT_MS,
    lostBackups: LONG_MS,
    bringLost: BACKUP_MS,
    removeLost: LONG_MS,
  },
};

type EachKey<U> = U extends unknown ? keyof U : never;
/** The names of the calls of these parts, or of all: no two parts have one in common. */
export type CallName<P extends PartName = PartName> = EachKey<StoreParts[P]>;

type Joined<U> = (U extends unknown ? (one: U) => void : never) extends (all: infer All) => void ? All : never;
/** The calls of these parts in one object. */
export type CallsOf<P extends PartName> = Joined<StoreParts[P]>;

type Answer = Result<unknown, StoreError | FetchError | BackupError>;
/** A call as it crosses: its name says what the arguments are. */
type Call = (...args: readonly unknown[]) => Promise<Answer>;
export type Calls = { readonly [N in CallName]: Call };

/** One object with every call of the given parts, each made by `make`. */
export function buildCalls<P extends PartName>(
  parts: readonly P[],
  make: (name: CallName<P>, part: P, deadlineMs: number) => Call,
): CallsOf<P> {
  const built = parts.flatMap((part) =>
    Object.entries<number>(CALLS[part]).map(([name, deadlineMs]) => [name, make(name as CallName<P>, part, deadlineMs)] as const),
  );
  // The table has the keys of the parts' interfaces, and no others.
  return Object.fromEntries(built) as CallsOf<P>;
}

/** Gives each part, or says why it cannot be had. */
export type PartSources = { readonly [P in PartName]: () => Promise<Result<StoreParts[P], StoreError>> };

/** The worker's side: each call asks for its part and gives it the arguments. A part that cannot be had answers with its error. */
export function serveCalls(sources: PartSources): CallsOf<PartName> {
  return buildCalls(Object.keys(CALLS) as PartName[], (name, part) => async (...args) => {
    const found: Result<object, StoreError> = await sources[part]();
    return found.ok ? (found.value as Calls)[name](...args) : found;
  });
}
