import { createSource, type Source } from '#app/observable.ts';
import type { FormatId } from './editor/formats.ts';

/** What commands of the palette can do with the text of the open note. */
export interface OpenText {
  /** Null where the text is only to be read. */
  readonly format: ((id: FormatId) => void) | null;
  /** Opens the dialog that picks pictures and files; null where the text is only to be read. */
  readonly addFiles: (() => void) | null;
  readonly find: (replacing: boolean) => void;
  /** Follows the link to a note at the caret. */
  readonly followLink: () => void;
}

/** The text of the note that is shown; null where none is. */
export const openText: Source<OpenText | null> = createSource<OpenText | null>(null);
