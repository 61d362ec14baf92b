/**
 * Looks at JSON as it arrives, before anything of it is parsed: 94 KB of gzip can hold 33 million empty arrays, which
 * `JSON.parse` would turn into 4 GB. Memory and time of a scan do not depend on what the text holds.
 */

export interface JsonBounds {
  /** Bytes of the whole text, the largest long string not counted. */
  readonly bytes: number;
  /** Levels of objects and arrays. */
  readonly depth: number;
  /** Members and items: each costs the parser some 50 bytes, whatever it holds. */
  readonly values: number;
  /** Where one long string may be, beyond `bytes`; null where none may. */
  readonly long: {
    /** Inside so many objects and arrays. */
    readonly depth: number;
    /** UTF-16 code units of the string. */
    readonly chars: number;
    /** Bytes of the whole text. */
    readonly bytes: number;
  } | null;
}

export type JsonFault = 'too-large' | 'too-deep' | 'too-many-values';

export interface JsonScan {
  /** Looks at the next bytes; a fault is final. */
  take(bytes: Uint8Array): JsonFault | undefined;
  /** Whether the text has grown beyond what an ordinary one may hold. */
  isLarge(): boolean;
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const UNICODE = 0x75;
const OPENS = [0x5b, 0x7b];
const CLOSES = [0x5d, 0x7d];

/** What each byte means outside of strings: 1 opens a level, 2 closes one, 3 separates, 4 begins a string. */
const MEANS = new Uint8Array(256);
for (const open of OPENS) MEANS[open] = 1;
for (const close of CLOSES) MEANS[close] = 2;
MEANS[COMMA] = 3;
MEANS[QUOTE] = 4;

/** Inside a string: how many UTF-16 code units begin with each byte. */
const UNITS = new Uint8Array(256).fill(1);
UNITS.fill(0, 0x80, 0xc0);
UNITS.fill(2, 0xf0);
/** Of the two bytes that are looked at by themselves. */
const STOP = 3;
UNITS[QUOTE] = STOP;
UNITS[BACKSLASH] = STOP;

export function createJsonScan({ bytes: maxBytes, depth: maxDepth, values: maxValues, long }: JsonBounds): JsonScan {
  let total = 0;
  let depth = 0;
  let values = 0;
  let inString = false;
  /** Bytes of an escape that are still to come. */
  let escaped = 0;
  let escapeBegins = false;
  let chars = 0;
  let stringBytes = 0;
  let longest = 0;
  let fault: JsonFault | undefined;

  const scan = (bytes: Uint8Array): JsonFault | undefined => {
    for (let at = 0; at < bytes.length; at++) {
      if (inString) {
        if (escaped === 0 && !escapeBegins) {
          // Nearly all of a push is this: up to the next quote or backslash at once.
          const from = at;
          for (; at < bytes.length; at++) {
            const units = UNITS[bytes[at] as number] as number;
            if (units === STOP) break;
            chars += units;
          }
          stringBytes += at - from;
          if (long && chars > long.chars) return 'too-large';
          if (at === bytes.length) break;
        }
        const byte = bytes[at] as number;
        stringBytes += 1;
        if (escapeBegins) {
          escapeBegins = false;
          escaped = byte === UNICODE ? 4 : 0;
        } else if (escaped > 0) escaped -= 1;
        else if (byte === QUOTE) {
          inString = false;
          if (long && depth === long.depth) longest = Math.max(longest, stringBytes);
        } else {
          // A backslash: the character that it begins is counted here.
          escapeBegins = true;
          chars += 1;
          if (long && chars > long.chars) return 'too-large';
        }
        continue;
      }
      switch (MEANS[bytes[at] as number]) {
        case 1:
          depth += 1;
          values += 1;
          if (depth > maxDepth) return 'too-deep';
          break;
        case 2:
          depth -= 1;
          break;
        case 3:
          values += 1;
          break;
        case 4:
          inString = true;
          chars = 0;
          stringBytes = 0;
          break;
        default:
      }
      if (values > maxValues) return 'too-many-values';
    }
    return undefined;
  };

  return {
    take(bytes) {
      total += bytes.length;
      fault ??= scan(bytes);
      if (fault) return fault;
      const current = long && inString && depth === long.depth ? stringBytes : 0;
      if (total - Math.max(longest, current) > maxBytes || total > (long?.bytes ?? maxBytes)) fault = 'too-large';
      return fault;
    },
    isLarge: () => total > maxBytes,
  };
}
