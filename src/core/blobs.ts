/**
 * Bytes beside entities: pictures and files. A blob is named by the SHA-256 of its bytes. What refers to it is text in the body of an
 * entity, `files/<hash>.<extension>`, the address that it also has in an export: a copied line, a merge and an earlier revision
 * carry their references by themselves, and a kind needs no declaration for it.
 * Docs: `docs/decisions/0036-blobs-are-named-in-the-text.md`.
 */

declare const blobHash: unique symbol;
/** SHA-256 in 64 lower-case hex digits, the same that `sha256sum` prints. */
export type BlobHash = string & { readonly [blobHash]?: true };

/** An op names this many at most; what a body names beyond them is not kept by the server for its sake. */
export const MAX_OP_BLOBS = 1000;

/** The largest file that a device adds, and that a server takes by default: 100 MB, as sizes are shown. */
export const MAX_BLOB_BYTES = 100_000_000;

const FOLDER = 'files/';
const REFERENCE = /files\/([0-9a-f]{64})(?![0-9a-f])/g;
/** A reference with its extension. */
export const WHOLE_REFERENCE = /files\/[0-9a-f]{64}(?![0-9a-f])(?:\.[a-z0-9]{1,8}(?![a-z0-9]))?/g;
const EXTENSION = /^[a-z0-9]{1,8}$/;

/** The hashes that a text refers to, each once, in the order of their first reference. Linear in the length of the text. */
export function blobsIn(text: string): BlobHash[] {
  if (!text.includes(FOLDER)) return [];
  return [...new Set(Array.from(text.matchAll(REFERENCE), ([, hash = '']) => hash))];
}

/** The text with spaces where its references are: every place in it stays what it is. For whoever looks for words. */
export const blankReferences = (text: string): string =>
  text.includes(FOLDER) ? text.replace(WHOLE_REFERENCE, (reference) => ' '.repeat(reference.length)) : text;

/** The text with the beginnings of the hashes alone, for who looks at it: `files/5879edb3….png`. No reference any more. */
export const shortReferences = (text: string): string =>
  text.includes(FOLDER) ? text.replace(REFERENCE, (_, hash: string) => `${FOLDER}${hash.slice(0, 8)}…`) : text;

/** Longer than any reference, in UTF-16 code units. */
export const LONGEST_REFERENCE = 80;

/** `at`, or where that is inside a reference, the end of it: a text that is cut there has no half of one. */
export function outsideReference(text: string, at: number): number {
  const from = Math.max(0, at - LONGEST_REFERENCE);
  for (const { 0: reference, index } of text.slice(from, at + LONGEST_REFERENCE).matchAll(WHOLE_REFERENCE)) {
    const end = from + index + reference.length;
    if (from + index < at && at < end) return end;
  }
  return at;
}

/** Whether neither end of a part of a text is inside a reference: what is taken or changed there breaks none. */
export const cutsNoReference = (text: string, from: number, to: number): boolean =>
  outsideReference(text, from) === from && outsideReference(text, to) === to;

/** How a text refers to a blob. An extension that no file system would take is left out. */
export const blobReference = (hash: BlobHash, extension: string): string =>
  EXTENSION.test(extension) ? `${FOLDER}${hash}.${extension}` : `${FOLDER}${hash}`;

/** Whether a text is a hash as blobs are named. */
export const isBlobHash = (text: string): text is BlobHash => /^[0-9a-f]{64}$/.test(text);

export interface Reference {
  readonly hash: BlobHash;
  /** Without its dot; empty where there is none. */
  readonly extension: string;
}

/** The address of a picture or a link as a reference, also from inside a folder of an export; null for any other address. */
export function readReference(address: string): Reference | null {
  const [, hash, extension = ''] = /^(?:\.{1,2}\/)*files\/([0-9a-f]{64})(?:\.([a-z0-9]{1,8}))?$/.exec(address) ?? [];
  return hash === undefined ? null : { hash, extension };
}
