import type { App } from '#app/app.ts';
import { createSource, type Observable } from '#app/observable.ts';
import type { Search } from '#app/search/search.ts';
import type { StoreError } from '#core/errors.ts';
import type { SearchAnswer, SearchState } from '#features/search/search-api.ts';

/** What is under the search field. */
export type Shown =
  /** Nothing has been asked. */
  | { readonly type: 'empty' }
  /** The index is being loaded; there is no answer yet. */
  | { readonly type: 'waiting' }
  | { readonly type: 'found'; readonly text: string; readonly answer: SearchAnswer; readonly index: SearchState }
  | { readonly type: 'failed'; readonly error: StoreError };

export interface SearchRun {
  readonly shown: Observable<Shown>;
  find(text: string): void;
  close(): void;
}

const HITS = 20;
/** While the index is made, the answer on the screen is asked for again so often. */
const REFRESH_MS = 700;

/** One search as it is typed: the latest query wins, one at a time is asked, and the answer follows the index. */
export function createSearchRun(app: App): SearchRun {
  const shown = createSource<Shown>({ type: 'empty' });
  let text = '';
  let asking = false;
  let stale = false;
  let closed = false;
  let search: Search | undefined;
  let stopState: (() => void) | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;

  const open = async (): Promise<Search | null> => {
    try {
      search ??= await app.search();
    } catch {
      return null;
    }
    stopState ??= search.state.subscribe((index) => {
      const { value } = shown;
      if (value.type === 'found') shown.set({ ...value, index });
      if (index.type === 'ready' || index.type === 'indexing') refresh();
    });
    return search;
  };

  const refresh = (): void => {
    timer ??= setTimeout(() => {
      timer = undefined;
      if (!closed) void ask();
    }, REFRESH_MS);
  };

  const ask = async (): Promise<void> => {
    stale = true;
    if (asking) return;
    asking = true;
    while (stale && !closed) {
      stale = false;
      const asked = text;
      if (asked.trim() === '') {
        shown.set({ type: 'empty' });
        // The index is loaded while the first word is typed.
        await (await open())?.find({ text: '', limit: 0 });
        continue;
      }
      if (shown.value.type === 'empty') shown.set({ type: 'waiting' });
      const opened = await open();
      const answer = await opened?.find({ text: asked, limit: HITS });
      if (closed) break;
      if (!opened || !answer) shown.set({ type: 'failed', error: { type: 'WorkerLost', reason: 'the search did not load' } });
      else if (!answer.ok) shown.set({ type: 'failed', error: answer.error });
      else if (text.trim() !== '') shown.set({ type: 'found', text: asked, answer: answer.value, index: opened.state.value });
    }
    asking = false;
  };

  return {
    shown,
    find(next) {
      text = next;
      if (next.trim() === '') shown.set({ type: 'empty' });
      void ask();
    },
    close() {
      closed = true;
      clearTimeout(timer);
      stopState?.();
    },
  };
}
