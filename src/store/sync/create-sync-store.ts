import { decodeBody } from '#core/body.ts';
import type { KvError, SyncError } from '#core/errors.ts';
import type { RemoteEntity } from '#core/protocol.ts';
import { ok, type Result } from '#core/result.ts';
import type { AnswerPosition, SyncPosition, SyncStore } from '#core/sync-store.ts';
import { noteComing } from '#store/draft/coming-restores.ts';
import { EVENT_READS, eventWrites } from '#store/draft/event-log.ts';
import { reviveParents } from '#store/draft/family.ts';
import { releaseUpdated } from '#store/draft/quarantine.ts';
import { readAncestors } from '#store/schema/ancestors.ts';
import { asWay, BLOB_WAY } from '#store/schema/blob-way.ts';
import type { MergeBase } from '#store/schema/bring-base.ts';
import { asSync, type StoreContext, SYNC } from '#store/schema/context.ts';
import { withEffectiveRows } from '#store/schema/effective-rows.ts';
import type { MetaRow, SyncRow } from '#store/schema/meta-rows.ts';
import { EMPTY_BODY } from '#store/schema/rows.ts';
import { afterAnswer, afterPage, positionOf } from '#store/schema/sync-row.ts';
import type { DeviceEvent } from '#store/status-store.ts';
import { acknowledgeAnswers, acknowledgeRejected } from './acknowledge.ts';
import { acknowledgeBulk, type BulkMemory, dissolveBulk } from './bulk.ts';
import { claimOps, peekOp, prepareNext, unansweredOps } from './claim.ts';
import { copiesOf, forgetDamaged, noteDamaged, noteUnread } from './damage.ts';
import { weighDeletions } from './deletions.ts';
import { type Batch, commitFirstCopies } from './first-copies.ts';
import { commitIncoming } from './incoming.ts';
import { joinVersions } from './join.ts';
import { keepLost } from './keep-lost.ts';
import { noteMissingBlobs } from './missing-blobs.ts';
import {
  absentKeys,
  beginReconcile,
  differingEntries,
  endReconcile,
  hearTime,
  lostVersions,
  requeueAbsent,
  shared,
} from './reconcile.ts';
import { settleUnanswered, unansweredIn } from './unanswered.ts';

/** Entities in one transaction: few, so that a save never waits long behind it. */
const APPLY_BATCH = 200;

/** The sync side of a workspace's store. The contract is in `core/sync-store.ts`. */
export function createSyncStore(given: StoreContext): SyncStore {
  const context: StoreContext = { ...given, kv: withEffectiveRows(given.kv) };
  const { kv } = context;
  let isReleased = false;
  const memory: BulkMemory = { sent: null, isBegun: false, prepared: null };
  /** What was made ready was read before this: it is made again. */
  const moving = <V>(step: () => V): V => {
    memory.prepared = null;
    return step();
  };
  /** Between two runs another context may have had the lock. */
  const forget = (): void => {
    memory.sent = null;
    memory.isBegun = false;
    memory.prepared = null;
  };
  /** Each moves the cursor behind its own changes; one at least, which moves it where nothing has changed. */
  const toBatches = (changes: readonly RemoteEntity[], cursor: number, position: AnswerPosition): readonly Batch[] => {
    const size = context.applyBatch ?? APPLY_BATCH;
    const starts = Array.from({ length: Math.max(1, Math.ceil(changes.length / size)) }, (_, index) => index * size);
    return starts.map((start) => {
      const entities = changes.slice(start, start + size);
      const isLast = start + size >= changes.length;
      const reached = isLast ? cursor : (entities.at(-1)?.seq ?? cursor);
      return {
        entities,
        after: start === 0 ? null : (changes[start - 1]?.seq ?? cursor),
        moveSync: (sync) => ({
          ...afterPage(afterAnswer(sync, position), reached, position),
          ...(isLast ? { lastSyncedAt: context.clock.now() } : {}),
        }),
        serverMs: position.now,
      };
    });
  };
  const readPosition = async (): Promise<Result<SyncPosition, KvError>> => {
    const result = await kv.read({ sync: SYNC });
    return result.ok ? ok(positionOf(asSync(result.value.sync))) : result;
  };
  return {
    position: readPosition,
    async unanswered() {
      forget();
      // The app does not change while this store lives: once is enough.
      const released = isReleased ? ok(undefined) : await releaseUpdated(context);
      if (!released.ok) return released;
      const noted = isReleased ? ok(undefined) : await noteUnread(context);
      if (!noted.ok) return noted;
      isReleased = true;
      return unansweredOps(context);
    },
    prepare: (request) => prepareNext(context, memory, request),
    claim: (request) => claimOps(context, memory, request),
    peek: (request) => peekOp(context, request),
    async acknowledge(results, position) {
      const noted = await noteMissingBlobs(context, results);
      if (!noted.ok) return noted;
      const bulk = await acknowledgeBulk(context, memory, results, position);
      if (!bulk.ok) return bulk;
      if (bulk.value) return ok(bulk.value);
      const acknowledged = await acknowledgeAnswers(context, results, position);
      return acknowledged.ok ? readPosition() : acknowledged;
    },
    async refuse(opId, reason) {
      forget();
      const dissolved = await dissolveBulk(context);
      return dissolved.ok ? acknowledgeRejected(context, { opId, reason }, null) : dissolved;
    },

    async apply(changes, cursor, position) {
      memory.prepared = null;
      const coming = await noteComing(context, changes);
      if (!coming.ok) return coming;
      if (coming.value.length > 0) await context.beforeRestore?.(coming.value);
      const batches = toBatches(changes, cursor, position);
      const first = await commitFirstCopies(context, batches);
      if (!first.ok) return first;
      for (const { entities, moveSync, serverMs } of batches.slice(first.value)) {
        const revived = await reviveParents(context, entities);
        if (!revived.ok) return revived;
        const incoming = entities.map((entity) => ({ entity, lineage: [], common: undefined }));
        const result = await commitIncoming(context, incoming, new Map(), moveSync, 'day', serverMs);
        if (!result.ok) return result;
      }
      return ok(undefined);
    },

    weighDeletions: () => weighDeletions(context),

    noteDamaged: (damaged) => noteDamaged(context, damaged),
    copiesOf: (damaged) => copiesOf(context, damaged),
    forgetDamaged: (mended) => moving(() => forgetDamaged(context, mended)),

    beginReconcile: () => moving(() => beginReconcile(context)),
    hear: (serverMs) => moving(() => hearTime(context, serverMs)),
    differing: (entries) => differingEntries(context, entries),
    shared: (entry) => shared(context, entry),
    lost: (keys) => lostVersions(context, keys),
    keepLost: (refused) => moving(() => keepLost(context, refused)),
    async settle(results) {
      const noted = await noteMissingBlobs(context, results);
      return noted.ok ? moving(() => settleUnanswered(context, results)) : noted;
    },
    absent: (known, after) => absentKeys(context, known, after),
    join: (remote, lineage, common) =>
      moving(() => joinVersions(context, { entity: remote, lineage, common: toMergeBase(common) }, common.version)),
    async reconcile(remote, lineage, common) {
      memory.prepared = null;
      // What another device wrote under a parent that was deleted here brings it back, as in a pull.
      const revived = await reviveParents(context, [remote]);
      if (!revived.ok) return revived;
      const found = await kv.read({ row: { get: 'entities', key: [remote.kind, remote.id] } });
      if (!found.ok) return found;
      const { row } = found.value;
      const known = row ? await readAncestors(kv, row) : ok(null);
      if (!known.ok) return known;
      const sent = common === null ? await unansweredIn(context, remote, lineage) : ok(null);
      if (!sent.ok) return sent;
      const ancestor = common === null ? sent.value && toMergeBase(sent.value) : toMergeBase(common);
      const incoming = { entity: remote, lineage, common: ancestor, ...(known.value ? { ancestors: known.value } : {}) };
      return commitIncoming(context, [incoming], new Map(), (sync) => sync);
    },
    requeueAbsent: (known) => moving(() => requeueAbsent(context, known)),
    endReconcile: (epoch, cursor, seen) => endReconcile(context, epoch, cursor, seen),

    async noteOutcome(error, retryAt) {
      forget();
      return kv.transact(
        { sync: SYNC, way: BLOB_WAY, ...EVENT_READS },
        ({ sync, way, newestEvent }) => {
          const { failure, ...rest } = asSync(sync);
          const next: SyncRow = error
            ? {
                ...rest,
                failure: {
                  reason: error.type,
                  since: failure?.since ?? context.clock.now(),
                  attempts: (failure?.attempts ?? 0) + 1,
                  timeouts: (failure?.timeouts ?? 0) + (error.type === 'Network' && error.timedOut ? 1 : 0),
                  retryAt,
                },
              }
            : { ...rest, failure: null };
          const events = eventWrites(newestEvent, outcomeEvent(error), context.clock.now());
          return { writes: [{ put: 'meta', row: next }, ...unasked(error, way), ...events], value: undefined };
        },
        'relaxed',
      );
    },
  };
}

/** A server that has deleted the account has no file of it any more, whatever it said before: those that are here stay. */
const unasked = (error: SyncError | null, way: MetaRow | undefined) =>
  error?.type === 'AccountDeleted' ? [{ put: 'meta', row: { ...asWay(way), asking: null, askedAt: null } } as const] : [];

/** How long a server asks to be left alone differs each time; in the log it is the same failure. */
function outcomeEvent(error: SyncError | null): DeviceEvent {
  if (error === null) return { type: 'synced' };
  return { type: 'sync-failed', error: 'retryAfterMs' in error ? { ...error, retryAfterMs: null } : error };
}

function toMergeBase({ v, body, deleted }: Pick<RemoteEntity, 'v' | 'body' | 'deleted'>): MergeBase | null {
  if (deleted || body === null) return { v, body: EMPTY_BODY };
  const decoded = decodeBody(body);
  return decoded.ok ? { v, body: decoded.value } : null;
}
