import type { App, EntityView } from '#app/app.ts';
import { createSource, type Observable } from '#app/observable.ts';
import type { StoreError } from '#core/errors.ts';
import { childKinds, type DocumentKind } from '#entities/documents.ts';
import { createListLookup } from '#ui/search/list-lookup.ts';
import { followChanges } from './changed-documents.ts';
import { type DocumentFilter, documentMatcher, isNarrowed, noFilter } from './document-filter.ts';
import { type DocumentSummary, summarize } from './document-summary.ts';
import type { KnownNames } from './known-names.ts';
import { insert, unite } from './ordered-rows.ts';

/** Rows asked for at a time: a few screens of the list, or a search step of some milliseconds. */
const PAGE = 100;
const SEARCH_PAGE = 250;
/** A list longer than this is cut when it is read again from the top; scrolling brings the rest back. */
const MOST_RELOADED = 500;
/** Looking through everything costs the store a second or two with 20,000 notes: it begins when nobody types on. */
const PAUSE_MS = 250;
/** More changed documents than this at once: read the list again. */
const MOST_SINGLE_READS = 20;

export interface Feed {
  /** Last used first. */
  readonly items: readonly DocumentSummary[];
  readonly filter: DocumentFilter;
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
  /** Somebody is about to search. */
  prepare(): void;
  /** Reads on: when the last rows come near, or after `stop`. */
  more(): void;
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
 * The store gives the pages by the last change. Where a kind declares when it was last used, a row may belong further down
 * than it was read: it waits until everything that may come before it has been read.
 */
export function createDocumentFeed(app: FeedApp, kind: DocumentKind, known: KnownNames): DocumentFeed {
  const feed = createSource<Feed>({ items: [], filter: noFilter, state: { type: 'reading' } });
  const isInParts = childKinds(kind.kind).some(({ fields }) => Object.values(fields).some(({ searchable }) => searchable));
  let matcher = documentMatcher(kind, noFilter);
  /** Everything read so far that the filter lets through, last used first. */
  let rows: readonly DocumentSummary[] = [];
  /** Documents that are let through because the index has found the words in their children. */
  let found = new Set<string>();
  let isLookingUp = false;
  let next: string | undefined;
  let isComplete = false;
  /** The last change of the last document read: everything changed later has been read. */
  let floor = Number.NEGATIVE_INFINITY;
  let looked = 0;
  let total = 0;
  /** Each run has a number; a newer one makes the older ones stop at their next page. */
  let run = 0;
  /** Documents that changed while a list from the top was being read, and may be missing in it or stale. */
  let touched = new Set<string>();
  const lookup = createListLookup(app, kind.kind, isInParts ? () => reload() : undefined);

  const show = (patch: Partial<Feed>): void => feed.set({ ...feed.value, ...patch });
  const isSearch = (): boolean => feed.value.filter.query.trim() !== '';
  const accepts = (view: EntityView): boolean => matcher.lets(view) && (found.has(view.id) || matcher.hasWords(view));
  const inPlace = (): readonly DocumentSummary[] =>
    isComplete || isSearch() || kind.document.usedField === undefined ? rows : rows.filter(({ usedAt }) => usedAt >= floor);
  const complete = (): Feed['state'] => ({
    type: 'complete',
    indexing: isInParts && isSearch() && (isLookingUp || lookup.isIndexing),
  });

  /** Reads from where the last run ended until `goal` rows are there, or, `fresh`, from the top. */
  const read = async (fresh: boolean, goal: number): Promise<void> => {
    const mine = ++run;
    const narrowed = isNarrowed(feed.value.filter);
    const busy = (): Feed['state'] =>
      narrowed ? { type: 'searching', looked, total, indexing: lookup.isIndexing } : { type: 'reading' };
    /** What an earlier filter let through stays until there is something newer to show. */
    let isStale = fresh;
    const put = (views: readonly EntityView[]): void => {
      known.learn(views);
      const added = views.filter(accepts).map((view) => summarize(kind, view));
      rows = unite(isStale ? [] : rows, added);
      isStale = false;
    };
    if (fresh) {
      next = undefined;
      isComplete = false;
      floor = Number.NEGATIVE_INFINITY;
      looked = 0;
      touched = new Set();
      found = new Set();
    }
    show({ state: busy() });
    if (fresh && isSearch()) {
      isLookingUp = true;
      const looking = lookup.look(feed.value.filter.query, (views) => {
        if (mine !== run) return false;
        if (isInParts) for (const { id } of views) found.add(id);
        if (views.some(accepts)) {
          put(views);
          show({ items: rows });
        }
        return rows.length < goal;
      });
      void looking.then(() => {
        if (mine !== run) return;
        isLookingUp = false;
        if (feed.value.state.type === 'complete') show({ state: complete() });
      });
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
      if (mine !== run) return;
    }
    if (narrowed && fresh) {
      const counted = await app.count(kind.kind, 'live');
      if (counted.ok) total = counted.value;
    }
    for (;;) {
      const page = await app.list({
        kind: kind.kind,
        limit: narrowed ? SEARCH_PAGE : PAGE,
        ...(next !== undefined && { after: next }),
      });
      if (mine !== run) return;
      if (!page.ok) return show({ state: { type: 'failed', error: page.error } });
      looked += page.value.items.length;
      next = page.value.next ?? undefined;
      isComplete = next === undefined;
      floor = page.value.items.at(-1)?.updatedAt ?? floor;
      put(page.value.items);
      const items = inPlace();
      const isEnough = isComplete || items.length >= goal;
      show({ items, state: isComplete ? complete() : isEnough ? { type: 'more', stopped: false } : busy() });
      if (fresh && touched.size > 0) await refresh([...touched]);
      if (isEnough || mine !== run) return;
    }
  };

  const refresh = async (ids: readonly string[]): Promise<void> => {
    const results = await Promise.all(ids.map((id) => app.getChanged(kind.kind, id)));
    for (const [at, result] of results.entries()) {
      if (!result.ok) continue;
      const view = result.value;
      rows = rows.filter(({ id }) => id !== ids[at]);
      if (view?.place !== 'live') continue;
      known.learn([view]);
      // One that was changed before all that has been read waits for its page.
      if (accepts(view) && (isComplete || view.updatedAt >= floor)) rows = insert(rows, summarize(kind, view));
    }
    show({ items: inPlace() });
  };

  const reload = (): void => void read(true, Math.min(Math.max(PAGE, feed.value.items.length), MOST_RELOADED));

  const stopFollowing = followChanges(app, kind.kind, (ids) => {
    if (ids === null || ids.length > MOST_SINGLE_READS) return reload();
    for (const id of ids) touched.add(id);
    void refresh(ids);
  });

  reload();
  return {
    feed,
    setFilter(filter) {
      matcher = documentMatcher(kind, filter);
      show({ filter });
      void read(true, PAGE);
    },
    prepare: lookup.prepare,
    more() {
      if (feed.value.state.type === 'more') void read(false, feed.value.items.length + PAGE);
    },
    stop() {
      run++;
      show({ state: { type: 'more', stopped: true } });
    },
    reload,
    close() {
      run++;
      lookup.close();
      stopFollowing();
    },
  };
}
