/** The seam between the store, which holds fields as they came, and the page, which reads them by the declaration of their kind. */
import { type Fields, readFields } from '#core/entity.ts';
import { ok } from '#core/result.ts';
import { documentKind } from '#entities/documents.ts';
import { type FieldsOfKind, ledger, type PatchOfKind } from '#entities/index.ts';
import type * as stored from '#store/store.ts';
import type { App, EntitySession, EntityView } from './app.ts';
import type { LiveSession } from './entity-session.ts';
import { type SidesOptions, showOwnSide } from './own-side.ts';
import type { Sessions } from './sessions.ts';

/** The fields of a kind, malformed ones as their initial values. Of a kind that the ledger does not name: as they are. */
function readKind<K extends string>(kind: K, fields: Fields): FieldsOfKind<K> {
  const declaration = ledger.get(kind);
  // The type follows from the declaration that has read the fields, and the declaration from the kind.
  return (declaration ? readFields(declaration, fields) : fields) as FieldsOfKind<K>;
}

/** Whether a view is one of a kind. */
export const isOfKind = <K extends string>(view: EntityView, kind: K): view is EntityView & EntityView<K> => view.kind === kind;

function readView<K extends string>(kind: K, view: stored.EntityView): EntityView<K> {
  const fields = readKind(kind, view.fields);
  return { ...view, kind, fields, ...(fields !== view.fields && { stored: view.fields }) };
}

/** A read of one entity, by kind. */
export function typedGet(get: stored.Store['get']): App['get'] {
  return async (kind, id) => {
    const found = await get(kind, id);
    return found.ok ? ok(found.value && readView(kind, found.value)) : found;
  };
}

/** The reads of a store, by kind. */
export function typedReads(store: Pick<stored.Store, 'get' | 'list' | 'history'>): Pick<App, 'get' | 'list' | 'history'> {
  return {
    get: typedGet((kind, id) => store.get(kind, id)),
    async list(request) {
      const page = await store.list(request);
      if (!page.ok) return page;
      return ok({ ...page.value, items: page.value.items.map((view) => readView(request.kind, view)) });
    },
    async history(kind, id) {
      const kept = await store.history(kind, id);
      return kept.ok ? ok(kept.value.map((entry) => ({ ...entry, fields: readKind(kind, entry.fields) }))) : kept;
    },
  };
}

/** Sessions by kind; `mint` gives the id of a new entity. With `sides`, documents show the side that this device has written. */
export function typedSessions(
  sessions: Pick<Sessions, 'open'>,
  mint: () => string,
  sides?: Pick<SidesOptions, 'conflicts' | 'deviceId'>,
): Pick<App, 'create' | 'open'> {
  const openConflict = (id: string): EntitySession => sessions.open('conflict', id, false, {});
  const sided = (session: LiveSession, machine?: unknown): EntitySession =>
    sides && machine === undefined && documentKind(session.kind) ? showOwnSide(session, { ...sides, openConflict }) : session;
  return {
    create: (kind, fields, machine) =>
      typeSession(kind, sided(sessions.open(kind, mint(), true, fields ?? {}, machine), machine)),
    open: (kind, id) => typeSession(kind, sided(sessions.open(kind, id, false, {}))),
  };
}

function typeSession<K extends string>(kind: K, session: EntitySession): EntitySession<K> {
  let last: { readonly from: stored.EntityView; readonly view: EntityView<K> } | null = null;
  /** The same view again is the same object: it is nothing new to draw. */
  const read = (from: stored.EntityView | null): EntityView<K> | null => {
    if (from === null) return null;
    if (last?.from !== from) last = { from, view: readView(kind, from) };
    return last.view;
  };
  return {
    kind,
    id: session.id,
    view: {
      get value() {
        return read(session.view.value);
      },
      subscribe: (listener) => session.view.subscribe((view) => listener(read(view))),
    },
    get fields() {
      return readKind(kind, session.fields);
    },
    get isUntouched() {
      return session.isUntouched;
    },
    set: (patch) => session.set(patch),
    replace: (patch) => session.replace(patch),
    flush: () => session.flush(),
    onIncoming: (listener) =>
      session.onIncoming((incoming, isOwn) => {
        const fields: Fields = readKind(kind, incoming);
        const patch = Object.fromEntries(Object.keys(incoming).map((field) => [field, fields[field] ?? null]));
        listener(patch as PatchOfKind<K>, isOwn);
      }),
    close: () => session.close(),
    ...(session.sides && { sides: session.sides }),
  };
}
