import type { ListOrder } from '#features/search/catalog.ts';
import type { IconName } from '#ui/parts/icon.ts';
import { once } from '#ui/text/once.ts';
import type { DocumentSummary } from './document-summary.ts';

/** By what a list is sorted: the last use or edit, the newest first; the title; the time it was made, the newest first. */
export type SortName = 'changed' | ListOrder;

export const sortNames: readonly { readonly name: SortName; readonly label: string; readonly icon: IconName }[] = [
  { name: 'changed', label: 'Sort by last change', icon: 'history' },
  { name: 'created', label: 'Sort by creation', icon: 'calendar-plus' },
  { name: 'title', label: 'Sort by title', icon: 'arrow-down-a-z' },
];

/** What the layout of a device has kept; anything else is the order by the last change. */
export const sortOf = (kept: string | undefined): SortName => sortNames.find(({ name }) => name === kept)?.name ?? 'changed';

export type CompareSummaries = (a: DocumentSummary, b: DocumentSummary) => number;

const collator = once(() => new Intl.Collator(undefined, { numeric: true }));
const byCreated: CompareSummaries = (a, b) => (a.id < b.id ? 1 : a.id > b.id ? -1 : 0);

const orders: { readonly [sort in SortName]: CompareSummaries } = {
  // As the store's pages come: two of one moment by their ids.
  changed: (a, b) => b.usedAt - a.usedAt || byCreated(a, b),
  created: byCreated,
  // As the search index sorts them (`catalog.ts`).
  title: (a, b) => collator().compare(a.title, b.title) || byCreated(a, b),
};

/** The order of the rows: pinned ones first. */
export function compareBy(sort: SortName): CompareSummaries {
  const compare = orders[sort];
  return (a, b) => Number(b.pinned) - Number(a.pinned) || compare(a, b);
}
