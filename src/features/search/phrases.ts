import { type EntityKey, keyText } from '#core/entity-key.ts';
import type { StoreError } from '#core/errors.ts';
import { ok, type Result } from '#core/result.ts';
import { type ReadEntities, type SearchedKind, toDocument } from './search-document.ts';
import type { FoundFamilies, FoundFamily } from './search-index.ts';
import { hasPhrase } from './words.ts';

/** Texts that are read to compare their words with a phrase: some 100 ms. Beyond them nothing is found. */
const MAX_READ = 2000;
/** Texts of one read. */
const PAGE = 100;

/**
 * Those of the families that hold every phrase (`readQuery`), each in one field of one of their entities. The index knows
 * words, not which follows which, so the texts are read, best first; `complete` is false where there are too many.
 */
export async function withPhrases(
  { families, terms, complete }: FoundFamilies,
  phrases: readonly (readonly string[])[],
  kinds: ReadonlyMap<string, SearchedKind>,
  read: ReadEntities,
): Promise<Result<FoundFamilies, StoreError>> {
  if (phrases.length === 0) return ok({ families, terms, complete });
  const kept: FoundFamily[] = [];
  let seen = 0;
  let at = 0;
  while (at < families.length && seen < MAX_READ) {
    const part: FoundFamily[] = [];
    const keys = new Map<string, EntityKey>();
    for (; at < families.length && keys.size < PAGE; at++) {
      const family = families[at] as FoundFamily;
      part.push(family);
      for (const key of family.found.slice(0, PAGE)) keys.set(keyText(key), key);
    }
    const answer = await read([...keys.values()].map(({ kind, id }) => [kind, id] as const));
    if (!answer.ok) return answer;
    seen += keys.size;
    const texts = new Map([...keys.keys()].map((key, index) => [key, textsOf(answer.value[index] ?? null, kinds)]));
    kept.push(
      ...part.filter(({ found }) => {
        const all = found.flatMap((key) => texts.get(keyText(key)) ?? []);
        return phrases.every((phrase) => all.some((text) => hasPhrase(text, phrase)));
      }),
    );
  }
  return ok({ families: kept, terms, complete: complete && at >= families.length });
}

function textsOf(entity: Parameters<typeof toDocument>[1] | null, kinds: ReadonlyMap<string, SearchedKind>): readonly string[] {
  const document = entity && toDocument(kinds, entity);
  return document ? [document.title, ...document.labels.split('\n'), document.text] : [];
}
