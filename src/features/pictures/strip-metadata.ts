/** Takes what tells of place, person and camera out of a picture without encoding it again. */
import type { Bytes } from './bytes.ts';
import { stripGif } from './gif.ts';
import { stripHeif } from './heif.ts';
import { stripJpeg } from './jpeg.ts';
import { stripPng } from './png.ts';
import { stripWebp } from './webp.ts';

const strippers: { readonly [type: string]: ((bytes: Bytes) => Bytes | null) | undefined } = {
  'image/png': stripPng,
  'image/jpeg': stripJpeg,
  'image/gif': stripGif,
  'image/webp': stripWebp,
  'image/avif': stripHeif,
  'image/heic': stripHeif,
};

/**
 * The same picture, its pixels, frames, colour profile and orientation untouched, without other metadata. Null where the bytes are of no such
 * type, or so damaged that it is not known what is in them. Never throws.
 */
export const stripMetadata = (type: string, bytes: Bytes): Bytes | null => strippers[type]?.(bytes) ?? null;
