import type { App } from '#app/app.ts';
import { createSource, type Observable } from '#app/observable.ts';
import type { StoreError } from '#core/errors.ts';
import { type ChatMessage, readMessage } from '#features/chat/chat-message.ts';

export type MessageList =
  | { readonly type: 'reading' }
  | { readonly type: 'read'; readonly messages: readonly ChatMessage[] }
  | { readonly type: 'failed'; readonly error: StoreError };

export interface ChatMessages {
  readonly list: Observable<MessageList>;
  reload(): void;
  close(): void;
}

const PAGE = 500;
/** More changes than this at once are read by page, not one by one. */
const MAX_SINGLE_READS = 20;

/** All messages of one chat, as they are now. */
export function watchMessages(app: App, chatId: string): ChatMessages {
  const list = createSource<MessageList>({ type: 'reading' });
  let run = 0;

  const readAll = async (): Promise<void> => {
    const mine = ++run;
    const messages: ChatMessage[] = [];
    for (let after: string | undefined; ; ) {
      const page = await app.list({ kind: 'message', parent: chatId, limit: PAGE, ...(after !== undefined && { after }) });
      if (mine !== run) return;
      if (!page.ok) return list.set({ type: 'failed', error: page.error });
      messages.push(...page.value.items.map(({ id, fields }) => readMessage(id, fields)));
      if (page.value.next === null) return list.set({ type: 'read', messages });
      after = page.value.next;
    }
  };

  const readSome = async (ids: readonly string[]): Promise<void> => {
    const mine = run;
    const found = await Promise.all(ids.map((id) => app.getChanged('message', id)));
    if (mine !== run || list.value.type !== 'read') return;
    const changed = new Map<string, ChatMessage | null>();
    for (const [at, result] of found.entries()) {
      if (!result.ok) continue;
      const view = result.value;
      const belongs = view?.lifecycle === 'live' && view.fields.chatId === chatId;
      changed.set(ids[at] as string, belongs ? readMessage(view.id, view.fields) : null);
    }
    const kept = list.value.messages.filter(({ id }) => !changed.has(id));
    const added = [...changed.values()].filter((message) => message !== null);
    if (added.length > 0 || kept.length < list.value.messages.length) list.set({ type: 'read', messages: [...kept, ...added] });
  };

  const stop = app.onChange((keys) => {
    const ids = keys?.flatMap(([kind, id]) => (kind === 'message' ? [id] : []));
    // While the first read runs, a change may be missed by it: it starts again.
    if (ids?.length === 0) return;
    if (!ids || ids.length > MAX_SINGLE_READS || list.value.type !== 'read') void readAll();
    else void readSome(ids);
  });
  void readAll();

  return {
    list,
    reload: () => void readAll(),
    close() {
      run++;
      stop();
    },
  };
}
