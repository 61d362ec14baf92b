/** From what a person has pasted, dropped or picked to what is kept. It decodes: for a worker, one file at a time. */
import { err, ok, type Result } from '#core/result.ts';
import { asFile, readBytes, typeOfHead } from './as-file.ts';
import { decode, type Encoding, encode, makeThumbnail } from './draw.ts';
import type { FileError, PictureNotice } from './file-error.ts';
import { renamed } from './file-name.ts';
import { mediaType, UNKNOWN } from './media-type.ts';
import { fitsInto, isTooLarge, pictureSize } from './picture-size.ts';
import type { PreparedFile, PrepareOptions } from './prepared-file.ts';
import { stripMetadata } from './strip-metadata.ts';
import { createTextCheck } from './text-form.ts';

/** What of a text is read at once. */
const PIECE_BYTES = 1_000_000;
const HEIC = 'image/heic';
const SVG = 'image/svg+xml';
/** What a scaled picture is written as: as it was, where browsers write that. */
const ENCODINGS: { readonly [type: string]: Encoding | undefined } = {
  'image/jpeg': 'image/jpeg',
  'image/webp': 'image/webp',
  'image/avif': 'image/webp',
  'image/heic': 'image/jpeg',
};
const EXTENSIONS: { readonly [type: string]: string | undefined } = {
  'image/jpeg': 'jpg',
  'image/webp': 'webp',
  'image/png': 'png',
};

const nameOf = (blob: Blob): string => (blob instanceof File ? blob.name : '');

/** Whether a file that begins as text is text to its end. */
async function isText(blob: Blob): Promise<boolean> {
  const check = createTextCheck();
  for (let at = 0; at < blob.size; at += PIECE_BYTES)
    if (!check.add(await readBytes(blob.slice(at, at + PIECE_BYTES)))) return false;
  return check.end();
}

/** Reads what may be a picture, and gives it in the form in which it is kept. */
async function preparePicture(file: Blob, { maxEdge, stripLocation }: PrepareOptions): Promise<PreparedFile> {
  const bytes = await readBytes(file);
  const media = mediaType(bytes);
  const name = nameOf(file);
  const stripped = stripLocation ? stripMetadata(media.type, bytes) : null;
  const blob = new Blob([stripped ?? bytes], { type: media.type });
  const locationKept = stripLocation && stripped === null;
  const keptAsFile = (notice: PictureNotice) => asFile(blob, media, name, notice);
  const unread = { type: media.type === HEIC ? 'PictureForeign' : 'PictureUnreadable', locationKept } as const;

  const size = pictureSize(bytes);
  if (!size) return keptAsFile(unread);
  if (isTooLarge(size)) return keptAsFile({ type: 'PictureTooLarge', ...size, locationKept });
  // A moving picture is never encoded again: what cannot be taken out of it without that keeps it a file.
  if (media.isAnimated && locationKept) return keptAsFile(unread);
  const edge = media.isAnimated ? null : maxEdge;
  let bitmap: ImageBitmap;
  try {
    bitmap = await decode(blob, edge, size);
  } catch {
    return keptAsFile(unread);
  }
  try {
    const thumbnail = await makeThumbnail(bitmap);
    const isAsItWas = fitsInto(size, edge) && fitsInto(bitmap, edge) && media.type !== HEIC && !locationKept;
    if (isAsItWas) return { ...asFile(blob, media, name), width: bitmap.width, height: bitmap.height, thumbnail };
    const encoded = await encode(bitmap, ENCODINGS[media.type] ?? 'image/png', edge);
    const { type } = encoded.blob;
    const extension = EXTENSIONS[type] ?? media.extension;
    const newName = type === media.type ? name : renamed(name, extension);
    return { ...encoded, type, extension, name: newName, isPicture: true, thumbnail, notice: null };
  } finally {
    bitmap.close();
  }
}

/**
 * A file in the form in which it is kept. A picture is checked by decoding it, turned upright, scaled and rid of metadata as `options` say; a
 * picture that cannot be shown is kept as a file, with a notice; a drawing (SVG) and what is no picture is kept as it is.
 */
export async function prepareFile(file: Blob, options: PrepareOptions): Promise<Result<PreparedFile, FileError>> {
  try {
    const media = await typeOfHead(file);
    if (media.type === HEIC || (media.isPicture && media.type !== SVG)) return ok(await preparePicture(file, options));
    const isOther = (media.type === 'text/plain' || media.type === SVG) && !(await isText(file));
    return ok(asFile(file, isOther ? UNKNOWN : media, nameOf(file)));
  } catch (error) {
    // The file was moved or changed since it was picked, or its bytes fit into no memory.
    return err({ type: 'FileUnreadable', reason: String(error) });
  }
}
