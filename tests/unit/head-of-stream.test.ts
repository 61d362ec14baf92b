import { expect, test } from 'vitest';
import { joinBytes } from '#core/bytes.ts';
import { passingPieces, someBytes } from '#support/blob-bytes.ts';
import { takeHead } from '#sync/head-of-stream.ts';

test.each([
  [200_005, 200_000],
  [70_005, 30_000],
  [65_536, 65_536],
  [100, 70],
  [300_000, 1000],
  [0, 10],
])(
  'the head of %i bytes in pieces of %i, each gone when the next is asked for, has 64 KB at most, and nothing of them is lost',
  async (size, piece) => {
    const bytes = someBytes(size);
    const { head, all } = await takeHead(passingPieces(bytes, piece));
    const read: Uint8Array[] = [];
    for await (const one of all) read.push(one.slice());
    expect(joinBytes(read)).toEqual(bytes);
    // It stays.
    expect(head).toEqual(bytes.slice(0, 65_536));
  },
);
