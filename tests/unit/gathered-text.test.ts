/** What comes in pieces of any size is the same text, kept in few blocks. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { gatherText } from '#server/http/gathered-text.ts';

const BLOCK_BYTES = 64 * 1024;

test('pieces of any size, cut anywhere, are the same text', () => {
  const cuts = fc.array(fc.integer({ min: 1, max: 3 * BLOCK_BYTES }), { minLength: 1, maxLength: 12 });
  fc.assert(
    fc.property(
      fc.string({ unit: 'binary', minLength: 1, maxLength: 50 }),
      fc.integer({ min: 1, max: 9000 }),
      cuts,
      (words, times, sizes) => {
        const bytes = Buffer.from(words.repeat(times));
        const gathered = gatherText();
        for (let at = 0, turn = 0; at < bytes.length; turn++) {
          const size = sizes[turn % sizes.length] as number;
          gathered.add(bytes.subarray(at, at + size));
          at += size;
        }
        expect(gathered.text() === bytes.toString('utf8')).toBe(true);
      },
    ),
    { numRuns: 30 },
  );
});

test('what a piece was cut from may be used again', () => {
  const gathered = gatherText();
  const piece = Buffer.from('one');
  gathered.add(piece);
  piece.fill('x');
  expect(gathered.text()).toBe('one');
});
