import fc from 'fast-check';
import { expect, test } from 'vitest';
import { blobsIn, MAX_OP_BLOBS } from '#core/blobs.ts';
import { decodeBody } from '#core/body.ts';
import { hashText } from '#core/hash.ts';
import { countBytes, isHashOf, readStandIn, standInFor, withStandIn } from '#core/large-body.ts';
import { fromUtf8, toUtf8 } from '#core/utf8.ts';
import { hashOf } from '#support/blob-bytes.ts';
import { makeOp } from '#support/server-world.ts';

test('a stand-in is no body to an app that does not know it, and names its blob all the same', () => {
  const blob = hashText('a long text');
  const text = standInFor({ blob, bytes: 11 });
  expect(decodeBody(text).ok).toBe(false);
  expect(blobsIn(text)).toEqual([blob]);
  expect(readStandIn(text)).toEqual({ blob, bytes: 11 });
});

test('the same body has the same stand-in, whose op names the blob before those of the body', () => {
  const blobs = Array.from({ length: MAX_OP_BLOBS }, (_, at) => hashText(String(at)));
  const op = makeOp({ body: '{"fields":{"text":"é😀"},"stamps":{}}', blobs });
  const sent = withStandIn(op);
  expect(sent).toEqual(withStandIn({ ...op, opId: op.opId }));
  expect(sent).toMatchObject({ opId: op.opId, hash: hashText(sent?.body ?? ''), base: op.base });
  expect(sent?.blobs).toEqual([op.hash, ...blobs.slice(0, -1)]);
  expect(readStandIn(sent?.body ?? '')).toEqual({ blob: hashOf(toUtf8(op.body ?? '')), bytes: toUtf8(op.body ?? '').length });
  expect(withStandIn(makeOp({ body: null }))).toBeNull();
});

test('a body has one hash by itself and one by its stand-in, and an op of either form is known by both', () => {
  const op = makeOp({ body: '{"fields":{"text":"é😀"},"stamps":{}}' });
  const sent = withStandIn(op);
  for (const one of [op, sent]) {
    expect([op.hash, sent?.hash ?? ''].map((hash) => one && isHashOf(hash, one))).toEqual([true, true]);
    expect(one && isHashOf(hashText('another'), one)).toBe(false);
  }
  expect(isHashOf(op.hash, makeOp({ body: null }))).toBe(false);
});

test.each([
  '{"fields":{},"stamps":{}}',
  `{"body":"files/${'a'.repeat(63)}","bytes":1}`,
  `{"body":"files/${'a'.repeat(64)}.md","bytes":1}`,
  `{"body":"files/${'a'.repeat(64)}","bytes":-1}`,
  `{"body":"files/${'a'.repeat(64)}","bytes":999999999}`,
  ` {"body":"files/${'a'.repeat(64)}","bytes":1}`,
  null,
])('%s stands in for nothing', (text) => {
  expect(readStandIn(text)).toBeNull();
});

test('text goes to UTF-8 and back as it was, in any script, and its bytes are counted without being made', () => {
  fc.assert(
    fc.property(fc.array(fc.oneof(fc.string({ unit: 'binary' }), fc.constant('x'.repeat(8190)))), (parts) => {
      const text = parts.join('').toWellFormed();
      const bytes = toUtf8(text);
      expect(fromUtf8(bytes)).toBe(text);
      expect(countBytes(text)).toBe(bytes.length);
    }),
  );
});
