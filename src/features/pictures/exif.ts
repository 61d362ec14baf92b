/** The one fact of Exif that a picture needs to be shown: how it is turned. Exif is a TIFF file inside of another (CIPA DC-008). */
import { type Bytes, hasAscii, u16be, u16le, u32be, u32le } from './bytes.ts';

/** 1 is upright; 5 to 8 exchange width and height. */
export type Orientation = 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8;

const ORIENTATION_TAG = 0x0112;
const SHORT = 3;
const ENTRY_BYTES = 12;

const isOrientation = (value: number): value is Orientation => Number.isInteger(value) && value >= 1 && value <= 8;

/** The orientation in the TIFF bytes of an Exif block; 1 where they say none, or are damaged. */
export function exifOrientation(tiff: Bytes): Orientation {
  const isBig = hasAscii(tiff, 0, 'MM\0*');
  if (!isBig && !hasAscii(tiff, 0, 'II*\0')) return 1;
  const u16 = isBig ? u16be : u16le;
  const u32 = isBig ? u32be : u32le;
  const directory = u32(tiff, 4);
  const count = u16(tiff, directory);
  for (let i = 0; i < count; i++) {
    const entry = directory + 2 + i * ENTRY_BYTES;
    if (u16(tiff, entry) !== ORIENTATION_TAG) continue;
    const value = u16(tiff, entry + 8);
    return u16(tiff, entry + 2) === SHORT && isOrientation(value) ? value : 1;
  }
  return 1;
}

/** TIFF bytes that say the orientation and nothing else. */
export const orientationOnly = (orientation: Orientation): Bytes =>
  // "MM", 42, the directory at 8: one entry, a SHORT, one of them; no further directory.
  Uint8Array.of(77, 77, 0, 42, 0, 0, 0, 8, 0, 1, 1, 18, 0, SHORT, 0, 0, 0, 1, 0, orientation, 0, 0, 0, 0, 0, 0);

/** TIFF bytes that say nothing. */
export const emptyTiff = (): Bytes => Uint8Array.of(77, 77, 0, 42, 0, 0, 0, 8, 0, 0, 0, 0, 0, 0);

/** Width and height as they are shown. */
export const turned = (width: number, height: number, orientation: Orientation): PictureSize =>
  orientation >= 5 ? { width: height, height: width } : { width, height };

export interface PictureSize {
  readonly width: number;
  readonly height: number;
}
