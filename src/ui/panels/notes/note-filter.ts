import type { EntityView } from '#app/app.ts';
import { fold, wordsOf } from '#ui/text-match.ts';

/** What the list is narrowed to. Empty strings narrow nothing. */
export interface NoteFilter {
  readonly query: string;
  readonly starred: boolean;
  readonly tag: string;
  readonly notebook: string;
}

export const noFilter: NoteFilter = { query: '', starred: false, tag: '', notebook: '' };

export function isNarrowed({ query, starred, tag, notebook }: NoteFilter): boolean {
  return query.trim() !== '' || starred || tag !== '' || notebook !== '';
}

/** A test for notes. Every word of the query must stand somewhere in title, text, tags or notebook; case and accents do not matter. */
export function noteMatcher(filter: NoteFilter): (view: EntityView<'note'>) => boolean {
  const words = wordsOf(filter.query);
  return ({ fields }) => {
    if (filter.starred && !fields.starred) return false;
    const { title, text, tags, notebook } = fields;
    if (filter.tag !== '' && !tags.includes(filter.tag)) return false;
    if (filter.notebook !== '' && notebook !== filter.notebook) return false;
    if (words.length === 0) return true;
    const all = fold([title, notebook, ...tags, text].join('\n'));
    return words.every((word) => all.includes(word));
  };
}
