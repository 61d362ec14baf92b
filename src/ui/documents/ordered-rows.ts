/** The rows of a list, last used first. */
import type { DocumentSummary } from './document-summary.ts';

type Rows = readonly DocumentSummary[];

/** Both. A page that follows the last one stays behind it, as the store has ordered them. */
export function unite(items: Rows, more: Rows): Rows {
  const known = new Set(items.map(({ id }) => id));
  const added = more.filter(({ id }) => !known.has(id));
  const united = [...items, ...added];
  return isInOrder(added, items.at(-1)) ? united : united.sort((a, b) => b.usedAt - a.usedAt);
}

const isInOrder = (added: Rows, before: DocumentSummary | undefined): boolean =>
  added.every(({ usedAt }, at) => usedAt <= ((added[at - 1] ?? before)?.usedAt ?? Number.POSITIVE_INFINITY));

/** Puts a document where its time belongs. */
export function insert(items: Rows, item: DocumentSummary): Rows {
  const at = items.findIndex(({ usedAt }) => usedAt <= item.usedAt);
  return at < 0 ? [...items, item] : items.toSpliced(at, 0, item);
}
