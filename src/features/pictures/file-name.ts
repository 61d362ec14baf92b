/** What a file is called once its content is known. */
import type { MediaType } from './media-type.ts';

/** What content says more about than a name can. */
const KNOWN = 'png jpg jpeg gif webp avif heic heif svg pdf mp3 ogg opus wav m4a flac'.split(' ');
/** Types that are many at once: an office document is a ZIP, a table is text. */
const BROAD = ['application/zip', 'application/octet-stream', 'text/plain'];

const extensionOf = (name: string): string => /\.([a-z0-9]{1,8})$/i.exec(name)?.[1]?.toLowerCase() ?? '';

/** The extension for a reference: the name's own where the content can be many things, and that does not claim to be another. */
export function referenceExtension({ type, extension }: Pick<MediaType, 'type' | 'extension'>, name: string): string {
  const own = extensionOf(name);
  return BROAD.includes(type) && own !== '' && !KNOWN.includes(own) ? own : extension;
}

/** The name with another extension, as after a conversion. An empty name stays empty. */
export const renamed = (name: string, extension: string): string =>
  name === '' ? '' : `${name.replace(/\.[a-z0-9]{1,8}$/i, '')}.${extension}`;

/** Characters that turn the order of what comes after them: with one, a program can be called like a picture. */
const TURNING = /[\u202a-\u202e\u2066-\u2069]/g;

/** A name as it reads: in one order, and without halves of characters. */
export const readableName = (name: string): string => name.replace(TURNING, '').toWellFormed();
