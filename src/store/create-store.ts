import type { EntityDeclaration, Fields } from '#core/entity.ts';
import type { KeyPair } from '#core/entity-key.ts';
import type { KvError, StoreError } from '#core/errors.ts';
import { equalJson } from '#core/json.ts';
import { hasPassed } from '#core/pacing.ts';
import { err, ok, type Result } from '#core/result.ts';
import { addSave, hasSave } from './applied-saves.ts';
import { noteBulkDeletion } from './bulk-deletions.ts';
import { changedSince } from './changes.ts';
import { announce, asState, STATE, type StoreContext } from './context.ts';
import { decideDeletions, listHeld } from './deletions.ts';
import { createDraft, EDIT_PACE_MS, type Finished } from './draft.ts';
import { withEffectiveRows } from './effective-rows.ts';
import { parentNamed, reviveParent } from './family.ts';
import { keptFields, readHistory, thinEntity } from './history.ts';
import { listEntities } from './list.ts';
import { mergeLogFields } from './merge-log.ts';
import { type Merged, mergeSave, stampSave, upToDate } from './merge-save.ts';
import { retryQuarantined } from './quarantine.ts';
import { createRecentSaves } from './recent-saves.ts';
import { baseOf, EMPTY_BODY, estimateBytes, indexColumns, isReadOnly, latestStamp, toView } from './rows.ts';
import { BINNED, type EntityRow, LIVE, outboxIn, PURGED, type StateRow } from './schema.ts';
import type { EntityView, SaveAnswer, SaveRequest, Store } from './store.ts';
import { readSummary } from './summary.ts';

/** At most one kept state a minute; the rest is thinned by `thinHistory`. */
const HISTORY_PACE_MS = 60_000;
/** A save meets a row that moved on this often only if something is wrong. */
const MAX_ATTEMPTS = 20;

export function createStore(given: StoreContext): Store {
  const context: StoreContext = { ...given, kv: withEffectiveRows(given.kv) };
  const { kv, ledger } = context;

  const recent = createRecentSaves();
  const viewOf = (row: EntityRow | undefined): EntityView | null => (row ? toView(ledger, row) : null);

  /**
   * One try: commits against the row as it is, or gives what must be seen to first. `withHistory` for a purged entity alone:
   * it is a read less in every other save. `parent` is the one that the saved entity will name, so far as that is known.
   */
  const commit = (
    request: SaveRequest,
    ready: Merged | null,
    withHistory: boolean,
    parent: KeyPair | null,
  ): Promise<Result<Attempt, KvError>> => {
    const { kind, id } = request;
    const guess = ready || withHistory ? undefined : recent.guess(request, parent);
    const declaration = ledger.get(kind);
    return kv.transact(
      {
        row: { get: 'entities', key: [kind, id] },
        last: { list: 'history', lower: [kind, id], upper: [kind, id, Infinity], reverse: true, limit: withHistory ? 1 : 0 },
        state: STATE,
        above: { getMany: 'entities', keys: parent ? [parent] : [] },
      },
      ({ row, last, state, above }) => {
        const answer = (attempt: Attempt) => ({ writes: [], value: attempt });
        if (row && isReadOnly(declaration, row)) return answer({ type: 'refused', error: { type: 'NewerEntity', kind, id } });
        if (row && hasSave(row.saves, request.saveId))
          return answer({ type: 'committed', row, merged: true, written: null, kept: false });
        const purged = row?.place === PURGED;
        const found = row?.localSeq ?? 0;
        if (ready ? ready.against !== found : row && !purged && found !== request.builtOn)
          return answer({ type: 'moved', row: row as EntityRow, state: asState(state) });
        if (purged && !withHistory) return answer({ type: 'purged' });

        // A save to a purged entity brings it back, with what the history still holds of it.
        const newest = last[0];
        const current = row && upToDate(declaration, row);
        const ground: Fields = purged ? (newest ? keptFields(declaration, newest) : {}) : (current?.fields ?? {});
        const fields = ready?.body.fields ?? { ...ground, ...request.patch };
        if (
          row &&
          !purged &&
          !ready &&
          Object.keys(request.patch).every((field) => equalJson(row.fields[field], request.patch[field]))
        ) {
          return answer({ type: 'committed', row, merged: false, written: null, kept: false });
        }
        // Nothing is saved where nobody finds it: a purged parent comes back first.
        const named = parentNamed(declaration, fields);
        if (named && (named[1] !== parent?.[1] || above[0]?.place === PURGED))
          return answer({ type: 'child', of: named, purged: named[1] === parent?.[1] });
        const draft = createDraft(context, asState(state));
        const stamps = stampSave(context, request, fields, current, ready, draft);
        const lastUpdated = latestStamp(stamps);
        const nowMs = context.clock.now();
        // What another account has of this row is the ground on which its next state is merged there (`bring-along.ts`).
        const isGround = found <= (asState(state).broughtSeq ?? -1);
        const isKept = row !== undefined && !purged && !declaration?.appendOnly;
        const snapshot = isKept && (isGround || hasPassed(HISTORY_PACE_MS, row.snapshotAt, nowMs));
        if (snapshot || ready) draft.keepHistory(row as EntityRow, ready ? 'merge' : 'edit');
        const pending = declaration?.scope !== 'private';
        if (pending && row && row.queued === null && row.sent === null && row.version !== null)
          draft.base(kind, id, baseOf(row, row.version));
        const next = draft.put(
          {
            ...(row ?? NEW_ROW),
            kind,
            id,
            v: declaration?.version ?? 1,
            fields,
            stamps,
            lastUpdated,
            deviceId: context.deviceId,
            saves: addSave(row?.saves ?? [], request.saveId),
            bytes: estimateBytes(fields) + estimateBytes(stamps),
            snapshotAt: snapshot || ready || !row ? nowMs : row.snapshotAt,
            ...indexColumns(declaration, { id, fields, lastUpdated }, false),
          },
          row,
          { pending, ...(request.editing ? { holdUntil: nowMs + EDIT_PACE_MS } : {}) },
        );
        if (ready?.outcomes.some(({ type }) => type === 'newer'))
          draft.create('merge-log', mergeLogFields(context, kind, id, context.deviceId, ready.outcomes));
        const finished = draft.finish(true);
        return {
          writes: finished.writes,
          value: {
            type: 'committed',
            row: next,
            parent: above[0],
            merged: ready !== null || purged,
            written: finished,
            kept: snapshot,
          },
        };
      },
      'strict',
      guess,
    );
  };

  return {
    async save(request): Promise<Result<SaveAnswer, StoreError>> {
      const wrong = invalidField(ledger.get(request.kind), request.patch);
      if (wrong !== null) return err({ type: 'InvalidPatch', field: wrong });
      let ready: Merged | null = null;
      let withHistory = false;
      let parent = parentNamed(ledger.get(request.kind), { ...request.was, ...request.patch });
      for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
        const result: Result<Attempt, KvError> = await commit(request, ready, withHistory, parent);
        if (!result.ok) return result;
        const outcome = result.value;
        if (outcome.type === 'refused') return err(outcome.error);
        if (outcome.type === 'committed') {
          if (outcome.written) {
            recent.note([outcome.parent, outcome.row], outcome.written.state);
            announce(context, outcome.written.change);
          }
          if (outcome.kept) void thinEntity(context, request.kind, request.id);
          return ok({ entity: toView(ledger, outcome.row), merged: outcome.merged });
        }
        if (outcome.type === 'child') {
          parent = outcome.of;
          const revived = outcome.purged ? await reviveParent(context, parent) : ok(undefined);
          if (!revived.ok) return revived;
        } else if (outcome.type === 'purged') withHistory = true;
        else ready = mergeSave(context, request, outcome.row, createDraft(context, outcome.state));
      }
      return err({ type: 'StorageFailed', reason: 'the entity kept changing under the save' });
    },

    async get(kind, id) {
      const result = await kv.read({ row: { get: 'entities', key: [kind, id] } });
      return result.ok ? ok(viewOf(result.value.row)) : result;
    },

    async getMany(keys) {
      const result = await kv.read(Object.fromEntries(keys.map((key, at) => [at, { get: 'entities', key }] as const)));
      return result.ok ? ok(keys.map((_, at) => viewOf(result.value[at]))) : result;
    },

    list: (request) => listEntities(context, request),

    async count(kind, place) {
      const column = place === 'live' ? LIVE : BINNED;
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
        const result = await kv.transact({ row: { get: 'entities', key: [kind, id] }, state: STATE }, ({ row, state }) => {
          if (!row || row.place === PURGED) return { writes: [], value: null };
          const draft = createDraft(context, asState(state));
          draft.keepHistory(row, 'delete');
          if (row.queued === null && row.sent === null && row.version !== null) draft.base(kind, id, baseOf(row, row.version));
          const stamp = draft.tick();
          const tombstone = {
            ...row,
            ...EMPTY_BODY,
            lastUpdated: stamp,
            deviceId: context.deviceId,
            bytes: 0,
            cleared: act !== undefined,
          };
          // A purge that the server never heard of is told all the same: another op may be on its way.
          draft.put({ ...tombstone, ...indexColumns(ledger.get(kind), tombstone, true) }, row, {
            pending: ledger.get(kind)?.scope !== 'private',
          });
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

    async release() {
      const result = await kv.transact({ rows: { list: 'outbox', ...outboxIn('queued'), limit: 1000 } }, ({ rows }) => {
        const held = rows.filter(({ holdUntil }) => holdUntil > 0);
        return { writes: held.map((row) => ({ put: 'outbox', row: { ...row, holdUntil: 0 } }) as const), value: held.length };
      });
      return result;
    },

    retryQuarantined: (only) => retryQuarantined(context, only),
    heldDeletions: () => listHeld(context),
    decideDeletions: (answer, shown) => decideDeletions(context, answer, shown),

    summary: () => readSummary(context),
  };
}

/** Sorts after every string and number that an index of ours holds. */
const HIGH = '\uffff';
type Attempt =
  | {
      readonly type: 'committed';
      readonly row: EntityRow;
      /** Its parent, where it has one and something was written. */
      readonly parent?: EntityRow | undefined;
      readonly merged: boolean;
      /** What was written, or null where there was nothing to write. */
      readonly written: Finished | null;
      readonly kept: boolean;
    }
  | { readonly type: 'moved'; readonly row: EntityRow; readonly state: StateRow }
  | { readonly type: 'purged' }
  /** The entity will name this parent, which was not read; or it was, and is purged. */
  | { readonly type: 'child'; readonly of: KeyPair; readonly purged: boolean }
  | { readonly type: 'refused'; readonly error: StoreError };

const NEW_ROW = {
  version: null,
  rev: 0,
  seq: 0,
  acceptedAt: null,
  lineage: [],
  localSeq: 0,
  queued: null,
  sent: null,
} as const;

function invalidField(declaration: EntityDeclaration | undefined, patch: Fields): string | null {
  if (!declaration) return null;
  for (const [field, value] of Object.entries(patch)) {
    const known = declaration.fields[field];
    if (known && !known.check(value)) return field;
  }
  return null;
}
