/**
 * The guard before deletions, seen from outside: without a person's answer, other devices take no more from this one
 * within a day than the limits allow.
 */
import type { Ledger } from '#core/entity.ts';
import { type EntityRow, LIVE, PURGED } from '#store/schema.ts';
import type { HeldVersion } from '#store/store.ts';
import type { Verdict } from './verdict.ts';

export interface GuardOracle {
  /** An entity has changed. `rows` are all that the device holds now, this change included. */
  onChange(before: EntityRow, after: EntityRow, rows: Iterable<EntityRow>): void;
  /** The person answers about these, and knows by that what their devices delete. */
  answered(shown: readonly HeldVersion[]): void;
}

export interface GuardOracleOptions {
  readonly device: string;
  readonly deviceId: () => string;
  /** The device's wall clock, ms. */
  readonly now: () => number;
  readonly limits: { readonly many: number; readonly few: number };
  readonly ledger: Ledger;
  readonly verdict: Verdict;
}

/** The product counts by hours: what is nearly a day old may be forgotten. */
const DAY_MS = 22 * 3_600_000;

export function createGuardOracle({ device, deviceId, now, limits, ledger, verdict }: GuardOracleOptions): GuardOracle {
  const allowed = new Set<string>();
  let taken: { readonly at: number; readonly kind: string; readonly by: string }[] = [];
  return {
    onChange(before, after, rows) {
      const { kind } = after;
      const isTop = ledger.get(kind)?.parent === undefined && ledger.get(kind)?.appendOnly !== true;
      const isClean = before.queued === null && before.sent === null;
      const isTaken = before.place === LIVE && after.place === PURGED && after.deviceId !== deviceId();
      if (!isTop || !isClean || !isTaken || allowed.has(`${kind}/${after.id}/${after.version}`)) return;
      taken = [...taken, { at: now(), kind, by: after.deviceId }];
      const counted = taken.filter(({ at, by }) => by === after.deviceId && at <= now() && now() - at < DAY_MS);
      const ofKind = counted.filter((one) => one.kind === kind).length;
      const left = [...rows].filter((row) => row.kind === kind && row.place === LIVE).length;
      const isMost = ofKind >= limits.few && ofKind > (left + ofKind) / 2;
      if (counted.length >= limits.many || isMost) {
        verdict.fail(
          'deletions ask first',
          `${device} lost ${counted.length} entities, ${left} of ${kind} are left, and nobody was asked`,
        );
      }
    },
    answered(shown) {
      if (shown.length === 0) return;
      for (const { kind, id, version } of shown) allowed.add(`${kind}/${id}/${version}`);
      taken = [];
    },
  };
}
