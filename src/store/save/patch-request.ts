/** A change of an entity that nobody has under edit, as a save. */
import type { Fields } from '#core/entity.ts';
import type { EntityView, SaveRequest } from '#store/store.ts';

/** What names such a save. */
export type PatchNames = Pick<SaveRequest, 'kind' | 'id' | 'saveId' | 'machine' | 'typedAt'>;

/** The patch as a save that is built on `view`, the entity as it was read just now; null where there is none. */
export function patchRequest(names: PatchNames, patch: Fields, view: EntityView | null): SaveRequest {
  const known = view?.fields ?? {};
  const base = Object.fromEntries(
    Object.keys(patch).flatMap((field) => (known[field] === undefined ? [] : [[field, known[field]]])),
  );
  return { ...names, patch, base, baseSeq: view?.localSeq ?? 0 };
}
