/** The rows of a list, in an order (`document-order.ts`). */
import type { CompareSummaries } from './document-order.ts';
import type { DocumentSummary } from './document-summary.ts';

type Rows = readonly DocumentSummary[];

/** Both. A page that follows the last one stays behind it, as it came. */
export function unite(compare: CompareSummaries, items: Rows, more: Rows): Rows {
  const known = new Set(items.map(({ id }) => id));
  const added = more.filter(({ id }) => !known.has(id));
  const united = [...items, ...added];
  return isInOrder(compare, added, items.at(-1)) ? united : united.sort(compare);
}

const isInOrder = (compare: CompareSummaries, added: Rows, before: DocumentSummary | undefined): boolean =>
  added.every((item, at) => {
    const previous = added[at - 1] ?? before;
    return previous === undefined || compare(previous, item) <= 0;
  });

/** Puts a document where it belongs. */
export function insert(compare: CompareSummaries, items: Rows, item: DocumentSummary): Rows {
  const at = items.findIndex((one) => compare(one, item) >= 0);
  return at < 0 ? [...items, item] : items.toSpliced(at, 0, item);
}
