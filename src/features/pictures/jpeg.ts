/** JPEG: segments with a marker, each with its length, and coded data behind the start of a scan (ITU-T T.81, annex B). */
import { joinBytes } from '#core/bytes.ts';
import { type Bytes, createSink, fromAscii, hasAscii, u8, u16be } from './bytes.ts';
import { exifOrientation, type Orientation, orientationOnly, type PictureSize, turned } from './exif.ts';

const SOI = 0xd8;
const EOI = 0xd9;
const SOS = 0xda;
const COMMENT = 0xfe;
const EXIF = 'Exif\0\0';

/** From `start` to `end`, its marker included; what it says begins at `data`. */
interface Segment {
  readonly marker: number;
  readonly start: number;
  readonly data: number;
  readonly end: number;
}

export const isJpeg = (bytes: Bytes): boolean => u8(bytes, 0) === 0xff && u8(bytes, 1) === SOI && u8(bytes, 2) === 0xff;

const isRestart = (marker: number): boolean => marker >= 0xd0 && marker <= 0xd7;
/** C0 to CF without the tables (C4, CC) and the reserved one (C8). */
const isFrame = (marker: number): boolean => marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
const isApplication = (marker: number): boolean => marker >= 0xe0 && marker <= 0xef;

/** The next marker at or after `at`; -1 where there is none. */
function findMarker(bytes: Bytes, at: number): number {
  for (let found = bytes.indexOf(0xff, at); found >= 0; found = bytes.indexOf(0xff, found + 1)) {
    const next = u8(bytes, found + 1);
    if (next !== 0 && next !== 0xff && !isRestart(next)) return Number.isNaN(next) ? -1 : found;
  }
  return -1;
}

/** All segments up to the end of the picture. What is behind it, or cut off, is not one. */
function* segmentsOf(bytes: Bytes): Generator<Segment> {
  for (let at = 2; at < bytes.length; ) {
    const start = findMarker(bytes, at);
    if (start < 0) return;
    const marker = u8(bytes, start + 1);
    const hasLength = marker !== EOI && marker !== SOI && marker !== 0x01;
    const length = hasLength ? u16be(bytes, start + 2) : 0;
    const dataEnd = start + 2 + length;
    if (!(dataEnd <= bytes.length) || (hasLength && length < 2)) return;
    const next = marker === SOS ? findMarker(bytes, dataEnd) : dataEnd;
    const end = next < 0 ? bytes.length : next;
    yield { marker, start, data: start + 4, end };
    if (marker === EOI) return;
    at = end;
  }
}

const exifOf = (bytes: Bytes, { marker, data, end }: Segment): Bytes | null =>
  marker === 0xe1 && hasAscii(bytes, data, EXIF) ? bytes.subarray(data + EXIF.length, end) : null;

/** Width and height as shown; null where no frame begins before the first scan, or the height is to follow. */
export function jpegSize(bytes: Bytes): PictureSize | null {
  let orientation: Orientation | null = null;
  let frame: Segment | null = null;
  for (const segment of segmentsOf(bytes)) {
    if (segment.marker === SOS) break;
    const exif = exifOf(bytes, segment);
    if (exif) orientation ??= exifOrientation(exif);
    if (isFrame(segment.marker)) frame ??= segment;
  }
  if (!frame || frame.end < frame.data + 5) return null;
  const [height, width] = [u16be(bytes, frame.data + 1), u16be(bytes, frame.data + 3)];
  return width > 0 && height > 0 ? turned(width, height, orientation ?? 1) : null;
}

/** What the colours need: the profile, and how the components are meant. */
const isNeeded = (bytes: Bytes, { marker, data }: Segment): boolean =>
  (marker === 0xe2 && hasAscii(bytes, data, 'ICC_PROFILE\0')) || (marker === 0xee && hasAscii(bytes, data, 'Adobe'));

const segment = (marker: number, ...data: readonly Bytes[]): Bytes => {
  const length = data.reduce((sum, part) => sum + part.length, 2);
  return joinBytes([Uint8Array.of(0xff, marker, length >> 8, length & 0xff), ...data]);
};

/** The JFIF segment without the small picture that it may hold, which can show what was cut away. */
function jfifOnly(bytes: Bytes, { start, data, end }: Segment): Bytes {
  const HEAD = 12;
  if (end - data <= HEAD + 2) return bytes.subarray(start, end);
  return segment(0xe0, bytes.subarray(data, data + HEAD), Uint8Array.of(0, 0));
}

/** What is left of a segment; null for all that tells of the person, the place or the camera. */
function keep(bytes: Bytes, one: Segment): Bytes | null {
  const exif = exifOf(bytes, one);
  if (exif) {
    const orientation = exifOrientation(exif);
    return orientation === 1 ? null : segment(0xe1, fromAscii(EXIF), orientationOnly(orientation));
  }
  if (one.marker === 0xe0 && hasAscii(bytes, one.data, 'JFIF\0')) return jfifOnly(bytes, one);
  if (one.marker === COMMENT || (isApplication(one.marker) && !isNeeded(bytes, one))) return null;
  return bytes.subarray(one.start, one.end);
}

/**
 * The same picture, its coded data untouched, without Exif (but for the orientation), XMP, IPTC, comments, small pictures and
 * whatever is behind its end (a phone puts a film, with sound, there). Null where it has no coded data.
 */
export function stripJpeg(bytes: Bytes): Bytes | null {
  const sink = createSink(bytes);
  sink.copy(0, 2);
  let hasScan = false;
  let hasExif = false;
  for (const one of segmentsOf(bytes)) {
    hasScan ||= one.marker === SOS;
    const isExif = exifOf(bytes, one) !== null;
    const kept = isExif && hasExif ? null : keep(bytes, one);
    hasExif ||= isExif;
    if (kept) sink.add(kept);
  }
  return hasScan ? sink.bytes() : null;
}
