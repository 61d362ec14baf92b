import * as v from 'valibot';
import { expect, test } from 'vitest';
import { hashShape } from './shape.ts';

const entity = (id: v.GenericSchema, extra: Record<string, v.GenericSchema> = {}) => v.object({ kind: v.string(), id, ...extra });
const hex = (digits: number) => v.pipe(v.string(), v.regex(new RegExp(`^[0-9a-f]{${digits}}$`)));
const base = hashShape(entity(hex(32)));

test('the same shape written again has the same hash', () => {
  expect(hashShape(entity(hex(32)))).toBe(base);
});

test.each<[string, v.GenericSchema]>([
  ['a pattern inside a pipe', entity(hex(64))],
  ['a further member', entity(hex(32), { note: v.string() })],
  ['a member that became optional', v.object({ kind: v.optional(v.string()), id: hex(32) })],
  ['a member that became nullable', v.object({ kind: v.string(), id: v.nullable(hex(32)) })],
  ['a bound', entity(v.pipe(v.string(), v.maxLength(32)))],
  ['objects that became strict', v.strictObject({ kind: v.string(), id: hex(32) })],
])('%s changes it', (_, changed) => {
  expect(hashShape(changed)).not.toBe(base);
});
