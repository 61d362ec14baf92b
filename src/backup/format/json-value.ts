/** The bytes of one JSON value, as they come: where it ends, and how much is in it. Nothing of it is parsed. */
import { MAX_BODY_NODES } from '#core/body.ts';
import { joinBytes } from '#core/bytes.ts';
import { MAX_DEPTH } from './excess.ts';

export const [QUOTE, COMMA, COLON, NEWLINE] = [0x22, 0x2c, 0x3a, 0x0a];
export const [OPEN_LIST, CLOSE_LIST, OPEN_OBJECT, CLOSE_OBJECT] = [0x5b, 0x5d, 0x7b, 0x7d];
const BACKSLASH = 0x5c;

export interface ValueScan {
  /** Reads on from `at`. Gives where the value ends in `bytes`, or -1 where it goes on behind them. */
  follow(bytes: Uint8Array, at: number): number;
  /** All bytes of it; null where it is more than is ever read (`excess`). */
  bytes(): Uint8Array | null;
  /** What was found by now. No getters: an engine makes a class for each object that has some, and keeps it until a full collection. */
  readonly found: {
    readonly excess: 'RecordTooDeep' | 'RecordTooLarge' | null;
    /** How many members its objects have, each time that one is written. */
    readonly members: number;
    /** How many line breaks are in what was followed. */
    readonly lines: number;
  };
}

/** A value that begins with `first`. Of one that is too deep, has too many values or more than `limit` bytes nothing is kept. */
export function scanValue(first: number, limit: number): ValueScan {
  const isText = first === QUOTE;
  const isContainer = first === OPEN_LIST || first === OPEN_OBJECT;
  const parts: Uint8Array[] = [];
  const found = { excess: null as ValueScan['found']['excess'], members: 0, lines: 0 };
  let length = 0;
  let depth = 0;
  let nodes = 0;
  let inText = false;
  let escaped = false;

  /** Where the value ends; a number or a word ends before the sign that is behind it. */
  const findEnd = (bytes: Uint8Array, start: number): number => {
    for (let at = start; at < bytes.length; at++) {
      const sign = bytes[at];
      if (sign === NEWLINE) {
        if (!isText && !isContainer) return at;
        found.lines++;
      }
      if (inText) {
        if (escaped) escaped = false;
        else if (sign === BACKSLASH) escaped = true;
        else if (sign === QUOTE) {
          inText = false;
          if (isText) return at + 1;
        }
      } else if (isText || isContainer) {
        if (sign === QUOTE) inText = true;
        else if (sign === COLON) found.members++;
        else if (sign === COMMA) nodes++;
        else if (sign === OPEN_LIST || sign === OPEN_OBJECT) {
          nodes++;
          if (++depth > MAX_DEPTH) found.excess ??= 'RecordTooDeep';
        } else if ((sign === CLOSE_LIST || sign === CLOSE_OBJECT) && --depth === 0) return at + 1;
      } else if (sign === COMMA || sign === CLOSE_LIST || sign === CLOSE_OBJECT || isBlank(sign)) return at;
    }
    return -1;
  };

  return {
    follow(bytes, at) {
      const end = findEnd(bytes, at);
      const part = bytes.subarray(at, end < 0 ? bytes.length : end);
      length += part.length;
      if (length > limit || nodes > MAX_BODY_NODES) found.excess ??= 'RecordTooLarge';
      if (found.excess) parts.length = 0;
      // The chunk that they are in may be used again by whoever gave it.
      else parts.push(end < 0 ? part.slice() : part);
      return end;
    },
    bytes: () => (found.excess ? null : join(parts)),
    found,
  };
}

export const isBlank = (sign: number | undefined): boolean => sign === 0x20 || sign === NEWLINE || sign === 0x0d || sign === 0x09;

function join(parts: readonly Uint8Array[]): Uint8Array {
  const [first, ...others] = parts;
  return first && others.length === 0 ? first : joinBytes(parts);
}
