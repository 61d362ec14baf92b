import type { EntityView } from '#app/app.ts';
import { note } from '#entities/note.ts';
import { excerpt } from '#features/markdown/plain-text.ts';

/** What a list keeps of a note: never its whole text, because a list may hold many thousand. */
export interface NoteSummary {
  readonly id: string;
  readonly title: string;
  readonly excerpt: string;
  readonly tags: readonly string[];
  readonly notebook: string;
  readonly starred: boolean;
  readonly updatedAt: number;
  readonly binnedAt: number | null;
}

/** A note as its row in a list. */
export function summarize({ id, fields, updatedAt }: EntityView<'note'>): NoteSummary {
  const { text, tags, notebook, starred, binnedAt } = fields;
  return {
    id,
    title: note.title(fields),
    excerpt: excerpt(text),
    tags,
    notebook,
    starred,
    updatedAt,
    binnedAt,
  };
}
