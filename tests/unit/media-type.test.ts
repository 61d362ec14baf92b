/** What a file is, by its content alone. */
import { expect, test } from 'vitest';
import { joinBytes } from '#core/bytes.ts';
import { type Bytes, fromAscii } from '#features/pictures/bytes.ts';
import { referenceExtension, renamed } from '#features/pictures/file-name.ts';
import { mediaType } from '#features/pictures/media-type.ts';
import { pngChunk } from '#features/pictures/png.ts';
import { gifOf, jpegOf, pngOf, vp8, vp8l, vp8x, webpOf } from '#support/picture-bytes.ts';
import { movingAvif, movingWebp, stillAvif, stillHeic } from '#support/picture-samples.ts';

const utf8 = (text: string): Bytes => new TextEncoder().encode(text);
const ogg = (content: string): Bytes => joinBytes([fromAscii('OggS'), new Uint8Array(24), fromAscii(content)]);
const ftyp = (...brands: readonly string[]): Bytes =>
  joinBytes([Uint8Array.of(0, 0, 0, 12 + 4 * brands.length), fromAscii(`ftyp${brands[0]}\0\0\0\0${brands.slice(1).join('')}`)]);
/** A frame of 128 kbit at 44.1 kHz: 417 bytes. */
const mp3Frame = joinBytes([Uint8Array.of(0xff, 0xfb, 0x90, 0), new Uint8Array(413)]);
const moving = (frames: number): Bytes => pngChunk('acTL', Uint8Array.of(0, 0, 0, frames, 0, 0, 0, 0));

const FILES: readonly (readonly [what: string, bytes: Bytes, type: string, extension: string, form?: 'picture' | 'moving'])[] = [
  ['a PNG', pngOf(3, 2), 'image/png', 'png', 'picture'],
  ['a PNG that moves', pngOf(3, 2, moving(2)), 'image/png', 'png', 'moving'],
  ['a PNG with one frame', pngOf(3, 2, moving(1)), 'image/png', 'png', 'picture'],
  ['a JPEG', jpegOf(3, 2), 'image/jpeg', 'jpg', 'picture'],
  ['a GIF', gifOf(3, 2, [1]), 'image/gif', 'gif', 'picture'],
  ['a GIF that moves', gifOf(3, 2, [1, 2]), 'image/gif', 'gif', 'moving'],
  ['a WebP', webpOf(vp8(3, 2)), 'image/webp', 'webp', 'picture'],
  ['a WebP without loss', webpOf(vp8l(3, 2)), 'image/webp', 'webp', 'picture'],
  ['a WebP with an extended header', webpOf(vp8x(3, 2, 0x10), vp8(3, 2)), 'image/webp', 'webp', 'picture'],
  ['a WebP that moves', movingWebp, 'image/webp', 'webp', 'moving'],
  ['an AVIF', stillAvif, 'image/avif', 'avif', 'picture'],
  ['an AVIF named as a picture first', ftyp('mif1', 'miaf', 'avif'), 'image/avif', 'avif', 'picture'],
  ['an AVIF that moves', movingAvif, 'image/avif', 'avif', 'moving'],
  ['a HEIC', stillHeic, 'image/heic', 'heic'],
  ['a HEIC named as a picture first', ftyp('mif1', 'heic'), 'image/heic', 'heic'],
  ['an SVG', utf8('<svg xmlns="http://www.w3.org/2000/svg"/>'), 'image/svg+xml', 'svg', 'picture'],
  [
    'an SVG behind a declaration, a comment and a document type',
    utf8(
      '\ufeff<?xml version="1.0"?>\n<!-- <html> --><!DOCTYPE svg PUBLIC "-//W3C" "x" [<!ENTITY a "<b>">]>\n<svg:svg xmlns:svg="x">',
    ),
    'image/svg+xml',
    'svg',
    'picture',
  ],
  ['HTML', utf8('<!DOCTYPE html><html><svg></svg></html>'), 'text/plain', 'txt'],
  ['text that only mentions svg', utf8('about <svg> drawings'), 'text/plain', 'txt'],
  ['an element that only begins like svg', utf8('<svgx>'), 'text/plain', 'txt'],
  ['a comment without an end', utf8('<!-- <svg> '), 'text/plain', 'txt'],
  ['a PDF', fromAscii('%PDF-1.7\n%\xe2\xe3'), 'application/pdf', 'pdf'],
  ['an MP3 with a tag', fromAscii('ID3\x04\0\0\0\0\0\x10'), 'audio/mpeg', 'mp3'],
  ['an MP3 of frames', joinBytes([mp3Frame, mp3Frame]), 'audio/mpeg', 'mp3'],
  ['bytes that begin like one frame', joinBytes([mp3Frame, utf8('nothing')]), 'application/octet-stream', ''],
  ['Opus', ogg('OpusHead\x01'), 'audio/ogg', 'opus'],
  ['Vorbis', ogg('\x01vorbis'), 'audio/ogg', 'ogg'],
  ['a film in Ogg', ogg('\x80theora'), 'application/octet-stream', ''],
  ['a WAV', fromAscii('RIFF\x24\0\0\0WAVEfmt '), 'audio/wav', 'wav'],
  ['an M4A', ftyp('M4A ', 'isom'), 'audio/mp4', 'm4a'],
  ['a film', ftyp('isom', 'mp42'), 'application/octet-stream', ''],
  ['FLAC', fromAscii('fLaC\0\0\0\x22'), 'audio/flac', 'flac'],
  ['a ZIP', fromAscii('PK\x03\x04\x14\0'), 'application/zip', 'zip'],
  ['an empty ZIP', fromAscii('PK\x05\x06\0\0'), 'application/zip', 'zip'],
  ['words', utf8('Grüße, 世界\r\n\t🙂'), 'text/plain', 'txt'],
  ['words with a NUL', utf8('a\0b'), 'application/octet-stream', ''],
  ['words in Latin-1', fromAscii('Gr\xfc\xdfe'), 'application/octet-stream', ''],
  ['a character that is cut in two', utf8('世').slice(0, 2), 'application/octet-stream', ''],
  ['nothing', new Uint8Array(), 'application/octet-stream', ''],
  ['a program', fromAscii('\x7fELF\x02\x01\x01\0'), 'application/octet-stream', ''],
];

for (const [what, bytes, type, extension, form] of FILES)
  test(`${what} is known by its content`, () => {
    expect(mediaType(bytes)).toEqual({ type, extension, isPicture: form !== undefined, isAnimated: form === 'moving' });
  });

test('a file that is two things at once is what its first bytes say', () => {
  const script = utf8('<script>alert(1)</script>');
  expect(mediaType(joinBytes([gifOf(3, 2, [1]), script])).type).toBe('image/gif');
  expect(mediaType(joinBytes([pngOf(3, 2), fromAscii('PK\x03\x04')])).type).toBe('image/png');
  expect(mediaType(joinBytes([script, pngOf(3, 2)])).type).not.toBe('image/png');
  expect(mediaType(joinBytes([utf8(' '), fromAscii('%PDF-1.7')])).type).toBe('text/plain');
});

test('the beginning of a text may be cut within a character', () => {
  const cut = utf8('Grüße 世').slice(0, -1);
  expect(mediaType(cut, true).type).toBe('text/plain');
  expect(mediaType(cut).type).toBe('application/octet-stream');
});

test('the name gives the extension only where the content can be many things, and never that of a picture', () => {
  const text = { type: 'text/plain', extension: 'txt' };
  expect(referenceExtension(text, 'table.CSV')).toBe('csv');
  expect(referenceExtension(text, 'page.png')).toBe('txt');
  expect(referenceExtension(text, 'page.tar.svg')).toBe('txt');
  expect(referenceExtension({ type: 'application/zip', extension: 'zip' }, 'letter.docx')).toBe('docx');
  expect(referenceExtension({ type: 'application/octet-stream', extension: '' }, 'film.mp4')).toBe('mp4');
  expect(referenceExtension({ type: 'application/octet-stream', extension: '' }, 'noname')).toBe('');
  expect(referenceExtension({ type: 'image/png', extension: 'png' }, 'photo.exe')).toBe('png');
});

test('a converted picture has its name with the new extension', () => {
  expect(renamed('IMG_1.HEIC', 'jpg')).toBe('IMG_1.jpg');
  expect(renamed('holiday', 'jpg')).toBe('holiday.jpg');
  expect(renamed('', 'jpg')).toBe('');
});
