import type { App, EntityView } from '#app/app.ts';
import type { Search } from '#app/search/search.ts';
import type { StoreError } from '#core/errors.ts';
import type { Result } from '#core/result.ts';
import type { ListOrder, NameCounts } from '#features/search/catalog.ts';
import type { OrderAnswer } from '#features/search/search-api.ts';

/** More than anybody reads of a narrowed list; beyond it the list's own reading goes on. */
const MAX = 300;
/** Entities read at a time: a screen of rows, in about 10 ms. */
const CHUNK = 40;

/** The search index as a list's own search field uses it: for the first results, at once. */
export interface ListLookup<K extends string = string> {
  /** Loads the index: somebody is about to type. */
  prepare(): void;
  /**
   * Reads the entities in which the index finds all of the words, newest first, and gives them in steps until `take` says
   * false. Gives nothing where there is no index: it is only ever a head start.
   */
  look(text: string, take: (views: readonly EntityView<K>[]) => boolean): Promise<void>;
  /** The same for the entities that carry these names, by field. */
  lookNames(names: { readonly [field: string]: string }, take: (views: readonly EntityView<K>[]) => boolean): Promise<void>;
  /** A part of the order of all entities; null where there is no index to ask. */
  order(by: ListOrder, from: number, limit: number): Promise<Result<OrderAnswer, StoreError> | null>;
  /**
   * Counts the names of all entities for `tell`: now, and again whenever the index has taken in a change, as long as `isWanted`.
   * Where there is no index, nothing is given.
   */
  countNames(tell: (counts: NameCounts) => void, isWanted: () => boolean): Promise<void>;
  /** The index lacks something yet: what it does not find may still be there. */
  readonly isIndexing: boolean;
  close(): void;
}

/** `onReady`: the index was asked while it lacked something, and now it does not. */
export function createListLookup<K extends string>(
  app: Pick<App, 'get' | 'search'>,
  kind: K,
  onReady = (): void => {},
): ListLookup<K> {
  let search: Search | undefined;
  let stop: (() => void) | undefined;
  let stopCounting: (() => void) | undefined;
  let isClosed = false;
  let askedEarly = false;

  const open = async (): Promise<Search | undefined> => {
    const opened = await app.search().catch(() => undefined);
    if (isClosed || !opened) return undefined;
    search = opened;
    stop ??= opened.state.subscribe(({ type }) => {
      if (type !== 'ready' || !askedEarly) return;
      askedEarly = false;
      onReady();
    });
    return opened;
  };

  const isIndexing = (): boolean => {
    const state = search?.state.value.type;
    return state === 'loading' || state === 'indexing';
  };

  /** Reads what is named, in steps. The index may be a moment behind: what has gone to the bin since is not in the list. */
  const readAll = async (ids: readonly string[], take: (views: readonly EntityView<K>[]) => boolean): Promise<void> => {
    for (let at = 0; at < ids.length; at += CHUNK) {
      const results = await Promise.all(ids.slice(at, at + CHUNK).map((id) => app.get(kind, id)));
      if (!take(results.flatMap((result) => (result.ok && result.value?.lifecycle === 'live' ? [result.value] : [])))) return;
    }
  };

  return {
    prepare: () => void open().then((opened) => opened?.narrow({ text: '', kind, limit: 0 })),
    async look(text, take) {
      const found = await (await open())?.narrow({ text, kind, limit: MAX });
      askedEarly = isIndexing();
      if (found?.ok) await readAll(found.value, take);
    },
    async lookNames(names, take) {
      const found = await (await open())?.carriers({ kind, names, all: false });
      askedEarly = isIndexing();
      if (found?.ok) await readAll(found.value, take);
    },
    async order(by, from, limit) {
      const answer = await (await open())?.order({ kind, by, from, limit });
      askedEarly ||= isIndexing();
      return answer ?? null;
    },
    async countNames(tell, isWanted) {
      const opened = await open();
      if (!opened) return;
      const ask = async (): Promise<void> => {
        const counted = await opened.names(kind);
        if (counted.ok && !isClosed && isWanted()) tell(counted.value);
      };
      stopCounting ??= opened.state.subscribe(({ type }) => {
        if (type === 'ready' && isWanted()) void ask();
      });
      await ask();
    },
    get isIndexing() {
      return isIndexing();
    },
    close() {
      isClosed = true;
      stop?.();
      stopCounting?.();
    },
  };
}
