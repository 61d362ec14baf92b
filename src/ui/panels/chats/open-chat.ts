import type { App, EntitySession } from '#app/app.ts';
import { createSource, type Observable } from '#app/observable.ts';
import type { StoreError } from '#core/errors.ts';
import { closeSession, openLoaded } from '#ui/loaded-session.ts';

/** What stands beside the list of chats. */
export type OpenChat =
  | { readonly type: 'none' }
  | { readonly type: 'loading'; readonly id: string }
  /** `fresh`: a chat that is not in the store before its first prompt, or the first word of its settings. */
  | { readonly type: 'open'; readonly session: EntitySession; readonly fresh: boolean }
  | { readonly type: 'missing'; readonly id: string }
  | { readonly type: 'failed'; readonly id: string; readonly error: StoreError };

export interface OpenChatDoor {
  readonly open: Observable<OpenChat>;
  show(id: string): void;
  showNew(): void;
  /** The fresh chat now exists: it has an address. */
  keep(): void;
  again(): void;
  leave(): void;
}

/** Opens one chat at a time; the latest wish wins. */
export function createOpenChat(app: App): OpenChatDoor {
  const open = createSource<OpenChat>({ type: 'none' });
  let turn = 0;

  const idOf = (value: OpenChat): string | undefined =>
    value.type === 'open' ? value.session.id : value.type === 'none' ? undefined : value.id;

  const letGo = (): void => {
    turn++;
    if (open.value.type === 'open') void closeSession(open.value.session);
  };

  const load = async (id: string): Promise<void> => {
    letGo();
    const mine = turn;
    open.set({ type: 'loading', id });
    const loaded = await openLoaded(app, 'chat', id);
    if (mine !== turn) {
      if (loaded.ok) void closeSession(loaded.value.session);
      return;
    }
    if (!loaded.ok) return open.set({ type: 'failed', id, error: loaded.error });
    const { session, found } = loaded.value;
    if (found && found.place !== 'purged') return open.set({ type: 'open', session, fresh: false });
    void closeSession(session);
    open.set({ type: 'missing', id });
  };

  return {
    open,
    show(id) {
      if (idOf(open.value) !== id) void load(id);
    },
    showNew() {
      if (open.value.type === 'open' && open.value.fresh) return;
      letGo();
      open.set({ type: 'open', session: app.create('chat'), fresh: true });
    },
    keep() {
      if (open.value.type === 'open' && open.value.fresh) open.set({ ...open.value, fresh: false });
    },
    again() {
      const id = idOf(open.value);
      if (id !== undefined) void load(id);
    },
    leave() {
      letGo();
      open.set({ type: 'none' });
    },
  };
}
