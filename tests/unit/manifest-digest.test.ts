import { expect, test } from 'vitest';
import { hashText } from '#core/hash.ts';
import { BUCKETS, changeSums, emptySums, manifestBuckets, toBuckets } from '#core/manifest-digest.ts';
import { newId } from '#support/server-world.ts';

const makeLines = (count: number) => Array.from({ length: count }, () => ({ kind: 'note', id: newId(), version: newId() }));

test('the digest does not depend on the order, and a line taken out leaves no trace', () => {
  const lines = makeLines(300);
  const sums = emptySums();
  for (const line of [...lines].reverse()) changeSums(sums, line, 1, hashText);
  expect(toBuckets(sums)).toEqual(manifestBuckets(lines, hashText));
  for (const line of lines) changeSums(sums, line, -1, hashText);
  expect(sums).toEqual(emptySums());
});

test('one other version, one more and one less change the digest, in the bucket of the id alone', () => {
  const lines = makeLines(100);
  const digest = manifestBuckets(lines, hashText);
  const [first = { kind: '', id: '', version: '' }, ...others] = lines;
  const bucket = Number.parseInt(first.id.slice(-2), 16) % BUCKETS;
  for (const other of [[...others, { ...first, version: newId() }], others, [...lines, { ...first, kind: 'chat' }]]) {
    const changed = manifestBuckets(other, hashText).flatMap((sum, index) => (sum === digest[index] ? [] : [index]));
    expect(changed).toEqual([bucket]);
  }
});

test('the digest of known lines is the one recorded: two versions of the app must compute the same', () => {
  const id = '0190b4a0-7c00-7000-8000-0000000000ff';
  const lines = [
    { kind: 'note', id, version: '0190b4a0-7c00-7000-8000-000000000001' },
    { kind: 'chat', id, version: '0190b4a0-7c00-7000-8000-000000000002' },
  ];
  expect(manifestBuckets(lines, hashText)[63]).toBe('e0f33128d1eb2b0cd18ad426f5ee3de00f2ecd9e7b0a8f3ca5885f3b51d90bb0');
  expect(manifestBuckets(lines, hashText).slice(0, 63)).toEqual(Array.from({ length: 63 }, () => '0'.repeat(64)));
});
