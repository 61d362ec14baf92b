/**
 * Versions of the server on their way into the store: decided outside of any transaction (`absorb`), then committed with
 * everything that belongs to them.
 */

import { decodeBody } from '#core/body.ts';
import { presentMs } from '#core/clock.ts';
import { keyText } from '#core/entity-key.ts';
import type { KvError } from '#core/errors.ts';
import type { OpId } from '#core/ids.ts';
import type { Key, Write } from '#core/ports.ts';
import type { RemoteEntity } from '#core/protocol.ts';
import { err, ok, type Result } from '#core/result.ts';
import { createDraft, type Draft } from '#store/draft/draft.ts';
import { keptParents } from '#store/draft/family.ts';
import {
  asDeletions,
  asHeld,
  type Counting,
  createHoldsDraft,
  DELETIONS,
  hasWaiting,
  heldKey,
} from '#store/draft/held-deletions.ts';
import { mergeLogFields } from '#store/draft/merge-log.ts';
import type { Ancestors } from '#store/schema/ancestors.ts';
import type { MergeBase } from '#store/schema/bring-base.ts';
import { announce, asCounters, asSync, COUNTERS, mint, type StoreContext, SYNC } from '#store/schema/context.ts';
import type { CountersRow, SyncRow } from '#store/schema/meta-rows.ts';
import { EMPTY_BODY, isTopLevel, isUnreturned } from '#store/schema/rows.ts';
import { type BaseRow, type EntityRow, LIVE, PURGED, type WorkspaceTables } from '#store/schema/schema.ts';
import { afterHearing } from '#store/schema/sync-row.ts';
import type { DeletionAnswer } from '#store/store.ts';
import { type Absorbed, absorb, mustWait, type Remote, unreadableRow } from './absorb.ts';

/** A row that a save changes between merge and commit is merged again; this often only if something is wrong. */
const MAX_ATTEMPTS = 20;

export interface Incoming {
  readonly entity: RemoteEntity;
  readonly lineage: readonly OpId[];
  /** Undefined in ordinary sync, where the base is known to be shared. */
  readonly common: MergeBase | null | undefined;
  /** In a reconcile: what is contained in the row, beyond its lineage, too. */
  readonly ancestors?: Ancestors;
  /** What was decided of a deletion that waited. Without it one that takes what lives here is set aside. */
  readonly decided?: DeletionAnswer;
}

export interface Decision {
  /** Null where the row stays as it is and the unreadable body goes into quarantine. */
  readonly absorbed: Absorbed | null;
  readonly unreadable: string | null;
  /** A newer app wrote it, and only a newer app can merge it with what waits here. */
  readonly waits?: true;
  /** It would delete what lives here, top of a family and in step with the server. */
  readonly takes: boolean;
}

/** Whether a row is as it was read before: same content, same knowledge of the server. */
export const isSame = (row: EntityRow | undefined, before: EntityRow | undefined): boolean =>
  row?.localSeq === before?.localSeq &&
  row?.version === before?.version &&
  row?.sent === before?.sent &&
  row?.queued === before?.queued;

/**
 * Merges `incoming` outside of a transaction, then commits it in one that checks that no row has moved on meanwhile.
 * `answered` names the outbox rows that go with it; `moveSync` gives the sync row to write beside. A deletion that takes what
 * lives here is set aside instead, unless it is `decided`; `counting` says how one that happens counts. `serverMs` is the
 * server's time in the answer that brought it.
 */
export async function commitIncoming(
  context: StoreContext,
  incoming: readonly Incoming[],
  answered: ReadonlyMap<string, string>,
  moveSync: (sync: SyncRow) => SyncRow,
  counting: Counting = 'day',
  serverMs?: number,
): Promise<Result<void, KvError>> {
  const { kv } = context;
  const keys: Key[] = incoming.map(({ entity }) => [entity.kind, entity.id]);
  const reads = { rows: { getMany: 'entities', keys }, state: COUNTERS, sync: SYNC, deletions: DELETIONS } as const;
  const withServerTime = (state: CountersRow) => (serverMs === undefined ? state : afterHearing(context, state, serverMs));
  for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
    const seen = await kv.read({ ...reads, bases: { getMany: 'bases', keys } });
    if (!seen.ok) return seen;
    const kept = await keptParents(context, incoming);
    if (!kept.ok) return kept;
    const serverNow = presentMs(context.clock.now(), withServerTime(asCounters(seen.value.state)).server);
    const decisions = incoming.map((one, index) => {
      const { kind, id } = one.entity;
      const isKept = kept.value.has(keyText({ kind, id }));
      return decide(context, seen.value.rows[index], seen.value.bases[index], one, serverNow, isKept);
    });
    // Mostly nothing waits, and nothing is looked up.
    const anyWaits = hasWaiting(asDeletions(seen.value.deletions));
    const waiting = anyWaits ? incoming.map(({ entity }) => heldKey(entity)) : [];
    const result = await kv.transact({ ...reads, waiting: { getMany: 'meta', keys: waiting } }, (found) => {
      const { rows, state, sync } = found;
      const deletions = asDeletions(found.deletions);
      // A new child of what is deleted here would have kept it alive.
      const outdated = kept.value.ofFamilies && asCounters(state).localSeq !== asCounters(seen.value.state).localSeq;
      const moved = outdated || rows.some((row, index) => !isSame(row, seen.value.rows[index]));
      if (moved || hasWaiting(deletions) !== anyWaits) return { writes: [] as readonly Write<WorkspaceTables>[], value: null };
      const draft = createDraft(context, withServerTime(asCounters(state)));
      const holds = createHoldsDraft(deletions, context.clock.now(), counting);
      let mustCompare = false;
      incoming.forEach((one, index) => {
        const row = rows[index];
        if (isToCompare(row, one)) {
          mustCompare = true;
          return;
        }
        const decision = decisions[index] as Decision;
        const held = asHeld(found.waiting[index]);
        if (one.decided && held?.deletion.version !== one.entity.version) return;
        if (decision.takes && !one.decided) {
          holds.setAside(held, one.entity);
          return;
        }
        holds.forget(held);
        if (decision.takes) holds.take(one.entity);
        const released = answered.get(keyText(one.entity)) ?? null;
        if (released !== null) draft.write({ delete: 'outbox', key: released });
        const hadBase = seen.value.bases[index] !== undefined;
        record(context, draft, row, one, decision, released, hadBase);
      });
      const { writes, change } = draft.finish(false);
      const after = moveSync(asSync(sync));
      const synced = mustCompare ? { ...after, reconciling: true } : after;
      return { writes: [...writes, ...holds.writes(), { put: 'meta', row: synced }], value: change };
    });
    if (!result.ok) return result;
    if (result.value === null) continue;
    announce(context, result.value);
    return ok(undefined);
  }
  return err({ type: 'StorageFailed', reason: 'the entities kept changing under the merge' });
}

/** Whether what was pulled may have in common with the row what the server has lost: a reconcile compares the two. */
const isToCompare = (row: EntityRow | undefined, { entity, common }: Incoming): boolean =>
  common === undefined && row !== undefined && isUnreturned(row) && entity.version !== row.version;

/** What becomes of `row`; `sync` and the server's time are asked only where there is one. */
export function decide(
  context: StoreContext,
  row: EntityRow | undefined,
  base: BaseRow | undefined,
  incoming: Incoming,
  serverNow: number,
  keep = false,
): Decision {
  const { entity, lineage, common } = incoming;
  const decoded = entity.deleted ? ok(EMPTY_BODY) : decodeBody(entity.body ?? '');
  const remote: Remote = { entity, lineage, body: decoded.ok ? decoded.value : EMPTY_BODY };
  const declaration = context.ledger.get(entity.kind);
  const input = {
    row,
    base,
    remote,
    reconcile: common === undefined ? null : { common },
    declaration,
    // Of what belongs to one device nothing is asked: what is newer is there.
    policy: declaration?.scope === 'device' ? 'newer' : context.policy(),
    deviceId: context.deviceId,
    keep: keep || incoming.decided === 'keep',
    serverNow,
    ...(incoming.ancestors ? { ancestors: incoming.ancestors } : {}),
  };
  if (decoded.ok && mustWait(input)) return { absorbed: null, unreadable: null, takes: false, waits: true };
  if (decoded.ok) {
    const absorbed = absorb(input);
    const takes = isTopLevel(input.declaration) && row?.place === LIVE && absorbed.row.place === PURGED;
    // What the person has just changed here stays, be it only taken out of the bin.
    const isUnsent = row !== undefined && (row.queued !== null || row.sent !== null);
    if (takes && isUnsent) return { absorbed: absorb({ ...input, keep: true }), unreadable: null, takes: false };
    return { absorbed, unreadable: null, takes };
  }
  const raw = entity.body ?? '';
  if (!row)
    return {
      absorbed: { row: unreadableRow(input, raw), base: null, pending: false, changed: true, outcomes: [], conflicts: [] },
      unreadable: raw,
      takes: false,
    };
  return { absorbed: null, unreadable: raw, takes: false };
}

/** What was on its way waits in quarantine, with what has been edited since. */
export function park(context: StoreContext, draft: Draft, row: EntityRow, before: EntityRow = row): void {
  const { kind, id, bytes } = row;
  const opId = row.queued ?? mint(context);
  const queuedAt = context.clock.now();
  const order = draft.nextOrder();
  draft.write({
    put: 'outbox',
    row: { opId, kind, id, state: 'parked', order, queuedAt, holdUntil: 0, op: null, bytes },
  });
  draft.put({ ...row, sent: null, queued: opId, queuedOrder: order }, before, { pending: true, sameContent: true });
}

/** Puts a decision into the draft. `released` is the outbox row that the server has just answered, if any. */
export function record(
  context: StoreContext,
  draft: Draft,
  before: EntityRow | undefined,
  incoming: Incoming,
  { absorbed, unreadable, waits }: Decision,
  released: string | null,
  hadBase: boolean,
): void {
  const { kind, id } = incoming.entity;
  draft.receive(incoming.entity.lastUpdated, incoming.entity.acceptedAt);
  if (unreadable !== null) {
    draft.write({
      put: 'quarantine',
      row: { kind, id, reason: 'unreadable', at: context.clock.now(), op: null, raw: unreadable },
    });
  }
  if (waits && before) {
    const { v, body } = incoming.entity;
    draft.write({ put: 'quarantine', row: { kind, id, reason: 'newer-app', at: context.clock.now(), op: null, raw: body, v } });
    const isShared = incoming.common === undefined || (before.version !== null && incoming.lineage.includes(before.version));
    park(context, draft, isShared ? before : { ...before, version: null, rev: 0, seq: 0, acceptedAt: null });
    if (!isShared && hadBase) draft.base(kind, id, null);
    return;
  }
  if (!absorbed) {
    // The server's answer to our op cannot be read: sent again it would meet the same, so it waits for the person.
    if (released !== null && before) park(context, draft, before);
    return;
  }
  // What has lost is sent before what won: a device that is gone in between leaves both on the server.
  noteMerge(context, draft, incoming.entity, absorbed);
  const replaced = before !== undefined && absorbed.changed;
  if (replaced) draft.keepHistory(before, absorbed.row.place === PURGED ? 'delete' : 'merge');
  const row = released !== null ? { ...absorbed.row, sent: null } : absorbed.row;
  const sameContent = before !== undefined && !absorbed.changed;
  draft.put(replaced ? { ...row, snapshotAt: context.clock.now() } : row, before, { pending: absorbed.pending, sameContent });
  if (absorbed.base || hadBase) draft.base(kind, id, absorbed.base);
}

/** Writes down what a merge decided, and what it leaves to the person. `theirs` names the entity and the other side's device. */
export function noteMerge(
  context: StoreContext,
  draft: Draft,
  { kind, id, deviceId: theirsDevice }: Pick<EntityRow, 'kind' | 'id' | 'deviceId'>,
  { outcomes, conflicts }: Pick<Absorbed, 'outcomes' | 'conflicts'>,
): void {
  if (context.ledger.get(kind)?.scope === 'device') return;
  if (outcomes.length > 0) draft.create('merge-log', mergeLogFields(context, kind, id, theirsDevice, outcomes));
  for (const { field, base, mine, theirs } of conflicts) {
    draft.create('conflict', {
      entityKind: kind,
      entityId: id,
      field,
      base,
      mine,
      theirs,
      mineDevice: context.deviceId,
      theirsDevice,
      at: context.clock.now(),
      resolution: 'open',
    });
  }
}
