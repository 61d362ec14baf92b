/**
 * What bytes are, by themselves: neither a file's name nor what somebody declared it to be is asked. A file that is two things at once
 * is what its first bytes say.
 */
import { isMp3 } from './audio.ts';
import { ascii, type Bytes, hasAscii } from './bytes.ts';
import { isAnimatedGif, isGif } from './gif.ts';
import { brandsOf } from './heif.ts';
import { isJpeg } from './jpeg.ts';
import { isAnimatedPng, isPng } from './png.ts';
import { createTextCheck, isSvg } from './text-form.ts';
import { isAnimatedWebp, isWebp } from './webp.ts';

export interface MediaType {
  readonly type: string;
  /** For the reference (`blobReference`); empty where the content says nothing. */
  readonly extension: string;
  /** Whether it is a picture that browsers show. HEIC is none: Safari alone reads it. */
  readonly isPicture: boolean;
  /** Several frames: such a picture is never encoded again. */
  readonly isAnimated: boolean;
}

const picture = (type: string, extension: string, isAnimated = false): MediaType => ({
  type,
  extension,
  isPicture: true,
  isAnimated,
});
const file = (type: string, extension: string): MediaType => ({ type, extension, isPicture: false, isAnimated: false });

const TEXT = file('text/plain', 'txt');
/** What nothing is known about. */
export const UNKNOWN: MediaType = file('application/octet-stream', '');

const HEIC_BRANDS = ['heic', 'heix', 'heim', 'heis', 'hevc', 'hevx', 'hevm', 'hevs'];
const M4A_BRANDS = ['M4A ', 'M4B ', 'M4P '];

/** By the main brand; `mif1` and `msf1` only say that pictures are inside, and the others which. */
function heifType(brands: readonly string[]): MediaType | null {
  const [main = '', ...others] = brands;
  const named = main === 'mif1' || main === 'msf1' || main === 'miaf' ? others : [main];
  if (named.includes('avis')) return picture('image/avif', 'avif', true);
  if (named.includes('avif')) return picture('image/avif', 'avif', others.includes('avis'));
  if (named.some((brand) => HEIC_BRANDS.includes(brand)) || main === 'mif1') return file('image/heic', 'heic');
  return M4A_BRANDS.includes(main) ? file('audio/mp4', 'm4a') : null;
}

function binaryType(bytes: Bytes): MediaType | null {
  if (isPng(bytes)) return picture('image/png', 'png', isAnimatedPng(bytes));
  if (isJpeg(bytes)) return picture('image/jpeg', 'jpg');
  if (isGif(bytes)) return picture('image/gif', 'gif', isAnimatedGif(bytes));
  if (isWebp(bytes)) return picture('image/webp', 'webp', isAnimatedWebp(bytes));
  if (hasAscii(bytes, 0, 'RIFF') && hasAscii(bytes, 8, 'WAVE')) return file('audio/wav', 'wav');
  if (hasAscii(bytes, 0, '%PDF-')) return file('application/pdf', 'pdf');
  if (hasAscii(bytes, 0, 'fLaC')) return file('audio/flac', 'flac');
  if (hasAscii(bytes, 0, 'OggS')) return oggType(bytes);
  if (['PK\x03\x04', 'PK\x05\x06', 'PK\x07\x08'].includes(ascii(bytes, 0, 4))) return file('application/zip', 'zip');
  return heifType(brandsOf(bytes)) ?? (isMp3(bytes) ? file('audio/mpeg', 'mp3') : null);
}

/** A container of sound or film, by what its first page begins with. */
function oggType(bytes: Bytes): MediaType | null {
  const begins = (text: string): boolean => hasAscii(bytes, 28, text);
  if (begins('OpusHead')) return file('audio/ogg', 'opus');
  return begins('\x01vorbis') || begins('\x7fFLAC') || begins('Speex   ') ? file('audio/ogg', 'ogg') : null;
}

/**
 * What `bytes` are. `isCut`: they are only the beginning of a file, so that a last character may be cut in two; whether the rest
 * is text as well, and whether a picture moves, is known of the whole alone. Never throws; linear in the length.
 */
export function mediaType(bytes: Bytes, isCut = false): MediaType {
  const binary = binaryType(bytes);
  if (binary) return binary;
  const check = createTextCheck();
  if (bytes.length === 0 || !check.add(bytes) || !(isCut || check.end())) return UNKNOWN;
  return isSvg(new TextDecoder().decode(bytes)) ? picture('image/svg+xml', 'svg') : TEXT;
}
