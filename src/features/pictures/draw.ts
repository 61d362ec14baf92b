/** Decoding, scaling and encoding, by the browser and off the page. Nothing that it encodes carries metadata. */
import type { PictureSize } from './exif.ts';
import { fitInto, fitsInto } from './picture-size.ts';

/** Along the longer edge. */
const THUMBNAIL_EDGE = 160;
const THUMBNAIL_BYTES = 10_000;
const THUMBNAIL_QUALITIES = [0.8, 0.6, 0.4, 0.2] as const;
const QUALITY = 0.88;

export type Encoding = 'image/png' | 'image/jpeg' | 'image/webp';

/** The picture upright, scaled down to `maxEdge` where it is larger (null: never). Throws where the browser cannot decode it. */
export async function decode(blob: Blob, maxEdge: number | null, size: PictureSize): Promise<ImageBitmap> {
  if (fitsInto(size, maxEdge)) return createImageBitmap(blob);
  const fitted = fitInto(size, maxEdge);
  return createImageBitmap(blob, { resizeWidth: fitted.width, resizeHeight: fitted.height, resizeQuality: 'high' });
}

function drawn(bitmap: ImageBitmap, maxEdge: number | null, isOpaque: boolean): OffscreenCanvas {
  const { width, height } = fitInto(bitmap, maxEdge);
  const canvas = new OffscreenCanvas(width, height);
  const context = canvas.getContext('2d', { alpha: !isOpaque });
  if (!context) throw new Error('this browser gives no canvas');
  context.imageSmoothingQuality = 'high';
  if (isOpaque) {
    context.fillStyle = 'white';
    context.fillRect(0, 0, width, height);
  }
  context.drawImage(bitmap, 0, 0, width, height);
  return canvas;
}

/** The picture as bytes, within `maxEdge`. Where the browser does not write WebP the result is a PNG, as its type says. */
export async function encode(bitmap: ImageBitmap, type: Encoding, maxEdge: number | null) {
  const canvas = drawn(bitmap, maxEdge, type === 'image/jpeg');
  const blob = await canvas.convertToBlob({ type, quality: QUALITY });
  return { blob, width: canvas.width, height: canvas.height };
}

/** A small picture of about 10 kB at most: WebP, or JPEG where the browser does not write that. */
export async function makeThumbnail(bitmap: ImageBitmap): Promise<Blob> {
  const thumbnail = drawn(bitmap, THUMBNAIL_EDGE, false);
  const probe = await thumbnail.convertToBlob({ type: 'image/webp', quality: THUMBNAIL_QUALITIES[0] });
  if (probe.type === 'image/webp' && probe.size <= THUMBNAIL_BYTES) return probe;
  const [type, canvas] =
    probe.type === 'image/webp' ? [probe.type, thumbnail] : ['image/jpeg', drawn(bitmap, THUMBNAIL_EDGE, true)];
  let smallest = probe;
  for (const quality of THUMBNAIL_QUALITIES) {
    smallest = await canvas.convertToBlob({ type, quality });
    if (smallest.size <= THUMBNAIL_BYTES) break;
  }
  return smallest;
}
