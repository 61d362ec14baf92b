import type { Deletions } from '#core/sync-store.ts';

/** This many live entities deleted in one pull stop it. */
const MANY = 50;
/** More than half of a kind stops it, too, but not for a handful: deleting two of three notes is an ordinary day. */
const FEW = 10;

export interface DeletionGuard {
  /** Whether these deletions, with those of the earlier pages of the run, are too many to happen without a word. */
  stops(deletions: Deletions): boolean;
}

/** Counts what the tombstones of one pull run would take from this device, page by page. */
export function createDeletionGuard(): DeletionGuard {
  const taken = new Map<string, number>();
  return {
    stops({ keys, live }) {
      if (keys.length === 0) return false;
      // What earlier pages of this run took is no longer among the live.
      const before = new Map(taken);
      for (const [kind] of keys) taken.set(kind, (taken.get(kind) ?? 0) + 1);
      const total = [...taken.values()].reduce((sum, count) => sum + count, 0);
      if (total >= MANY) return true;
      return [...taken].some(([kind, count]) => count >= FEW && count > ((live.get(kind) ?? 0) + (before.get(kind) ?? 0)) / 2);
    },
  };
}
