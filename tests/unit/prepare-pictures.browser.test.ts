/** Real pictures through the real worker: what comes out is drawn and compared, pixel by pixel and byte by byte. */
import { describe, expect, test } from 'vitest';
import { lazyPictures } from '#app/pictures/open-pictures.ts';
import type { PrepareRequest } from '#app/pictures/pictures.ts';
import { joinBytes } from '#core/bytes.ts';
import { type Bytes, fromAscii, u32beBytes } from '#features/pictures/bytes.ts';
import { pngChunk } from '#features/pictures/png.ts';
import type { PreparedFile } from '#features/pictures/prepared-file.ts';
import {
  exifTiff,
  gifOf,
  jpegOf,
  personalChunks,
  personalSegments,
  pngOf,
  SECRETS,
  withChunks,
  withSegments,
  withWebpMetadata,
} from '#support/picture-bytes.ts';
import { movingAvif, movingWebp, stillAvif, stillHeic } from '#support/picture-samples.ts';

const pictures = lazyPictures();
const bytesOf = async (blob: Blob): Promise<Bytes> => new Uint8Array(await blob.arrayBuffer());

async function prepare(content: Bytes | Blob | string, request: Partial<PrepareRequest> = {}, name = ''): Promise<PreparedFile> {
  const file = name === '' ? new Blob([content]) : new File([content], name, { type: 'image/png' });
  const result = await (await pictures()).prepare(file, { maxEdge: null, stripLocation: true, ...request });
  if (!result.ok) throw new Error(JSON.stringify(result.error));
  return result.value;
}

type Draw = (context: OffscreenCanvasRenderingContext2D) => void;

async function paint(width: number, height: number, type: string, draw: Draw): Promise<Bytes> {
  const canvas = new OffscreenCanvas(width, height);
  const context = canvas.getContext('2d');
  if (!context) throw new Error('no canvas');
  draw(context);
  const blob = await canvas.convertToBlob({ type, quality: 0.95 });
  expect(blob.type).toBe(type);
  return bytesOf(blob);
}

const COLOURS = { red: [255, 0, 0], lime: [0, 255, 0], blue: [0, 0, 255], black: [0, 0, 0] } as const;
type Colour = keyof typeof COLOURS;

/** A quarter of the picture in each colour: red and lime above, blue and black below. */
const quarters: Draw = (context) => {
  const { width, height } = context.canvas;
  for (const [colour, x, y] of [
    ['red', 0, 0] as const,
    ['lime', 1, 0] as const,
    ['blue', 0, 1] as const,
    ['black', 1, 1] as const,
  ]) {
    context.fillStyle = colour;
    context.fillRect((x * width) / 2, (y * height) / 2, width / 2, height / 2);
  }
};

const noise: Draw = (context) => {
  const { width, height } = context.canvas;
  const image = context.createImageData(width, height);
  for (let at = 0; at < image.data.length; at += 65_536) crypto.getRandomValues(image.data.subarray(at, at + 65_536));
  for (let at = 3; at < image.data.length; at += 4) image.data[at] = 255;
  context.putImageData(image, 0, 0);
};

/** The picture as a page shows it. */
async function show(blob: Blob) {
  const image = new Image();
  image.src = URL.createObjectURL(blob);
  await image.decode();
  document.body.append(image);
  const { naturalWidth: width, naturalHeight: height } = image;
  const context = new OffscreenCanvas(width, height).getContext('2d');
  if (!context) throw new Error('no canvas');
  context.drawImage(image, 0, 0);
  image.remove();
  return { width, height, pixel: (x: number, y: number) => [...context.getImageData(x, y, 1, 1).data] };
}

const nearest = (pixel: readonly number[]): Colour | null => {
  for (const [name, rgb] of Object.entries(COLOURS))
    if (rgb.every((value, i) => Math.abs(value - (pixel[i] ?? -1)) < 60)) return name as Colour;
  return null;
};

/** The colours of the four quarters, by rows. */
async function cornersOf(blob: Blob): Promise<string> {
  const { width, height, pixel } = await show(blob);
  const places = [0.25, 0.75].flatMap((y) => [0.25, 0.75].map((x) => [Math.floor(x * width), Math.floor(y * height)] as const));
  return places.map(([x, y]) => nearest(pixel(x, y))).join(' ');
}

async function expectNoSecrets(blob: Blob): Promise<void> {
  const text = new TextDecoder('latin1').decode(await bytesOf(blob));
  for (const secret of SECRETS) expect(text).not.toContain(secret);
}

/** The quarters as each orientation shows them (CIPA DC-008, 4.6.4). */
const TURNED = [
  [1, 'red lime blue black'],
  [2, 'lime red black blue'],
  [3, 'black blue lime red'],
  [4, 'blue black red lime'],
  [5, 'red blue lime black'],
  [6, 'blue red black lime'],
  [7, 'black lime blue red'],
  [8, 'lime black red blue'],
] as const;

describe('a photo with camera and place', () => {
  test.each(TURNED)('orientation %i: shown upright, as it was and scaled, without either', async (orientation, corners) => {
    const photo = withSegments(await paint(64, 32, 'image/jpeg', quarters), personalSegments(orientation));
    expect(await cornersOf(new Blob([photo], { type: 'image/jpeg' }))).toBe(corners);
    const isTall = orientation >= 5;
    for (const [maxEdge, longer] of [[null, 64] as const, [64, 64] as const, [24, 24] as const]) {
      const prepared = await prepare(photo, { maxEdge });
      const size = isTall ? { width: longer / 2, height: longer } : { width: longer, height: longer / 2 };
      expect(prepared).toMatchObject({ type: 'image/jpeg', extension: 'jpg', isPicture: true, notice: null, ...size });
      expect(await cornersOf(prepared.blob)).toBe(corners);
      expect(await show(prepared.blob)).toMatchObject(size);
      await expectNoSecrets(prepared.blob);
      if (!prepared.thumbnail) throw new Error('no thumbnail');
      expect(await cornersOf(prepared.thumbnail)).toBe(corners);
      await expectNoSecrets(prepared.thumbnail);
    }
  });

  test('that is not scaled keeps its coded data byte for byte, and all of it where nothing is to be taken out', async () => {
    const plain = await paint(64, 32, 'image/jpeg', quarters);
    const photo = withSegments(plain, personalSegments(1));
    const stripped = await bytesOf((await prepare(photo)).blob);
    // The canvas writes a colour profile or none, and nothing else that would go.
    expect(stripped).toEqual(plain);
    expect(await bytesOf((await prepare(photo, { stripLocation: false })).blob)).toEqual(photo);
  });

  test.each(['image/png', 'image/webp'] as const)('as %s is shown as it was', async (type) => {
    const plain = await paint(64, 32, type, quarters);
    for (const [orientation] of TURNED) {
      const photo =
        type === 'image/png' ? withChunks(plain, ...personalChunks(orientation)) : withWebpMetadata(plain, 64, 32, orientation);
      const before = new Blob([photo], { type });
      for (const maxEdge of [null, 24]) {
        const prepared = await prepare(photo, { maxEdge });
        expect(prepared).toMatchObject({ type, isPicture: true, notice: null });
        expect(await cornersOf(prepared.blob)).toBe(await cornersOf(before));
        const { width, height } = await show(prepared.blob);
        expect(prepared).toMatchObject({ width, height });
        await expectNoSecrets(prepared.blob);
      }
    }
  });
});

describe('a picture', () => {
  test('with transparency keeps it, scaled or not; scaled by its longer edge', async () => {
    for (const type of ['image/png', 'image/webp'] as const) {
      const picture = await paint(300, 100, type, (context) => {
        context.fillStyle = 'red';
        context.fillRect(0, 0, 150, 100);
      });
      for (const maxEdge of [null, 60]) {
        const prepared = await prepare(picture, { maxEdge });
        expect(prepared).toMatchObject({ type, width: maxEdge ?? 300, height: maxEdge === null ? 100 : 20 });
        const { pixel, width } = await show(prepared.blob);
        expect(pixel(width - 2, 5)[3]).toBe(0);
        expect(nearest(pixel(2, 5))).toBe('red');
      }
    }
  });

  test('has a thumbnail of 160 px and about 10 kB at most, however restless it is, and is never enlarged', async () => {
    for (const [width, height, expected] of [
      [1200, 900, { width: 160, height: 120 }],
      [160, 150, { width: 160, height: 150 }],
      [20, 30, { width: 20, height: 30 }],
    ] as const) {
      const { thumbnail } = await prepare(await paint(width, height, 'image/png', noise));
      if (!thumbnail) throw new Error('no thumbnail');
      expect(thumbnail.type).toBe('image/webp');
      expect(thumbnail.size).toBeLessThanOrEqual(11_000);
      expect(await show(thumbnail)).toMatchObject(expected);
    }
  });

  test('that moves stays byte for byte, whatever the edge', async () => {
    const gif = gifOf(200, 100, [1, 2, 3]);
    const prepared = await prepare(gif, { maxEdge: 50 }, 'dance.gif');
    expect(await bytesOf(prepared.blob)).toEqual(gif);
    expect(prepared).toMatchObject({ type: 'image/gif', width: 200, height: 100, isPicture: true, name: 'dance.gif' });
    expect(await bytesOf((await prepare(movingAvif, { maxEdge: 10 })).blob)).toEqual(movingAvif);
  });

  test('that moves loses its metadata without losing a frame', async () => {
    const { blob, type } = await prepare(movingWebp, { maxEdge: 10 });
    await expectNoSecrets(blob);
    expect(type).toBe('image/webp');
    const decoder = new ImageDecoder({ data: await blob.arrayBuffer(), type });
    await decoder.tracks.ready;
    await decoder.completed;
    expect(decoder.tracks.selectedTrack?.frameCount).toBe(2);
    expect(await show(blob)).toMatchObject(
      await show(new Blob([movingWebp], { type })).then(({ width, height }) => ({ width, height })),
    );
  });

  test('GIF that does not move is scaled as PNG, AVIF as WebP, and their names say so', async () => {
    expect(await prepare(gifOf(200, 100, [1]), { maxEdge: 50 }, 'still.gif')).toMatchObject({
      type: 'image/png',
      extension: 'png',
      name: 'still.png',
      width: 50,
      height: 25,
    });
    expect(await prepare(stillAvif, { maxEdge: 20 }, 'a.avif')).toMatchObject({ type: 'image/webp', name: 'a.webp', height: 20 });
  });

  test('AVIF is shown as before without its metadata', async () => {
    const prepared = await prepare(stillAvif);
    const { width, height } = await show(new Blob([stillAvif], { type: 'image/avif' }));
    expect(prepared).toMatchObject({ type: 'image/avif', isPicture: true, width, height });
    expect(await show(prepared.blob)).toMatchObject({ width, height });
    await expectNoSecrets(prepared.blob);
  });
});

/** 100 megapixels of one colour, with one bit for each, in some 12 kB. */
async function pngBomb(): Promise<Bytes> {
  const edge = 10_000;
  const rows = new Blob([new Uint8Array((edge / 8 + 1) * edge)]).stream().pipeThrough(new CompressionStream('deflate'));
  const data = new Uint8Array(await new Response(rows).arrayBuffer());
  const header = joinBytes([u32beBytes(edge), u32beBytes(edge), Uint8Array.of(1, 0, 0, 0, 0)]);
  return joinBytes([
    fromAscii('\x89PNG\r\n\x1a\n'),
    pngChunk('IHDR', header),
    pngChunk('IDAT', data),
    pngChunk('IEND', new Uint8Array()),
  ]);
}

describe('kept as a file, with words', () => {
  test('100 megapixels in some kB', async () => {
    const bomb = await pngBomb();
    expect(bomb.length).toBeLessThan(50_000);
    const prepared = await prepare(bomb, { maxEdge: 2048 }, 'large.png');
    expect(prepared).toMatchObject({ type: 'image/png', isPicture: false, width: null, thumbnail: null });
    expect(prepared.notice).toEqual({ type: 'PictureTooLarge', width: 10_000, height: 10_000, locationKept: false });
    expect(await bytesOf(prepared.blob)).toEqual(bomb);
  });

  test('a HEIC, byte for byte where it has no metadata', async () => {
    const prepared = await prepare(stillHeic, { maxEdge: 2048 }, 'IMG_1.HEIC');
    expect(prepared).toMatchObject({ type: 'image/heic', extension: 'heic', name: 'IMG_1.HEIC', isPicture: false });
    expect(prepared.notice).toEqual({ type: 'PictureForeign', locationKept: false });
    expect(await bytesOf(prepared.blob)).toEqual(stillHeic);
  });

  test('a picture that no browser decodes: place and camera are gone all the same, or it is said that they are not', async () => {
    const damaged = await prepare(jpegOf(300, 200, personalSegments(1)));
    expect(damaged).toMatchObject({
      type: 'image/jpeg',
      isPicture: false,
      notice: { type: 'PictureUnreadable', locationKept: false },
    });
    await expectNoSecrets(damaged.blob);
    const stub = joinBytes([fromAscii('\xff\xd8'), personalSegments(1).subarray(0, 60)]);
    expect((await prepare(stub)).notice).toEqual({ type: 'PictureUnreadable', locationKept: true });
    expect((await prepare(stub, { stripLocation: false })).notice).toEqual({ type: 'PictureUnreadable', locationKept: false });
    expect((await prepare(pngOf(30, 20), {}, 'a.png')).notice?.type).toBe('PictureUnreadable');
  });
});

describe('what is no picture passes through', () => {
  test('HTML named .png is a text', async () => {
    const html = '<!DOCTYPE html><script>alert(1)</script>';
    const prepared = await prepare(html, {}, 'photo.png');
    expect(prepared).toMatchObject({ type: 'text/plain', extension: 'txt', name: 'photo.png', isPicture: false, notice: null });
    expect(prepared.blob.type).toBe('text/plain');
    expect(await prepared.blob.text()).toBe(html);
  });

  test('a hostile drawing stays as it is, and nothing of it is decoded', async () => {
    const svg = `<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"><script>alert(2)</script><image href="https://example.com/x"/></svg>`;
    const prepared = await prepare(svg, { maxEdge: 10 }, 'drawing.svg');
    expect(prepared).toMatchObject({
      type: 'image/svg+xml',
      isPicture: true,
      width: null,
      height: null,
      thumbnail: null,
      notice: null,
    });
    expect(await prepared.blob.text()).toBe(svg);
  });

  test('a document, and a text that is none behind its first pages', async () => {
    expect(await prepare('%PDF-1.7 …', {}, 'paper.pdf')).toMatchObject({
      type: 'application/pdf',
      extension: 'pdf',
      isPicture: false,
    });
    const words = 'ü'.repeat(1_500_001);
    expect(await prepare(words, {}, 'long.md')).toMatchObject({ type: 'text/plain', extension: 'md' });
    expect(await prepare(`${words}\0`, {}, 'long.md')).toMatchObject({ type: 'application/octet-stream', extension: 'md' });
  });
});

test('stopping a picture under way, and the next one', async () => {
  const client = await pictures();
  const large = new Blob([await paint(3000, 2000, 'image/png', noise)]);
  const stop = new AbortController();
  const first = client.prepare(large, { maxEdge: 2048, stripLocation: true, signal: stop.signal });
  setTimeout(() => stop.abort(), 50);
  expect(await first).toEqual({ ok: false, error: { type: 'PrepareStopped' } });
  expect(await prepare(gifOf(20, 10, [1]))).toMatchObject({ width: 20, height: 10 });
});

test('an Exif block alone is not a picture', async () => {
  expect(await prepare(exifTiff(6), {}, 'a.jpg')).toMatchObject({ type: 'application/octet-stream', isPicture: false });
});
