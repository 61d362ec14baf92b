import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { canonicalJson, equalJson, type Json } from '#core/json.ts';
import { backwards } from '#support/backwards.ts';

const values = fc.jsonValue({ depthSize: 'medium' }) as fc.Arbitrary<Json>;

describe('canonical JSON', () => {
  test('is the same text for equal values, in whatever order they were written', () => {
    fc.assert(
      fc.property(values, (value) => {
        expect(canonicalJson(backwards(value))).toBe(canonicalJson(value));
        expect(equalJson(backwards(value), value)).toBe(true);
      }),
    );
  });

  test('is JSON of the value itself', () => {
    fc.assert(
      fc.property(values, (value) => {
        expect(canonicalJson(JSON.parse(canonicalJson(value)) as Json)).toBe(canonicalJson(value));
        expect(JSON.parse(canonicalJson(value))).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });

  test('differs for different values', () => {
    fc.assert(
      fc.property(values, values, (a, b) => {
        expect(canonicalJson(a) === canonicalJson(b)).toBe(equalJson(a, b));
      }),
    );
  });

  test.each([
    [
      'keys by UTF-16 code units, not by letters',
      { b: 1, a: 1, Z: 1, ä: 1, '\u{1f331}': 1, '\uffff': 1 },
      '{"Z":1,"a":1,"b":1,"ä":1,"🌱":1,"\uffff":1}',
    ],
    ['keys that look like array indexes first, by number', { b: 1, 10: 1, 9: 1, '01': 1 }, '{"9":1,"10":1,"01":1,"b":1}'],
    ['members of objects in lists', [{ b: 1, a: [{ d: 1, c: 1 }] }], '[{"a":[{"c":1,"d":1}],"b":1}]'],
    ['NUL and lone surrogates, escaped', ['\u0000', '\ud800', '\udc00a'], '["\\u0000","\\ud800","\\udc00a"]'],
    ['one zero only', [0, -0], '[0,0]'],
  ])('writes %s', (_name, value, text) => {
    expect(canonicalJson(value)).toBe(text);
  });

  test('writes a member called __proto__ as data', () => {
    const value = JSON.parse('{"b":1,"__proto__":{"y":1,"x":1}}') as Json;
    expect(canonicalJson(value)).toBe('{"__proto__":{"x":1,"y":1},"b":1}');
  });
});

describe('equality of JSON values', () => {
  test.each([
    [null, null, true],
    [undefined, undefined, true],
    [undefined, null, false],
    [null, {}, false],
    [0, '0', false],
    [0, false, false],
    [[], {}, false],
    [[1], { 0: 1 }, false],
    [['1'], '1', false],
    [{ a: [] }, { a: {} }, false],
    [{ a: null }, {}, false],
    [{ a: 1 }, { a: 1, b: 1 }, false],
    ['é', 'e\u0301', false],
  ] as const)('%j and %j: %s', (a, b, equal) => {
    expect(equalJson(a, b)).toBe(equal);
    expect(equalJson(b, a)).toBe(equal);
  });
});
