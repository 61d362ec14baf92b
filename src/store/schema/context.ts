import type { Ledger } from '#core/entity.ts';
import type { KeyPair } from '#core/entity-key.ts';
import { type DeviceId, mintId } from '#core/ids.ts';
import type { ConflictPolicy } from '#core/merge/merge.ts';
import type { Channel, Clock, Kv, Random } from '#core/ports.ts';
import type { StoreChange } from '#store/store.ts';
import type { BulkRow, CountersRow, MarkerRow, MetaRow, SyncRow } from './meta-rows.ts';
import { INITIAL_COUNTERS, INITIAL_SYNC } from './rows.ts';
import type { WorkspaceTables } from './schema.ts';

/** When deletions are asked about (`draft/deletion-guard.ts`). */
export interface GuardLimits {
  /** This many of one run, or of one device within a day, are asked about. */
  readonly many: number;
  /** More than half of a kind are asked about, too, but not below this number: deleting two of three notes is an ordinary day. */
  readonly few: number;
}

/** What a store is built from. */
export interface StoreContext {
  readonly kv: Kv<WorkspaceTables>;
  readonly clock: Pick<Clock, 'now'>;
  readonly random: Random;
  readonly ledger: Ledger;
  readonly workspaceId: string;
  readonly deviceId: DeviceId;
  readonly channel: Pick<Channel<StoreChange>, 'post'>;
  readonly policy: () => ConflictPolicy;
  /** Waited for before changes of these restores of another device are taken in (`draft/coming-restores.ts`). */
  readonly beforeRestore?: (ids: readonly string[]) => Promise<void>;
  /** From this many ops on a push is a bulk (`bulk.ts`). */
  readonly bulkFrom?: number;
  /** Pulled entities to a transaction (`create-sync-store.ts`). */
  readonly applyBatch?: number;
  /** When deletions are asked about (`deletion-guard.ts`). */
  readonly guardLimits?: GuardLimits;
}

export const COUNTERS = { get: 'meta', key: 'state' } as const;
export const SYNC = { get: 'meta', key: 'sync' } as const;
export const MARKER = { get: 'meta', key: 'marker' } as const;

export const BULK = { get: 'meta', key: 'bulk' } as const;

export const asCounters = (row: MetaRow | undefined): CountersRow => (row?.key === 'state' ? row : INITIAL_COUNTERS);
export const asSync = (row: MetaRow | undefined): SyncRow => (row?.key === 'sync' ? row : INITIAL_SYNC);
export const asMarker = (row: MetaRow | undefined): MarkerRow | null => (row?.key === 'marker' ? row : null);
export const asBulk = (row: MetaRow | undefined): BulkRow | null => (row?.key === 'bulk' ? row : null);

/** Every op, save and entity id of this device comes from here. */
export const mint = ({ clock, random }: Pick<StoreContext, 'clock' | 'random'>): string => mintId(clock.now(), random);

/** What a transaction changed. */
export interface Change {
  readonly after: number;
  readonly localSeq: number;
  readonly keys: readonly KeyPair[];
}

/** More keys than this are announced as "many: read again". */
const MAX_ANNOUNCED = 30;

/**
 * Tells every context of the origin what a committed transaction has changed. A pull that brought nothing is no news: tabs
 * that learned of it would ask for another drain, whose pull they would learn of again, as long as anything waits.
 */
export function announce({ channel, workspaceId }: StoreContext, { after, localSeq, keys }: Change): void {
  if (keys.length === 0) return;
  const kinds = new Set(keys.map(([kind]) => kind));
  const what = keys.length <= MAX_ANNOUNCED ? { keys } : { keys: null, kinds: [...kinds] };
  channel.post({ type: 'changed', workspaceId, after, localSeq, ...what });
}
