import { mediaType } from './media-type.ts';
import { pictureSize } from './picture-size.ts';

export interface Looks {
  /** Media type. */
  readonly type: string;
  /** Of a picture, in pixels. */
  readonly width?: number;
  readonly height?: number;
}

/** What a file is, by its first 64 KB. Never throws. */
export function looksOf(head: Uint8Array<ArrayBuffer>): Looks {
  const { type } = mediaType(head, true);
  const size = pictureSize(head);
  return size ? { type, width: size.width, height: size.height } : { type };
}
