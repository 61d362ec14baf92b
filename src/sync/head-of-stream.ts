/** The beginning of bytes that come, looked at before they are read. */
import { joinBytes } from '#core/bytes.ts';

type Bytes = Uint8Array<ArrayBuffer>;

/** What a file is, and how large a picture, is said by its first bytes. */
const HEAD_BYTES = 65_536;

/** So many of the first bytes, where there are as many, and all of them again, in pieces that are there as long as those that came. Throws what they throw. */
export async function takeHead(
  bytes: AsyncGenerator<Bytes, void>,
): Promise<{ readonly head: Bytes; readonly all: AsyncGenerator<Bytes, void> }> {
  const pieces: Bytes[] = [];
  let size = 0;
  while (size < HEAD_BYTES) {
    const next = await bytes.next();
    if (next.done) break;
    size += next.value.byteLength;
    // It is there until the next one is asked for.
    pieces.push(size < HEAD_BYTES ? next.value.slice() : next.value);
  }
  const [only] = pieces;
  const begun = only && pieces.length === 1 ? only : joinBytes(pieces);
  return { head: begun.slice(0, HEAD_BYTES), all: joined(begun, bytes) };
}

async function* joined(begun: Bytes, rest: AsyncGenerator<Bytes, void>): AsyncGenerator<Bytes, void> {
  yield begun;
  yield* rest;
}
