/** The messages between the contexts of one origin: page, workers and service worker. Losing any of them must be harmless. */
import type { BlobHash } from './blobs.ts';
import type { SyncError } from './errors.ts';

/** The lock under which one context at a time talks to the server for a workspace. */
export const syncLock = (workspaceId: string): string => `holdfast-sync:${workspaceId}`;
/** The lock under which one context at a time sends the blobs of a workspace, beside whoever sends words. */
export const blobSendLock = (workspaceId: string): string => `holdfast-blobs:${workspaceId}`;
/** The lock that one tab of a workspace holds: it keeps the event stream and does long work. */
export const leaderLock = (workspaceId: string): string => `holdfast-leader:${workspaceId}`;
/** The lock under which one restore of a workspace, or the undo of one, goes on. Of a lost one: its backups are brought back or removed. */
export const restoreLock = (workspaceId: string): string => `holdfast-restore:${workspaceId}`;
/** The lock that every page of a workspace shares while it is open: nobody deletes the workspace under it. */
export const openLock = (workspaceId: string): string => `holdfast-open:${workspaceId}`;
/** The lock that a living tab holds: its journal rows are its own. */
export const tabLock = (tab: string): string => `holdfast-tab:${tab}`;
/** Held while a row that this tab has left in the journal is replayed: whoever starts meanwhile waits until it is. */
// The name of the lock is that of earlier versions, which may be open in another tab.
export const replayLock = (tab: string): string => `holdfast-fold:${tab}`;
/** The lock of the one context that keeps the second copy of a workspace. */
export const copyLock = (workspaceId: string): string => `holdfast-copy:${workspaceId}`;
/** Held by whoever makes or removes the bytes of a blob: one at a time does. */
export const blobLock = (workspaceId: string, hash: string): string => `holdfast-blob:${workspaceId}/${hash}`;
/** Held as long as a temporary file is wanted: what nobody holds was left by a context that ended. */
export const tempFileLock = (name: string): string => `holdfast-temp-file:${name}`;
/** Held while a blob is being written under a name of its own: what nobody holds was left by a context that ended. */
export const blobPartLock = (part: string): string => `holdfast-blob-part:${part}`;
/** The lock of the one context that fetches the blobs of a workspace in the background. */
export const blobFillLock = (workspaceId: string): string => `holdfast-blob-fill:${workspaceId}`;
/** Held by whoever fetches a blob from the server: a second one waits, and finds it here. */
export const blobFetchLock = (workspaceId: string, hash: string): string => `holdfast-blob-fetch:${workspaceId}/${hash}`;
/** The lock of the one context that looks after the blobs of a workspace. */
export const blobCareLock = (workspaceId: string): string => `holdfast-blob-care:${workspaceId}`;
/** Held by whoever makes, checks or removes the backups of a workspace in this browser. */
export const backupLock = (workspaceId: string): string => `holdfast-backups:${workspaceId}`;
/** The periodic background sync that has backups made while no tab is open. */
export const BACKUP_SYNC_TAG = 'holdfast-backups';
/** The lock of the one tab, or the service worker, that keeps the schedule of a workspace's backups. */
export const backupLeadLock = (workspaceId: string): string => `holdfast-backup-lead:${workspaceId}`;
/** Held while a restore of this workspace is tried: one at a time, in a database of its own. */
export const drillLock = (workspaceId: string): string => `holdfast-drill:${workspaceId}`;
/** Held by the tab that keeps a copy of how things are before a restore of another device is taken in. */
export const copyBeforeLock = (workspaceId: string): string => `holdfast-copy-before:${workspaceId}`;
/** The broadcast channel of a workspace: store changes and sync news. */
export const workspaceChannel = (workspaceId: string): string => `holdfast-workspace:${workspaceId}`;

/** The broadcast channel of all tabs of this browser. */
export const DEVICE_CHANNEL = 'holdfast-device';
export type DeviceNews =
  /** Everything of this browser was erased: whoever receives it starts over. */
  | { readonly type: 'erased' }
  /** Another account was opened, or work on its way into another account has moved on: whoever receives it looks. */
  | { readonly type: 'accounts' };

/** The broadcast channel of those that keep second copies. */
export const COPY_CHANNEL = 'holdfast-copy';
/** The copy of this workspace, or of all (null), is about to be deleted: whoever keeps it lets go of it. */
export type CopyNews = { readonly type: 'release'; readonly workspaceId: string | null };

/** The broadcast channel of what becomes of a workspace's blobs. */
export const blobChannel = (workspaceId: string): string => `holdfast-blob-news:${workspaceId}`;
/** A file on its way to the server, in parts. */
export interface SendingFile {
  readonly hash: BlobHash;
  /** In bytes: what has arrived, and all of it. */
  readonly sent: number;
  readonly size: number;
}

export type BlobNews =
  /** One was sent or refused: whoever counts them counts again. */
  | { readonly type: 'moved' }
  /** So much of a large one is on the server now. */
  | ({ readonly type: 'sending' } & SendingFile)
  /** Some wait to be sent, and no words go with them: whoever drives the sync asks for a run. */
  | { readonly type: 'waiting' }
  /** One has come from the server: whoever shows it looks again. */
  | { readonly type: 'here'; readonly hash: BlobHash }
  /** A run of the transfer has ended. `retryAt` is when the next is of use, wall time in ms; null: when there is more to send. */
  | { readonly type: 'ended'; readonly error: SyncError | null; readonly retryAt: number | null };

/** The broadcast channel of what becomes of a workspace's backups. */
export const backupChannel = (workspaceId: string): string => `holdfast-backup-news:${workspaceId}`;
/** One was made, checked or removed: whoever shows them looks again. */
export type BackupNews =
  | { readonly type: 'backups' }
  /** A place was added, removed, allowed or set otherwise: the schedule looks again as well. */
  | { readonly type: 'places' }
  /** Changes of these restores of another device are about to be taken in: whoever can keeps a copy first. */
  | { readonly type: 'restore-coming'; readonly ids: readonly string[] }
  /** There are copies, or there is nothing to wait for. */
  | { readonly type: 'copies-kept'; readonly ids: readonly string[] };

/** What the drains tell every context. */
export type SyncNews =
  | { readonly type: 'sync-started'; readonly workspaceId: string; readonly run?: string }
  | {
      readonly type: 'sync-ended';
      readonly workspaceId: string;
      readonly error: SyncError | null;
      /** The drain's own id, as in the news of its start. Absent in both from older versions, and where none was begun. */
      readonly run?: string;
      /** Whether the server was asked and has answered. Absent in the news of older versions: where there is no error. */
      readonly answered?: boolean;
      /** Wall time in ms of the next attempt, where one is planned. */
      readonly retryAt: number | null;
      readonly nextDueAt: number | null;
    };

/** What a page says to the service worker. */
export type CourierRequest =
  /** Drain this workspace now, and keep a sync tag in the queue until that has succeeded. */
  { readonly type: 'drain'; readonly workspaceId: string; readonly force: boolean } | { readonly type: 'skip-waiting' };

/** What the service worker answers on the message's port, at once: the drain itself is news. */
export type CourierAnswer = { readonly type: 'accepted' };
