/** Hostile pictures: cut off anywhere, changed anywhere. What reads them never throws and never reads beyond their end. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { joinBytes } from '#core/bytes.ts';
import type { Bytes } from '#features/pictures/bytes.ts';
import { mediaType } from '#features/pictures/media-type.ts';
import { pictureSize } from '#features/pictures/picture-size.ts';
import { stripMetadata } from '#features/pictures/strip-metadata.ts';
import {
  gifOf,
  gifXmp,
  jpegOf,
  personalChunks,
  personalSegments,
  pngOf,
  vp8,
  vp8l,
  vp8x,
  webpExif,
  webpOf,
  webpXmp,
} from '#support/picture-bytes.ts';
import { movingAvif, movingWebp, stillAvif, stillHeic } from '#support/picture-samples.ts';
import { runs } from '#support/property-runs.ts';

const samples: readonly (readonly [name: string, bytes: Bytes])[] = [
  ['JPEG', jpegOf(300, 200, personalSegments(6))],
  ['PNG', pngOf(300, 200, ...personalChunks(6))],
  ['GIF', gifOf(5, 3, [1, 2], gifXmp)],
  ['WebP', webpOf(vp8x(300, 200, 0x0c), vp8(300, 200), webpExif(6), webpXmp)],
  ['WebP without loss', webpOf(vp8l(300, 200))],
  ['WebP that moves', movingWebp],
  ['AVIF', stillAvif],
  ['AVIF that moves', movingAvif],
  ['HEIC', stillHeic],
  ['SVG', new TextEncoder().encode('<?xml version="1.0"?><!-- ü --><!DOCTYPE svg [<!ENTITY a "b">]><svg xmlns="x"/>')],
];

/** All that is found out about bytes. */
function look(bytes: Bytes) {
  const media = mediaType(bytes);
  const stripped = stripMetadata(media.type, bytes);
  return { media, cut: mediaType(bytes, true), size: pictureSize(bytes), stripped: stripped && [...stripped] };
}

/** The same bytes as a part of a larger buffer: what is read beyond them gives another result. */
const within = (bytes: Bytes, filler: number): Bytes =>
  joinBytes([new Uint8Array(32).fill(filler), bytes, new Uint8Array(4096).fill(filler)]).subarray(32, 32 + bytes.length);

function check(bytes: Bytes): void {
  const alone = look(bytes);
  for (const filler of [0, 0x41, 0xff]) expect(look(within(bytes, filler))).toEqual(alone);
  if (alone.size) {
    expect(Number.isInteger(alone.size.width) && alone.size.width > 0).toBe(true);
    expect(Number.isInteger(alone.size.height) && alone.size.height > 0).toBe(true);
  }
  if (alone.stripped) expect(alone.stripped.length).toBeLessThanOrEqual(bytes.length + 64);
}

describe.each(samples)('%s', (_name, bytes) => {
  test('cut off at each length', () => {
    for (let length = 0; length <= bytes.length; length++) check(bytes.slice(0, length));
  });

  test('with bytes changed', () => {
    const change = fc.tuple(fc.nat(bytes.length - 1), fc.oneof(fc.nat(255), fc.constantFrom(0, 1, 0x7f, 0x80, 0xff)));
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 12 }), fc.nat(bytes.length), (changes, length) => {
        const changed = bytes.slice(0, length + 1);
        for (const [at, byte] of changes) if (at < changed.length) changed[at] = byte;
        check(changed);
      }),
      { numRuns: runs(150) },
    );
  });
});

test('any bytes at all', () => {
  fc.assert(fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => check(Uint8Array.from(bytes))));
});

test('the same bytes, named by an AVIF as metadata a thousand times over, are not written a thousand times', () => {
  const place = (value: number, size: number) => Array.from({ length: size }, (_, i) => (value / 256 ** (size - 1 - i)) & 0xff);
  const box = (type: string, ...content: readonly (readonly number[])[]) => {
    const data = content.flat();
    return [...place(data.length + 8, 4), ...Array.from(type, (sign) => sign.charCodeAt(0)), ...data];
  };
  const ids = Array.from({ length: 1000 }, (_, i) => i + 1);
  const FULL = [0, 0, 0, 0];
  const infe = ids.map((id) =>
    box(
      'infe',
      [2, 0, 0, 0],
      place(id, 2),
      [0, 0],
      [...'Exif'].map((sign) => sign.charCodeAt(0)),
    ),
  );
  const items = ids.map((id) => [...place(id, 2), 0, 0, ...place(1, 2), ...place(0, 4), ...place(20_000, 4)]);
  const meta = box(
    'meta',
    FULL,
    box('iinf', FULL, place(ids.length, 2), ...infe),
    box('iloc', FULL, [0x44, 0], place(ids.length, 2), ...items),
  );
  const file = Uint8Array.from([
    ...box(
      'ftyp',
      [...'avif'].map((sign) => sign.charCodeAt(0)),
      FULL,
    ),
    ...meta,
  ]);
  expect(mediaType(file).type).toBe('image/avif');
  expect(stripMetadata('image/avif', file)).toBeNull();
});
