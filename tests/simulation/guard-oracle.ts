/**
 * The guard before deletions, seen from outside: without a person's answer, other devices take no more from this one within a
 * day than the limits allow, this one sends no more than that, and nothing that was held happens.
 */
import type { Ledger } from '#core/entity.ts';
import type { TransportRequest, Write } from '#core/ports.ts';
import type { Op } from '#core/protocol.ts';
import type { DeletionsRow, HeldRow } from '#store/schema/meta-rows.ts';
import { type EntityRow, LIVE, PURGED, type WorkspaceTables } from '#store/schema/schema.ts';
import type { DeletionAnswer, HeldVersion } from '#store/store.ts';
import type { Verdict } from './verdict.ts';

export interface GuardOracle {
  /** An entity has changed. `rows` are all that the device holds now, this change included. */
  onChange(before: EntityRow, after: EntityRow, rows: Iterable<EntityRow>): void;
  /** The person answers about these, and knows by that what their devices delete. */
  answered(shown: readonly HeldVersion[], answer: DeletionAnswer): void;
  /** The person has confirmed that this goes, as a part of one act. */
  confirmed(kind: string, id: string): void;
  /** The device commits something; `apply` makes the mirror follow, and reports what has changed. */
  onCommit(writes: readonly Write<WorkspaceTables>[], apply: () => void): void;
  /** The device sends something. */
  onRequest(request: TransportRequest): void;
  /** The disk has lost something as a whole: `rows` are what is left. */
  reload(rows: Iterable<object>): void;
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
  const confirmed = new Set<string>();
  const sent = new Map<string, number>();
  let held = new Map<string, HeldRow>();
  let heldTo = 0;
  const note = (row: object): void => {
    if ('deletion' in row) held.set((row as HeldRow).key, row as HeldRow);
    if ('heldTo' in row) ({ heldTo } = row as DeletionsRow);
  };
  const isTopLevel = (kind: string): boolean => ledger.get(kind)?.parent === undefined && ledger.get(kind)?.appendOnly !== true;
  let taken: { readonly at: number; readonly kind: string; readonly by: string }[] = [];
  return {
    onChange(before, after, rows) {
      const { kind } = after;
      const isTop = isTopLevel(kind);
      const isClean = before.queued === null && before.sent === null;
      const isTaken = before.place === LIVE && after.place === PURGED && after.deviceId !== deviceId();
      if (!isTop || !isClean || !isTaken || allowed.has(`${kind}/${after.id}/${after.version}`)) return;
      const waiting = held.get(`held/${kind}/${after.id}`);
      if (waiting && waiting.order <= heldTo) {
        verdict.fail('invariant 17: nothing held happens before an answer', `${device} ${kind}/${after.id} at ${after.version}`);
      }
      taken = [...taken, { at: now(), kind, by: after.deviceId }];
      const counted = taken.filter(({ at, by }) => by === after.deviceId && at <= now() && now() - at < DAY_MS);
      const ofKind = counted.filter((one) => one.kind === kind).length;
      const left = [...rows].filter((row) => row.kind === kind && row.place === LIVE).length;
      const isMost = ofKind >= limits.few && ofKind > (left + ofKind) / 2;
      if (counted.length >= limits.many || isMost) {
        verdict.fail(
          'invariant 17: deletions ask first',
          `${device} lost ${counted.length} entities, ${left} of ${kind} are left, and nobody was asked`,
        );
      }
    },
    answered(shown, answer) {
      if (shown.length === 0) return;
      taken = [];
      if (answer === 'keep') return;
      for (const { kind, id, version } of shown) {
        allowed.add(`${kind}/${id}/${version}`);
        confirmed.add(`${kind}/${id}`);
      }
    },
    confirmed: (kind, id) => confirmed.add(`${kind}/${id}`),
    onCommit(writes, apply) {
      apply();
      for (const write of writes) {
        if ('put' in write && write.put === 'meta') note(write.row);
        if ('delete' in write && write.delete === 'meta') held.delete(String(write.key));
      }
    },
    onRequest({ path, body }) {
      if (!path.endsWith('/push')) return;
      const nowMs = now();
      for (const { kind, id, deleted, base } of (body as { readonly ops: readonly Op[] }).ops) {
        const key = `${kind}/${id}`;
        if (deleted && base !== null && isTopLevel(kind) && !confirmed.has(key) && !sent.has(key)) sent.set(key, nowMs);
      }
      const ofTheDay = [...sent.values()].filter((at) => at <= nowMs && nowMs - at < DAY_MS).length;
      if (ofTheDay >= limits.many)
        verdict.fail('invariant 17: deletions ask first', `${device} has sent ${ofTheDay} that nobody confirmed`);
    },
    reload(rows) {
      held = new Map();
      heldTo = 0;
      for (const row of rows) note(row);
    },
  };
}
