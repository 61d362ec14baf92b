/** What the store's worker offers to its page: coarse asynchronous calls, results as values. Plain data both ways. */
import type { KvError, SyncError } from '#core/errors.ts';
import type { Result } from '#core/result.ts';
import type { WorkspaceRow } from './schema.ts';
import type { StatusStore } from './status-store.ts';
import type { Store } from './store.ts';

export interface OpenedWorkspace {
  readonly row: WorkspaceRow;
  /** The browser refuses IndexedDB: everything works, nothing stays. */
  readonly memory: boolean;
}

/** An account that exists on a server, and who this device is to be in it. */
export interface OtherAccount {
  readonly accountId: string;
  readonly accountKey: string;
  readonly deviceId: string;
  /** The server has already let this device in (it signed in by password). */
  readonly entered: boolean;
  readonly loginName: string | null;
}

/** What becomes of the work on this device when another account is opened: taken along, or kept apart. */
export type JoinMode = 'bring' | 'apart';

export interface StoreWorkerApi extends Store, StatusStore {
  /** Opens the active workspace; the first call of a worker's life. Repeated, it answers the same. */
  open(deviceName: string): Promise<Result<OpenedWorkspace, KvError>>;
  /** The workspace's row as it is now. */
  workspace(): Promise<Result<WorkspaceRow, KvError>>;
  updateWorkspace(patch: Partial<Omit<WorkspaceRow, 'id'>>): Promise<Result<void, KvError>>;
  /** Drains here, where no service worker does. */
  drain(force: boolean): Promise<Result<{ readonly error: SyncError | null; readonly nextDueAt: number | null }, KvError>>;
  /** Makes a workspace for another account the active one; the page then reloads. The present one stays as it is. */
  openAccount(account: OtherAccount, join: JoinMode): Promise<Result<void, KvError>>;
  /** Makes a fresh workspace with an account of its own the active one. */
  startAfresh(): Promise<Result<void, KvError>>;
}
