/** Reading numbers out of bytes that may be cut off anywhere: beyond the end every number is NaN, which no comparison holds for. */

/** Bytes that a `Blob` can be made of. */
export type Bytes = Uint8Array<ArrayBuffer>;

export const u8 = (bytes: Bytes, at: number): number => bytes[at] ?? Number.NaN;
export const u16be = (bytes: Bytes, at: number): number => u8(bytes, at) * 0x100 + u8(bytes, at + 1);
export const u16le = (bytes: Bytes, at: number): number => u8(bytes, at + 1) * 0x100 + u8(bytes, at);
export const u24le = (bytes: Bytes, at: number): number => u8(bytes, at + 2) * 0x1_0000 + u16le(bytes, at);
export const u32be = (bytes: Bytes, at: number): number => u16be(bytes, at) * 0x1_0000 + u16be(bytes, at + 2);
export const u32le = (bytes: Bytes, at: number): number => u16le(bytes, at + 2) * 0x1_0000 + u16le(bytes, at);

/** An unsigned number of `size` bytes (0 to 8), the highest first. */
export function uintBe(bytes: Bytes, at: number, size: number): number {
  let value = 0;
  for (let i = 0; i < size; i++) value = value * 0x100 + u8(bytes, at + i);
  return value;
}

/** `length` bytes as characters of Latin-1, fewer at the end. */
export const ascii = (bytes: Bytes, at: number, length: number): string =>
  at >= 0 ? String.fromCharCode(...bytes.subarray(at, at + length)) : '';

/** The bytes of a Latin-1 text. */
export const fromAscii = (text: string): Bytes => Uint8Array.from(text, (sign) => sign.charCodeAt(0));

/** Whether `text` (Latin-1) is there. */
export function hasAscii(bytes: Bytes, at: number, text: string): boolean {
  for (let i = 0; i < text.length; i++) if (bytes[at + i] !== text.charCodeAt(i)) return false;
  return true;
}

/** An unsigned 32-bit number as bytes, the highest first. */
export const u32beBytes = (value: number): Bytes =>
  Uint8Array.of((value >>> 24) & 0xff, (value >>> 16) & 0xff, (value >>> 8) & 0xff, value & 0xff);

/** An unsigned 32-bit number as bytes, the lowest first. */
export const u32leBytes = (value: number): Bytes => u32beBytes(value).reverse();

/** Bytes that are put together piece by piece. What is stripped of a file is at most `spare` longer than the file was. */
export function createSink(source: Bytes, spare = 64) {
  const taken = new Uint8Array(source.length + spare);
  let length = 0;
  const add = (part: Bytes): void => {
    taken.set(part, length);
    length += part.length;
  };
  return {
    add,
    /** Adds what the source has from `start` to `end`. */
    copy: (start: number, end: number): void => add(source.subarray(start, end)),
    bytes: (): Bytes => taken.subarray(0, length),
  };
}
