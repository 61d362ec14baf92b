/** `data:` URLs (RFC 2397), as models answer with pictures and as earlier versions kept them inside a message. */
import { utf8ToBytes } from '@noble/hashes/utils.js';

export interface DataUrl {
  /** Media type, as the address says it. */
  readonly type: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** What a `data:` URL holds; null where it is none, or its base64 is not whole. Linear in its length. */
export function readDataUrl(address: string): DataUrl | null {
  const comma = address.slice(0, 300).indexOf(',');
  if (comma < 0 || !/^data:/i.test(address)) return null;
  const [type = '', ...options] = address.slice('data:'.length, comma).split(';');
  const isBase64 = options.some((option) => option.trim().toLowerCase() === 'base64');
  const content = address.slice(comma + 1);
  const bytes = isBase64 ? readBase64(content) : readPercent(content);
  return bytes && { type: type.trim().toLowerCase(), bytes };
}

const DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const VALUES = new Int8Array(128).fill(-1);
for (let value = 0; value < 64; value++) VALUES[DIGITS.charCodeAt(value)] = value;
VALUES['-'.charCodeAt(0)] = 62;
VALUES['_'.charCodeAt(0)] = 63;

/** The bytes of base64 in either alphabet, with line breaks and with or without its padding; null where it is none. */
function readBase64(text: string): Uint8Array<ArrayBuffer> | null {
  const plain = text.includes('%') ? decodePercent(text) : text;
  const clean = plain === null ? '' : plain.replace(/\s+|=+\s*$/g, '');
  if (clean === '' || clean.length % 4 === 1) return null;
  const bytes = new Uint8Array(Math.floor((clean.length * 3) / 4));
  for (let at = 0, end = 0, bits = 0, count = 0; at < clean.length; at++) {
    const value = VALUES[clean.charCodeAt(at)] ?? -1;
    if (value < 0) return null;
    bits = ((bits << 6) | value) & 0xfff;
    count += 6;
    if (count < 8) continue;
    count -= 8;
    bytes[end++] = (bits >> count) & 0xff;
  }
  return bytes;
}

function readPercent(text: string): Uint8Array<ArrayBuffer> | null {
  const decoded = decodePercent(text);
  return decoded === null ? null : new Uint8Array(utf8ToBytes(decoded));
}

function decodePercent(text: string): string | null {
  try {
    return decodeURIComponent(text);
  } catch {
    return null;
  }
}
