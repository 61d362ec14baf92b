import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createTextBuffer, decodeUtf8 } from '#backup/format/text-bytes.ts';

/** `toEqual` takes seconds for a megabyte. */
const isText = (bytes: Uint8Array, text: string): boolean => Buffer.compare(bytes, new TextEncoder().encode(text)) === 0;

test('the bytes of texts are those of all of them, until it is cleared', () => {
  const long = ['a', 'é', '\u6f22', '\u{1f331}'].map((sign) => sign.repeat(100_000));
  const text = fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom(...long));
  fc.assert(
    fc.property(fc.array(fc.array(text, { maxLength: 4 })), (runs) => {
      const buffer = createTextBuffer();
      for (const texts of runs) {
        for (const one of texts) buffer.add(one);
        expect(isText(buffer.bytes(), texts.join(''))).toBe(true);
        buffer.clear();
      }
    }),
    { numRuns: 30 },
  );
});

test('a text has the memory of the one before it, and that of a large one is not kept', () => {
  const buffer = createTextBuffer();
  const bytesOf = (text: string): Uint8Array => {
    buffer.clear();
    buffer.add(text);
    return buffer.bytes();
  };
  const first = bytesOf('a'.repeat(1000));
  expect(bytesOf('b'.repeat(1000)).buffer).toBe(first.buffer);
  const large = 'c'.repeat(6_000_000);
  expect(isText(bytesOf(large), large)).toBe(true);
  expect(bytesOf('d').buffer.byteLength).toBeLessThan(1000);
});

test('bytes that are no UTF-8 have no text, and those after them do', () => {
  expect(decodeUtf8(new Uint8Array([0x61, 0xe2, 0x82]))).toBeNull();
  expect(decodeUtf8(new Uint8Array([0xac, 0x62]))).toBeNull();
  expect(decodeUtf8(new Uint8Array([0xef, 0xbb, 0xbf, 0x62]))).toBe('\ufeffb');
});
