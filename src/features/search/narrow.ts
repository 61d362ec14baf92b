import type { NarrowRequest } from './search-api.ts';
import type { SearchIndex } from './search-index.ts';

/**
 * Ids of the top-level entities of a kind in which all words stand, as whole words or beginnings of words, in them or in
 * their children; newest first, `limit` at most. For a list's own search field: it says where to look first. A typing
 * error finds nothing here, because a list that is narrowed to some words is expected to hold them.
 */
export function narrow(index: SearchIndex, { text, kind, limit }: NarrowRequest): readonly string[] {
  const { families } = index.find(text, [kind], true);
  return families
    .toSorted((a, b) => b.updatedAt - a.updatedAt)
    .slice(0, limit)
    .map(({ id }) => id);
}
