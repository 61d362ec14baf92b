/** GIF: a screen, then blocks, each a chain of parts of up to 255 bytes (GIF89a specification). */
import { type Bytes, createSink, hasAscii, u8, u16le } from './bytes.ts';
import type { PictureSize } from './exif.ts';

const EXTENSION = 0x21;
const IMAGE = 0x2c;
const XMP = '\xff\x0bXMP DataXMP';

interface Block {
  readonly type: number;
  readonly start: number;
  readonly end: number;
}

export const isGif = (bytes: Bytes): boolean => hasAscii(bytes, 0, 'GIF87a') || hasAscii(bytes, 0, 'GIF89a');

/** The length of a table of colours, by the byte that says whether there is one. */
const tableBytes = (packed: number): number => (packed & 0x80 ? 3 * 2 ** ((packed & 7) + 1) : 0);

/** The end of a chain of parts, of the bytes where it is cut off. */
function endOfParts(bytes: Bytes, start: number): number {
  let at = start;
  for (let length = u8(bytes, at); length > 0; length = u8(bytes, at)) at += 1 + length;
  return Math.min(at + 1, bytes.length);
}

/** Images and extensions up to the trailer, or to what is neither. */
function* blocksOf(bytes: Bytes): Generator<Block> {
  for (let at = 13 + tableBytes(u8(bytes, 10)); at < bytes.length; ) {
    const type = u8(bytes, at);
    if (type !== EXTENSION && type !== IMAGE) return;
    const parts = type === EXTENSION ? at + 2 : at + 11 + tableBytes(u8(bytes, at + 9));
    const end = endOfParts(bytes, parts);
    yield { type, start: at, end };
    at = end;
  }
}

/** The screen, or its first image where that is larger: browsers show the larger one. Null where neither is whole. */
export function gifSize(bytes: Bytes): PictureSize | null {
  let [width, height] = [u16le(bytes, 6), u16le(bytes, 8)];
  for (const { type, start } of blocksOf(bytes)) {
    if (type !== IMAGE) continue;
    width = Math.max(width, u16le(bytes, start + 5));
    height = Math.max(height, u16le(bytes, start + 7));
    break;
  }
  return width > 0 && height > 0 ? { width, height } : null;
}

/** Whether it moves: it has a second image. */
export function isAnimatedGif(bytes: Bytes): boolean {
  let images = 0;
  for (const { type } of blocksOf(bytes)) if (type === IMAGE && ++images > 1) return true;
  return false;
}

/** The same picture without XMP, the one place of a GIF that programs write personal data to. */
export function stripGif(bytes: Bytes): Bytes {
  const sink = createSink(bytes);
  let from = 0;
  for (const { type, start, end } of blocksOf(bytes)) {
    if (type !== EXTENSION || !hasAscii(bytes, start + 1, XMP)) continue;
    sink.copy(from, start);
    from = end;
  }
  sink.copy(from, bytes.length);
  return sink.bytes();
}
