/**
 * What was sent and had no answer when a reconcile began. The server may have taken it, and other devices may have gone on from it,
 * before the answer and the version were lost: until the end of the reconcile it is kept as it was sent, given back like a version,
 * and what was changed since is merged on it.
 */
import { type EntityKey, keyText } from '#core/entity-key.ts';
import type { KvError } from '#core/errors.ts';
import type { OpId } from '#core/ids.ts';
import type { Write } from '#core/ports.ts';
import type { Op, PushResult } from '#core/protocol.ts';
import { ok, type Result } from '#core/result.ts';
import { createDraft } from '#store/draft/draft.ts';
import { movedLost } from '#store/schema/ancestors.ts';
import { baseOfOp } from '#store/schema/base-of-op.ts';
import { asCounters, COUNTERS, type StoreContext } from '#store/schema/context.ts';
import type { MetaRow } from '#store/schema/meta-rows.ts';
import { bodyText } from '#store/schema/op.ts';
import { extendLineage } from '#store/schema/rows.ts';
import { type EntityRow, HIGH, type OutboxRow, type WorkspaceTables } from '#store/schema/schema.ts';

const PREFIX = 'unanswered/';
const RANGE = { lower: PREFIX, upper: `${PREFIX}${HIGH}` } as const;
/** More than go in one push. */
const MAX_KEPT = 2000;

export const unansweredKey = (entity: EntityKey) => `${PREFIX}${keyText(entity)}` as const;

export const asUnanswered = (row: MetaRow | undefined): Op | null => (row && 'sentOp' in row ? row.sentOp : null);

/**
 * Keeps what was sent of a row. A deletion is not kept: it is sent anew, because it is weighed before it goes out. Nor is what comes
 * from the second copy: under its id the server, and others, may have a later body.
 */
export function keepUnanswered({ sent }: EntityRow, { op, restored }: OutboxRow): readonly Write<WorkspaceTables>[] {
  if (!op || op.deleted || op.opId !== sent || restored) return [];
  return [{ put: 'meta', row: { key: unansweredKey(op), sentOp: op } }];
}

/** At the end of a reconcile: what was changed since has been merged, or is built on what the server has now. */
export const forgetUnanswered: Write<WorkspaceTables> = { deleteRange: 'meta', ...RANGE };

/** What is kept of all entities. */
export async function readUnanswered({ kv }: StoreContext): Promise<Result<readonly Op[], KvError>> {
  const found = await kv.read({ kept: { list: 'meta', ...RANGE, limit: MAX_KEPT } });
  return found.ok ? ok(found.value.kept.flatMap((row) => asUnanswered(row) ?? [])) : found;
}

/** What is kept of an entity, where a version of this lineage was built on it. */
export async function unansweredIn(
  { kv }: StoreContext,
  entity: EntityKey,
  lineage: readonly OpId[],
): Promise<Result<Op | null, KvError>> {
  const found = await kv.read({ kept: { get: 'meta', key: unansweredKey(entity) } });
  if (!found.ok) return found;
  const op = asUnanswered(found.value.kept);
  return ok(op && lineage.includes(op.opId) ? op : null);
}

/** See `SyncStore.settle`. */
export async function settleUnanswered(context: StoreContext, results: readonly PushResult[]): Promise<Result<void, KvError>> {
  const kept = await readUnanswered(context);
  if (!kept.ok) return kept;
  for (const { opId, kind, id, base, body } of kept.value) {
    const answer = results.find((result) => result.opId === opId);
    if (answer?.type !== 'applied') continue;
    const settled = await context.kv.transact(
      {
        row: { get: 'entities', key: [kind, id] },
        kept: { get: 'meta', key: unansweredKey({ kind, id }) },
        state: COUNTERS,
      },
      ({ row, kept, state }) => {
        const op = asUnanswered(kept);
        if (!row || op?.opId !== opId || row.version !== base) return { writes: [], value: undefined };
        const draft = createDraft(context, asCounters(state));
        draft.write({ delete: 'meta', key: unansweredKey(op) });
        const { rev, seq, acceptedAt } = answer;
        const version = { version: opId, rev, seq, acceptedAt, lineage: extendLineage(row.lineage, opId) };
        const pending = bodyText(row) !== body;
        draft.put({ ...row, ...movedLost(row, base, opId), ...version }, row, { pending, sameContent: true });
        if (pending || base !== null) draft.base(kind, id, pending ? { ...baseOfOp(op), containsEarlier: true } : null);
        return { writes: draft.finish(false).writes, value: undefined };
      },
    );
    if (!settled.ok) return settled;
  }
  return ok(undefined);
}
