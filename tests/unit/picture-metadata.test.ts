/** The size of a picture by its header, and what is taken out of it without decoding. */
import { describe, expect, test } from 'vitest';
import { joinBytes } from '#core/bytes.ts';
import { type Bytes, fromAscii } from '#features/pictures/bytes.ts';
import { mediaType } from '#features/pictures/media-type.ts';
import { fitInto, isTooLarge, pictureSize } from '#features/pictures/picture-size.ts';
import { stripMetadata } from '#features/pictures/strip-metadata.ts';
import {
  gifOf,
  gifXmp,
  iccSegment,
  jpegOf,
  jpegSegment,
  personalChunks,
  personalSegments,
  pngOf,
  SECRETS,
  vp8,
  vp8l,
  vp8x,
  webpExif,
  webpOf,
  webpXmp,
} from '#support/picture-bytes.ts';
import { movingAvif, movingWebp, stillAvif, stillHeic } from '#support/picture-samples.ts';

const isTurned = (orientation: number): boolean => orientation >= 5;
const textOf = (bytes: Bytes): string => new TextDecoder('latin1').decode(bytes);
const orientations = [1, 2, 3, 4, 5, 6, 7, 8];

function strip(bytes: Bytes): Bytes {
  const stripped = stripMetadata(mediaType(bytes).type, bytes);
  if (!stripped) throw new Error('it was not stripped');
  return stripped;
}

describe('the size of a picture', () => {
  test.each([
    ['PNG', pngOf(300, 200), 300, 200],
    ['JPEG', jpegOf(300, 200), 300, 200],
    ['GIF', gifOf(30, 20, [1]), 30, 20],
    ['WebP', webpOf(vp8(300, 200)), 300, 200],
    ['WebP without loss', webpOf(vp8l(300, 200)), 300, 200],
    ['WebP with an extended header', webpOf(vp8x(70_000, 200, 0), vp8(300, 200)), 70_000, 200],
    ['WebP that moves, turned by Exif', movingWebp, 24, 40],
    ['AVIF, turned by its own property', stillAvif, 24, 40],
    ['AVIF that moves', movingAvif, 40, 24],
    ['HEIC', stillHeic, 40, 24],
  ])('%s: is read from the header', (_name, bytes, width, height) => {
    expect(pictureSize(bytes)).toEqual({ width, height });
  });

  test.each(orientations)('orientation %i of Exif turns width and height, in both byte orders', (orientation) => {
    const size = isTurned(orientation) ? { width: 200, height: 300 } : { width: 300, height: 200 };
    expect(pictureSize(jpegOf(300, 200, personalSegments(orientation, 'MM')))).toEqual(size);
    expect(pictureSize(jpegOf(300, 200, personalSegments(orientation, 'II')))).toEqual(size);
    expect(pictureSize(pngOf(300, 200, ...personalChunks(orientation)))).toEqual(size);
    expect(pictureSize(webpOf(vp8x(300, 200, 8), vp8(300, 200), webpExif(orientation)))).toEqual(size);
  });

  test('a small picture inside of Exif is not the size of the picture', () => {
    const inner = jpegSegment(0xe1, joinBytes([fromAscii('Exif\0\0'), jpegOf(16, 12)]));
    expect(pictureSize(jpegOf(300, 200, inner))).toEqual({ width: 300, height: 200 });
  });

  test('a GIF whose first image is larger than its screen has the size of the image', () => {
    const gif = gifOf(2, 2, [1]);
    const at = gif.indexOf(0x2c) + 5;
    gif.set([0x10, 0x27, 0x10, 0x27], at);
    expect(pictureSize(gif)).toEqual({ width: 10_000, height: 10_000 });
  });

  test('what has no size has none: a text, a height of zero, a height that is to follow', () => {
    expect(pictureSize(fromAscii('words'))).toBeNull();
    expect(pictureSize(pngOf(0, 200))).toBeNull();
    expect(pictureSize(jpegOf(300, 0))).toBeNull();
    expect(pictureSize(fromAscii('<svg width="3" height="2"/>'))).toBeNull();
  });

  test('more than 50 megapixels, or an edge above 16,384, is too large to decode', () => {
    expect(isTooLarge({ width: 10_000, height: 5000 })).toBe(false);
    expect(isTooLarge({ width: 10_001, height: 5000 })).toBe(true);
    expect(isTooLarge({ width: 16_384, height: 1 })).toBe(false);
    expect(isTooLarge({ width: 1, height: 16_385 })).toBe(true);
  });

  test('a picture is fitted by its longer edge, never enlarged, and keeps a pixel', () => {
    expect(fitInto({ width: 4000, height: 3000 }, 2048)).toEqual({ width: 2048, height: 1536 });
    expect(fitInto({ width: 3000, height: 4000 }, 2048)).toEqual({ width: 1536, height: 2048 });
    expect(fitInto({ width: 40, height: 30 }, 2048)).toEqual({ width: 40, height: 30 });
    expect(fitInto({ width: 4000, height: 3000 }, null)).toEqual({ width: 4000, height: 3000 });
    expect(fitInto({ width: 16_000, height: 1 }, 160)).toEqual({ width: 160, height: 1 });
  });
});

describe('metadata', () => {
  const movie = fromAscii('a film with SECRETPLACE');
  const pictures: readonly (readonly [name: string, bytes: Bytes])[] = [
    ['JPEG', joinBytes([jpegOf(300, 200, joinBytes([personalSegments(6), iccSegment])), movie])],
    ['PNG', joinBytes([pngOf(300, 200, ...personalChunks(6)), movie])],
    ['GIF', gifOf(30, 20, [1, 2], gifXmp)],
    ['WebP', joinBytes([webpOf(vp8x(300, 200, 0x0c), vp8(300, 200), webpExif(6), webpXmp), movie])],
    ['WebP that moves', movingWebp],
    ['AVIF', stillAvif],
  ];

  test.each(pictures)('%s: camera and place are gone; form, size, orientation and movement stay', (_name, bytes) => {
    expect(SECRETS.some((secret) => textOf(bytes).includes(secret))).toBe(true);
    const stripped = strip(bytes);
    for (const secret of SECRETS) expect(textOf(stripped)).not.toContain(secret);
    expect(mediaType(stripped)).toEqual(mediaType(bytes));
    expect(pictureSize(stripped)).toEqual(pictureSize(bytes));
  });

  test.each(pictures)('%s: what has been stripped once stays byte for byte', (_name, bytes) => {
    const once = strip(bytes);
    expect(strip(once)).toEqual(once);
  });

  test('JPEG: the coded data and the colour profile are those of before', () => {
    const plain = jpegOf(300, 200, iccSegment);
    expect(strip(jpegOf(300, 200, joinBytes([personalSegments(1), iccSegment])))).toEqual(plain);
  });

  test('what is behind the end of a picture goes, further pictures included', () => {
    for (const picture of [jpegOf(30, 20), pngOf(30, 20), webpOf(vp8(30, 20))])
      expect(strip(joinBytes([picture, jpegOf(3, 2), movie]))).toEqual(picture);
  });

  test('JPEG: the small picture of JFIF, which can show what was cut away, is left out', () => {
    const thumbnail = jpegSegment(
      0xe0,
      joinBytes([fromAscii('JFIF\0\x01\x01\0\0\x01\0\x01\x04\x01'), fromAscii('SECRETPLACE!')]),
    );
    const stripped = strip(joinBytes([jpegOf(3, 2).subarray(0, 2), thumbnail, jpegOf(3, 2).subarray(20)]));
    expect(textOf(stripped)).not.toContain('SECRETPLACE');
    expect(stripped).toEqual(jpegOf(3, 2));
  });

  test('a picture without metadata stays byte for byte', () => {
    for (const bytes of [jpegOf(3, 2), pngOf(3, 2), gifOf(3, 2, [1, 2]), webpOf(vp8(3, 2)), movingAvif, stillHeic])
      expect(strip(bytes)).toEqual(bytes);
  });

  test('AVIF: no byte moves, and the decoder finds empty Exif', () => {
    const stripped = strip(stillAvif);
    expect(stripped.length).toBe(stillAvif.length);
    expect(textOf(stripped)).toContain('MM\0*\0\0\0\x08\0\0');
  });

  test('what cannot be searched is not called stripped', () => {
    expect(stripMetadata('image/jpeg', fromAscii('\xff\xd8\xff\xe0\0'))).toBeNull();
    expect(stripMetadata('image/avif', stillAvif.slice(0, 40))).toBeNull();
    // Exif that is said to be beyond the end.
    expect(stripMetadata('image/avif', stillAvif.slice(0, -120))).toBeNull();
    expect(stripMetadata('application/pdf', fromAscii('%PDF-1.7'))).toBeNull();
  });
});
