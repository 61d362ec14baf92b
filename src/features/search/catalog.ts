/**
 * What the lists must know of all documents, without reading them: the names that they carry, and their order by title and by the
 * time they were made. It lives beside the words in the search worker, which meets every change, and is kept with them.
 */
import type { EntityDeclaration, Ledger } from '#core/entity.ts';
import { keyText, splitKey } from '#core/entity-key.ts';
import { createNameTally, type NameCount, type NameTally } from '#core/name-tally.ts';
import { nameKey, namesIn } from '#core/names.ts';
import { cutText } from '#core/text.ts';
import { type DocumentKind, isDocumentKind } from '#entities/documents.ts';
import type { SearchedEntity } from './search-document.ts';
import { createTitleIndex, type TitleIndex, type TitleMatch } from './title-index.ts';

export type ListOrder = 'title' | 'created';

/** The names that live documents of a kind carry, by field (`DocumentDeclaration.facets`), in no order. */
export type NameCounts = { readonly [field: string]: readonly NameCount[] };

export interface Catalog {
  /** Takes a document as it is now. What is no document is left alone. */
  put(entity: SearchedEntity): void;
  names(kind: string): NameCounts;
  /** Ids of the documents that carry all of these names, by field, in whatever form; the newest first. `binned`: also those in the bin. */
  carriers(kind: string, names: { readonly [field: string]: string }, binned: boolean): readonly string[];
  /** Ids of all live documents of a kind: pinned ones first, then by title, or the newest first. The same array until something changes. */
  order(kind: string, by: ListOrder): readonly string[];
  /** For each title the live document of a kind that is called so; of several the one changed last. */
  titled(kind: string, titles: readonly string[]): readonly (TitleMatch | null)[];
  /** Live documents of a kind whose titles hold the words, the best first. */
  completeTitle(kind: string, text: string, limit: number): readonly TitleMatch[];
  serialize(): readonly CatalogRow[];
}

/** `[key, binned, pinned, updatedAt, title, names by facet]` */
export type CatalogRow = readonly [string, 0 | 1, 0 | 1, number, string, readonly (readonly string[])[]];

interface Entry {
  readonly id: string;
  readonly isBinned: boolean;
  readonly isPinned: boolean;
  readonly updatedAt: number;
  readonly title: string;
  /** In the order of the declared facets. */
  readonly names: readonly (readonly string[])[];
}

/** Longer titles differ before that. */
const TITLE_LENGTH = 120;

const isCataloged = (declaration: EntityDeclaration): declaration is DocumentKind =>
  declaration.scope === 'synced' && isDocumentKind(declaration);

const facetFields = ({ document: { facets = [] } }: DocumentKind): readonly string[] => facets.map(({ field }) => field);

/** Names what is in a catalog: one that was made from another ledger is made again. */
export const catalogShape = (ledger: Ledger): string =>
  JSON.stringify(
    [...ledger.values()]
      .filter(isCataloged)
      .map((kind) => [kind.kind, kind.document.titleField, kind.document.pinField ?? '', facetFields(kind)]),
  );

/** An empty catalog, or the one that `serialize` gave. */
export function createCatalog(ledger: Ledger, rows: readonly CatalogRow[] = []): Catalog {
  const kinds = new Map([...ledger.values()].filter(isCataloged).map((kind) => [kind.kind, createShelf(kind)]));
  for (const [key, binned, pinned, updatedAt, title, names] of rows) {
    const [kind, id] = splitKey(key);
    kinds.get(kind)?.put({ id, isBinned: binned === 1, isPinned: pinned === 1, updatedAt, title, names });
  }
  return {
    put: (entity) => kinds.get(entity.kind)?.take(entity),
    names: (kind) => kinds.get(kind)?.names() ?? {},
    carriers: (kind, names, binned) => kinds.get(kind)?.carriers(names, binned) ?? [],
    order: (kind, by) => kinds.get(kind)?.order(by) ?? [],
    titled: (kind, titles) => titles.map((title) => kinds.get(kind)?.titles().find(cutText(title, TITLE_LENGTH)) ?? null),
    completeTitle: (kind, text, limit) => kinds.get(kind)?.titles().complete(text, limit) ?? [],
    serialize: () => [...kinds].flatMap(([kind, shelf]) => shelf.inOrder().map((entry) => toRow(kind, entry))),
  };
}

const toRow = (kind: string, { id, isBinned, isPinned, updatedAt, title, names }: Entry): CatalogRow => [
  keyText({ kind, id }),
  isBinned ? 1 : 0,
  isPinned ? 1 : 0,
  updatedAt,
  title,
  names,
];

/** The documents of one kind. */
function createShelf(declaration: DocumentKind) {
  const fields = facetFields(declaration);
  const { pinField = '' } = declaration.document;
  const entries = new Map<string, Entry>();
  /** Made when names are first asked for: most tabs that search never do. */
  let tallies: readonly NameTally[] | null = null;
  /** The same: until somebody follows a link. */
  let titles: TitleIndex | null = null;
  const orders: { readonly [by in ListOrder]: Order } = { title: createOrder(byTitle()), created: createOrder(byCreated) };

  const tell = (entry: Entry | undefined, act: 'add' | 'remove'): void => {
    if (entry && !entry.isBinned) for (const [at, tally] of (tallies ?? []).entries()) tally[act](entry.names[at] ?? []);
  };

  const counted = (): readonly NameTally[] => {
    if (tallies) return tallies;
    tallies = fields.map(() => createNameTally());
    for (const entry of entries.values()) tell(entry, 'add');
    return tallies;
  };

  const tellTitle = (entry: Entry): void => {
    if (entry.isBinned) titles?.remove(entry.id);
    else titles?.put(entry);
  };

  const put = (entry: Entry): void => {
    const before = entries.get(entry.id);
    tell(before, 'remove');
    tell(entry, 'add');
    tellTitle(entry);
    entries.set(entry.id, entry);
    for (const order of Object.values(orders)) order.change(before, entry);
  };

  return {
    /** By title, where that was ever asked for: after the next load it is sorted at once. */
    inOrder(): readonly Entry[] {
      const known = new Set(orders.title.known());
      const first = [...known].flatMap((id) => entries.get(id) ?? []);
      return [...first, ...[...entries.values()].filter(({ id }) => !known.has(id))];
    },
    put,
    take({ id, fields: values, updatedAt, lifecycle: place }: SearchedEntity): void {
      if (place === 'purged') {
        const before = entries.get(id);
        tell(before, 'remove');
        entries.delete(id);
        titles?.remove(id);
        for (const order of Object.values(orders)) order.change(before, undefined);
        return;
      }
      put({
        id,
        isBinned: place === 'binned',
        isPinned: values[pinField] === true,
        updatedAt,
        title: cutText(declaration.title(values), TITLE_LENGTH),
        names: fields.map((field) => namesIn(values[field])),
      });
    },
    names: (): NameCounts => Object.fromEntries(fields.map((field, at) => [field, counted()[at]?.counts() ?? []])),
    carriers(names: { readonly [field: string]: string }, binned: boolean): readonly string[] {
      const wanted = Object.entries(names).map(([field, name]) => ({ at: fields.indexOf(field), key: nameKey(name) }));
      const carries = (entry: Entry): boolean =>
        wanted.every(({ at, key }) => entry.names[at]?.some((name) => nameKey(name) === key) ?? false);
      return [...entries.values()]
        .filter((entry) => (binned || !entry.isBinned) && carries(entry))
        .sort((a, b) => b.updatedAt - a.updatedAt)
        .map(({ id }) => id);
    },
    order: (by: ListOrder) => orders[by].ids(entries),
    titles(): TitleIndex {
      if (titles) return titles;
      titles = createTitleIndex();
      for (const entry of entries.values()) tellTitle(entry);
      return titles;
    },
  };
}

type Compare = (a: Entry, b: Entry) => number;

const byCreated: Compare = (a, b) => (a.id < b.id ? 1 : a.id > b.id ? -1 : 0);

function byTitle(): Compare {
  const { compare } = new Intl.Collator(undefined, { numeric: true });
  return (a, b) => compare(a.title, b.title) || byCreated(a, b);
}

interface Order {
  change(before: Entry | undefined, after: Entry | undefined): void;
  ids(entries: ReadonlyMap<string, Entry>): readonly string[];
  /** As far as it has been sorted. */
  known(): readonly string[];
}

/** Changed documents are put into their places; more than this at once are sorted with all others. */
const MAX_PLACED = 500;

/** Sorted when it is first asked for; after that what has changed is put into its place. */
function createOrder(compareUnpinned: Compare): Order {
  let sorted: readonly string[] | null = null;
  let moved = new Set<string>();
  const compare: Compare = (a, b) => Number(b.isPinned) - Number(a.isPinned) || compareUnpinned(a, b);
  const isLive = (entry: Entry | undefined): entry is Entry => entry !== undefined && !entry.isBinned;
  return {
    known: () => sorted ?? [],
    change(before, after) {
      if (!sorted) return;
      const isSame =
        isLive(before) === isLive(after) && (before === undefined || after === undefined || compare(before, after) === 0);
      const id = before?.id ?? after?.id;
      if (!isSame && id !== undefined) moved.add(id);
    },
    ids(entries) {
      if (sorted && moved.size === 0) return sorted;
      const all = sorted && moved.size <= MAX_PLACED ? sorted.filter((id) => !moved.has(id)) : null;
      if (all) for (const entry of [...moved].map((id) => entries.get(id)).filter(isLive)) place(all, entry, entries);
      sorted = all ?? sortAll(entries);
      moved = new Set();
      return sorted;
    },
  };

  function sortAll(entries: ReadonlyMap<string, Entry>): readonly string[] {
    return [...entries.values()]
      .filter(isLive)
      .sort(compare)
      .map(({ id }) => id);
  }

  function place(all: string[], entry: Entry, entries: ReadonlyMap<string, Entry>): void {
    let [low, high] = [0, all.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      const other = entries.get(all[middle] ?? '');
      if (other && compare(other, entry) <= 0) low = middle + 1;
      else high = middle;
    }
    all.splice(low, 0, entry.id);
  }
}
