/**
 * Runs of records, packed and named by their hash. Where a part ends is said by the key of its last record, or by its size: a record that
 * changes changes its own part, and the ones around it at most, however the parts were come by.
 */

import { type BackupRecord, compareKeys, recordLine } from '#backup/format/record.ts';
import { createTextBuffer } from '#backup/format/text-bytes.ts';
import type { Counts } from '#core/backups.ts';
import { type BlobHash, blobsIn } from '#core/blobs.ts';
import { BINNED_AT } from '#core/entity.ts';
import type { KeyPair } from '#core/entity-key.ts';
import { hashWhole } from '#core/hash.ts';
import { recordOf } from '#core/json-shape.ts';
import { err, ok, type Result } from '#core/result.ts';
import { fileBytes } from './file-bytes.ts';
import { pack, unpack } from './gzip.ts';
import type { PartEntry } from './manifest.ts';

/** A record as it is written, and what its part says of it. */
export interface KeptLine {
  readonly key: KeyPair;
  /** One line of JSON, without its end. */
  readonly text: string;
  readonly isBinned: boolean;
  readonly blobs: readonly BlobHash[];
}

export function toKeptLine(record: BackupRecord): KeptLine {
  const text = recordLine(record);
  return { key: [record.kind, record.id], text, isBinned: record.fields[BINNED_AT] != null, blobs: blobsIn(text) };
}

/** The order of `compareKeys`, of pairs. */
export const comparePairs = ([kind, id]: KeyPair, [otherKind, otherId]: KeyPair): number =>
  compareKeys({ kind, id }, { kind: otherKind, id: otherId });

/** One record in so many ends its part, on average. */
const MEAN_RECORDS = 64;
/** So many code units end a part as well. */
const FULL = 256 * 1024;
/** No part is larger than a full one and one record, and no record is larger than a server's body. */
const MAX_PART_BYTES = 256 * 1024 * 1024;

/** A number that depends on every code unit of a key (FNV-1a, and the end of MurmurHash3, which spreads the low bits). */
function hashKey([kind, id]: KeyPair): number {
  let hash = 0x811c9dc5;
  for (const text of [kind, '/', id]) {
    for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

export const endsPart = (key: KeyPair): boolean => hashKey(key) % MEAN_RECORDS === 0;

/** What is written as one part. */
export interface PartContent extends Omit<PartEntry, 'hash' | 'bytes'> {
  /** The lines, with their ends. */
  readonly text: Uint8Array<ArrayBuffer>;
}

export interface PartBuilder {
  /** The code units of the lines. */
  readonly length: number;
  add(line: KeptLine): void;
  /** What was added since the last one; null where that is nothing. Its text is there until the next line is added. */
  take(): PartContent | null;
}

/**
 * Puts lines together, in the order of their keys. They are bytes at once, all of them in the same memory: as texts they would stay until their part
 * is full, and be moved by each small collection meanwhile, which a heap takes for a reason to grow.
 */
export function createPartBuilder(): PartBuilder {
  const text = createTextBuffer();
  let first: KeyPair | null = null;
  let length = 0;
  let records = 0;
  let counts: { [kind: string]: { live: number; binned: number } } = {};
  let blobs = new Set<BlobHash>();
  return {
    get length() {
      return length;
    },
    add(line) {
      if (first === null) text.clear();
      first ??= line.key;
      text.add(line.text);
      text.add('\n');
      length += line.text.length + 1;
      records += 1;
      const [kind] = line.key;
      const { live, binned } = (Object.hasOwn(counts, kind) ? counts[kind] : undefined) ?? { live: 0, binned: 0 };
      counts[kind] = { live: live + (line.isBinned ? 0 : 1), binned: binned + (line.isBinned ? 1 : 0) };
      for (const hash of line.blobs) blobs.add(hash);
    },
    take() {
      if (first === null) return null;
      const content = { text: text.bytes(), first, records, counts, blobs: [...blobs].sort() };
      [first, length, records, counts, blobs] = [null, 0, 0, {}, new Set()];
      return content;
    },
  };
}

/** Cuts lines, which come in the order of their keys, into parts. */
export interface Cutter {
  push(line: KeptLine): Promise<void>;
  /** Nothing is waiting to be cut: the next line begins a part. */
  readonly isAtStart: boolean;
  /** There are no more lines. */
  end(): Promise<void>;
}

/** What `onPart` gets is there until it has settled. */
export function createCutter(onPart: (part: PartContent) => Promise<void>): Cutter {
  const builder = createPartBuilder();
  const cut = async (): Promise<void> => {
    const part = builder.take();
    if (part) await onPart(part);
  };
  return {
    async push(line) {
      builder.add(line);
      if (builder.length >= FULL || endsPart(line.key)) await cut();
    },
    get isAtStart() {
      return builder.length === 0;
    },
    end: cut,
  };
}

export interface PackedPart {
  readonly entry: PartEntry;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

export async function packPart({ text, ...content }: PartContent): Promise<PackedPart> {
  const bytes = await pack(text);
  return { bytes, entry: { hash: await hashWhole(bytes), bytes: bytes.length, ...content } };
}

/** How many records are in parts. */
export const sumRecords = (parts: readonly Pick<PartEntry, 'records'>[]): number =>
  parts.reduce((sum, { records }) => sum + records, 0);

/** The sum of the counts of parts. */
export function sumCounts(parts: readonly Pick<PartEntry, 'counts'>[]): Counts {
  const sum = new Map<string, { live: number; binned: number }>();
  for (const { counts } of parts) {
    for (const [kind, { live, binned }] of Object.entries(counts)) {
      const before = sum.get(kind) ?? { live: 0, binned: 0 };
      sum.set(kind, { live: before.live + live, binned: before.binned + binned });
    }
  }
  return Object.fromEntries([...sum].sort(([a], [b]) => (a < b ? -1 : 1)));
}

export const partPath = (hash: string): string => `parts/${hash.slice(0, 2)}/${hash}`;

export type PartFault = 'missing' | 'damaged';

/**
 * The texts of the lines of a part as its place has it: its hash and the number of its records compared with what its manifest says. With that hash they
 * are what was written, and was read back then.
 */
export async function readTexts(blob: Blob | null, entry: PartEntry): Promise<Result<readonly string[], PartFault>> {
  if (!blob) return err('missing');
  if (blob.size !== entry.bytes) return err('damaged');
  const packed = await fileBytes(blob);
  if (!packed || (await hashWhole(packed)) !== entry.hash) return err('damaged');
  const unpacked = await unpack(packed, MAX_PART_BYTES);
  if (!unpacked.ok) return err('damaged');
  const texts = new TextDecoder().decode(unpacked.value).split('\n');
  return texts.pop() === '' && texts.length === entry.records ? ok(texts) : err('damaged');
}

/** The lines of a part, with what each of them says: `readTexts`, and their order compared as well. */
export async function readPart(blob: Blob | null, entry: PartEntry): Promise<Result<readonly KeptLine[], PartFault>> {
  const lines: KeptLine[] = [];
  const read = await eachLine(blob, entry, (line) => void lines.push(line));
  return read.ok ? ok(lines) : read;
}

/** The same for whoever needs to know no more than whether it is as it should be. */
export const checkPart = (blob: Blob | null, entry: PartEntry): Promise<Result<void, PartFault>> =>
  eachLine(blob, entry, () => {});

async function eachLine(blob: Blob | null, entry: PartEntry, visit: (line: KeptLine) => void): Promise<Result<void, PartFault>> {
  const texts = await readTexts(blob, entry);
  if (!texts.ok) return texts;
  let before: KeyPair | null = null;
  for (const text of texts.value) {
    const line = readLine(text);
    if (!line || (before ? comparePairs(before, line.key) >= 0 : comparePairs(entry.first, line.key) !== 0))
      return err('damaged');
    before = line.key;
    visit(line);
  }
  return before ? ok(undefined) : err('damaged');
}

/** What a line says without being looked into: whoever uses its record reads it by `readRecord`. */
function readLine(text: string): KeptLine | null {
  try {
    const record = recordOf(JSON.parse(text));
    const { kind, id, fields } = record ?? {};
    if (typeof kind !== 'string' || typeof id !== 'string') return null;
    return { key: [kind, id], text, isBinned: recordOf(fields)?.[BINNED_AT] != null, blobs: blobsIn(text) };
  } catch {
    return null;
  }
}
