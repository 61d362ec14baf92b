import type { App, EntitySession } from '#app/app.ts';
import { createSource, type Observable } from '#app/observable.ts';
import type { StoreError } from '#core/errors.ts';
import { closeSession, openLoaded } from '#ui/controllers/loaded-session.ts';
import type { Shell } from '#ui/shell/shell.ts';

/** What is beside the list of a panel. */
export type OpenDocument<S = EntitySession> =
  | { readonly type: 'none' }
  | { readonly type: 'loading'; readonly id: string }
  /** `fresh`: a new document that is not in the store before its first letter. */
  | { readonly type: 'open'; readonly session: S; readonly fresh: boolean }
  | { readonly type: 'missing'; readonly id: string }
  | { readonly type: 'purged'; readonly id: string }
  | { readonly type: 'failed'; readonly id: string; readonly error: StoreError };

export interface DocumentController<S = EntitySession> {
  readonly open: Observable<OpenDocument<S>>;
  show(id: string): void;
  showNew(): void;
  /** The fresh document exists, as it does from its first content on: it has an address. */
  keep(): void;
  /** Reads the document again after a failure, or when it may have arrived meanwhile. */
  again(): void;
  /** Hands over what is typed and shows nothing. */
  leave(): void;
}

/**
 * Opens one document of a kind at a time. The one before is flushed and closed first; the latest wish wins. A second
 * "New" while the first is still empty is the same wish; `isEmpty` says what counts as that.
 */
export function createDocumentController<K extends string>(
  app: Pick<App, 'get' | 'open' | 'create'>,
  kind: K,
  isEmpty: (session: EntitySession<K>) => boolean = ({ isUntouched }) => isUntouched,
): DocumentController<EntitySession<K>> {
  const open = createSource<OpenDocument<EntitySession<K>>>({ type: 'none' });
  let turn = 0;
  let stopWaiting: (() => void) | undefined;

  const letGo = (): void => {
    turn++;
    stopWaiting?.();
    if (open.value.type === 'open') void closeSession(open.value.session);
  };

  const load = async (id: string): Promise<void> => {
    letGo();
    const mine = turn;
    open.set({ type: 'loading', id });
    const loaded = await openLoaded(app, kind, id);
    if (mine !== turn) {
      if (loaded.ok) void closeSession(loaded.value.session);
      return;
    }
    if (!loaded.ok) return open.set({ type: 'failed', id, error: loaded.error });
    const { session, found } = loaded.value;
    if (found && found.lifecycle !== 'purged') return open.set({ type: 'open', session, fresh: false });
    void closeSession(session);
    open.set({ type: found ? 'purged' : 'missing', id });
  };

  const keep = (): void => {
    stopWaiting?.();
    if (open.value.type === 'open' && open.value.fresh) open.set({ ...open.value, fresh: false });
  };

  return {
    open,
    show(id) {
      if (idOf(open.value) !== id) void load(id);
    },
    showNew() {
      const { value } = open;
      if (value.type === 'open' && value.fresh && isEmpty(value.session)) return;
      letGo();
      const session = app.create(kind);
      open.set({ type: 'open', session, fresh: true });
      stopWaiting = session.view.subscribe(() => {
        if (!session.isUntouched) keep();
      });
    },
    keep,
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

/**
 * Gives what is looked at its tab, and a fresh document, once it exists, its address and a tab that stays; opens what was not
 * here as soon as it arrives by sync. Gives the end of that.
 */
export function followController(
  app: App,
  shell: Shell,
  panel: string,
  kind: string,
  controller: DocumentController,
): () => void {
  let fresh = '';
  const stopTabs = controller.open.subscribe((open) => {
    if (open.type !== 'open') return;
    const { id } = open.session;
    const isKept = fresh === id;
    fresh = open.fresh ? id : '';
    if (open.fresh) return;
    shell.layout.openDocument({ panel, id, ...(!isKept && { preview: true }) });
    if (isKept) shell.navigate(`/${panel}/${id}`, { replace: true });
  });
  const stopChanges = app.onChange((keys) => {
    const { value } = controller.open;
    if (value.type !== 'missing' && value.type !== 'purged') return;
    if (keys === null || keys.some(([changed, id]) => changed === kind && id === value.id)) controller.again();
  });
  return () => {
    stopTabs();
    stopChanges();
  };
}

/** Opens what the second part of an address names: a document, `new`, or nothing (the list, the bin). */
export function openPlace(controller: DocumentController, place: string): void {
  if (place === 'new') controller.showNew();
  else if (place === '' || place === 'bin') controller.leave();
  else controller.show(place);
}

function idOf(open: OpenDocument<Pick<EntitySession, 'id'>>): string | undefined {
  if (open.type === 'none') return undefined;
  return open.type === 'open' ? open.session.id : open.id;
}
