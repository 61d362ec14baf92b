/** Changes of an entity that nobody has open: a move to the bin, a star, a setting. */
import { ok } from '#core/result.ts';
import type { Store } from '#store/store.ts';
import type { App } from './app.ts';
import type { Sessions } from './sessions.ts';

export interface PatchesOptions {
  readonly store: Pick<Store, 'get' | 'save'>;
  readonly sessions: Pick<Sessions, 'flush' | 'track'>;
  readonly mintId: () => string;
}

/** `patch` and `patchBy` of the app. */
export function createPatches({ store, sessions, mintId }: PatchesOptions): Pick<App, 'patch' | 'patchBy'> {
  const patchBy: App['patchBy'] = async (kind, id, change, by) => {
    // What is typed comes first: an edit that arrived after "Move to bin" would take the entity out again.
    await sessions.flush();
    const found = await store.get(kind, id);
    if (!found.ok) return found;
    const previous = found.value?.fields ?? {};
    const patch = change(previous);
    if (patch === null) return ok(null);
    const base = Object.fromEntries(
      Object.keys(patch).flatMap((field) => (previous[field] === undefined ? [] : [[field, previous[field]]])),
    );
    const machine = by === 'machine' && ({ machine: true } as const);
    const request = { kind, id, patch, base, baseSeq: found.value?.localSeq ?? 0, saveId: mintId(), ...machine };
    const saved = await sessions.track(store.save(request));
    return saved.ok ? ok({ previous: base }) : saved;
  };
  return {
    patchBy,
    async patch(kind, id, patch, by) {
      const patched = await patchBy(kind, id, () => patch, by);
      return patched.ok ? ok(patched.value ?? { previous: {} }) : patched;
    },
  };
}
