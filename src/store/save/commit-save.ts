/** Carries out what `plan-save.ts` has planned, in as many tries as the row's other writers make necessary. */
import { type EntityDeclaration, type Fields, parentNamed } from '#core/entity.ts';
import type { KvError, StoreError } from '#core/errors.ts';
import { err, ok, type Result } from '#core/result.ts';
import { createDraft } from '#store/draft/draft.ts';
import { reviveParent } from '#store/draft/family.ts';
import { announce, COUNTERS, type StoreContext } from '#store/schema/context.ts';
import { toView } from '#store/schema/rows.ts';
import type { SaveAnswer, SaveRequest } from '#store/store.ts';
import { thinEntity } from './history.ts';
import { mergeSave } from './merge-save.ts';
import { migrateSave } from './migrate-save.ts';
import { planSave, type SaveOutcome, type SaveTry } from './plan-save.ts';
import { createRecentSaves, type RecentSaves } from './recent-saves.ts';

/** A save meets a row that moved on this often only if something is wrong. */
const MAX_ATTEMPTS = 20;

/** `save` of the store over `context`, whose reads are of effective rows. */
export function createSave(context: StoreContext): (request: SaveRequest) => Promise<Result<SaveAnswer, StoreError>> {
  const { ledger } = context;
  const recent = createRecentSaves();

  const afterCommit = (request: SaveRequest, { row, parent, written, kept, merged }: Committed): SaveAnswer => {
    if (written) {
      recent.note([parent, row], written.state);
      announce(context, written.change);
    }
    if (kept) void thinEntity(context, request.kind, request.id);
    return { entity: toView(ledger, row), merged };
  };

  return async (given) => {
    const { kind, id, v } = given;
    const declaration = ledger.get(kind);
    if (declaration && v !== undefined && v > declaration.version) return err({ type: 'NewerEntity', kind, id });
    const request = declaration ? migrateSave(declaration, given) : given;
    const wrong = invalidField(declaration, request.patch);
    if (wrong !== null) return err({ type: 'InvalidPatch', field: wrong });
    let next: SaveTry = {
      ready: null,
      withHistory: false,
      // A piece of a message does not say whose it is: without its parent it would be tried twice.
      parent: parentNamed(declaration, { ...recent.fields(request.kind, request.id), ...request.base, ...request.patch }),
    };
    for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
      const result = await commit(context, recent, request, next);
      if (!result.ok) return result;
      const outcome = result.value;
      if (outcome.type === 'refused') return err(outcome.error);
      if (outcome.type === 'committed') return ok(afterCommit(request, outcome));
      if (outcome.type === 'child') {
        next = { ...next, parent: outcome.of };
        const revived = outcome.purged ? await reviveParent(context, outcome.of) : ok(undefined);
        if (!revived.ok) return revived;
      } else if (outcome.type === 'purged') next = { ...next, withHistory: true };
      else next = { ...next, ready: mergeSave(context, request, outcome.row, createDraft(context, outcome.state)) };
    }
    return err({ type: 'StorageFailed', reason: 'the entity kept changing under the save' });
  };
}

type Committed = Extract<SaveOutcome, { type: 'committed' }>;

/** One try: commits against the rows as they are, or gives what must be seen to first. */
function commit(
  context: StoreContext,
  recent: RecentSaves,
  request: SaveRequest,
  attempt: SaveTry,
): Promise<Result<SaveOutcome, KvError>> {
  const { kind, id } = request;
  const { ready, withHistory, parent } = attempt;
  const guess = ready || withHistory ? undefined : recent.guess(request, parent);
  return context.kv.transact(
    {
      row: { get: 'entities', key: [kind, id] },
      last: { list: 'history', lower: [kind, id], upper: [kind, id, Infinity], reverse: true, limit: withHistory ? 1 : 0 },
      state: COUNTERS,
      above: { getMany: 'entities', keys: parent ? [parent] : [] },
    },
    (rows) => {
      const { writes, outcome } = planSave(context, rows, request, attempt);
      return { writes, value: outcome };
    },
    'strict',
    guess,
  );
}

function invalidField(declaration: EntityDeclaration | undefined, patch: Fields): string | null {
  if (!declaration) return null;
  for (const [field, value] of Object.entries(patch)) {
    const known = declaration.fields[field];
    if (known && !known.check(value)) return field;
  }
  return null;
}
