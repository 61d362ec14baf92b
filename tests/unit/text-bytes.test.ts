import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createTextBytes, decodeUtf8 } from '#backup/format/text-bytes.ts';

const encode = (text: string): Uint8Array => new TextEncoder().encode(text);

test('the bytes of one text after the other are those of each', () => {
  const long = ['a', 'é', '\u6f22', '\u{1f331}'].map((sign) => sign.repeat(100_000));
  fc.assert(
    fc.property(fc.array(fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom(...long))), (texts) => {
      const bytesOf = createTextBytes();
      for (const text of texts) expect(bytesOf(text)).toEqual(encode(text));
    }),
    { numRuns: 30 },
  );
});

test('a text has the memory of the one before it, unless it is large', () => {
  const bytesOf = createTextBytes();
  const first = bytesOf('a'.repeat(1000));
  expect(bytesOf('b'.repeat(1000)).buffer).toBe(first.buffer);
  const large = bytesOf('c'.repeat(600_000));
  expect(large.buffer).not.toBe(first.buffer);
  expect(large).toEqual(encode('c'.repeat(600_000)));
});

test('bytes that are no UTF-8 have no text, and those after them do', () => {
  expect(decodeUtf8(new Uint8Array([0x61, 0xe2, 0x82]))).toBeNull();
  expect(decodeUtf8(new Uint8Array([0xac, 0x62]))).toBeNull();
  expect(decodeUtf8(new Uint8Array([0xef, 0xbb, 0xbf, 0x62]))).toBe('\ufeffb');
});
