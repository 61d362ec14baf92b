/** How a body names its blobs. */
import { expect, test } from 'vitest';
import { blobReference, blobsIn, readReference } from '#core/blobs.ts';

const a = 'a'.repeat(64);
const b = '0123456789abcdef'.repeat(4);

test('a text names each of its blobs once, wherever the reference is in it', () => {
  const text = `![leaf](files/${b}.png) and [report](files/${a}.pdf), again ![](files/${b}.png), "files/${a}"`;
  expect(blobsIn(text)).toEqual([b, a]);
  expect(blobsIn(JSON.stringify({ fields: { text, file: blobReference(a, 'bin') } }))).toEqual([b, a]);
});

test.each([
  ['no reference at all', 'files and folders'],
  ['too few digits', `files/${a.slice(1)}.png`],
  ['too many digits', `files/${a}0.png`],
  ['upper-case digits', `files/${a.toUpperCase()}.png`],
  ['another folder', `images/${a}.png`],
])('%s is no reference', (_what, text) => {
  expect(blobsIn(text)).toEqual([]);
});

test('ten million characters that nearly refer to something are read in linear time', () => {
  expect(blobsIn(`files/${'a'.repeat(63)}-`.repeat(140_000))).toEqual([]);
  expect(blobsIn('files/'.repeat(1_700_000))).toEqual([]);
});

test('a reference is made and read back', () => {
  for (const extension of ['png', 'jpeg', '7z', 'webp', ''])
    expect(readReference(blobReference(a, extension)), extension).toEqual({ hash: a, extension });
  for (const extension of ['a/b', 'PNG', '..', 'webmanifest']) expect(blobReference(a, extension)).toBe(`files/${a}`);
  expect(readReference(`../files/${a}.png`)).toEqual({ hash: a, extension: 'png' });
});

test.each([
  `https://host/files/${a}.png`,
  `//host/files/${a}.png`,
  `/files/${a}.png`,
  `files/${a}.png?x`,
  `files/../${a}.png`,
  `xfiles/${a}.png`,
])('%s is somebody else’s address', (address) => {
  expect(readReference(address)).toBeNull();
});
