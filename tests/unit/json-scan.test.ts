import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createJsonScan, type JsonBounds } from '#server/http/json-scan.ts';

const bounds: JsonBounds = { bytes: 1000, depth: 4, values: 50, long: { depth: 3, chars: 5000, bytes: 20_000 } };
const encode = (text: string): Uint8Array => new TextEncoder().encode(text);

/** The first fault, whatever pieces the text comes in. */
function scan(text: string, given: Partial<JsonBounds> = {}, piece = 7): string | undefined {
  const { take } = createJsonScan({ ...bounds, ...given });
  const bytes = encode(text);
  for (let at = 0; at < bytes.length; at += piece) {
    const fault = take(bytes.subarray(at, at + piece));
    if (fault) return fault;
  }
  return undefined;
}
const push = (body: string): string => JSON.stringify({ ops: [{ body }] });

describe('the scan of a JSON text', () => {
  test.each([
    ['an ordinary push', push('words'), undefined],
    ['brackets and commas inside a string', push('[[[[[{,,,,'.repeat(90)), undefined],
    ['quotes and backslashes inside a string', push('\\"[[[[[["\\\\'.repeat(80)), undefined],
    ['one level too many', '[[[[[]]]]]', 'too-deep'],
    ['empty arrays without end', `[${'[],'.repeat(60)}`, 'too-many-values'],
    ['blanks without end', ' '.repeat(1100), 'too-large'],
    ['one long body', push('x'.repeat(4900)), undefined],
    ['one long body of four-byte characters', push('🌱'.repeat(2400)), undefined],
    ['a body with more characters than one may have', push('x'.repeat(5100)), 'too-large'],
    ['a body whose escapes are its length', `{"ops":[{"body":"${'\\u00e9'.repeat(3000)}"}]}`, undefined],
    ['two long bodies', JSON.stringify({ ops: [{ body: 'x'.repeat(4000) }, { body: 'y'.repeat(4000) }] }), 'too-large'],
    ['a long string in another place', JSON.stringify({ ops: ['x'.repeat(4000)] }), 'too-large'],
    ['a long string where none may be', push('x'.repeat(4000)), 'too-large', { long: null }],
  ])('%s', (_name, text, fault, given: Partial<JsonBounds> = {}) => {
    for (const piece of [1, 7, 100_000]) expect(scan(text, given, piece)).toBe(fault);
  });

  test('finds nothing wrong with any JSON within its bounds, and every one that is deeper', () => {
    const depthOf = (value: unknown): number =>
      typeof value === 'object' && value !== null ? 1 + Math.max(0, ...Object.values(value).map(depthOf)) : 0;
    fc.assert(
      fc.property(
        fc.jsonValue({ maxDepth: 7, stringUnit: 'binary' }),
        fc.nat(8),
        fc.integer({ min: 1, max: 9 }),
        (value, depth, piece) => {
          const found = scan(JSON.stringify(value), { bytes: 1e6, values: 1e6, depth, long: null }, piece);
          expect(found).toBe(depthOf(value) > depth ? 'too-deep' : undefined);
        },
      ),
    );
  });
});
