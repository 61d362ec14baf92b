import { decodeBody } from '#core/body.ts';
import type { SyncError } from '#core/errors.ts';
import type { RemoteEntity } from '#core/protocol.ts';
import { ok } from '#core/result.ts';
import type { SyncStore } from '#core/sync-store.ts';
import type { Ground } from './absorb.ts';
import type { BulkMemory } from './bulk.ts';
import { claimOps, prepareNext, unansweredOps } from './claim.ts';
import { asSync, type StoreContext, SYNC } from './context.ts';
import { holdDeletions, weighDeletions } from './deletions.ts';
import { withEffectiveRows } from './effective-rows.ts';
import { EVENT_READS, eventWrites } from './event-log.ts';
import { keptParents, reviveParents } from './family.ts';
import { commitIncoming } from './incoming.ts';
import { beginReconcile, commonVersion, differingEntries, endReconcile, requeueAbsent } from './reconcile.ts';
import { EMPTY_BODY } from './rows.ts';
import type { SyncRow } from './schema.ts';
import { settleAnswers } from './settle.ts';
import type { DeviceEvent } from './status-store.ts';
import { afterAnswer } from './sync-row.ts';

/** Entities merged in one transaction: small, so that a save never waits long behind one. */
const APPLY_BATCH = 100;

/** The sync side of a workspace's store. The contract stands in `core/sync-store.ts`. */
export function createSyncStore(given: StoreContext): SyncStore {
  const context: StoreContext = { ...given, kv: withEffectiveRows(given.kv) };
  const { kv } = context;
  const memory: BulkMemory = { sent: null, prepared: null };
  /** What was made ready was read before this: it is made anew. */
  const moving = <V>(step: () => V): V => {
    memory.prepared = null;
    return step();
  };
  return {
    async position() {
      const result = await kv.read({ sync: SYNC });
      if (!result.ok) return result;
      const { epoch, cursor, seen, reconciling, failure } = asSync(result.value.sync);
      return ok({ epoch, cursor, seen, reconciling, attempts: failure?.attempts ?? 0 });
    },

    unanswered: () => unansweredOps(context),
    prepare: (request) => prepareNext(context, memory, request),
    claim: (request) => claimOps(context, memory, request),
    settle: (results, position) => settleAnswers(context, memory, results, position),

    async apply(changes, cursor, position) {
      memory.prepared = null;
      for (let start = 0; start < changes.length || start === 0; start += APPLY_BATCH) {
        const batch = changes.slice(start, start + APPLY_BATCH);
        const isLast = start + APPLY_BATCH >= changes.length;
        const reached = isLast ? cursor : (batch.at(-1)?.seq ?? cursor);
        const revived = await reviveParents(context, batch);
        if (!revived.ok) return revived;
        const kept = await keptParents(context, batch);
        if (!kept.ok) return kept;
        const result = await commitIncoming(
          context,
          batch.map((entity) => ({
            entity,
            lineage: [],
            common: undefined,
            keep: kept.value.has(`${entity.kind}/${entity.id}`),
          })),
          new Map(),
          (sync) => ({
            ...afterAnswer(context, sync, position),
            cursor: Math.max(sync.cursor, reached),
            ...(isLast ? { lastSyncedAt: context.clock.now() } : {}),
          }),
        );
        if (!result.ok) return result;
      }
      return ok(undefined);
    },

    weigh: (changes) => weighDeletions(context, changes),
    holdDeletions: (keys, seq) => holdDeletions(context, keys, seq),

    beginReconcile: () => moving(() => beginReconcile(context)),
    differing: (entries) => differingEntries(context, entries),
    commonVersion: (entry) => commonVersion(context, entry),
    async reconcile(remote, lineage, common) {
      memory.prepared = null;
      const ground = common === null ? null : toGround(common);
      return commitIncoming(context, [{ entity: remote, lineage, common: ground, keep: false }], new Map(), (sync) => sync);
    },
    requeueAbsent: (known) => moving(() => requeueAbsent(context, known)),
    endReconcile: (epoch, cursor, seen) => endReconcile(context, epoch, cursor, seen),

    async noteOutcome(error, retryAt) {
      // The lock is given back: whoever takes it next may be another context.
      memory.sent = null;
      memory.prepared = null;
      return kv.transact(
        { sync: SYNC, ...EVENT_READS },
        ({ sync, newestEvent }) => {
          const { failure, ...rest } = asSync(sync);
          const next: SyncRow = error
            ? {
                ...rest,
                failure: {
                  reason: error.type,
                  since: failure?.since ?? context.clock.now(),
                  attempts: (failure?.attempts ?? 0) + 1,
                  retryAt,
                },
              }
            : { ...rest, failure: null };
          const events = eventWrites(newestEvent, outcomeEvent(error), context.clock.now());
          return { writes: [{ put: 'meta', row: next }, ...events], value: undefined };
        },
        'relaxed',
      );
    },
  };
}

/** How long a server asks to be left alone differs each time; in the log it is the same failure. */
function outcomeEvent(error: SyncError | null): DeviceEvent {
  if (error === null) return { type: 'synced' };
  return { type: 'sync-failed', error: 'retryAfterMs' in error ? { ...error, retryAfterMs: null } : error };
}

function toGround({ v, body, deleted }: RemoteEntity): Ground | null {
  if (deleted || body === null) return { v, body: EMPTY_BODY };
  const decoded = decodeBody(body);
  return decoded.ok ? { v, body: decoded.value } : null;
}
