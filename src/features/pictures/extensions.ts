/** The media types of the extensions that `media-type.ts` gives; `application/octet-stream` for any other. */
const TYPES: { readonly [extension: string]: string | undefined } = {
  png: 'image/png',
  jpg: 'image/jpeg',
  gif: 'image/gif',
  webp: 'image/webp',
  avif: 'image/avif',
  heic: 'image/heic',
  svg: 'image/svg+xml',
  pdf: 'application/pdf',
  mp3: 'audio/mpeg',
  ogg: 'audio/ogg',
  opus: 'audio/ogg',
  wav: 'audio/wav',
  m4a: 'audio/mp4',
  flac: 'audio/flac',
  txt: 'text/plain',
  zip: 'application/zip',
};

/** The media type that the extension of a reference says: for bytes that came without one. */
export const typeOfExtension = (extension: string): string => TYPES[extension] ?? 'application/octet-stream';
