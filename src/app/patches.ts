/** Changes of an entity that nobody has open: a move to the bin, a star, a setting. */
import type { Fields } from '#core/entity.ts';
import type { Clock } from '#core/ports.ts';
import { ok } from '#core/result.ts';
import type { JournalEntry } from '#store/save/journal.ts';
import type { EntityView, SaveRequest, Store } from '#store/store.ts';
import type { App } from './app.ts';
import { unsavedOf } from './session-state.ts';
import type { Sessions } from './sessions.ts';

export interface PatchesOptions {
  readonly store: Pick<Store, 'get' | 'save'>;
  readonly sessions: Pick<Sessions, 'flush' | 'track'>;
  readonly mintId: () => string;
  readonly clock: Pick<Clock, 'now'>;
}

type Names = Pick<SaveRequest, 'kind' | 'id' | 'saveId'>;

/** `patch` and `patchBy` of the app. Where the page ends before a person's change is committed, the journal has it, with the time of the change. */
export function createPatches({ store, sessions, mintId, clock }: PatchesOptions): Pick<App, 'patch' | 'patchBy'> {
  type Asked = Parameters<App['patchBy']>;

  const save = (
    names: Names,
    change: Asked[2],
    by: Asked[3],
    entryOf: (request: SaveRequest | null) => JournalEntry | null,
  ): ReturnType<App['patchBy']> => {
    let request: SaveRequest | null = null;
    const work = async () => {
      // What is typed comes first: an edit that arrived after "Move to bin" would take the entity out again.
      await sessions.flush();
      const found = await store.get(names.kind, names.id);
      if (!found.ok) return found;
      const patch = change(found.value?.fields ?? {});
      if (patch === null) return ok(null);
      request = { ...names, ...builtOn(found.value, patch), ...(by === 'machine' && { machine: true }) };
      const saved = await store.save(request);
      return saved.ok ? ok({ previous: request.base }) : saved;
    };
    // What a machine was doing is begun again or given up by whoever finds it so.
    return sessions.track(work(), () => (by === 'machine' ? null : entryOf(request)));
  };

  const begin = (kind: string, id: Names['id']) => {
    const names = { kind, id, saveId: mintId() };
    const at = clock.now();
    const entryOf = (saved: Omit<SaveRequest, keyof Names>, untyped: 'read' | 'unread'): JournalEntry => {
      const typedAt = Object.fromEntries(Object.keys(saved.patch).map((field) => [field, at]));
      return { kind, id, session: names.saveId, ...unsavedOf({ ...names, ...saved, typedAt }), untyped };
    };
    return { names, entryOf };
  };

  return {
    patchBy(kind, id, change, by) {
      const { names, entryOf } = begin(kind, id);
      return save(names, change, by, (request) => request && entryOf(request, 'read'));
    },
    async patch(kind, id, patch, by) {
      const { names, entryOf } = begin(kind, id);
      const unread = { patch, base: {}, baseSeq: NOTHING_READ };
      const saved = save(
        names,
        () => patch,
        by,
        (request) => entryOf(request ?? unread, request ? 'read' : 'unread'),
      );
      const patched = await saved;
      return patched.ok ? ok(patched.value ?? { previous: {} }) : patched;
    },
  };
}

/** No row has this localSeq. */
const NOTHING_READ = -1;

/** The patch, over the entity as it was read just now; null where there is none. */
function builtOn(view: EntityView | null, patch: Fields): Pick<SaveRequest, 'patch' | 'base' | 'baseSeq'> {
  const known = view?.fields ?? {};
  const base = Object.fromEntries(
    Object.keys(patch).flatMap((field) => (known[field] === undefined ? [] : [[field, known[field]]])),
  );
  return { patch, base, baseSeq: view?.localSeq ?? 0 };
}
