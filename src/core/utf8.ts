import { utf8ToBytes } from '@noble/hashes/utils.js';

/** The UTF-8 bytes of a text without lone surrogates. */
export const toUtf8 = (text: string): Uint8Array<ArrayBuffer> => utf8ToBytes(text) as Uint8Array<ArrayBuffer>;

/** More code units are not given to `fromCharCode` at once: they are its arguments. */
const UNITS = 8192;

/**
 * The text of these bytes: the inverse of `toUtf8`, whose result is all that it is good for. Other bytes give some text: a hash tells. (There
 * is no TextDecoder in this world.)
 */
export function fromUtf8(bytes: Uint8Array): string {
  const units = new Uint16Array(UNITS + 1);
  let text = '';
  let used = 0;
  const next = (at: number): number => (bytes[at] ?? 0) & 0x3f;
  for (let at = 0; at < bytes.length; ) {
    const first = bytes[at] ?? 0;
    if (first < 0x80) {
      units[used++] = first;
      at += 1;
    } else if (first < 0xe0) {
      units[used++] = ((first & 0x1f) << 6) | next(at + 1);
      at += 2;
    } else if (first < 0xf0) {
      units[used++] = ((first & 0xf) << 12) | (next(at + 1) << 6) | next(at + 2);
      at += 3;
    } else {
      const point = (((first & 0x7) << 18) | (next(at + 1) << 12) | (next(at + 2) << 6) | next(at + 3)) - 0x10000;
      units[used++] = 0xd800 | (point >> 10);
      units[used++] = 0xdc00 | (point & 0x3ff);
      at += 4;
    }
    if (used >= UNITS) {
      text += String.fromCharCode(...units.subarray(0, used));
      used = 0;
    }
  }
  return text + String.fromCharCode(...units.subarray(0, used));
}
