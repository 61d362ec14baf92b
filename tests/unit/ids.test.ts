import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isUuid, mintId, mintIdAfter, toHex } from '#core/ids.ts';
import type { Random } from '#core/ports.ts';

/** A source of chance that gives these bytes. */
const randomOf = (bytes: Uint8Array): Random => ({ bytes: (length) => bytes.slice(0, length), fraction: () => 0 });

const sixteen = fc.uint8Array({ minLength: 16, maxLength: 16 });
/** All that 48 bits can hold: up to the year 10889. */
const times = fc.integer({ min: 0, max: 2 ** 48 - 1 });

describe('an id', () => {
  test('is a version 7 UUID that carries its time, and all chance that it was given', () => {
    fc.assert(
      fc.property(times, sixteen, (nowMs, bytes) => {
        const id = mintId(nowMs, randomOf(bytes));
        expect(isUuid(id)).toBe(true);
        const hex = id.replaceAll('-', '');
        expect(Number.parseInt(hex.slice(0, 12), 16)).toBe(nowMs);
        expect(hex[12]).toBe('7');
        expect('89ab').toContain(hex[16]);
        const given = toHex(bytes);
        expect(hex.slice(13, 16)).toBe(given.slice(13, 16));
        expect(hex.slice(17)).toBe(given.slice(17));
      }),
    );
  });

  test('sorts by the millisecond in which it was made', () => {
    fc.assert(
      fc.property(times, times, sixteen, sixteen, (a, b, left, right) => {
        fc.pre(a < b);
        expect(mintId(a, randomOf(left)) < mintId(b, randomOf(right))).toBe(true);
      }),
    );
  });

  test('made behind another sorts behind it, whatever the clock says, and is a UUID still', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.integer({ min: 0, max: 3 }), sixteen), { minLength: 1, maxLength: 50 }), (steps) => {
        let previous: string | null = null;
        for (const [nowMs, bytes] of steps) {
          const id = mintIdAfter(previous, nowMs, randomOf(bytes));
          expect(isUuid(id)).toBe(true);
          expect(id[14]).toBe('7');
          if (previous !== null) expect(id > previous).toBe(true);
          previous = id;
        }
      }),
    );
  });

  test('made behind the last of a millisecond takes the next one', () => {
    const last = '00000000-0005-7fff-bfff-ffffffffffff';
    expect(mintIdAfter(last, 5, randomOf(new Uint8Array(16)))).toBe('00000000-0006-7000-8000-000000000000');
    expect(mintIdAfter('00000000-0005-7ffe-bfff-ffffffffffff', 5, randomOf(new Uint8Array(16)))).toBe(
      '00000000-0005-7fff-8000-000000000000',
    );
  });

  test('takes chance that is a window of a larger buffer', () => {
    const pool = new Uint8Array(64).fill(0xab);
    const id = mintId(0, { bytes: (length) => pool.subarray(32, 32 + length), fraction: () => 0 });
    expect(id).toBe('00000000-0000-7bab-abab-abababababab');
    expect(pool[31]).toBe(0xab);
    expect(pool[48]).toBe(0xab);
  });

  test('is distinguished from what is none', () => {
    fc.assert(fc.property(fc.uuid(), (id) => void expect(isUuid(id)).toBe(true)));
    fc.assert(fc.property(fc.string(), (text) => void expect(isUuid(text)).toBe(false)));
    const id = '0198c0de-0000-7000-8000-00000000a001';
    for (const wrong of [
      id.toUpperCase(),
      ` ${id}`,
      `${id}\n`,
      id.replaceAll('-', ''),
      `{${id}}`,
      '../../../../etc/passwd',
      `${id.slice(0, -1)}g`,
    ]) {
      expect(isUuid(wrong)).toBe(false);
    }
  });
});

describe('hex', () => {
  test('is what Node makes of the same bytes', () => {
    fc.assert(fc.property(fc.uint8Array(), (bytes) => void expect(toHex(bytes)).toBe(Buffer.from(bytes).toString('hex'))));
  });
});
