import type { App, EntityView } from '#app/app.ts';
import { createSource, type Observable } from '#app/observable.ts';
import type { StoreError } from '#core/errors.ts';
import { knownDocumentKind } from '#entities/documents.ts';
import { type DocumentSummary, summarize } from '#ui/documents/document-summary.ts';
import { createListLookup } from '#ui/search/list-lookup.ts';
import { isNarrowed, type NoteFilter, noFilter, noteMatcher } from './note-filter.ts';
import type { NoteLabels } from './note-labels.ts';

/** Rows asked for at a time: a few screens of the list, or a search step of some milliseconds. */
const PAGE = 100;
const SEARCH_PAGE = 250;
/** A list longer than this is cut when it is read again from the top; scrolling brings the rest back. */
const MOST_RELOADED = 500;
const GATHER_MS = 100;
/** While changes go on, as they do when somebody types, the list follows at this pace: each time costs the typing a frame. */
const PACE_MS = 500;
/** Looking through everything costs the store a second or two with 20,000 notes: it begins when nobody types on. */
const PAUSE_MS = 250;
/** More changed notes than this at once: read the list again. */
const MOST_SINGLE_READS = 20;

export interface Feed {
  /** Newest first. */
  readonly items: readonly DocumentSummary[];
  readonly filter: NoteFilter;
  readonly state:
    | { readonly type: 'reading' }
    /** Looking through all notes for the filter: `looked` of `total` so far. `indexing`: the search index cannot help yet. */
    | { readonly type: 'searching'; readonly looked: number; readonly total: number; readonly indexing: boolean }
    /** There is more behind the last row. `stopped`: the person ended the search. */
    | { readonly type: 'more'; readonly stopped: boolean }
    | { readonly type: 'complete' }
    | { readonly type: 'failed'; readonly error: StoreError };
}

type FeedApp = Pick<App, 'get' | 'getChanged' | 'list' | 'count' | 'onChange' | 'search'>;

export interface NoteFeed {
  readonly feed: Observable<Feed>;
  setFilter(filter: NoteFilter): void;
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
 * The list of live notes, page by page, kept as it is now. A filter is applied to the pages as they come: every note is
 * looked at once, a page at a time, so that nothing is blocked and the search can be ended.
 *
 * Words are first looked up in the search index, which knows in a few milliseconds where they stand. What it names passes
 * the same filter as everything else: a list that is narrowed to some words holds exactly the notes with these words,
 * newest first, and no near misses; those are for the search over everything. And because the index knows whole words
 * and their beginnings only, and not yet what was typed a moment ago, the pages are looked through all the same: what
 * stands inside a word or is not indexed comes into its place a moment later.
 */
export function createNoteFeed(app: FeedApp, labels: NoteLabels): NoteFeed {
  const feed = createSource<Feed>({ items: [], filter: noFilter, state: { type: 'reading' } });
  const kind = knownDocumentKind('note');
  let matches = noteMatcher(noFilter);
  let next: string | undefined;
  let looked = 0;
  let total = 0;
  /** Each run has a number; a newer one makes the older ones stop at their next page. */
  let run = 0;
  /** Notes that changed while a list from the top was being read, and may be missing in it or stale. */
  let touched = new Set<string>();
  const lookup = createListLookup(app, 'note');

  const show = (patch: Partial<Feed>): void => feed.set({ ...feed.value, ...patch });

  /** Reads from where the last run ended until `goal` rows are there, or, `fresh`, from the top. */
  const read = async (fresh: boolean, goal: number): Promise<void> => {
    const mine = ++run;
    const narrowed = isNarrowed(feed.value.filter);
    const busy = (): Feed['state'] =>
      narrowed ? { type: 'searching', looked, total, indexing: lookup.isIndexing } : { type: 'reading' };
    /** What an earlier filter let through stays until there is something newer to show. */
    let isStale = fresh;
    const put = (views: readonly EntityView<'note'>[]): readonly DocumentSummary[] => {
      labels.learn(views);
      const items = unite(
        isStale ? [] : feed.value.items,
        views.filter(matches).map((view) => summarize(kind, view)),
      );
      isStale = false;
      return items;
    };
    if (fresh) {
      next = undefined;
      looked = 0;
      touched = new Set();
    }
    show({ state: busy() });
    const { query } = feed.value.filter;
    if (fresh && query.trim() !== '') {
      void lookup.look(query, (views) => {
        if (mine !== run) return false;
        if (views.some(matches)) show({ items: put(views) });
        return feed.value.items.length < goal;
      });
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
      if (mine !== run) return;
    }
    if (narrowed && fresh) {
      const counted = await app.count('note', 'live');
      if (counted.ok) total = counted.value;
    }
    for (;;) {
      const page = await app.list({
        kind: 'note',
        limit: narrowed ? SEARCH_PAGE : PAGE,
        ...(next !== undefined && { after: next }),
      });
      if (mine !== run) return;
      if (!page.ok) return show({ state: { type: 'failed', error: page.error } });
      looked += page.value.items.length;
      next = page.value.next ?? undefined;
      const items = put(page.value.items);
      const isEnough = next === undefined || items.length >= goal;
      show({ items, state: next === undefined ? { type: 'complete' } : isEnough ? { type: 'more', stopped: false } : busy() });
      if (fresh && touched.size > 0) await refresh([...touched]);
      if (isEnough || mine !== run) return;
    }
  };

  const refresh = async (ids: readonly string[]): Promise<void> => {
    const results = await Promise.all(ids.map((id) => app.getChanged('note', id)));
    let { items } = feed.value;
    for (const [at, result] of results.entries()) {
      if (!result.ok) continue;
      const view = result.value;
      items = items.filter(({ id }) => id !== ids[at]);
      if (view?.place !== 'live') continue;
      labels.learn([view]);
      if (matches(view)) items = insert(items, summarize(kind, view), feed.value.state.type === 'complete');
    }
    show({ items });
  };

  const reload = (): void => void read(true, Math.min(Math.max(PAGE, feed.value.items.length), MOST_RELOADED));

  const stopFollowing = followChanges(app, (ids) => {
    if (ids === null || ids.length > MOST_SINGLE_READS) return reload();
    for (const id of ids) touched.add(id);
    void refresh(ids);
  });

  reload();
  return {
    feed,
    setFilter(filter) {
      matches = noteMatcher(filter);
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

/** Tells of changed notes, gathered over a moment: a sync may bring thousands, each with its own message. Null: many. */
function followChanges(app: FeedApp, tell: (ids: readonly string[] | null) => void): () => void {
  let waiting: Set<string> | null = new Set();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let toldAt = Number.NEGATIVE_INFINITY;
  const unsubscribe = app.onChange((keys) => {
    if (keys === null) waiting = null;
    else for (const [kind, id] of keys) if (kind === 'note') waiting?.add(id);
    if (waiting?.size === 0) return;
    timer ??= setTimeout(
      () => {
        timer = undefined;
        toldAt = performance.now();
        const ids = waiting && [...waiting];
        waiting = new Set();
        tell(ids);
      },
      Math.max(GATHER_MS, toldAt + PACE_MS - performance.now()),
    );
  });
  return () => {
    clearTimeout(timer);
    unsubscribe();
  };
}

/** Both, newest first. A page that follows the last one stays behind it, as the store has ordered them. */
function unite(items: readonly DocumentSummary[], more: readonly DocumentSummary[]): readonly DocumentSummary[] {
  const known = new Set(items.map(({ id }) => id));
  const added = more.filter(({ id }) => !known.has(id));
  const last = items.at(-1)?.usedAt ?? Number.POSITIVE_INFINITY;
  const united = [...items, ...added];
  return added.every(({ usedAt }) => usedAt <= last) ? united : united.sort((a, b) => b.usedAt - a.usedAt);
}

/** Puts a note where its time belongs. One older than all that has been read waits for its page. */
function insert(items: readonly DocumentSummary[], item: DocumentSummary, isComplete: boolean): readonly DocumentSummary[] {
  const at = items.findIndex(({ usedAt }) => usedAt <= item.usedAt);
  if (at >= 0) return items.toSpliced(at, 0, item);
  return isComplete || items.length === 0 ? [...items, item] : items;
}
