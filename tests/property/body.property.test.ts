import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodeBody, encodeBody, MAX_BODY_DEPTH, MAX_BODY_NODES } from '#core/body.ts';
import { formatStamp, ZERO_STAMP } from '#core/clock.ts';
import type { Fields } from '#core/entity.ts';
import { canonicalJson, type Json } from '#core/json.ts';
import { ledger } from '#entities/index.ts';
import { bodyOf } from '#support/entity-edits.ts';
import { runs } from '#support/property-runs.ts';

// Any UTF-16, lone surrogates and NUL included. JSON has one zero only.
const strings = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 12 }).map((units) => String.fromCharCode(...units)),
);
const names = fc.oneof(strings, fc.constantFrom('__proto__', 'constructor', 'toString', 'fields', ''));
const { tree } = fc.letrec<{ tree: Json }>((tie) => ({
  tree: fc.oneof(
    { maxDepth: 5, depthIdentifier: 'body' },
    strings,
    fc.constant(null),
    fc.boolean(),
    fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value || 0),
    fc.array(tie('tree'), { maxLength: 4, depthIdentifier: 'body' }),
    fc
      .array(fc.tuple(names, tie('tree')), { maxLength: 4, depthIdentifier: 'body' })
      .map((entries) => Object.fromEntries(entries)),
  ),
}));
const fields: fc.Arbitrary<Fields> = fc
  .array(fc.tuple(names, tree), { maxLength: 6 })
  .map((entries) => Object.fromEntries(entries));
const stamps = fc
  .array(fc.tuple(names, fc.record({ ms: fc.nat(), counter: fc.nat(1000), tag: fc.constant('0123abcd') }).map(formatStamp)), {
    maxLength: 6,
  })
  .map((entries) => Object.fromEntries(entries));

describe('a body', () => {
  // Invariant 11
  test('comes back as it went, with every unknown field, NUL and lone surrogate', () => {
    fc.assert(
      fc.property(fields, stamps, (someFields, someStamps) => {
        const decoded = decodeBody(encodeBody({ fields: someFields, stamps: someStamps }));
        expect(decoded).toEqual({ ok: true, value: { fields: someFields, stamps: someStamps } });
      }),
      { numRuns: runs(1000) },
    );
  });

  test('has one text only, whatever the order in which its fields were written', () => {
    fc.assert(
      fc.property(fields, stamps, (someFields, someStamps) => {
        const backwards = Object.fromEntries(Object.entries(someFields).reverse());
        expect(encodeBody({ stamps: someStamps, fields: backwards })).toBe(
          encodeBody({ fields: someFields, stamps: someStamps }),
        );
      }),
    );
  });

  test('has a text that every store and wire can carry: well-formed UTF-16 without NUL', () => {
    fc.assert(
      fc.property(fields, (someFields) => {
        const text = encodeBody({ fields: someFields, stamps: {} });
        expect(text.isWellFormed()).toBe(true);
        expect(text).not.toContain('\u0000');
      }),
    );
  });

  test.each([...ledger.values()].map((declaration) => [declaration.kind, declaration] as const))(
    'of the kind %s comes back as it went',
    (_kind, declaration) => {
      const body = bodyOf(declaration.sample());
      expect(decodeBody(encodeBody(body))).toEqual({ ok: true, value: body });
    },
  );
});

describe('the reader of a body', () => {
  test('answers anything at all with a body or a reason, and never throws', () => {
    const near = fc.tuple(fields, fc.nat(), strings).map(([someFields, at, noise]) => {
      const text = encodeBody({ fields: someFields, stamps: {} });
      const place = at % text.length;
      return text.slice(0, place) + noise + text.slice(place + noise.length);
    });
    fc.assert(
      fc.property(fc.oneof(strings, near, tree.map(canonicalJson)), (text) => {
        const read = decodeBody(text);
        if (read.ok) expect(decodeBody(encodeBody(read.value))).toEqual(read);
        else expect(['not-json', 'too-deep', 'too-large', 'bad-shape', 'bad-stamp']).toContain(read.error.reason);
      }),
      { numRuns: runs(1000) },
    );
  });

  test('keeps a member called __proto__ as data, and touches no prototype', () => {
    const text = `{"fields":{"__proto__":{"polluted":true},"map":{"__proto__":"x"}},"stamps":{"__proto__":"${ZERO_STAMP}"}}`;
    const read = decodeBody(text);
    expect(read.ok && Object.keys(read.value.fields)).toEqual(['__proto__', 'map']);
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
    expect(read.ok && encodeBody(read.value)).toBe(text);
  });

  test.each([
    ['an empty text', '', 'not-json'],
    ['a cut text', '{"fields":{}', 'not-json'],
    ['a page of HTML', '<!doctype html>', 'not-json'],
    ['a byte order mark before it', '\ufeff{"fields":{},"stamps":{}}', 'not-json'],
    ['a list', '[]', 'bad-shape'],
    ['null', 'null', 'bad-shape'],
    ['no stamps', '{"fields":{}}', 'bad-shape'],
    ['one member more, which would be lost on the way out', '{"fields":{},"more":1,"stamps":{}}', 'bad-shape'],
    ['fields as a list', '{"fields":[],"stamps":{}}', 'bad-shape'],
    ['stamps that are null', '{"fields":{},"stamps":null}', 'bad-shape'],
    ['a stamp that is a number', '{"fields":{},"stamps":{"a":1}}', 'bad-stamp'],
    ['a stamp in capitals', '{"fields":{},"stamps":{"a":"00000000Z-0000-00000000"}}', 'bad-stamp'],
    ['an inherited name in the place of its members', '{"__proto__":{"fields":{},"stamps":{}}}', 'bad-shape'],
  ])('refuses %s', (_name, text, reason) => {
    expect(decodeBody(text)).toEqual({ ok: false, error: { reason } });
  });

  test('reads the deepest body, refuses one level more, and does not write that either', () => {
    const nest = (levels: number): Json => (levels === 0 ? 1 : [nest(levels - 1)]);
    const deepest = { fields: { a: nest(MAX_BODY_DEPTH - 2) }, stamps: {} };
    expect(decodeBody(encodeBody(deepest))).toEqual({ ok: true, value: deepest });
    const deeper = { fields: { a: nest(MAX_BODY_DEPTH - 1) }, stamps: {} };
    expect(decodeBody(canonicalJson({ ...deeper }))).toEqual({ ok: false, error: { reason: 'too-deep' } });
    expect(() => encodeBody(deeper)).toThrow(RangeError);
  });

  test('refuses a million brackets and too many values without building them', () => {
    expect(decodeBody('['.repeat(1_000_000))).toEqual({ ok: false, error: { reason: 'too-deep' } });
    const wide = `{"fields":{"a":[${'0,'.repeat(MAX_BODY_NODES)}0]},"stamps":{}}`;
    expect(decodeBody(wide)).toEqual({ ok: false, error: { reason: 'too-large' } });
  });

  test('counts no bracket or comma that is in a string', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[[{,"\\\]}a]{0,200}$/), (noise) => {
        const body = { fields: { text: noise, [noise]: noise.repeat(3) }, stamps: {} };
        expect(decodeBody(encodeBody(body))).toEqual({ ok: true, value: body });
      }),
    );
  });
});
