import type { StoreError } from '#core/errors.ts';
import type { Key } from '#core/ports.ts';
import { ok, type Result } from '#core/result.ts';
import type { StoreContext } from '#store/schema/context.ts';
import { toView } from '#store/schema/rows.ts';
import { BINNED, HIGH, LIVE } from '#store/schema/schema.ts';
import type { ListAnswer, ListRequest } from '#store/store.ts';

const MAX_PAGE = 1000;

/** One page of a kind's entities, or of a parent's children, by index: its cost does not grow with what lies beyond it. */
export async function listEntities({ kv, ledger }: StoreContext, request: ListRequest): Promise<Result<ListAnswer, StoreError>> {
  const prefix = request.parent === undefined ? [request.kind, request.lifecycle === 'binned' ? BINNED : LIVE] : [request.parent];
  const reverse = (request.order ?? (request.parent === undefined ? 'newest' : 'oldest')) === 'newest';
  const after = request.after === undefined ? null : (JSON.parse(request.after) as (string | number)[]);
  const limit = Math.min(request.limit, MAX_PAGE);
  const lower: Key = !reverse && after ? [...prefix, ...after] : prefix;
  const upper: Key = reverse && after ? [...prefix, ...after] : [...prefix, HIGH];
  const result = await kv.read({
    rows: {
      list: 'entities',
      index: request.parent === undefined ? 'byPlace' : 'byParent',
      lower,
      upper,
      lowerOpen: !reverse && after !== null,
      upperOpen: reverse && after !== null,
      reverse,
      limit,
    },
  });
  if (!result.ok) return result;
  const { rows } = result.value;
  const last = rows.at(-1);
  const items = rows
    .filter(({ kind, place }) => kind === request.kind && (request.parent === undefined || place === LIVE))
    .map((row) => toView(ledger, row));
  return ok({ items, next: rows.length === limit && last ? JSON.stringify([last.sort, last.id]) : null });
}
