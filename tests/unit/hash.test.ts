import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { hashText } from '#core/hash.ts';
import { runs } from '#support/property-runs.ts';

const expected = (text: string): string => createHash('sha256').update(text, 'utf8').digest('hex');

describe('the hash of a text', () => {
  test('is the SHA-256 that Node computes of its UTF-8 bytes', () => {
    const texts = fc.oneof(fc.string({ unit: 'binary' }), fc.string({ unit: 'grapheme', maxLength: 300 }));
    fc.assert(
      fc.property(texts, (text) => {
        expect(hashText(text)).toBe(expected(text));
      }),
      { numRuns: runs(150) },
    );
  });

  test.each([
    ['the empty text', '', 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'],
    ['"abc" (FIPS 180-2)', 'abc', 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'],
  ])('of %s is the published one', (_name, text, hash) => {
    expect(hashText(text)).toBe(hash);
  });

  test('is right around the edges of a block and for a megabyte', () => {
    for (const length of [55, 56, 57, 63, 64, 65, 119, 120, 128, 1_000_000]) {
      expect(hashText('ü'.repeat(length >> 1))).toBe(expected('ü'.repeat(length >> 1)));
      expect(hashText('x'.repeat(length))).toBe(expected('x'.repeat(length)));
    }
  });
});
