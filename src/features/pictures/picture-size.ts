/** How large a picture is, by its header: nothing is decoded. */
import type { Bytes } from './bytes.ts';
import type { PictureSize } from './exif.ts';
import { gifSize } from './gif.ts';
import { heifSize } from './heif.ts';
import { jpegSize } from './jpeg.ts';
import { mediaType } from './media-type.ts';
import { pngSize } from './png.ts';
import { webpSize } from './webp.ts';

/** A decoded picture takes four bytes for each pixel: 200 MB. */
export const MAX_PIXELS = 50_000_000;
/** Beyond it no browser has a canvas. */
export const MAX_EDGE = 16_384;

const readers: { readonly [type: string]: ((bytes: Bytes) => PictureSize | null) | undefined } = {
  'image/png': pngSize,
  'image/jpeg': jpegSize,
  'image/gif': gifSize,
  'image/webp': webpSize,
  'image/avif': heifSize,
  'image/heic': heifSize,
};

/** Width and height in pixels as they are shown, turned by Exif; null where the bytes are no such picture, or do not say. Never throws. */
export const pictureSize = (bytes: Bytes): PictureSize | null => readers[mediaType(bytes).type]?.(bytes) ?? null;

/** Whether decoding it would take more memory than a phone has. */
export const isTooLarge = ({ width, height }: PictureSize): boolean =>
  width * height > MAX_PIXELS || Math.max(width, height) > MAX_EDGE;

/** Whether no edge is longer than `maxEdge` (null: any). */
export const fitsInto = ({ width, height }: PictureSize, maxEdge: number | null): boolean =>
  maxEdge === null || Math.max(width, height) <= maxEdge;

/** The size within `maxEdge` (null: any), with the same shape; never larger than it is, never without a pixel. */
export function fitInto({ width, height }: PictureSize, maxEdge: number | null): PictureSize {
  const factor = maxEdge === null ? 1 : Math.min(1, maxEdge / Math.max(width, height));
  return { width: Math.max(1, Math.round(width * factor)), height: Math.max(1, Math.round(height * factor)) };
}
