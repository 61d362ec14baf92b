import type { StoreError } from '#core/errors.ts';
import { ok, type Result } from '#core/result.ts';
import { asCounters, COUNTERS, type StoreContext } from '#store/schema/context.ts';
import { toView } from '#store/schema/rows.ts';
import type { ChangesAnswer } from '#store/store.ts';

const MAX_PAGE = 1000;

/** One page of the entities in the order of their last change on this device, by index. */
export async function changedSince(
  { kv, ledger }: StoreContext,
  localSeq: number,
  limit: number,
): Promise<Result<ChangesAnswer, StoreError>> {
  const beyond = { index: 'byLocalSeq', lower: localSeq, lowerOpen: true } as const;
  const result = await kv.read({
    state: COUNTERS,
    rows: { list: 'entities', ...beyond, limit: Math.min(limit, MAX_PAGE) },
    count: { count: 'entities', ...beyond },
  });
  if (!result.ok) return result;
  const { state, rows, count } = result.value;
  return ok({
    items: rows.map((row) => toView(ledger, row)),
    next: rows.at(-1)?.localSeq ?? localSeq,
    left: count - rows.length,
    head: asCounters(state).localSeq,
  });
}
