import type { App } from '#app/app.ts';
import { createSource, type Observable } from '#app/observable.ts';
import type { StoreError } from '#core/errors.ts';
import { knownDocumentKind } from '#entities/documents.ts';
import { type DocumentSummary, summarize } from '#ui/documents/document-summary.ts';
import { createListLookup } from '#ui/search/list-lookup.ts';

export interface ChatFilter {
  readonly text: string;
  readonly starred: boolean;
}

export interface ChatList {
  readonly items: readonly DocumentSummary[];
  readonly filter: ChatFilter;
  readonly state:
    | { readonly type: 'reading' }
    | { readonly type: 'more' }
    /** `indexing`: a chat in whose messages the words stand may still come. */
    | { readonly type: 'complete'; readonly indexing: boolean }
    | { readonly type: 'failed'; readonly error: StoreError };
}

export interface ChatFeed {
  readonly list: Observable<ChatList>;
  setFilter(filter: ChatFilter): void;
  /** Somebody is about to search. */
  prepare(): void;
  more(): void;
  reload(): void;
  close(): void;
}

const PAGE = 60;
/** A sync brings its changes in bursts. */
const GATHER_MS = 50;
/** Looking through all titles begins when nobody types on. */
const PAUSE_MS = 250;

/**
 * The chats, last used first, read page by page and again after each change. Words are looked for in titles and tags,
 * anywhere in them; and, by the search index, in the messages, as whole words or beginnings of words: what a chat was
 * about seldom stands in its title. The index answers at once, titles are looked through all the same: what is not
 * indexed yet is found by its title. A near miss is not in the list; those are for the search over everything.
 */
export function createChatFeed(app: Pick<App, 'get' | 'list' | 'onChange' | 'search'>): ChatFeed {
  const list = createSource<ChatList>({ items: [], filter: { text: '', starred: false }, state: { type: 'reading' } });
  const chat = knownDocumentKind('chat');
  let goal = PAGE;
  let run = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;

  const lookup = createListLookup(app, 'chat', () => void read());

  /** `isTyped`: the words are new, and may be followed by more. */
  const read = async (isTyped = false): Promise<void> => {
    const mine = ++run;
    const { filter } = list.value;
    const isSearch = filter.text.trim() !== '';
    let items: readonly DocumentSummary[] = [];
    let looking = isSearch;
    const put = (more: readonly DocumentSummary[]): void => {
      items = unite(items, more);
    };
    const complete = (): ChatList['state'] => ({ type: 'complete', indexing: isSearch && (looking || lookup.isIndexing) });
    if (isSearch) {
      const looked = lookup.look(filter.text, (views) => {
        if (mine !== run) return false;
        put(views.map((view) => summarize(chat, view)).filter(({ starred }) => starred || !filter.starred));
        if (items.length > 0) list.set({ ...list.value, items });
        return items.length < goal;
      });
      void looked.then(() => {
        looking = false;
        if (mine === run && list.value.state.type === 'complete') list.set({ ...list.value, state: complete() });
      });
      if (isTyped) await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
      if (mine !== run) return;
    }
    for (let after: string | undefined; ; ) {
      const page = await app.list({ kind: 'chat', limit: PAGE, ...(after !== undefined && { after }) });
      if (mine !== run) return;
      if (!page.ok) return list.set({ ...list.value, state: { type: 'failed', error: page.error } });
      put(page.value.items.map((view) => summarize(chat, view)).filter((item) => fits(item, filter)));
      const isComplete = page.value.next === null;
      // Pages come by the last change. One that was used before that of the last row may follow others that are not read yet.
      const floor = page.value.items.at(-1)?.updatedAt ?? 0;
      const inPlace = isComplete || isSearch ? items : items.filter(({ usedAt }) => usedAt >= floor);
      if (isComplete || inPlace.length >= goal)
        return list.set({ items: inPlace, filter, state: isComplete ? complete() : { type: 'more' } });
      after = page.value.next ?? undefined;
    }
  };

  const stop = app.onChange((keys) => {
    if (keys !== null && !keys.some(([kind]) => kind === 'chat')) return;
    timer ??= setTimeout(() => {
      timer = undefined;
      void read();
    }, GATHER_MS);
  });
  void read();

  return {
    list,
    setFilter(filter) {
      goal = PAGE;
      list.set({ ...list.value, filter, state: { type: 'reading' } });
      void read(filter.text.trim() !== '');
    },
    prepare: lookup.prepare,
    more() {
      if (list.value.state.type !== 'more') return;
      goal = list.value.items.length + PAGE;
      void read();
    },
    reload: () => void read(),
    close() {
      run++;
      clearTimeout(timer);
      lookup.close();
      stop();
    },
  };
}

function fits({ title, names, starred }: DocumentSummary, filter: ChatFilter): boolean {
  if (filter.starred && !starred) return false;
  const words = filter.text.toLowerCase().split(/\s+/).filter(Boolean);
  const text = [title, ...(names['tags'] ?? [])].join('\n').toLowerCase();
  return words.every((word) => text.includes(word));
}

/** Both, last used first. */
function unite(items: readonly DocumentSummary[], more: readonly DocumentSummary[]): readonly DocumentSummary[] {
  const known = new Set(items.map(({ id }) => id));
  return [...items, ...more.filter(({ id }) => !known.has(id))].sort((a, b) => b.usedAt - a.usedAt);
}
