/** The beginning of bytes that come, looked at before they are read. */
import { joinBytes } from '#core/bytes.ts';

type Bytes = Uint8Array<ArrayBuffer>;

/** What a file is, and how large a picture, is said by its first bytes. */
export const HEAD_BYTES = 65_536;

/** So many of the first bytes at least, where there are as many, and all of them again. Throws what the bytes throw. */
export async function takeHead(
  bytes: AsyncGenerator<Bytes, void>,
): Promise<{ readonly head: Bytes; readonly all: AsyncGenerator<Bytes, void> }> {
  const pieces: Bytes[] = [];
  let size = 0;
  while (size < HEAD_BYTES) {
    const next = await bytes.next();
    if (next.done) break;
    pieces.push(next.value);
    size += next.value.byteLength;
  }
  const head = joinBytes(pieces);
  return { head, all: joined(head, bytes) };
}

async function* joined(head: Bytes, rest: AsyncGenerator<Bytes, void>): AsyncGenerator<Bytes, void> {
  yield head;
  yield* rest;
}
