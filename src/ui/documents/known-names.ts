import { createSource, type Observable } from '#app/observable.ts';
import type { DocumentKind } from '#entities/documents.ts';
import { once } from '#ui/text/once.ts';
import { type DocumentView, namesIn } from './document-summary.ts';

/** The names seen so far, in order, by field (`DocumentDeclaration.facets`). */
export type Names = { readonly [field: string]: readonly string[] };

export interface KnownNames {
  readonly names: Observable<Names>;
  /** Takes up the names of documents that have been read. */
  learn(views: readonly DocumentView[]): void;
}

/** Made when the first name is seen: some milliseconds of a cold start. */
const collator = once(() => new Intl.Collator());

/**
 * Tags, notebooks and the like of the documents seen so far, for filters and suggestions. They come with the pages that are
 * read anyway; a name whose last document is gone stays until the app starts again, which is harmless in a list of suggestions.
 */
export function createKnownNames({ document: { facets = [] } }: DocumentKind): KnownNames {
  const names = createSource<Names>(Object.fromEntries(facets.map(({ field }) => [field, []])));
  return {
    names,
    learn(views) {
      const known = names.value;
      const next = Object.entries(known).map(([field, all]): [string, readonly string[]] => [
        field,
        extend(
          all,
          views.flatMap(({ fields }) => namesIn(fields[field])),
        ),
      ]);
      if (next.some(([field, all]) => all !== known[field])) names.set(Object.fromEntries(next));
    },
  };
}

function extend(known: readonly string[], seen: readonly string[]): readonly string[] {
  const fresh = new Set(seen.filter((name) => !known.includes(name)));
  return fresh.size === 0 ? known : [...known, ...fresh].sort(collator().compare);
}
