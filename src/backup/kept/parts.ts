/**
 * Runs of records, packed and named by their hash. Where a part ends is said by the key of its last record, or by its size: a record that
 * changes changes its own part, and the ones around it at most, however the parts were come by.
 */

import { type BackupRecord, compareKeys, recordLine } from '#backup/format/record.ts';
import type { Counts } from '#core/backups.ts';
import { type BlobHash, blobsIn } from '#core/blobs.ts';
import { BINNED_AT } from '#core/entity.ts';
import type { KeyPair } from '#core/entity-key.ts';
import { hashWhole } from '#core/hash.ts';
import { recordOf } from '#core/json-shape.ts';
import { err, ok, type Result } from '#core/result.ts';
import { toUtf8 } from '#core/utf8.ts';
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

/** Cuts lines, which come in the order of their keys, into parts. */
export interface Cutter {
  push(line: KeptLine): Promise<void>;
  /** Nothing is waiting to be cut: the next line begins a part. */
  readonly isAtStart: boolean;
  /** There are no more lines. */
  end(): Promise<void>;
}

export function createCutter(onPart: (lines: readonly KeptLine[]) => Promise<void>): Cutter {
  let lines: KeptLine[] = [];
  let size = 0;
  const cut = async (): Promise<void> => {
    const part = lines;
    lines = [];
    size = 0;
    if (part.length > 0) await onPart(part);
  };
  return {
    async push(line) {
      lines.push(line);
      size += line.text.length + 1;
      if (size >= FULL || endsPart(line.key)) await cut();
    },
    get isAtStart() {
      return lines.length === 0;
    },
    end: cut,
  };
}

export interface PackedPart {
  readonly entry: PartEntry;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** `lines` are one part: at least one, in order. `bytesOf`: those of a text, which stay until this is done. */
export async function packPart(
  lines: readonly KeptLine[],
  bytesOf: (text: string) => Uint8Array<ArrayBuffer> = toUtf8,
): Promise<PackedPart> {
  const bytes = await pack(bytesOf(lines.map(({ text }) => `${text}\n`).join('')));
  const [first] = lines;
  if (!first) throw new RangeError('a part has a record');
  const counts: { [kind: string]: { live: number; binned: number } } = {};
  for (const { key, isBinned } of lines) {
    const [kind] = key;
    const count = Object.hasOwn(counts, kind) ? counts[kind] : undefined;
    counts[kind] = { live: (count?.live ?? 0) + (isBinned ? 0 : 1), binned: (count?.binned ?? 0) + (isBinned ? 1 : 0) };
  }
  const blobs = [...new Set(lines.flatMap((line) => line.blobs))].sort();
  const entry = { hash: await hashWhole(bytes), first: first.key, records: lines.length, bytes: bytes.length, counts, blobs };
  return { bytes, entry };
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
  const texts = await readTexts(blob, entry);
  if (!texts.ok) return texts;
  const lines: KeptLine[] = [];
  for (const text of texts.value) {
    const line = readLine(text);
    const before = lines.at(-1);
    if (!line || (before && comparePairs(before.key, line.key) >= 0)) return err('damaged');
    lines.push(line);
  }
  const [first] = lines;
  return first && comparePairs(first.key, entry.first) === 0 ? ok(lines) : err('damaged');
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
