/** Archives as `tar` reads and writes them (POSIX.1-1988, ustar), one file after the other, of any size. */
import type { FileHandle } from 'node:fs/promises';
import { writeBlocks } from '#server/blobs/block-writer.ts';

const BLOCK = 512;
const NAME_LENGTH = 100;
const PREFIX_AT = 345;
const PREFIX_LENGTH = 155;
const SIZE_AT = 124;
/** The most that eleven octal digits hold. More is written as GNU tar writes it, which every reader of today knows. */
const MAX_OCTAL = 8 ** 11 - 1;
const LARGE_SIZE = 0x80;
const TIME_AT = 136;
const CHECKSUM_AT = 148;
const CHECKSUM_LENGTH = 8;
const TYPE_AT = 156;
const MAGIC_AT = 257;
/** What is read at once. */
const CHUNK_BYTES = 256 * 1024;

const padded = (size: number): number => Math.ceil(size / BLOCK) * BLOCK;

export interface TarWriter {
  /**
   * Adds a file of exactly `size` bytes. `onBlock` sees them as they are written. False where the source gave another number of bytes, and
   * nothing was added; what it throws passes through, and nothing was added either.
   */
  add(name: string, size: number, source: AsyncIterable<Uint8Array>, onBlock?: (block: Uint8Array) => void): Promise<boolean>;
  /** Takes the file that was added last out again. */
  takeBack(): void;
  /** Writes the end of the archive. Gives its size in bytes. */
  end(): Promise<number>;
}

/** Writes into a file from its beginning. Names are ours: folders by `/`, ASCII, 255 characters at most. */
export function createTarWriter(file: FileHandle): TarWriter {
  let at = 0;
  let before = 0;
  return {
    async add(name, size, source, onBlock) {
      before = at;
      await file.write(headerOf(name, size), 0, BLOCK, at);
      const end = await writeBlocks(file, at + BLOCK, source, onBlock);
      if (end !== at + BLOCK + size) return false;
      const rest = padded(size) - size;
      if (rest > 0) await file.write(Buffer.alloc(rest), 0, rest, end);
      at = end + rest;
      return true;
    },
    takeBack() {
      at = before;
    },
    async end() {
      await file.write(Buffer.alloc(2 * BLOCK), 0, 2 * BLOCK, at);
      await file.truncate(at + 2 * BLOCK);
      return at + 2 * BLOCK;
    },
  };
}

function headerOf(name: string, size: number): Buffer {
  const header = Buffer.alloc(BLOCK);
  const cut = name.length <= NAME_LENGTH ? -1 : name.lastIndexOf('/', PREFIX_LENGTH);
  header.write(name.slice(cut + 1), 0, NAME_LENGTH, 'ascii');
  if (cut > 0) header.write(name.slice(0, cut), PREFIX_AT, PREFIX_LENGTH, 'ascii');
  header.write('0000600\u00000000000\u00000000000\u0000', NAME_LENGTH, 'ascii');
  if (size <= MAX_OCTAL) header.write(`${size.toString(8).padStart(11, '0')}\u0000`, SIZE_AT, 'ascii');
  else {
    header[SIZE_AT] = LARGE_SIZE;
    header.writeBigUInt64BE(BigInt(size), SIZE_AT + 4);
  }
  header.write('00000000000\u0000', TIME_AT, 'ascii');
  header.write('0', TYPE_AT, 'ascii');
  header.write('ustar\u000000', MAGIC_AT, 'ascii');
  header.write(`${checksumOf(header).toString(8).padStart(6, '0')}\u0000 `, CHECKSUM_AT, 'ascii');
  return header;
}

/** The sum of all bytes of a header, those of the sum itself taken for blanks. */
function checksumOf(header: Uint8Array): number {
  const isSum = (index: number): boolean => index >= CHECKSUM_AT && index < CHECKSUM_AT + CHECKSUM_LENGTH;
  return header.reduce((sum, byte, index) => sum + (isSum(index) ? 0x20 : byte), 0);
}

export interface TarEntry {
  readonly name: string;
  readonly size: number;
  /** The bytes of the file; they can be read until the next entry is asked for. */
  bytes(): AsyncGenerator<Uint8Array>;
}

/** What is wrong with an archive, in words. */
export class BadTar extends Error {}

/** The files of an archive, in their order. Throws a `BadTar` where it is cut off, or is none. Other things than files are passed over. */
export async function* readTar(file: FileHandle): AsyncGenerator<TarEntry> {
  const { size: end } = await file.stat();
  const header = Buffer.alloc(BLOCK);
  for (let at = 0; ; ) {
    const { bytesRead } = await file.read(header, 0, BLOCK, at);
    if (bytesRead < BLOCK) throw new BadTar('it is cut off');
    if (header.every((byte) => byte === 0)) return;
    if (textAt(header, MAGIC_AT, 5) !== 'ustar' || Number.parseInt(textAt(header, CHECKSUM_AT, 8), 8) !== checksumOf(header))
      throw new BadTar('it is not an archive, or it is damaged');
    const size = sizeIn(header);
    const first = at + BLOCK;
    if (first + size > end) throw new BadTar('it is cut off');
    const prefix = textAt(header, PREFIX_AT, PREFIX_LENGTH);
    const name = `${prefix === '' ? '' : `${prefix}/`}${textAt(header, 0, NAME_LENGTH)}`;
    const type = textAt(header, TYPE_AT, 1);
    if (type === '0' || type === '') yield { name, size, bytes: () => bytesOf(file, first, size) };
    at = first + padded(size);
  }
}

const textAt = (header: Buffer, at: number, length: number): string =>
  header.toString('latin1', at, at + length).split('\u0000', 1)[0] ?? '';

function sizeIn(header: Buffer): number {
  const isLarge = ((header[SIZE_AT] ?? 0) & LARGE_SIZE) !== 0;
  const size = isLarge ? Number(header.readBigUInt64BE(SIZE_AT + 4)) : Number.parseInt(textAt(header, SIZE_AT, 12).trim(), 8);
  if (!Number.isSafeInteger(size) || size < 0) throw new BadTar('it is damaged');
  return size;
}

async function* bytesOf(file: FileHandle, first: number, size: number): AsyncGenerator<Uint8Array> {
  for (let done = 0; done < size; ) {
    const chunk = Buffer.allocUnsafe(Math.min(CHUNK_BYTES, size - done));
    const { bytesRead } = await file.read(chunk, 0, chunk.length, first + done);
    if (bytesRead === 0) throw new BadTar('it is cut off');
    done += bytesRead;
    yield chunk.subarray(0, bytesRead);
  }
}
