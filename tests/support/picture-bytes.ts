/** Pictures and files made by hand, with what a camera writes into them. */
import { joinBytes } from '#core/bytes.ts';
import { type Bytes, fromAscii, u32beBytes, u32leBytes } from '#features/pictures/bytes.ts';
import { pngChunk } from '#features/pictures/png.ts';

/** Found again wherever they are left. */
export const SECRETS = ['SECRETCAM', 'SECRETPLACE'] as const;

const u16be = (value: number): Bytes => Uint8Array.of((value >> 8) & 0xff, value & 0xff);
const u16le = (value: number): Bytes => u16be(value).reverse();
const repeat = (byte: number, count: number): Bytes => new Uint8Array(count).fill(byte);

/** TIFF bytes of Exif: orientation, a camera and a place. `order` is the byte order: `MM` or `II`. */
export function exifTiff(orientation: number, order: 'MM' | 'II' = 'MM'): Bytes {
  const [u16, u32] = order === 'MM' ? [u16be, u32beBytes] : [u16le, u32leBytes];
  const entry = (tag: number, type: number, count: number, value: Bytes) => joinBytes([u16(tag), u16(type), u32(count), value]);
  const camera = fromAscii('SECRETCAM\0');
  const place = fromAscii('SECRETPLACE\0');
  const directory = 8;
  const gps = directory + 2 + 3 * 12 + 4;
  const cameraAt = gps + 2 + 12 + 4;
  return joinBytes([
    fromAscii(order),
    u16(42),
    u32(directory),
    u16(3),
    entry(0x010f, 2, camera.length, u32(cameraAt)),
    entry(0x0112, 3, 1, joinBytes([u16(orientation), u16(0)])),
    entry(0x8825, 4, 1, u32(gps)),
    u32(0),
    u16(1),
    entry(0x001d, 2, place.length, u32(cameraAt + camera.length)),
    u32(0),
    camera,
    place,
  ]);
}

export const jpegSegment = (marker: number, data: Bytes): Bytes =>
  joinBytes([Uint8Array.of(0xff, marker), u16be(data.length + 2), data]);

const APP1 = 0xe1;
export const exifSegment = (orientation: number, order?: 'MM' | 'II'): Bytes =>
  jpegSegment(APP1, joinBytes([fromAscii('Exif\0\0'), exifTiff(orientation, order)]));

/** All that a camera and a program write: Exif, XMP, IPTC, a comment, an unknown segment, a list of further pictures. */
export const personalSegments = (orientation: number, order?: 'MM' | 'II'): Bytes =>
  joinBytes([
    exifSegment(orientation, order),
    jpegSegment(APP1, fromAscii('http://ns.adobe.com/xap/1.0/\0<x>SECRETPLACE</x>')),
    jpegSegment(0xed, fromAscii('Photoshop 3.0\x008BIM SECRETPLACE')),
    jpegSegment(0xfe, fromAscii('SECRETPLACE')),
    jpegSegment(0xe7, fromAscii('SECRETCAM')),
    jpegSegment(0xe2, fromAscii('MPF\0SECRETCAM')),
  ]);

/** A JPEG with segments put in behind its first two bytes. */
export const withSegments = (jpeg: Bytes, segments: Bytes): Bytes => joinBytes([jpeg.subarray(0, 2), segments, jpeg.subarray(2)]);

export const iccSegment = jpegSegment(0xe2, fromAscii('ICC_PROFILE\0\x01\x01a profile'));

/** A JPEG by its form alone: no browser decodes it. */
export const jpegOf = (width: number, height: number, segments: Bytes = new Uint8Array()): Bytes =>
  joinBytes([
    Uint8Array.of(0xff, 0xd8),
    jpegSegment(0xe0, joinBytes([fromAscii('JFIF\0'), Uint8Array.of(1, 1, 0, 0, 1, 0, 1, 0, 0)])),
    segments,
    jpegSegment(0xdb, repeat(1, 65)),
    jpegSegment(0xc4, repeat(0, 20)),
    jpegSegment(0xc0, joinBytes([Uint8Array.of(8), u16be(height), u16be(width), Uint8Array.of(1, 1, 0x11, 0)])),
    jpegSegment(0xda, Uint8Array.of(1, 1, 0, 0, 63, 0)),
    Uint8Array.of(0x12, 0xff, 0x00, 0x34, 0xff, 0xd0, 0x56, 0xff, 0xd9),
  ]);

const SIGNATURE = fromAscii('\x89PNG\r\n\x1a\n');

/** A PNG by its form alone, with chunks before its data. */
export const pngOf = (width: number, height: number, ...chunks: readonly Bytes[]): Bytes =>
  joinBytes([
    SIGNATURE,
    pngChunk('IHDR', joinBytes([u32beBytes(width), u32beBytes(height), Uint8Array.of(8, 2, 0, 0, 0)])),
    ...chunks,
    pngChunk('IDAT', repeat(7, 20)),
    pngChunk('IEND', new Uint8Array()),
  ]);

/** Behind the header of a PNG: it is 33 bytes long. */
export const withChunks = (png: Bytes, ...chunks: readonly Bytes[]): Bytes =>
  joinBytes([png.subarray(0, 33), ...chunks, png.subarray(33)]);

export const personalChunks = (orientation: number): readonly Bytes[] => [
  pngChunk('eXIf', exifTiff(orientation)),
  pngChunk('tEXt', fromAscii('Author\0SECRETCAM')),
  pngChunk('iTXt', fromAscii('XML:com.adobe.xmp\0\0\0\0\0SECRETPLACE')),
  pngChunk('tIME', Uint8Array.of(7, 234, 1, 1, 1, 1, 1)),
  pngChunk('prVt', fromAscii('SECRETPLACE')),
];

/** A GIF of frames of one colour each, 0 to 3: a picture that every browser decodes. */
export function gifOf(width: number, height: number, colours: readonly number[], ...extensions: readonly Bytes[]): Bytes {
  // Four colours of two bits. Every pixel is written as itself, and the table of codes is cleared after every two.
  const frame = (colour: number): Bytes => {
    const codes = Array.from({ length: width * height }, (_, i) => (i % 2 === 0 ? [4, colour] : [colour])).flat();
    const bits = [...codes, 5].flatMap((code) => [code & 1, (code >> 1) & 1, (code >> 2) & 1]);
    const data = Array.from({ length: Math.ceil(bits.length / 8) }, (_, i) =>
      bits.slice(i * 8, i * 8 + 8).reduce((byte, bit, at) => byte | (bit << at), 0),
    );
    const parts: Bytes[] = [];
    for (let at = 0; at < data.length; at += 255) {
      const part = data.slice(at, at + 255);
      parts.push(Uint8Array.of(part.length, ...part));
    }
    return joinBytes([
      Uint8Array.of(0x21, 0xf9, 4, 4, 10, 0, 0, 0),
      Uint8Array.of(0x2c, 0, 0, 0, 0),
      u16le(width),
      u16le(height),
      Uint8Array.of(0, 2),
      ...parts,
      Uint8Array.of(0),
    ]);
  };
  return joinBytes([
    fromAscii('GIF89a'),
    u16le(width),
    u16le(height),
    Uint8Array.of(0x91, 0, 0, /* black, red, green, blue */ 0, 0, 0, 255, 0, 0, 0, 255, 0, 0, 0, 255),
    ...extensions,
    ...colours.map(frame),
    Uint8Array.of(0x3b),
  ]);
}

/** XMP in a GIF: a text that is no chain of parts, and 257 bytes that lead a reader of parts to its end. */
export const gifXmp = joinBytes([
  Uint8Array.of(0x21, 0xff, 0x0b),
  fromAscii('XMP DataXMP<x>SECRETPLACE</x>'),
  Uint8Array.of(1),
  Uint8Array.from({ length: 256 }, (_, i) => 255 - i),
  Uint8Array.of(0),
]);

const riffChunk = (type: string, data: Bytes): Bytes =>
  joinBytes([fromAscii(type), u32leBytes(data.length), data, repeat(0, data.length % 2)]);

/** A WebP of these chunks. */
export function webpOf(...chunks: readonly Bytes[]): Bytes {
  const body = joinBytes(chunks);
  return joinBytes([fromAscii('RIFF'), u32leBytes(body.length + 4), fromAscii('WEBP'), body]);
}

const u24le = (value: number): Bytes => u32leBytes(value).slice(0, 3);
export const vp8x = (width: number, height: number, flags: number): Bytes =>
  riffChunk('VP8X', joinBytes([Uint8Array.of(flags, 0, 0, 0), u24le(width - 1), u24le(height - 1)]));
export const vp8 = (width: number, height: number): Bytes =>
  riffChunk('VP8 ', joinBytes([fromAscii('\0\0\0\x9d\x01\x2a'), u16le(width), u16le(height), repeat(3, 11)]));
export const vp8l = (width: number, height: number): Bytes =>
  riffChunk('VP8L', joinBytes([Uint8Array.of(0x2f), u32leBytes(width - 1 + (height - 1) * 0x4000), repeat(3, 10)]));
export const webpExif = (orientation: number): Bytes => riffChunk('EXIF', exifTiff(orientation));
export const webpXmp = riffChunk('XMP ', fromAscii('<x>SECRETPLACE</x>'));

/** A WebP as a canvas writes it, with Exif and XMP. */
export function withWebpMetadata(webp: Bytes, width: number, height: number, orientation: number): Bytes {
  const FLAGS_AT = 20;
  const isExtended = String.fromCharCode(...webp.subarray(12, 16)) === 'VP8X';
  const extended = isExtended ? webp.slice(12) : joinBytes([vp8x(width, height, 0), webp.subarray(12)]);
  extended[FLAGS_AT - 12] = (extended[FLAGS_AT - 12] ?? 0) | 0x0c;
  return webpOf(extended, webpExif(orientation), webpXmp);
}
