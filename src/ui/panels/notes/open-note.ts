import type { App, EntitySession } from '#app/app.ts';
import { createSource, type Observable } from '#app/observable.ts';
import type { StoreError } from '#core/errors.ts';
import { closeSession, openLoaded } from '#ui/loaded-session.ts';

/** What stands beside the list. */
export type OpenNote =
  | { readonly type: 'none' }
  | { readonly type: 'loading'; readonly id: string }
  /** `fresh`: a new note that is not in the store before its first letter. */
  | { readonly type: 'open'; readonly session: EntitySession; readonly fresh: boolean }
  | { readonly type: 'missing'; readonly id: string }
  | { readonly type: 'purged'; readonly id: string }
  | { readonly type: 'failed'; readonly id: string; readonly error: StoreError };

export interface OpenNoteDoor {
  readonly open: Observable<OpenNote>;
  show(id: string): void;
  showNew(): void;
  /** Reads the note again after a failure, or when it may have arrived meanwhile. */
  again(): void;
  /** Hands over what is typed and shows nothing. */
  leave(): void;
}

/** Opens one note at a time. The one before is flushed and closed first; the latest wish wins. */
export function createOpenNote(app: App): OpenNoteDoor {
  const open = createSource<OpenNote>({ type: 'none' });
  let turn = 0;

  const leave = (): void => {
    turn++;
    if (open.value.type === 'open') void closeSession(open.value.session);
  };

  const load = async (id: string): Promise<void> => {
    leave();
    const mine = turn;
    open.set({ type: 'loading', id });
    const loaded = await openLoaded(app, 'note', id);
    if (mine !== turn) {
      if (loaded.ok) void closeSession(loaded.value.session);
      return;
    }
    if (!loaded.ok) return open.set({ type: 'failed', id, error: loaded.error });
    const { session, found } = loaded.value;
    if (found && found.place !== 'purged') return open.set({ type: 'open', session, fresh: false });
    void closeSession(session);
    open.set({ type: found ? 'purged' : 'missing', id });
  };

  return {
    open,
    show(id) {
      if (idOf(open.value) !== id) void load(id);
    },
    showNew() {
      const { value } = open;
      // A second "New note" while the first is still empty is the same wish.
      if (value.type === 'open' && value.fresh && isUntouched(value.session)) return;
      leave();
      open.set({ type: 'open', session: app.create('note'), fresh: true });
    },
    again() {
      const id = idOf(open.value);
      if (id !== undefined) void load(id);
    },
    leave() {
      leave();
      open.set({ type: 'none' });
    },
  };
}

function idOf(open: OpenNote): string | undefined {
  if (open.type === 'none') return undefined;
  return open.type === 'open' ? open.session.id : open.id;
}

function isUntouched(session: EntitySession): boolean {
  return Object.keys(session.fields).length === 0;
}
