/** Where the product's own parts are plugged into the simulated world. Everything else knows them only by their ports. */
import { syncLock } from '#core/channels.ts';
import type { Ledger } from '#core/entity.ts';
import type { KvError, SyncError } from '#core/errors.ts';
import type { ConflictPolicy } from '#core/merge.ts';
import type { Channel, Clock, Kv, Locks, Random, Transport } from '#core/ports.ts';
import type { Result } from '#core/result.ts';
import type { SyncStore } from '#core/sync-store.ts';
import { createStore } from '#store/create-store.ts';
import { createSyncStore } from '#store/create-sync-store.ts';
import { foldJournal } from '#store/fold-journal.ts';
import type { WorkspaceTables } from '#store/schema.ts';
import type { Store, StoreChange } from '#store/store.ts';
import { backoffMs } from '#sync/backoff.ts';
import { type DrainOutcome, drain } from '#sync/drain.ts';
import type { Identity } from '#sync/enter.ts';

/** What one context of a device gives to the product. */
export interface ContextPorts {
  readonly kv: Kv<WorkspaceTables>;
  readonly clock: Clock;
  readonly random: Random;
  readonly locks: Locks;
  readonly channel: Channel<StoreChange>;
  readonly transport: Transport;
  readonly ledger: Ledger;
  readonly workspaceId: string;
  readonly identity: Identity;
  readonly policy: () => ConflictPolicy;
}

/** The product's parts as the world uses them. Mutations put something else in the place of one of them. */
export interface Product {
  readonly createStore: (ports: ContextPorts) => Store;
  readonly createSyncStore: (ports: ContextPorts) => SyncStore;
  readonly foldJournal: (ports: ContextPorts, store: Store) => Promise<Result<number, KvError>>;
  /** One run under the workspace's lock; undefined where another context holds it. Notes how it ended. */
  readonly drain: (ports: ContextPorts, store: SyncStore, force: boolean) => Promise<Result<DrainOutcome, KvError>>;
  readonly backoffMs: (attempts: number, error: SyncError, random: Random) => number;
  /** Whether a hidden or closing page writes what it holds into the journal. */
  readonly journal: boolean;
}

const retryAfterMs = (error: SyncError): number | null => ('retryAfterMs' in error ? error.retryAfterMs : null);

const context = (ports: ContextPorts) => ({ ...ports, deviceId: ports.identity.deviceId });

export const product: Product = {
  createStore: (ports) => createStore(context(ports)),
  createSyncStore: (ports) => createSyncStore(context(ports)),
  foldJournal: ({ kv, locks }, store) => foldJournal(kv, store, locks),
  async drain(ports, store, force) {
    const { locks, transport, identity, workspaceId } = ports;
    const outcome = await locks.hold(syncLock(workspaceId), () => drain({ store, transport, identity, force }));
    if (!outcome) throw new Error('a lock that was waited for was not granted');
    return outcome;
  },
  backoffMs: (attempts, error, random) => backoffMs(attempts, retryAfterMs(error), random),
  journal: true,
};
