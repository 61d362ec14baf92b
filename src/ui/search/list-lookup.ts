import type { App, EntityView } from '#app/app.ts';
import type { Search } from '#app/search/search.ts';

/** More than anybody reads of a narrowed list; beyond it the list's own reading goes on. */
const MOST = 300;
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

  return {
    prepare: () => void open().then((opened) => opened?.narrow({ text: '', kind, limit: 0 })),
    async look(text, take) {
      const found = await (await open())?.narrow({ text, kind, limit: MOST });
      askedEarly = isIndexing();
      if (!found?.ok) return;
      for (let at = 0; at < found.value.length; at += CHUNK) {
        const results = await Promise.all(found.value.slice(at, at + CHUNK).map((id) => app.get(kind, id)));
        // The index may be a moment behind: what has gone to the bin since is not in the list.
        const views = results.flatMap((result) => (result.ok && result.value?.place === 'live' ? [result.value] : []));
        if (!take(views)) return;
      }
    },
    get isIndexing() {
      return isIndexing();
    },
    close() {
      isClosed = true;
      stop?.();
    },
  };
}
