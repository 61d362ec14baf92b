import type { Json } from '#core/json.ts';
import { listOf, recordOf, textOf } from './answer.ts';

/** An image that goes along with a prompt. It is kept in the message itself. */
export interface Attachment {
  readonly name: string;
  /** A `data:image/…` URL. */
  readonly data: string;
}

/** What a message may carry: below the size at which an entity becomes slow to sync (32 million characters at most). */
export const MAX_ATTACHMENTS = 6;
/** Of one image, as characters of its data URL; a larger one is made smaller before. */
export const MAX_IMAGE_CHARS = 1_500_000;

/** The attachments of a message, leaving out whatever is not one. */
export function readAttachments(value: Json | undefined): readonly Attachment[] {
  return listOf(value).flatMap((item) => {
    const { name, data } = recordOf(item) ?? {};
    return isImageData(textOf(data)) ? [{ name: textOf(name), data: textOf(data) }] : [];
  });
}

/** The generated images of a message: addresses, leaving out whatever is not one. */
export function readImages(value: Json | undefined): readonly string[] {
  return listOf(value)
    .map(textOf)
    .filter((address) => isImageData(address) || address.startsWith('https://'));
}

export const isImageData = (address: string): boolean => /^data:image\/(png|jpeg|webp|gif|avif);base64,/i.test(address);
