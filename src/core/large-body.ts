/**
 * A body that is too large to travel inside of its op travels as a blob: its bytes are its UTF-8 text, its name is their hash, the hash
 * that the op would have had. In its place the op carries a *stand-in*, and names the blob among its others. To the server that is a body
 * like any other. An app that does not know stand-ins finds no body in one, and keeps it as it came; the reference in it is one of
 * `blobsIn`, so that such an app names the blob, too.
 * Docs: `docs/decisions/0037-large-bodies-travel-as-blobs.md`.
 */
import { type BlobHash, blobReference, MAX_OP_BLOBS } from './blobs.ts';
import { hashText } from './hash.ts';
import { MAX_BODY_CHARS, type Op } from './protocol.ts';

/** Above this, in UTF-16 code units, a body travels by itself. */
export const LARGE_BODY_CHARS = 524_288;

/** No body has more bytes: three for each code unit at most. */
const MAX_BYTES = 3 * MAX_BODY_CHARS;

export interface StandIn {
  /** The blob that is the body's text. */
  readonly blob: BlobHash;
  readonly bytes: number;
}

/** The text in place of a body. The same body has the same in every app: a hash of it tells as much. */
export const standInFor = ({ blob, bytes }: StandIn): string => `{"body":"${blobReference(blob, '')}","bytes":${bytes}}`;

/** What a text stands in for; null where it does not. A body never looks like one: it has other members. */
export function readStandIn(text: string | null): StandIn | null {
  const [, blob, count] = /^\{"body":"files\/([0-9a-f]{64})","bytes":(\d{1,9})\}$/.exec(text ?? '') ?? [];
  const bytes = Number(count);
  return blob !== undefined && bytes <= MAX_BYTES ? { blob, bytes } : null;
}

/** How many bytes a text has in UTF-8, without making them. */
export function countBytes(text: string): number {
  let bytes = text.length;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code > 0x7f) bytes += code > 0x7ff && (code < 0xd800 || code > 0xdfff) ? 2 : 1;
  }
  return bytes;
}

/** Whether a hash is that of the op's body in either of its forms: as the op carries it, or by itself. An op may be pushed again in the other. */
export function isHashOf(hash: string, op: Pick<Op, 'body' | 'hash'>): boolean {
  if (hash === op.hash || op.body === null) return hash === op.hash;
  const standIn = readStandIn(op.body);
  return hash === (standIn ? standIn.blob : hashText(standInFor({ blob: op.hash, bytes: countBytes(op.body) })));
}

/** The op as it travels where its body goes ahead as a blob; null of an op without a body. */
export function withStandIn(op: Op): Op | null {
  if (op.body === null) return null;
  const body = standInFor({ blob: op.hash, bytes: countBytes(op.body) });
  return { ...op, body, hash: hashText(body), blobs: [op.hash, ...op.blobs].slice(0, MAX_OP_BLOBS) };
}
