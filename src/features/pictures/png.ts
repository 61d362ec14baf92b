/** PNG: a signature and chunks (W3C PNG, third edition). */
import { joinBytes } from '#core/bytes.ts';
import { ascii, type Bytes, createSink, fromAscii, hasAscii, u8, u32be, u32beBytes } from './bytes.ts';
import { exifOrientation, orientationOnly, type PictureSize, turned } from './exif.ts';

const SIGNATURE = '\x89PNG\r\n\x1a\n';
/** What a picture is made of and how it is coloured. Everything else is left out where metadata is. */
const NEEDED = new Set(
  'IHDR PLTE IDAT IEND tRNS gAMA cHRM sRGB iCCP cICP mDCV cLLI sBIT bKGD pHYs hIST sPLT acTL fcTL fdAT'.split(' '),
);

interface Chunk {
  readonly type: string;
  readonly start: number;
  readonly data: number;
  /** Where its data ends; its check sum follows. */
  readonly dataEnd: number;
  readonly end: number;
}

export const isPng = (bytes: Bytes): boolean => hasAscii(bytes, 0, SIGNATURE);

/** All chunks up to the last; one that is cut off ends where the bytes end. */
function* chunksOf(bytes: Bytes): Generator<Chunk> {
  for (let at = SIGNATURE.length; at + 8 <= bytes.length; ) {
    const type = ascii(bytes, at + 4, 4);
    const dataEnd = Math.min(at + 8 + u32be(bytes, at), bytes.length);
    const end = Math.min(dataEnd + 4, bytes.length);
    yield { type, start: at, data: at + 8, dataEnd, end };
    if (type === 'IEND') return;
    at = end;
  }
}

function orientationOf(bytes: Bytes) {
  for (const { type, data, dataEnd } of chunksOf(bytes))
    if (type === 'eXIf') return exifOrientation(bytes.subarray(data, dataEnd));
  return 1;
}

/** Width and height as shown; null where the header is not whole. */
export function pngSize(bytes: Bytes): PictureSize | null {
  if (!hasAscii(bytes, 12, 'IHDR')) return null;
  const [width, height] = [u32be(bytes, 16), u32be(bytes, 20)];
  return width > 0 && height > 0 ? turned(width, height, orientationOf(bytes)) : null;
}

/** Whether it moves: it says so before its picture begins, and has more than one frame. */
export function isAnimatedPng(bytes: Bytes): boolean {
  for (const { type, data } of chunksOf(bytes)) {
    if (type === 'acTL') return u32be(bytes, data) > 1;
    if (type === 'IDAT') return false;
  }
  return false;
}

/** The check sum of PNG (CRC-32). For a few bytes: without a table. */
function crc32(bytes: Bytes): number {
  let crc = 0xffffffff;
  for (let i = 0; i < bytes.length; i++) {
    crc ^= u8(bytes, i);
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return ~crc >>> 0;
}

/** A chunk with its check sum. */
export function pngChunk(type: string, data: Bytes): Bytes {
  const named = joinBytes([fromAscii(type), data]);
  return joinBytes([u32beBytes(data.length), named, u32beBytes(crc32(named))]);
}

/** The same picture without texts, times, Exif (but for the orientation), unknown chunks and what is behind its end. */
export function stripPng(bytes: Bytes): Bytes {
  const sink = createSink(bytes);
  sink.copy(0, SIGNATURE.length);
  let hasExif = false;
  for (const { type, start, data, dataEnd, end } of chunksOf(bytes)) {
    if (NEEDED.has(type)) sink.copy(start, end);
    if (type !== 'eXIf' || hasExif) continue;
    hasExif = true;
    const orientation = exifOrientation(bytes.subarray(data, dataEnd));
    if (orientation !== 1) sink.add(pngChunk('eXIf', orientationOnly(orientation)));
  }
  return sink.bytes();
}
