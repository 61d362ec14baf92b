import { blankReferences } from '#core/blobs.ts';
import { nameKey, namesIn } from '#core/names.ts';
import type { DocumentKind } from '#entities/documents.ts';
import { fold } from '#features/search/fold.ts';
import { atomsOf, hasPhrase, splitPhrases } from '#features/search/words.ts';
import { wordsOf } from '#ui/text/text-match.ts';
import type { DocumentView } from './document-summary.ts';

/** What a list is narrowed to. Empty strings narrow nothing. */
export interface DocumentFilter {
  readonly query: string;
  readonly starred: boolean;
  /** The name that is asked for, by field (`DocumentDeclaration.facets`). */
  readonly names: { readonly [field: string]: string };
}

export const noFilter: DocumentFilter = { query: '', starred: false, names: {} };

export function isNarrowed({ query, starred, names }: DocumentFilter): boolean {
  return query.trim() !== '' || starred || Object.values(names).some((name) => name !== '');
}

export interface DocumentMatcher {
  /** Whether star and names let a document through. */
  readonly lets: (view: DocumentView) => boolean;
  /** Whether every word and phrase of the query is somewhere in its searchable fields. Case and accents do not matter. */
  readonly hasWords: (view: DocumentView) => boolean;
}

/** The two tests of a filter. Names are compared as `nameKey` folds them. */
export function documentMatcher(kind: DocumentKind, { query, starred, names }: DocumentFilter): DocumentMatcher {
  const asked = splitPhrases(query);
  const words = wordsOf(asked.rest);
  const phrases = asked.phrases.map(atomsOf);
  const { starField = '' } = kind.document;
  const wanted = Object.entries(names)
    .filter(([, name]) => name !== '')
    .map(([field, name]) => ({ field, key: nameKey(name) }));
  const searched = Object.keys(kind.fields).filter((field) => kind.fields[field]?.searchable);
  return {
    lets: ({ fields }) =>
      (!starred || fields[starField] === true) &&
      wanted.every(({ field, key }) => namesIn(fields[field]).some((name) => nameKey(name) === key)),
    hasWords({ fields }) {
      if (words.length + phrases.length === 0) return true;
      const all = searched.flatMap((field) => fields[field] ?? []);
      const folded = fold(blankReferences(all.join('\n')));
      return (
        words.every((word) => folded.includes(word)) &&
        phrases.every((phrase) => all.some((text) => hasPhrase(String(text), phrase)))
      );
    },
  };
}
