import type { BlobHash } from '#core/blobs.ts';
import { BINNED_AT, type Fields } from '#core/entity.ts';
import { timeOfId } from '#core/ids.ts';
import type { Json } from '#core/json.ts';
import { namesIn, uniqueNames } from '#core/names.ts';
import type { DocumentKind } from '#entities/documents.ts';
import { firstPicture } from '#features/markdown/file-markdown.ts';
import { excerpt } from '#features/markdown/plain-text.ts';

/** What a list keeps of a document: never its whole text, because a list may hold many thousand. */
export interface DocumentSummary {
  readonly id: string;
  readonly title: string;
  /** The beginning of its text; '' where its kind declares none. */
  readonly excerpt: string;
  /** The first picture that its text shows, where it is kept on this device or in the account; null where there is none. */
  readonly picture: BlobHash | null;
  /** The names that it carries, by field (`DocumentDeclaration.facets`). */
  readonly names: { readonly [field: string]: readonly string[] };
  readonly starred: boolean;
  /** At the top of its list. */
  readonly pinned: boolean;
  /** When it was last used, in ms: lists are in this order. */
  readonly usedAt: number;
  /** When it was edited last, in ms. */
  readonly editedAt: number;
  readonly binnedAt: number | null;
}

/** What a summary is made of: an entity of the kind, as the app reads it. */
export interface DocumentView {
  readonly id: string;
  readonly fields: Fields;
  readonly updatedAt: number;
}

/** A document as its row in a list. */
export function summarize(kind: DocumentKind, { id, fields, updatedAt }: DocumentView): DocumentSummary {
  const { textField, starField, pinField, usedField, facets = [] } = kind.document;
  const text = textField === undefined ? undefined : fields[textField];
  const binnedAt = fields[BINNED_AT];
  return {
    id,
    title: kind.title(fields),
    excerpt: typeof text === 'string' ? excerpt(text) : '',
    picture: typeof text === 'string' ? firstPicture(text) : null,
    names: Object.fromEntries(facets.map(({ field }) => [field, uniqueNames(namesIn(fields[field]))])),
    starred: starField !== undefined && fields[starField] === true,
    pinned: pinField !== undefined && fields[pinField] === true,
    editedAt: updatedAt,
    usedAt: usedField === undefined ? updatedAt : usedTime(fields[usedField], id, updatedAt),
    binnedAt: typeof binnedAt === 'number' ? binnedAt : null,
  };
}

/** Never used, it is as old as it is: a change to its title or its star is no use. */
const usedTime = (value: Json | undefined, id: string, updatedAt: number): number =>
  typeof value === 'number' ? value : (timeOfId(id) ?? updatedAt);
