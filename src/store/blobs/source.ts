/** The bytes of what is to be kept, a few MB at a time. */
import { type BytePieces, eachPiece, streamPieces } from '#core/byte-pieces.ts';
import type { BlobSource } from '#store/blob-store.ts';

/** What is read at once of what is larger than `WHOLE`. */
export const PIECE = 4 * 1024 * 1024;
/** Up to here a file is read into memory whole, so that it can be hashed at once, beside this thread. */
export const WHOLE = 32 * 1024 * 1024;

/** The file could not be read. `cause` is what the browser said. */
export class UnreadableSource extends Error {}

async function readable<V>(work: () => Promise<V>): Promise<V> {
  try {
    return await work();
  } catch (cause) {
    if (cause instanceof UnreadableSource) throw cause;
    throw new UnreadableSource('the file could not be read', { cause });
  }
}

export interface OpenSource {
  /** All of it, where it is not too large. */
  readonly whole: Uint8Array<ArrayBuffer> | null;
  readonly pieces: AsyncGenerator<Uint8Array<ArrayBuffer>, void>;
}

/** Throws `UnreadableSource`, and so do the pieces. */
export async function openSource(source: BlobSource): Promise<OpenSource> {
  if (source instanceof Uint8Array) return { whole: source, pieces: piecesOf(source) };
  if (!(source instanceof Blob))
    return { whole: null, pieces: piecesAsTheyCome('getReader' in source ? streamPieces(source) : source) };
  if (source.size > WHOLE) return { whole: null, pieces: piecesOfBlob(source) };
  const whole = new Uint8Array(await readable(() => source.arrayBuffer()));
  return { whole, pieces: piecesOf(whole) };
}

async function* piecesOf(bytes: Uint8Array<ArrayBuffer>) {
  for (let at = 0; at < bytes.length; at += PIECE) yield bytes.subarray(at, at + PIECE);
}

/** A few MB of a file at a time, for whoever has many of them to put: no more of it is in memory. */
export const piecesOfBlob = (blob: Blob): BytePieces => piecesAsTheyCome(eachPiece(blob, PIECE));

async function* piecesAsTheyCome(source: BytePieces): BytePieces {
  try {
    for (;;) {
      const next = await readable(() => source.next());
      if (next.done) return;
      yield next.value;
    }
  } finally {
    await source.return().catch(() => {});
  }
}
