import type { App, EntityView } from '#app/app.ts';
import { createSource, type Observable } from '#app/observable.ts';
import type { StoreError } from '#core/errors.ts';
import { chat } from '#entities/chat.ts';

/** What the list shows of a chat. */
export interface ChatSummary {
  readonly id: string;
  readonly title: string;
  readonly starred: boolean;
  readonly tags: readonly string[];
  readonly usedAt: number;
}

export interface ChatFilter {
  readonly text: string;
  readonly starred: boolean;
}

export interface ChatList {
  readonly items: readonly ChatSummary[];
  readonly filter: ChatFilter;
  readonly state:
    | { readonly type: 'reading' }
    | { readonly type: 'more' }
    | { readonly type: 'complete' }
    | { readonly type: 'failed'; readonly error: StoreError };
}

export interface ChatFeed {
  readonly list: Observable<ChatList>;
  setFilter(filter: ChatFilter): void;
  more(): void;
  reload(): void;
  close(): void;
}

const PAGE = 60;
/** A sync brings its changes in bursts. */
const GATHER_MS = 50;

/** The chats, last used first, read page by page and again after each change. */
export function createChatFeed(app: App): ChatFeed {
  const list = createSource<ChatList>({ items: [], filter: { text: '', starred: false }, state: { type: 'reading' } });
  let goal = PAGE;
  let run = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;

  const read = async (): Promise<void> => {
    const mine = ++run;
    const { filter } = list.value;
    const items: ChatSummary[] = [];
    for (let after: string | undefined; ; ) {
      const page = await app.list({ kind: 'chat', limit: PAGE, ...(after !== undefined && { after }) });
      if (mine !== run) return;
      if (!page.ok) return list.set({ ...list.value, state: { type: 'failed', error: page.error } });
      items.push(...page.value.items.map(summarize).filter((item) => fits(item, filter)));
      const isComplete = page.value.next === null;
      if (isComplete || items.length >= goal)
        return list.set({ items, filter, state: { type: isComplete ? 'complete' : 'more' } });
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
      list.set({ ...list.value, filter });
      void read();
    },
    more() {
      if (list.value.state.type !== 'more') return;
      goal = list.value.items.length + PAGE;
      void read();
    },
    reload: () => void read(),
    close() {
      run++;
      clearTimeout(timer);
      stop();
    },
  };
}

function summarize({ id, fields, updatedAt }: EntityView): ChatSummary {
  const { starred, tags, lastMessageAt } = fields;
  return {
    id,
    title: chat.title(fields),
    starred: starred === true,
    tags: Array.isArray(tags) ? tags.filter((tag): tag is string => typeof tag === 'string') : [],
    usedAt: typeof lastMessageAt === 'number' ? lastMessageAt : updatedAt,
  };
}

function fits({ title, tags, starred }: ChatSummary, filter: ChatFilter): boolean {
  if (filter.starred && !starred) return false;
  const words = filter.text.toLowerCase().split(/\s+/).filter(Boolean);
  const text = [title, ...tags].join('\n').toLowerCase();
  return words.every((word) => text.includes(word));
}
