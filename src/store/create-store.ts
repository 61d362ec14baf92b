import { ok } from '#core/result.ts';
import { noteBulkDeletion } from '#store/draft/bulk-deletions.ts';
import { bury } from '#store/draft/bury.ts';
import { createDraft } from '#store/draft/draft.ts';
import { retryQuarantined } from '#store/draft/quarantine.ts';
import { changedSince } from '#store/save/changes.ts';
import { createSave } from '#store/save/commit-save.ts';
import { readHistory } from '#store/save/history.ts';
import { listEntities } from '#store/save/list.ts';
import { readSummary } from '#store/save/summary.ts';
import { announce, asCounters, COUNTERS, type StoreContext } from '#store/schema/context.ts';
import { withEffectiveRows } from '#store/schema/effective-rows.ts';
import { toView } from '#store/schema/rows.ts';
import { BINNED, type EntityRow, HIGH, LIVE, outboxIn, PURGED } from '#store/schema/schema.ts';
import { decideDeletions, listHeld } from '#store/sync/deletions.ts';
import type { EntityView, Store } from './store.ts';

/** The store of one workspace. Its contract is `store.ts`. */
export function createStore(given: StoreContext): Store {
  const context: StoreContext = { ...given, kv: withEffectiveRows(given.kv) };
  const { kv, ledger } = context;

  const viewOf = (row: EntityRow | undefined): EntityView | null => (row ? toView(ledger, row) : null);

  return {
    save: createSave(context),

    async get(kind, id) {
      const result = await kv.read({ row: { get: 'entities', key: [kind, id] } });
      return result.ok ? ok(viewOf(result.value.row)) : result;
    },

    async getMany(keys) {
      const result = await kv.read(Object.fromEntries(keys.map((key, at) => [at, { get: 'entities', key }] as const)));
      return result.ok ? ok(keys.map((_, at) => viewOf(result.value[at]))) : result;
    },

    list: (request) => listEntities(context, request),

    async count(kind, lifecycle) {
      const column = lifecycle === 'live' ? LIVE : BINNED;
      const result = await kv.read({
        count: { count: 'entities', index: 'byPlace', lower: [kind, column], upper: [kind, column, HIGH] },
      });
      return result.ok ? ok(result.value.count) : result;
    },

    changedSince: (localSeq, limit) => changedSince(context, localSeq, limit),

    history: (kind, id) => readHistory(context, kind, id),

    async purge(kind, ids, act) {
      let purged = 0;
      if (act !== undefined && ids.length > 0) {
        const noted = await noteBulkDeletion(context, act, kind, ids);
        if (!noted.ok) return noted;
      }
      for (const id of ids) {
        const result = await kv.transact({ row: { get: 'entities', key: [kind, id] }, state: COUNTERS }, ({ row, state }) => {
          if (!row || row.place === PURGED) return { writes: [], value: null };
          const draft = createDraft(context, asCounters(state));
          bury(context, draft, row, { lastUpdated: draft.tick(), cleared: act !== undefined });
          const { writes, change } = draft.finish(true);
          return { writes, value: change };
        });
        if (!result.ok) return result;
        if (result.value === null) continue;
        purged += 1;
        announce(context, result.value);
      }
      return ok(purged);
    },

    release: () =>
      kv.transact({ rows: { list: 'outbox', ...outboxIn('queued'), limit: 1000 } }, ({ rows }) => {
        const held = rows.filter(({ holdUntil }) => holdUntil > 0);
        return { writes: held.map((row) => ({ put: 'outbox', row: { ...row, holdUntil: 0 } }) as const), value: held.length };
      }),

    retryQuarantined: (only) => retryQuarantined(context, only),
    heldDeletions: () => listHeld(context),
    decideDeletions: (answer, shown) => decideDeletions(context, answer, shown),

    summary: () => readSummary(context),
  };
}
