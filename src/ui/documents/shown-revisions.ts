/** The kept revisions of a document as a person looks through them: each once, and how much is in each. */
import type { HistoryEntry } from '#app/app.ts';
import type { Fields } from '#core/entity.ts';
import type { DocumentKind } from '#entities/documents.ts';
import { countWords } from '#features/markdown/plain-text.ts';
import { changedFields } from './revisions.ts';

/** A revision that is kept beside the document, or a state of it that backups hold. */
export type ShownEntry = Omit<HistoryEntry, 'reason'> & { readonly reason: HistoryEntry['reason'] | 'backup' };

export interface ShownRevision {
  readonly entry: ShownEntry;
  /** Words more than in the revision before, or fewer (negative); null where that was not counted. */
  readonly words: number | null;
  /** How many backups have it, and since when, wall time in ms. */
  readonly inBackups?: { readonly since: number; readonly backups: number };
}

/** Words are counted in so much text; a long history of a long document says no numbers for its oldest revisions. */
const MOST_CHARS = 3_000_000;

/**
 * The revisions that differ, newest first: of equal ones that follow each other the newest, and none that is as the document is now. A
 * restore of any of them changes something.
 */
export function differingRevisions(
  entries: readonly HistoryEntry[],
  kind: DocumentKind,
  present: Fields,
): readonly HistoryEntry[] {
  return entries.filter(({ fields }, at) => changedFields(kind, fields, entries[at - 1]?.fields ?? present).length > 0);
}

/** The revisions with the words that each has added to the one before. */
export function countRevisions(entries: readonly HistoryEntry[], { document }: DocumentKind): readonly ShownRevision[] {
  const { textField } = document;
  let left = MOST_CHARS;
  const counts = entries.map(({ fields }) => {
    const text = textField === undefined ? '' : String(fields[textField] ?? '');
    left -= text.length;
    return textField === undefined || left < 0 ? null : countWords(text);
  });
  return entries.map((entry, at) => {
    const own = counts[at] ?? null;
    const before = at === entries.length - 1 ? 0 : (counts[at + 1] ?? null);
    return { entry, words: own === null || before === null ? null : own - before };
  });
}
