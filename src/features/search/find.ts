import type { Ledger } from '#core/entity.ts';
import type { StoreError } from '#core/errors.ts';
import { ok, type Result } from '#core/result.ts';
import type { SearchAnswer, SearchHit, SearchRequest } from './search-api.ts';
import { type SearchedEntity, searchedKinds, toDocument } from './search-document.ts';
import type { FoundFamily, SearchIndex } from './search-index.ts';
import { bestPlace, cut, mark } from './snippet.ts';

export type ReadEntity = (kind: string, id: string) => Promise<Result<SearchedEntity | null, StoreError>>;

/**
 * Answers a query: the index says where, the store what is there now. A hit whose entity has left since is dropped, and
 * nothing of a text is kept beside the store.
 */
export async function find(
  index: SearchIndex,
  ledger: Ledger,
  read: ReadEntity,
  { text, kinds, limit }: SearchRequest,
): Promise<Result<SearchAnswer, StoreError>> {
  const searched = searchedKinds(ledger);
  const { families, terms, complete } = index.find(text, kinds);

  const show = async (family: FoundFamily): Promise<Result<SearchHit | null, StoreError>> => {
    const { best } = family;
    const isOwn = best.kind === family.kind && best.id === family.id;
    const [top, inner] = await Promise.all([read(family.kind, family.id), isOwn ? null : read(best.kind, best.id)]);
    if (!top.ok) return top;
    if (inner && !inner.ok) return inner;
    const entity = isOwn ? top.value : inner?.value;
    const document = entity && toDocument(searched, entity);
    const declaration = ledger.get(family.kind);
    if (!document || top.value?.place !== 'live' || !declaration) return ok(null);
    const offset = bestPlace(document.text, terms);
    return ok({
      kind: family.kind,
      id: family.id,
      title: mark(declaration.title(top.value.fields), terms),
      labels: mark((toDocument(searched, top.value)?.labels ?? '').split('\n').filter(Boolean).join(' · '), terms),
      snippet: mark(cut(document.text, offset), terms),
      updatedAt: family.updatedAt,
      at: { ...best, offset },
    });
  };

  const groups = [];
  for (const kind of searched.keys()) {
    const found = families.filter((family) => family.kind === kind);
    const hits = await Promise.all(found.slice(0, limit).map(show));
    const failed = hits.find((hit) => !hit.ok);
    if (failed && !failed.ok) return failed;
    const shown = hits.flatMap((hit) => (hit.ok && hit.value ? [hit.value] : []));
    if (shown.length > 0) groups.push({ kind, hits: shown, total: found.length - (hits.length - shown.length) });
  }
  return ok({ groups, complete });
}
