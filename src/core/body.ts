import { isStamp } from './clock.ts';
import type { Body, Fields, Stamps } from './entity.ts';
import { canonicalJson, type Json } from './json.ts';
import { err, ok, type Result } from './result.ts';

/** How deep arrays and objects may nest in a body, the body itself being depth 1. */
export const MAX_BODY_DEPTH = 64;
/** How many values a body may hold, counted before it is parsed. A drawing of 10,000 strokes holds about half of this. */
export const MAX_BODY_NODES = 2_000_000;

export type BodyError = { readonly reason: 'not-json' | 'too-deep' | 'too-large' | 'bad-shape' | 'bad-stamp' };

/**
 * The text that travels and is hashed: equal bodies give equal text. NUL and lone surrogates are escaped, as JSON does.
 * Throws a RangeError for a body that `decodeBody` would refuse for its depth or size: no device could read it back.
 */
export function encodeBody({ fields, stamps }: Body): string {
  const text = canonicalJson({ fields, stamps });
  const reason = findExcess(text);
  if (reason) throw new RangeError(`body is ${reason}`);
  return text;
}

/**
 * Reads what another device or an older version wrote. Strict in shape (an object with `fields` and `stamps` and nothing
 * else, every stamp well-formed), open in content: unknown fields are kept, and a member called `__proto__` is data.
 */
export function decodeBody(text: string): Result<Body, BodyError> {
  const excess = findExcess(text);
  if (excess) return err({ reason: excess });
  const parsed = parseJson(text);
  if (parsed === undefined) return err({ reason: 'not-json' });
  if (!isObject(parsed) || Object.keys(parsed).sort().join() !== 'fields,stamps') return err({ reason: 'bad-shape' });
  const { fields, stamps } = parsed;
  if (!isObject(fields) || !isObject(stamps)) return err({ reason: 'bad-shape' });
  if (!areStamps(stamps)) return err({ reason: 'bad-stamp' });
  return ok({ fields, stamps });
}

function parseJson(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
}

function isObject(value: Json | undefined): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const areStamps = (stamps: Fields): stamps is Stamps =>
  Object.values(stamps).every((stamp) => typeof stamp === 'string' && isStamp(stamp));

const [QUOTE, BACKSLASH, COMMA, OPEN_LIST, CLOSE_LIST, OPEN_OBJECT, CLOSE_OBJECT] = [0x22, 0x5c, 0x2c, 0x5b, 0x5d, 0x7b, 0x7d];

/**
 * Depth and size from the text alone, so that nothing large is built from hostile text. Text that is not JSON may
 * pass here; the parser refuses it.
 */
function findExcess(text: string): 'too-deep' | 'too-large' | undefined {
  let depth = 0;
  let nodes = 1;
  for (let at = 0; at < text.length; at++) {
    const sign = text.charCodeAt(at);
    if (sign === QUOTE) at = endOfString(text, at);
    else if (sign === COMMA) nodes++;
    else if (sign === OPEN_LIST || sign === OPEN_OBJECT) {
      nodes++;
      if (++depth > MAX_BODY_DEPTH) return 'too-deep';
    } else if (sign === CLOSE_LIST || sign === CLOSE_OBJECT) depth--;
    if (nodes > MAX_BODY_NODES) return 'too-large';
  }
  return undefined;
}

/** The place of the quote that closes the string that opens at `open`. */
function endOfString(text: string, open: number): number {
  for (let at = open + 1; ; ) {
    const close = text.indexOf('"', at);
    if (close < 0) return text.length;
    let slashes = 0;
    while (text.charCodeAt(close - 1 - slashes) === BACKSLASH) slashes++;
    if (slashes % 2 === 0) return close;
    at = close + 1;
  }
}
