import { type KeyPair, keyText, pairText } from '#core/entity-key.ts';
import type { KvError } from '#core/errors.ts';
import type { Kv } from '#core/ports.ts';
import { ok, type Result } from '#core/result.ts';
import type { EntityRow, HistoryRow, WorkspaceTables } from '#store/schema/schema.ts';

/** Kept revisions are whole documents: so many are copied at once. */
const PAGE = 100;
/** Later than any wall time in ms: what came along sorts before all that this workspace keeps itself, which counts from 1. */
const BEFORE_ALL = 1e14;
/** States of one entity kept in the same millisecond, as far apart as a number of that size allows. */
const SAME_MS = 64;

/** Where a revision that came along is in the history: by its time. The same revision always in the same place. */
const orderOf = ({ at, order }: HistoryRow): number => (order < 0 ? order : at - BEFORE_ALL + (order % SAME_MS) / SAME_MS);

/** Copies the kept revisions of these entities, which follow each other by `key`. Repeating it changes nothing. */
export async function bringHistory(
  from: Kv<WorkspaceTables>,
  into: Kv<WorkspaceTables>,
  items: readonly { readonly row: Pick<EntityRow, 'kind' | 'id'>; readonly key: KeyPair }[],
): Promise<Result<void, KvError>> {
  const renamed = new Map(items.map(({ row, key }) => [pairText(key), row]));
  const sorted = items.map(({ key }) => key).sort(([aKind, aId], [bKind, bId]) => compare(aKind, bKind) || compare(aId, bId));
  const first = sorted[0];
  const last = sorted.at(-1);
  if (!first || !last) return ok(undefined);
  let after: readonly [string, string, number] | null = null;
  for (;;) {
    const page: Result<{ readonly rows: readonly HistoryRow[] }, KvError> = await from.read({
      rows: {
        list: 'history',
        limit: PAGE,
        lower: after ?? [...first],
        lowerOpen: after !== null,
        upper: [...last, Infinity],
      },
    });
    if (!page.ok) return page;
    const end = page.value.rows.at(-1);
    if (!end) return ok(undefined);
    after = [end.kind, end.id, end.order];
    const writes = page.value.rows.flatMap((state) => {
      const entity = renamed.get(keyText(state));
      // `of` counts the changes of the other workspace.
      const { of: _, ...kept } = state;
      return entity ? [{ put: 'history', row: { ...kept, id: entity.id, order: orderOf(state) } } as const] : [];
    });
    const written = await into.transact({}, () => ({ writes, value: undefined }));
    if (!written.ok) return written;
  }
}

/** The same for entities that lie far apart. */
export async function bringHistories(
  from: Kv<WorkspaceTables>,
  into: Kv<WorkspaceTables>,
  items: Parameters<typeof bringHistory>[2],
): Promise<Result<void, KvError>> {
  for (const item of items) {
    const brought = await bringHistory(from, into, [item]);
    if (!brought.ok) return brought;
  }
  return ok(undefined);
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
