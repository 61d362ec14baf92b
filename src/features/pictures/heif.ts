/** AVIF and HEIC: boxes of the ISO base media file format (ISO/IEC 14496-12), whose `meta` box lists the pictures (23008-12). */
import { ascii, type Bytes, hasAscii, u8, u16be, u32be, uintBe } from './bytes.ts';
import { emptyTiff, type PictureSize } from './exif.ts';

interface Box {
  readonly type: string;
  readonly data: number;
  readonly end: number;
}

const BLANK = 0x20;
/** What of each box of a file comes before what it holds: version and flags. */
const FULL = 4;

/** The boxes between two places. One that is cut off ends where they end; one that says less than its own head is the last. */
function* boxesOf(bytes: Bytes, from: number, to: number): Generator<Box> {
  for (let at = from; at + 8 <= to; ) {
    const short = u32be(bytes, at);
    const head = short === 1 ? 16 : 8;
    const length = short === 0 ? to - at : short === 1 ? uintBe(bytes, at + 8, 8) : short;
    if (!(length >= head)) return;
    const end = Math.min(at + length, to);
    yield { type: ascii(bytes, at + 4, 4), data: at + head, end };
    at = end;
  }
}

function find(bytes: Bytes, inside: Box | null, ...types: readonly string[]): Box | null {
  let found = inside;
  for (const type of types) {
    if (!found) return null;
    const from = found.type === 'meta' ? found.data + FULL : found.data;
    const inner: Iterable<Box> = boxesOf(bytes, from, found.end);
    found = null;
    for (const box of inner) {
      if (box.type !== type) continue;
      found = box;
      break;
    }
  }
  return found;
}

const fileBox = (bytes: Bytes): Box => ({ type: '', data: 0, end: bytes.length });

/** The brands of the file: the main one first. Empty where it is no file of boxes. */
export function brandsOf(bytes: Bytes): readonly string[] {
  if (!hasAscii(bytes, 4, 'ftyp')) return [];
  const end = Math.min(u32be(bytes, 0), bytes.length);
  const brands = [ascii(bytes, 8, 4)];
  for (let at = 16; at + 4 <= end; at += 4) brands.push(ascii(bytes, at, 4));
  return brands;
}

/** The properties of the picture that is shown, by the boxes that associate them; all of the file's where those say none. */
function propertiesOf(bytes: Bytes): readonly Box[] {
  const meta = find(bytes, fileBox(bytes), 'meta');
  const container = find(bytes, meta, 'iprp', 'ipco');
  if (!container) return [];
  const all = [...boxesOf(bytes, container.data, container.end)];
  const pitm = find(bytes, meta, 'pitm');
  const ipma = find(bytes, meta, 'iprp', 'ipma');
  if (!pitm || !ipma) return all;
  const primary = uintBe(bytes, pitm.data + FULL, u8(bytes, pitm.data) === 0 ? 2 : 4);
  const idBytes = u8(bytes, ipma.data) < 1 ? 2 : 4;
  const indexBytes = u8(bytes, ipma.data + 3) & 1 ? 2 : 1;
  const mask = indexBytes === 2 ? 0x7fff : 0x7f;
  for (let at = ipma.data + FULL + 4; at + idBytes < ipma.end; ) {
    const count = u8(bytes, at + idBytes);
    const indexes = at + idBytes + 1;
    if (uintBe(bytes, at, idBytes) === primary)
      return Array.from(
        { length: count },
        (_, i) => all[(uintBe(bytes, indexes + i * indexBytes, indexBytes) & mask) - 1],
      ).filter((box) => box !== undefined);
    at = indexes + count * indexBytes;
  }
  return all;
}

/** Width and height as shown (`ispe`, turned by `irot`); null where the file says none. */
export function heifSize(bytes: Bytes): PictureSize | null {
  const properties = propertiesOf(bytes);
  const isTurned = properties.some(({ type, data }) => type === 'irot' && (u8(bytes, data) & 1) === 1);
  let [width, height] = [0, 0];
  for (const { type, data } of properties) {
    const [w, h] = [u32be(bytes, data + FULL), u32be(bytes, data + FULL + 4)];
    if (type === 'ispe' && w * h > width * height) [width, height] = [w, h];
  }
  if (width * height === 0) return null;
  return isTurned ? { width: height, height: width } : { width, height };
}

interface Extent {
  readonly start: number;
  readonly end: number;
}

/** The ids of the items that hold Exif, or texts such as XMP. */
function personalItems(bytes: Bytes, iinf: Box): ReadonlyMap<number, string> {
  const items = new Map<number, string>();
  const from = iinf.data + FULL + (u8(bytes, iinf.data) === 0 ? 2 : 4);
  for (const { type, data } of boxesOf(bytes, from, iinf.end)) {
    const idBytes = u8(bytes, data) === 2 ? 2 : 4;
    const itemType = ascii(bytes, data + FULL + idBytes + 2, 4);
    if (type === 'infe' && (itemType === 'Exif' || itemType === 'mime')) items.set(uintBe(bytes, data + FULL, idBytes), itemType);
  }
  return items;
}

/** Where each item's bytes are, in the file or in the `idat` box. Null where an item is kept in a way that is not known here. */
function extentsOf(bytes: Bytes, meta: Box, iloc: Box): ReadonlyMap<number, readonly Extent[]> | null {
  const idat = find(bytes, meta, 'idat');
  const version = u8(bytes, iloc.data);
  const sizes = u16be(bytes, iloc.data + FULL);
  const [offsetSize, lengthSize] = [sizes >> 12, (sizes >> 8) & 15];
  const [baseSize, indexSize] = [(sizes >> 4) & 15, version === 0 ? 0 : sizes & 15];
  if (offsetSize + lengthSize === 0) return null;
  const idBytes = version < 2 ? 2 : 4;
  const found = new Map<number, readonly Extent[]>();
  for (let at = iloc.data + FULL + 2 + idBytes; at + idBytes + 4 <= iloc.end; ) {
    const id = uintBe(bytes, at, idBytes);
    at += idBytes;
    const method = version === 0 ? 0 : u16be(bytes, at) & 15;
    at += version === 0 ? 2 : 4;
    const origin = method === 0 ? 0 : method === 1 && idat ? idat.data : Number.NaN;
    const base = origin + uintBe(bytes, at, baseSize);
    at += baseSize;
    const count = u16be(bytes, at);
    at += 2;
    const extents: Extent[] = [];
    for (let i = 0; i < count && at < iloc.end; i++) {
      at += indexSize;
      const start = base + uintBe(bytes, at, offsetSize);
      at += offsetSize;
      const length = uintBe(bytes, at, lengthSize);
      at += lengthSize;
      extents.push({ start, end: length === 0 ? bytes.length : start + length });
    }
    found.set(id, extents);
  }
  return found;
}

/**
 * The same file with empty Exif and blank texts in the places of those that it had, so that no other byte moves. How it is turned is
 * said by a property of the picture. Null where they are there and cannot be found.
 */
export function stripHeif(bytes: Bytes): Bytes | null {
  const meta = find(bytes, fileBox(bytes), 'meta');
  // A film of pictures alone has no list of items, so none with metadata.
  if (!meta) return find(bytes, fileBox(bytes), 'moov') ? bytes : null;
  const iinf = find(bytes, meta, 'iinf');
  if (!iinf) return null;
  const items = personalItems(bytes, iinf);
  if (items.size === 0) return bytes;
  const iloc = find(bytes, meta, 'iloc');
  const places = iloc && extentsOf(bytes, meta, iloc);
  if (!places) return null;
  const stripped = bytes.slice();
  // A hostile file names the same bytes again and again.
  let left = bytes.length;
  for (const [id, type] of items) {
    const extents = places.get(id) ?? [];
    if (extents.length === 0) return null;
    for (const { start, end } of extents) {
      left -= end - start;
      if (!(start >= 0 && end > start && end <= bytes.length && left >= 0)) return null;
      stripped.fill(type === 'Exif' ? 0 : BLANK, start, end);
      const tiff = emptyTiff();
      // The first four bytes say how far behind them Exif begins: at once.
      if (type === 'Exif' && end - start >= 4 + tiff.length) stripped.set(tiff, start + 4);
    }
  }
  return stripped;
}
