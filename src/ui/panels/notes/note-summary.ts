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

export function summarize({ id, fields, updatedAt }: EntityView): NoteSummary {
  const binnedAt = fields['binnedAt'];
  return {
    id,
    title: note.title(fields),
    excerpt: excerpt(textOf(fields['text'])),
    tags: tagsOf(fields['tags']),
    notebook: textOf(fields['notebook']),
    starred: fields['starred'] === true,
    updatedAt,
    binnedAt: typeof binnedAt === 'number' ? binnedAt : null,
  };
}

/** A field as text; one that another version wrote differently reads as empty. */
export function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

export function tagsOf(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((tag): tag is string => typeof tag === 'string') : [];
}
