/** A file as it is: nothing is decoded. */
import type { Bytes } from './bytes.ts';
import type { PictureNotice } from './file-error.ts';
import { referenceExtension } from './file-name.ts';
import { type MediaType, mediaType } from './media-type.ts';
import type { PreparedFile } from './prepared-file.ts';

/** What of a file is read to find out what it is. */
const HEAD_BYTES = 65_536;

/** All bytes of a blob. Throws where its file is gone, or is a folder. */
export const readBytes = async (blob: Blob): Promise<Bytes> => new Uint8Array(await blob.arrayBuffer());

/** What a file is, by its beginning. Throws where that cannot be read. */
export const typeOfHead = async (blob: Blob): Promise<MediaType> =>
  mediaType(await readBytes(blob.slice(0, HEAD_BYTES)), blob.size > HEAD_BYTES);

/** A file as it is. A picture kept as a file says so with a notice. */
export function asFile(blob: Blob, media: MediaType, name: string, notice: PictureNotice | null = null): PreparedFile {
  return {
    blob: blob.type === media.type ? blob : blob.slice(0, blob.size, media.type),
    type: media.type,
    extension: referenceExtension(media, name),
    name,
    isPicture: media.isPicture && notice === null,
    width: null,
    height: null,
    thumbnail: null,
    notice,
  };
}
