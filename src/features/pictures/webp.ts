/** WebP: chunks in a RIFF file (RFC 9649). */
import { joinBytes } from '#core/bytes.ts';
import { ascii, type Bytes, createSink, fromAscii, hasAscii, u8, u16le, u24le, u32le, u32leBytes } from './bytes.ts';
import { exifOrientation, type Orientation, orientationOnly, type PictureSize, turned } from './exif.ts';

const NEEDED = new Set(['VP8X', 'VP8 ', 'VP8L', 'ALPH', 'ICCP', 'ANIM', 'ANMF']);
const HEADER_BYTES = 12;
const ANIMATION_FLAG = 0x02;
const XMP_FLAG = 0x04;
const EXIF_FLAG = 0x08;

interface Chunk {
  readonly type: string;
  readonly start: number;
  readonly data: number;
  readonly dataEnd: number;
  readonly end: number;
}

export const isWebp = (bytes: Bytes): boolean => hasAscii(bytes, 0, 'RIFF') && hasAscii(bytes, 8, 'WEBP');

/** All chunks of the file; one that is cut off ends where the bytes end. */
function* chunksOf(bytes: Bytes): Generator<Chunk> {
  const fileEnd = Math.min(8 + u32le(bytes, 4), bytes.length);
  for (let at = HEADER_BYTES; at + 8 <= fileEnd; ) {
    const dataEnd = Math.min(at + 8 + u32le(bytes, at + 4), bytes.length);
    const end = Math.min(dataEnd + (dataEnd % 2), bytes.length);
    yield { type: ascii(bytes, at, 4), start: at, data: at + 8, dataEnd, end };
    at = end;
  }
}

const find = (bytes: Bytes, wanted: string): Chunk | null => {
  for (const chunk of chunksOf(bytes)) if (chunk.type === wanted) return chunk;
  return null;
};

/** The TIFF bytes of an Exif chunk. Some programs put the mark of JPEG before them. */
function tiffOf(bytes: Bytes, { data, dataEnd }: Chunk): Bytes {
  return bytes.subarray(hasAscii(bytes, data, 'Exif\0\0') ? data + 6 : data, dataEnd);
}

function orientationOf(bytes: Bytes): Orientation {
  const exif = find(bytes, 'EXIF');
  return exif ? exifOrientation(tiffOf(bytes, exif)) : 1;
}

function codedSize(bytes: Bytes, { type, data }: Chunk): PictureSize | null {
  if (type === 'VP8X') return { width: u24le(bytes, data + 4) + 1, height: u24le(bytes, data + 7) + 1 };
  if (type === 'VP8L') {
    const bits = u32le(bytes, data + 1);
    return u8(bytes, data) === 0x2f ? { width: (bits % 0x4000) + 1, height: (Math.floor(bits / 0x4000) % 0x4000) + 1 } : null;
  }
  if (type !== 'VP8 ' || !hasAscii(bytes, data + 3, '\x9d\x01\x2a')) return null;
  return { width: u16le(bytes, data + 6) % 0x4000, height: u16le(bytes, data + 8) % 0x4000 };
}

/** Width and height as shown; null where the first chunk says none. */
export function webpSize(bytes: Bytes): PictureSize | null {
  const [first] = chunksOf(bytes);
  const size = first ? codedSize(bytes, first) : null;
  return size && size.width > 0 && size.height > 0 ? turned(size.width, size.height, orientationOf(bytes)) : null;
}

/** Whether it moves. */
export const isAnimatedWebp = (bytes: Bytes): boolean =>
  hasAscii(bytes, HEADER_BYTES, 'VP8X') && (u8(bytes, HEADER_BYTES + 8) & ANIMATION_FLAG) !== 0;

/** The same picture without XMP, Exif (but for the orientation), unknown chunks and what is behind its end. */
export function stripWebp(bytes: Bytes): Bytes {
  const orientation = orientationOf(bytes);
  const sink = createSink(bytes);
  sink.copy(0, HEADER_BYTES);
  for (const { type, start, data, dataEnd, end } of chunksOf(bytes)) {
    if (!NEEDED.has(type)) continue;
    const flags = type === 'VP8X' && data < dataEnd ? bytes[data] : undefined;
    if (flags === undefined) sink.copy(start, end);
    else {
      sink.copy(start, data);
      sink.add(Uint8Array.of((flags & ~(XMP_FLAG | EXIF_FLAG)) | (orientation === 1 ? 0 : EXIF_FLAG)));
      sink.copy(data + 1, end);
    }
  }
  if (orientation !== 1) {
    const tiff = orientationOnly(orientation);
    sink.add(joinBytes([fromAscii('EXIF'), u32leBytes(tiff.length), tiff]));
  }
  const stripped = sink.bytes();
  stripped.set(u32leBytes(stripped.length - 8), 4);
  return stripped;
}
