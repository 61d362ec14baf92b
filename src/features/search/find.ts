import type { Ledger } from '#core/entity.ts';
import { keyText } from '#core/entity-key.ts';
import type { StoreError } from '#core/errors.ts';
import { ok, type Result } from '#core/result.ts';
import { withPhrases } from './phrases.ts';
import type { SearchAnswer, SearchHit, SearchRequest } from './search-api.ts';
import { type ReadEntities, searchedKinds, toDocument } from './search-document.ts';
import type { FoundFamily, SearchIndex } from './search-index.ts';
import { bestPlace, cut, mark } from './snippet.ts';
import { readQuery } from './words.ts';

/**
 * Answers a query: the index says where, the store what is there now. A hit whose entity has left since is dropped, and
 * nothing of a text is kept beside the store.
 */
export async function find(
  index: SearchIndex,
  ledger: Ledger,
  read: ReadEntities,
  { text, kinds, limit }: SearchRequest,
): Promise<Result<SearchAnswer, StoreError>> {
  const searched = searchedKinds(ledger);
  const found = await withPhrases(index.find(text, kinds), readQuery(text).phrases, searched, read);
  if (!found.ok) return found;
  const { families, terms, complete } = found.value;
  const groups = [...searched.keys()].map((kind) => {
    const all = families.filter((family) => family.kind === kind);
    return { kind, total: all.length, best: all.slice(0, limit) };
  });
  const shown = groups.flatMap(({ best }) => best);
  const wanted = shown.flatMap(({ kind, id, best }) => [{ kind, id }, best]);
  const keys = new Map(wanted.map(({ kind, id }) => [keyText({ kind, id }), [kind, id] as const]));
  const answer = await read([...keys.values()]);
  if (!answer.ok) return answer;
  const entities = new Map([...keys.keys()].map((key, at) => [key, answer.value[at] ?? null]));

  const show = ({ kind, id, best, updatedAt }: FoundFamily): SearchHit | null => {
    const [top, entity] = [entities.get(keyText({ kind, id })), entities.get(keyText(best))];
    const document = entity && toDocument(searched, entity);
    const declaration = ledger.get(kind);
    if (!document || top?.lifecycle !== 'live' || !declaration) return null;
    const offset = bestPlace(document.text, terms);
    return {
      kind,
      id,
      title: mark(declaration.title(top.fields), terms),
      labels: mark((toDocument(searched, top)?.labels ?? '').split('\n').filter(Boolean).join(' · '), terms),
      snippet: mark(cut(document.text, offset), terms),
      updatedAt,
      // Words that another entity keeps are shown where they belong.
      at: { ...(searched.get(best.kind)?.searchedAs ? { kind, id } : best), offset },
    };
  };

  const shownGroups = groups.flatMap(({ kind, total, best }) => {
    const hits = best.flatMap((family) => show(family) ?? []);
    return hits.length > 0 ? [{ kind, hits, total: total - (best.length - hits.length) }] : [];
  });
  return ok({ groups: shownGroups, complete });
}
