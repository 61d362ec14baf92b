import { expect, test } from 'vitest';
import { type ByteFile, eachPiece } from '#core/byte-pieces.ts';
import { joinBytes } from '#core/bytes.ts';
import { someBytes } from '#support/blob-bytes.ts';

/** Of an engine whose files give memory and fill none. */
function plainFile(bytes: Uint8Array<ArrayBuffer>): ByteFile {
  const blob = new Blob([bytes]);
  const stream = () =>
    new ReadableStream<Uint8Array<ArrayBuffer>>({
      start(controller) {
        controller.enqueue(bytes);
        controller.close();
      },
    });
  return { size: blob.size, slice: (from, to) => blob.slice(from, to), stream: stream as unknown as ByteFile['stream'] };
}

const SIZES = [
  [0, []],
  [10, [10]],
  [100_000, [100_000]],
  [250_000, [100_000, 100_000, 50_000]],
] as const;

async function readAll(file: ByteFile) {
  const pieces: Uint8Array[] = [];
  const copies: Uint8Array[] = [];
  for await (const piece of eachPiece(file, 100_000)) {
    pieces.push(piece);
    copies.push(piece.slice());
  }
  return { pieces, copies };
}

test.each(SIZES)('%i bytes of a file come in pieces of 100,000', async (size, lengths) => {
  const bytes = someBytes(size);
  for (const file of [new Blob([bytes]) as ByteFile, plainFile(bytes)]) {
    const { copies } = await readAll(file);
    expect(copies.map(({ length }) => length)).toEqual(lengths);
    expect(joinBytes(copies)).toEqual(bytes);
  }
});

test('one piece is in memory at a time', async () => {
  const { pieces } = await readAll(new Blob([someBytes(250_000)]));
  expect(pieces.map(({ byteLength }) => byteLength)).toEqual([0, 0, 50_000]);
});

test('a file that is left in the middle is read no further, and what it throws is thrown', async () => {
  for await (const piece of eachPiece(new Blob([someBytes(250_000)]), 100_000)) {
    expect(piece.length).toBe(100_000);
    break;
  }
  const gone = { ...plainFile(someBytes(10)), slice: () => ({ arrayBuffer: () => Promise.reject(new Error('gone')) }) };
  await expect(readAll(gone)).rejects.toThrow('gone');
});
