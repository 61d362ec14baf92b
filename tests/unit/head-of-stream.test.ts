import { expect, test } from 'vitest';
import { takeHead } from '#sync/head-of-stream.ts';

async function* piecesOf(...sizes: readonly number[]): AsyncGenerator<Uint8Array<ArrayBuffer>, void> {
  for (const [at, size] of sizes.entries()) yield new Uint8Array(size).fill(at + 1);
}

test.each([[[200_000, 5]], [[60_000, 10_000, 5]], [[70, 30]], [[]]] as const)(
  'the head of pieces of %j bytes has 64 KB at most, however they come, and nothing of them is lost',
  async (sizes) => {
    const size = sizes.reduce((sum: number, one) => sum + one, 0);
    const { head, all } = await takeHead(piecesOf(...sizes));
    expect(head.length).toBe(Math.min(65_536, size));
    let read = 0;
    for await (const piece of all) read += piece.length;
    expect(read).toBe(size);
  },
);
