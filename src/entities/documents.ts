/** The kinds that a person opens, as the ledger has them, and their names in a sentence. */
import type { DocumentDeclaration, EntityDeclaration, Nouns } from '#core/entity.ts';
import { ledger } from './index.ts';

/** A kind whose entities are documents. */
export interface DocumentKind extends EntityDeclaration {
  readonly document: DocumentDeclaration;
}

export const isDocumentKind = (declaration: EntityDeclaration): declaration is DocumentKind => declaration.document !== undefined;

/** Every kind of document, in the order of the ledger. */
export const documentKinds = (): readonly DocumentKind[] => [...ledger.values()].filter(isDocumentKind);

/** The kind of document by its name; undefined where it is none. */
export function documentKind(kind: string): DocumentKind | undefined {
  const declaration = ledger.get(kind);
  return declaration && isDocumentKind(declaration) ? declaration : undefined;
}

/** As `documentKind`, for whoever is built for one. Throws where it is none. */
export function knownDocumentKind(kind: string): DocumentKind {
  const declaration = documentKind(kind);
  if (!declaration) throw new Error(`No kind of document: ${kind}`);
  return declaration;
}

/** The kind that links by title lead to. */
export function linkedKind(): DocumentKind {
  const linked = documentKinds().find(({ document }) => document.linkedByTitle);
  if (!linked) throw new Error('No kind is linked by title');
  return linked;
}

/** The kinds whose entities go with one of this kind, as its children: the messages of a chat. */
export const childKinds = (kind: string): readonly EntityDeclaration[] =>
  [...ledger.values()].filter(({ parent }) => parent?.kind === kind);

/** *notes, chats and flashcards*. */
export function listWords(words: readonly string[], last: 'and' | 'or' = 'and'): string {
  const [end = '', ...rest] = words.toReversed();
  return rest.length === 0 ? end : `${rest.toReversed().join(', ')} ${last} ${end}`;
}

/** What the documents are called, in one list: *notes and chats*, *note or chat*. */
export const documentNouns = (number: keyof Nouns, last?: 'and' | 'or'): string =>
  listWords(
    documentKinds().map(({ nouns }) => nouns[number]),
    last,
  );
