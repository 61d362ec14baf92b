import type { Ledger } from '#core/entity.ts';
import type { StoreError } from '#core/errors.ts';
import { ok, type Result } from '#core/result.ts';
import { withPhrases } from './phrases.ts';
import type { NarrowRequest } from './search-api.ts';
import { type ReadEntities, searchedKinds } from './search-document.ts';
import type { SearchIndex } from './search-index.ts';
import { readQuery } from './words.ts';

/**
 * Ids of the top-level entities of a kind in which all words are, as whole words or beginnings of words, in them or in
 * their children, and all phrases as they were asked for; newest first, `limit` at most. For a list's own search field: it
 * says where to look first. A typing error finds nothing here, because a list that is narrowed to some words is expected to
 * hold them.
 */
export async function narrow(
  index: SearchIndex,
  ledger: Ledger,
  read: ReadEntities,
  { text, kind, limit }: NarrowRequest,
): Promise<Result<readonly string[], StoreError>> {
  const found = await withPhrases(index.find(text, [kind], true), readQuery(text).phrases, searchedKinds(ledger), read);
  if (!found.ok) return found;
  return ok(
    found.value.families
      .toSorted((a, b) => b.updatedAt - a.updatedAt)
      .slice(0, limit)
      .map(({ id }) => id),
  );
}
