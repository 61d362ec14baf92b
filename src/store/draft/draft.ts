/**
 * The writes of one transaction in the making: entities with their outbox rows, bases, history, counters. Everything
 * that must be committed together is gathered here and nowhere else, so that no path can write an entity without its
 * outbox row.
 */

import { isPlausible, pastMs, presentMs, rankStamp, receive, type Stamp, stampTag, tickAfter, tickTyped } from '#core/clock.ts';
import type { Fields, Ledger } from '#core/entity.ts';
import type { KeyPair } from '#core/entity-key.ts';
import { mintIdAfter, type OpId } from '#core/ids.ts';
import { equalJson } from '#core/json.ts';
import { laterStamp } from '#core/merge/merge.ts';
import { openFields } from '#core/open-fields.ts';
import type { Write } from '#core/ports.ts';
import { putAway, withOlder } from '#store/schema/ancestors.ts';
import { type Change, mint, type StoreContext } from '#store/schema/context.ts';
import type { CountersRow } from '#store/schema/meta-rows.ts';
import { baseOf, estimateBytes, indexColumns, isTopLevel, latestStamp, NEW_ROW } from '#store/schema/rows.ts';
import {
  type BaseRow,
  type EntityRow,
  type HistoryRow,
  type OutboxRow,
  PURGED,
  type WorkspaceTables,
} from '#store/schema/schema.ts';

/** How long an entity under edit may wait before it is sent. */
export const EDIT_PACE_MS = 5000;

export interface PutOptions {
  /** Whether the row holds something that the server has not: decides whether an outbox row is beside it. */
  readonly pending: boolean;
  readonly holdUntil?: number;
  /** Only what is known of the server changed: the row keeps its localSeq, and editors built on it stay current, unless a merge gave its words other times. */
  readonly sameContent?: boolean;
}

export interface Draft {
  /**
   * The stamp of this transaction's next change, later than those of what it replaces (`tickAfter`), which the server took
   * at `acceptedAt`: it is no earlier now, whatever the clock of this device says.
   */
  tick(replaced?: readonly Stamp[], acceptedAt?: number): Stamp;
  /** The stamp of what was typed at `typedMs` of this device's clock, later than `seen`, on which it was built. */
  tickTyped(typedMs: number, seen: Stamp): Stamp;
  /** Moves the clock past a stamp, which the server took at `acceptedAt` if it did, within the bound of `receive`. */
  receive(stamp: Stamp, acceptedAt?: number): void;
  /** Writes `row` under a new localSeq, and keeps its outbox row in step: one where `pending`, none otherwise. */
  put(row: EntityRow, before: EntityRow | undefined, options: PutOptions): EntityRow;
  /** Writes a new entity of this device: a merge-log entry, a conflict. */
  create(kind: string, fields: Fields): void;
  base(kind: string, id: string, base: BaseRow | null): void;
  keepHistory(row: EntityRow, reason: HistoryRow['reason']): void;
  write(write: Write<WorkspaceTables>): void;
  /** An `order` for an outbox row that no row had before. */
  nextOrder(): number;
  /** The gathered writes with the counters, and the keys of the entities among them. */
  finish(saved: boolean): Finished;
}

/** Whether a row is a deletion that must be weighed before it is sent: the top of a family, not confirmed by the person. */
export const mustBeWeighed = (ledger: Ledger, { kind, place, cleared }: EntityRow): boolean =>
  place === PURGED && !cleared && isTopLevel(ledger.get(kind));

export interface Finished {
  readonly writes: readonly Write<WorkspaceTables>[];
  readonly change: Change;
  /** The counters as they are among the writes. */
  readonly state: CountersRow;
}

/** What a draft asks of its surroundings: no database, no channel. */
export type DraftContext = Pick<StoreContext, 'clock' | 'random' | 'ledger' | 'deviceId'>;

export function createDraft(context: DraftContext, state: CountersRow): Draft {
  const nowMs = context.clock.now();
  const stampMs = presentMs(nowMs, state.server);
  const tag = stampTag(context.deviceId);
  const writes: Write<WorkspaceTables>[] = [];
  const keys: KeyPair[] = [];
  let { localSeq, clock, bytes } = state;
  // Before there was a counter, the order was a localSeq.
  let lastOrder = state.lastOrder ?? localSeq;

  const nextOrder = (): number => {
    lastOrder += 1;
    return lastOrder;
  };

  let opId: OpId | null = null;
  const queue = (row: EntityRow, holdUntil: number): OutboxRow => {
    opId = mintIdAfter(opId, nowMs, context.random);
    const { kind, id, parent } = row;
    const queued: OutboxRow = {
      opId,
      kind,
      id,
      state: 'queued',
      order: nextOrder(),
      queuedAt: nowMs,
      holdUntil,
      op: null,
      ...(parent === null ? {} : { parent }),
      bytes: row.bytes,
      ...(mustBeWeighed(context.ledger, row) ? { unweighed: true } : {}),
    };
    writes.push({ put: 'outbox', row: queued });
    return queued;
  };

  const draft: Draft = {
    tick(replaced = [], acceptedAt = 0) {
      clock = tickAfter(clock, replaced, isPlausible(acceptedAt) ? Math.max(stampMs, acceptedAt) : stampMs, tag);
      return clock;
    },
    tickTyped(typedMs, seen) {
      const stamp = tickTyped(clock, pastMs(typedMs, nowMs, state.server), stampMs, tag, seen);
      clock = laterStamp(clock, stamp);
      return stamp;
    },
    receive(stamp, acceptedAt) {
      clock = receive(rankStamp(clock, stampMs), rankStamp(stamp, acceptedAt ?? null), stampMs);
    },
    put(given, before, { pending, holdUntil = 0, sameContent = false }) {
      const away = putAway(withOlder(before, given));
      const { row } = away;
      for (const write of away.writes) writes.push(write);
      // Backups read what has moved on, and have the times of its words as well.
      const stays = sameContent && before !== undefined && equalJson(before.stamps, given.stamps) && before.v === given.v;
      if (!stays) localSeq += 1;
      bytes += row.bytes - (before?.bytes ?? 0);
      let { queued, queuedOrder = 0 } = row;
      // A deletion is weighed before it goes, and an edit never waits as long as one: neither takes the other's place.
      if (pending && queued !== null && before && (before.place === PURGED) !== (row.place === PURGED)) {
        writes.push({ delete: 'outbox', key: queued }, { delete: 'quarantine', key: [row.kind, row.id] });
        queued = null;
      }
      if (pending && queued === null) ({ opId: queued, order: queuedOrder } = queue(row, holdUntil));
      if (!pending && queued !== null) {
        writes.push({ delete: 'outbox', key: queued });
        // A change in quarantine has been overtaken: what is noted of its refusal goes with it.
        writes.push({ delete: 'quarantine', key: [row.kind, row.id] });
        queued = null;
      }
      const written: EntityRow = { ...row, queued, queuedOrder, localSeq: stays ? row.localSeq : localSeq };
      writes.push({ put: 'entities', row: written });
      keys.push([row.kind, row.id]);
      return written;
    },
    create(kind, fields) {
      const declaration = context.ledger.get(kind);
      const id = mint(context);
      const stamp = draft.tick();
      const stamps = Object.fromEntries(Object.keys(fields).map((field) => [field, stamp]));
      const row: EntityRow = {
        ...NEW_ROW,
        kind,
        id,
        v: declaration?.version ?? 1,
        fields,
        stamps,
        lastUpdated: latestStamp(stamps),
        deviceId: context.deviceId,
        saves: [],
        bytes: estimateBytes(fields) + estimateBytes(stamps),
        snapshotAt: nowMs,
        ...indexColumns(declaration, { id, fields, stamps, lastUpdated: stamp }, false),
      };
      draft.put(row, undefined, { pending: true });
    },
    base(kind, id, base) {
      writes.push(base ? { put: 'bases', row: base } : { delete: 'bases', key: [kind, id] });
    },
    keepHistory({ kind, id, v, fields, lastUpdated, deviceId: by, localSeq: of }, reason) {
      const declaration = context.ledger.get(kind);
      const kept = openFields(declaration, fields);
      if (Object.keys(kept).length === 0) return;
      writes.push({
        put: 'history',
        row: { kind, id, order: localSeq + 1, at: nowMs, fields: kept, stamp: lastUpdated, reason, of, v, by },
      });
    },
    write(write) {
      writes.push(write);
    },
    nextOrder,
    finish(saved) {
      const lastSavedAt = saved ? nowMs : state.lastSavedAt;
      const next: CountersRow = { ...state, localSeq, clock, bytes, lastSavedAt, lastOrder };
      return { writes: [...writes, { put: 'meta', row: next }], change: { after: state.localSeq, localSeq, keys }, state: next };
    },
  };
  return draft;
}

/** What the server has is kept as the base of a later merge, before the row first differs from it. */
export function keepBase(draft: Pick<Draft, 'base'>, row: EntityRow): void {
  if (row.queued === null && row.sent === null && row.version !== null) draft.base(row.kind, row.id, baseOf(row, row.version));
}
