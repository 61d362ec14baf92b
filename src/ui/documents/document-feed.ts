import type { App, EntityView } from '#app/app.ts';
import { createSource, type Observable } from '#app/observable.ts';
import type { StoreError } from '#core/errors.ts';
import { ok } from '#core/result.ts';
import { childKinds, type DocumentKind } from '#entities/documents.ts';
import { createListLookup } from '#ui/search/list-lookup.ts';
import { followChanges } from './changed-documents.ts';
import { type DocumentFilter, documentMatcher, isNarrowed, noFilter } from './document-filter.ts';
import { compareBy, type SortName } from './document-order.ts';
import { type DocumentPages, openPages } from './document-pages.ts';
import { type DocumentSummary, summarize } from './document-summary.ts';
import type { KnownNames } from './known-names.ts';
import { insert, unite } from './ordered-rows.ts';

/** Rows asked for at a time: a few screens of the list, or a search step of some milliseconds. */
const PAGE = 100;
const SEARCH_PAGE = 250;
/** A list longer than this is cut when it is read again from the top; scrolling brings the rest back. */
const MAX_RELOADED = 500;
/** Looking through everything costs the store a second or two with 20,000 notes: it begins when nobody types on. */
const PAUSE_MS = 250;
/** After the first rows of a long list, all names are counted when the page has had time for what is needed at once. */
const COUNT_AFTER_MS = 1500;
/** More changed documents than this at once: read the list again. */
const MAX_SINGLE_READS = 20;

export interface Feed {
  /** Pinned ones first, then as `sort` says. */
  readonly items: readonly DocumentSummary[];
  readonly filter: DocumentFilter;
  readonly sort: SortName;
  /** How many documents there are, where no filter narrows the list; null until they have been counted. */
  readonly total: number | null;
  readonly state:
    | { readonly type: 'reading' }
    /** Looking through all documents for the filter: `looked` of `total` so far. `indexing`: the search index cannot help yet. */
    | { readonly type: 'searching'; readonly looked: number; readonly total: number; readonly indexing: boolean }
    /** There is more behind the last row. `stopped`: the person ended the search. */
    | { readonly type: 'more'; readonly stopped: boolean }
    /** `indexing`: a document may still come in whose children hold the words. */
    | { readonly type: 'complete'; readonly indexing: boolean }
    | { readonly type: 'failed'; readonly error: StoreError };
}

type FeedApp = Pick<App, 'get' | 'getChanged' | 'list' | 'count' | 'onChange' | 'search'>;

export interface DocumentFeed {
  readonly feed: Observable<Feed>;
  setFilter(filter: DocumentFilter): void;
  setSort(sort: SortName): void;
  /** Somebody is about to search. */
  prepare(): void;
  /** Somebody is about to choose a name: all of them are counted, where the list does not know them all. */
  prepareNames(): void;
  /** Reads on, to so many rows at least: when the last rows come near, or after `stop`. */
  more(rows?: number): void;
  /** Ends a search where it is. */
  stop(): void;
  /** Reads again from the top, keeping what is shown until there is something newer. */
  reload(): void;
  close(): void;
}

/**
 * The list of a kind's live documents, page by page, kept as it is now. A filter is applied to the pages as they come: every
 * document is looked at once, a page at a time, so that nothing is blocked and the search can be ended.
 *
 * Words are first looked up in the search index, which knows in a few milliseconds where they are. What it names passes the
 * same filter as everything else: a list that is narrowed to some words holds exactly the documents with these words, and no
 * near misses; those are for the search over everything. And because the index knows whole words and their beginnings only,
 * and not yet what was typed a moment ago, the pages are looked through all the same: what is inside a word or is not indexed
 * comes into its place a moment later. What the children of a document say (the messages of a chat), only the index knows.
 *
 * The store gives the pages by the last edit. Where a kind declares when it was last used, a row may belong further down
 * than it was read: it waits until everything that may come before it has been read.
 */
export function createDocumentFeed(
  app: FeedApp,
  kind: DocumentKind,
  known: KnownNames,
  firstSort: SortName = 'changed',
): DocumentFeed {
  const feed = createSource<Feed>({ items: [], filter: noFilter, sort: firstSort, total: null, state: { type: 'reading' } });
  const isInParts = childKinds(kind.kind).some(({ fields }) => Object.values(fields).some(({ searchable }) => searchable));
  let matcher = documentMatcher(kind, noFilter);
  let compare = compareBy(firstSort);
  /** Everything read so far that the filter lets through, in order. */
  let rows: readonly DocumentSummary[] = [];
  /** Documents that are let through because the index has found the words in their children. */
  let found = new Set<string>();
  let isLookingUp = false;
  let pages: DocumentPages | undefined;
  let isComplete = false;
  /** The last document read, as the pages are ordered: everything that comes before it has been read. */
  let floor: DocumentSummary | null = null;
  let looked = 0;
  let total = 0;
  /** Something changed since all were counted. */
  let isUncounted = true;
  /** Each run has a number; a newer one makes the older ones stop at their next page. */
  let run = 0;
  /** Documents that changed while a list from the top was being read, and may be missing in it or stale. */
  let touched = new Set<string>();
  const lookup = createListLookup(app, kind.kind, () => {
    if (isInParts || feed.value.sort !== 'changed') reload();
  });

  const show = (patch: Partial<Feed>): void => feed.set({ ...feed.value, ...patch });
  const isSearch = (): boolean => feed.value.filter.query.trim() !== '';
  /** The names that are asked for; null where there are none, or every document is known already. */
  const askedNames = (): DocumentFilter['names'] | null => {
    const asked = Object.entries(feed.value.filter.names).filter(([, name]) => name !== '');
    return asked.length > 0 && !known.isComplete ? Object.fromEntries(asked) : null;
  };
  const accepts = (view: EntityView): boolean => matcher.lets(view) && (found.has(view.id) || matcher.hasWords(view));
  /** The store orders by the last edit, whenever a document was used. */
  const asRead = (item: DocumentSummary): DocumentSummary =>
    feed.value.sort === 'changed' ? { ...item, usedAt: item.editedAt } : item;
  const isAboveFloor = (item: DocumentSummary): boolean => floor !== null && compare(item, floor) <= 0;
  const wasRead = (item: DocumentSummary): boolean => isComplete || !pages?.isOrdered || isAboveFloor(asRead(item));
  const inPlace = (): readonly DocumentSummary[] =>
    isComplete || isSearch() || feed.value.sort !== 'changed' || kind.document.usedField === undefined
      ? rows
      : rows.filter(isAboveFloor);
  const isFromIndex = (): boolean => feed.value.sort !== 'changed' && pages?.isOrdered === true;
  const complete = (): Feed['state'] => ({
    type: 'complete',
    indexing: (isInParts && isSearch() && (isLookingUp || lookup.isIndexing)) || (isFromIndex() && lookup.isIndexing),
  });

  /** Reads from where the last run ended until `goal` rows are there, or, `fresh`, from the top. */
  const read = async (fresh: boolean, goal: number): Promise<void> => {
    const mine = ++run;
    const narrowed = isNarrowed(feed.value.filter);
    const names = fresh ? askedNames() : null;
    const busy = (): Feed['state'] =>
      narrowed ? { type: 'searching', looked, total, indexing: lookup.isIndexing } : { type: 'reading' };
    /** What an earlier filter let through stays until there is something newer to show. */
    let isStale = fresh;
    const put = (views: readonly EntityView[]): void => {
      known.learn(views);
      const added = views.filter(accepts).map((view) => summarize(kind, view));
      rows = unite(compare, isStale ? [] : rows, added);
      isStale = false;
    };
    if (fresh) {
      pages = undefined;
      isComplete = false;
      floor = null;
      looked = 0;
      touched = new Set();
      found = new Set();
      known.restart();
      isUncounted = true;
    }
    show({ state: busy() });
    if (fresh && (isSearch() || names !== null)) {
      isLookingUp = true;
      const take = (views: readonly EntityView[]): boolean => {
        if (mine !== run) return false;
        if (isInParts && isSearch()) for (const { id } of views) found.add(id);
        if (views.some(accepts)) {
          put(views);
          show({ items: rows });
        }
        return rows.length < goal;
      };
      const looking = isSearch() ? lookup.look(feed.value.filter.query, take) : lookup.lookNames(names ?? {}, take);
      void looking.then(() => {
        if (mine !== run) return;
        isLookingUp = false;
        if (feed.value.state.type === 'complete') show({ state: complete() });
      });
      const pause = new Promise<void>((resolve) => setTimeout(resolve, PAUSE_MS));
      await (isSearch() ? pause : Promise.race([pause, looking]));
      if (mine !== run) return;
    }
    if (narrowed && fresh) {
      const counted = await app.count(kind.kind, 'live');
      if (counted.ok) total = counted.value;
    }
    const from = pages ?? (await openPages(app, kind.kind, feed.value.sort, lookup));
    if (mine !== run) return;
    pages = from;
    for (;;) {
      const page = await from.next(narrowed || rows.length + PAGE < goal ? SEARCH_PAGE : PAGE);
      if (mine !== run) return;
      if (!page.ok) return show({ state: { type: 'failed', error: page.error } });
      const { views, isLast } = page.value;
      looked += views.length;
      isComplete = isLast;
      const last = views.at(-1);
      if (last) floor = asRead(summarize(kind, last));
      put(views);
      // What comes in another order is nowhere before the last page is there.
      if (!from.isOrdered && !isLast) {
        show({ state: busy() });
        continue;
      }
      const items = inPlace();
      const isEnough = isComplete || items.length >= goal;
      show({ items, state: isComplete ? complete() : isEnough ? { type: 'more', stopped: false } : busy() });
      if (isComplete) known.end();
      if (fresh && touched.size > 0) await refresh([...touched]);
      if (isEnough || mine !== run) break;
    }
    // Whoever scrolled on meanwhile has made this a later run.
    if (isUncounted && !narrowed && mine === run) await countAll();
  };

  /** After the rows: how many there are moves nothing but the end of the scrollbar. */
  const countAll = async (): Promise<void> => {
    const mine = run;
    const counted = isComplete ? ok(rows.length) : await app.count(kind.kind, 'live');
    if (!counted.ok || mine !== run || isNarrowed(feed.value.filter)) return;
    isUncounted = false;
    show({ total: counted.value });
  };

  const refresh = async (ids: readonly string[]): Promise<void> => {
    const results = await Promise.all(ids.map((id) => app.getChanged(kind.kind, id)));
    const before = new Set(rows.map(({ id }) => id));
    for (const [at, result] of results.entries()) {
      if (!result.ok) continue;
      const view = result.value;
      rows = rows.filter(({ id }) => id !== ids[at]);
      if (view?.lifecycle !== 'live') {
        known.forget(ids.slice(at, at + 1));
        continue;
      }
      known.learn([view]);
      const item = summarize(kind, view);
      // One that comes after all that has been read waits for its page.
      if (accepts(view) && wasRead(item)) rows = insert(compare, rows, item);
    }
    show({ items: inPlace() });
    const isSameList = rows.length === before.size && ids.every((id) => before.has(id));
    if (isSameList) return;
    isUncounted = true;
    if (feed.value.total !== null) await countAll();
  };

  const countNames = (): void => {
    if (!known.isComplete) void lookup.countNames(known.countAll, () => !known.isComplete);
  };
  const countLater = kind.document.facets ? setTimeout(countNames, COUNT_AFTER_MS) : undefined;

  const reload = (): void => void read(true, Math.min(Math.max(PAGE, feed.value.items.length), MAX_RELOADED));

  const stopFollowing = followChanges(app, kind.kind, (ids) => {
    if (ids === null || ids.length > MAX_SINGLE_READS) return reload();
    for (const id of ids) touched.add(id);
    void refresh(ids);
  });

  reload();
  return {
    feed,
    setFilter(filter) {
      matcher = documentMatcher(kind, filter);
      show({ filter, ...(isNarrowed(filter) && { total: null }) });
      void read(true, PAGE);
    },
    setSort(sort) {
      if (sort === feed.value.sort) return;
      compare = compareBy(sort);
      show({ sort });
      void read(true, PAGE);
    },
    prepare: lookup.prepare,
    prepareNames: countNames,
    more(wanted = 0) {
      if (feed.value.state.type === 'more') void read(false, Math.max(wanted, feed.value.items.length + PAGE));
    },
    stop() {
      run++;
      show({ state: { type: 'more', stopped: true } });
    },
    reload,
    close() {
      run++;
      clearTimeout(countLater);
      lookup.close();
      stopFollowing();
    },
  };
}
