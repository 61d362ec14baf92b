/** Changes of an entity that nobody has open: a move to the bin, a star, a setting. */
import type { Fields } from '#core/entity.ts';
import type { Clock } from '#core/ports.ts';
import { ok } from '#core/result.ts';
import { type EntityView, NO_ROW, type SaveRequest, type Store } from '#store/store.ts';
import type { App } from './app.ts';
import { unsavedOf } from './session-state.ts';
import type { Sessions } from './sessions.ts';

export interface PatchesOptions {
  readonly store: Pick<Store, 'get' | 'save'>;
  readonly sessions: Pick<Sessions, 'flush' | 'track'>;
  readonly mintId: () => string;
  readonly clock: Pick<Clock, 'now'>;
}

/** `patch` and `patchBy` of the app. Where the page ends before a person's change is committed, the journal has it, with the time of the change. */
export function createPatches({ store, sessions, mintId, clock }: PatchesOptions): Pick<App, 'patch' | 'patchBy'> {
  /** `known`: the patch, where nothing has to be read for it; null where `change` makes it. */
  const run = (known: Fields | null, ...[kind, id, change, by]: Parameters<App['patchBy']>): ReturnType<App['patchBy']> => {
    const names = { kind, id, saveId: mintId() };
    const at = clock.now();
    let untyped: 'read' | 'unread' = 'unread';
    let request: SaveRequest | null = known && { ...names, patch: known, base: {}, baseSeq: NO_ROW };
    const save = async () => {
      // What is typed comes first: an edit that arrived after "Move to bin" would take the entity out again.
      await sessions.flush();
      const found = await store.get(kind, id);
      if (!found.ok) return found;
      const patch = change(found.value?.fields ?? {});
      if (patch === null) return ok(null);
      untyped = 'read';
      request = { ...names, ...builtOn(found.value, patch), ...(by === 'machine' && { machine: true }) };
      const saved = await store.save(request);
      return saved.ok ? ok({ previous: request.base }) : saved;
    };
    return sessions.track(save(), () => {
      // What a machine was doing is begun again or given up by whoever finds it so.
      if (!request || by === 'machine') return null;
      const typedAt = Object.fromEntries(Object.keys(request.patch).map((field) => [field, at]));
      return { kind, id, session: names.saveId, ...unsavedOf({ ...request, typedAt }), untyped };
    });
  };

  return {
    patchBy: (...asked) => run(null, ...asked),
    async patch(kind, id, patch, by) {
      const patched = await run(patch, kind, id, () => patch, by);
      return patched.ok ? ok(patched.value ?? { previous: {} }) : patched;
    },
  };
}

/** The patch, over the entity as it was read just now; null where there is none. */
function builtOn(view: EntityView | null, patch: Fields): Pick<SaveRequest, 'patch' | 'base' | 'baseSeq'> {
  const known = view?.fields ?? {};
  const base = Object.fromEntries(
    Object.keys(patch).flatMap((field) => (known[field] === undefined ? [] : [[field, known[field]]])),
  );
  return { patch, base, baseSeq: view?.localSeq ?? 0 };
}
