/** What a backup is: the list of its parts, and what is known of it without reading them. `docs/decisions/0038-…` has the whole. */
import * as v from 'valibot';
import { type BroughtFrom, type Counts, MADE_REASONS, type MadeReason } from '#core/backups.ts';
import { type BlobHash, blobsIn, isBlobHash } from '#core/blobs.ts';
import type { KeyPair } from '#core/entity-key.ts';
import { hashText } from '#core/hash.ts';
import { isUuid } from '#core/ids.ts';
import { canonicalJson, type Json, type JsonObject } from '#core/json.ts';
import { err, ok, type Result } from '#core/result.ts';
import { toUtf8 } from '#core/utf8.ts';
import { fileBytes } from './file-bytes.ts';
import { pack, unpack } from './gzip.ts';

export interface PartEntry {
  /** SHA-256 of its bytes as they lie. */
  readonly hash: string;
  /** The key of its first record. It has what is from there to the first key of the next part. */
  readonly first: KeyPair;
  readonly records: number;
  readonly bytes: number;
  readonly counts: Counts;
  /** What its records name. */
  readonly blobs: readonly BlobHash[];
}

export interface Manifest {
  readonly format: 'holdfast-kept-backup';
  readonly version: 1;
  /** The app that made it. */
  readonly app: string;
  /** A UUIDv7: it begins with the time. */
  readonly id: string;
  readonly account: string;
  readonly workspace: string;
  readonly device: { readonly id: string; readonly name: string };
  /** Wall time in ms. */
  readonly madeAt: number;
  /** Of one that was brought: `safety`, so that an app which does not know `from` keeps it. */
  readonly reason: MadeReason;
  /** Where it was brought from; absent where it was made here. */
  readonly from?: BroughtFrom;
  /** All of it is as of this position of the workspace's database. */
  readonly localSeq: number;
  /** Which database that was: when it was made, wall time in ms. Null where it did not say. */
  readonly database: number | null;
  readonly records: number;
  /** How many more there were, which could not be read when the file was written that it was brought from; absent where none. */
  readonly lacking?: number;
  /** Of its parts, also those that other backups name as well. */
  readonly bytes: number;
  readonly counts: Counts;
  /** It has less than half of a kind of what was there before: the person is asked before it takes the place of others. */
  readonly shrunken: boolean;
  readonly parts: readonly PartEntry[];
  /** What its records name, with the size where it is known. The texts are references, so that whoever collects blobs finds them. */
  readonly blobs: readonly { readonly file: string; readonly size: number | null }[];
}

const SUFFIX = '.json.gz';
export const manifestPath = (id: string): string => `${id}${SUFFIX}`;
/** The id of the backup whose manifest has this name; null for another file. */
export function idOfManifest(name: string): string | null {
  const id = name.endsWith(SUFFIX) ? name.slice(0, -SUFFIX.length) : '';
  return isUuid(id) ? id : null;
}

const MAX_BYTES = 16 * 1024 * 1024;
const MAX_TEXT_BYTES = 64 * 1024 * 1024;

const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
/** Wall time in ms. What is later than any date cannot be shown. */
export const time = v.pipe(count, v.maxValue(8.64e15));
const hash = v.custom<BlobHash>((value) => typeof value === 'string' && isBlobHash(value));
const counts = v.record(v.string(), v.object({ live: count, binned: count }));
const part = v.looseObject({
  hash,
  first: v.tuple([v.string(), v.string()]),
  records: v.pipe(count, v.minValue(1)),
  bytes: v.pipe(count, v.minValue(1)),
  counts,
  blobs: v.array(hash),
});
const manifest = v.looseObject({
  format: v.literal('holdfast-kept-backup'),
  version: v.literal(1),
  app: v.string(),
  id: v.pipe(v.string(), v.check(isUuid)),
  account: v.string(),
  workspace: v.string(),
  device: v.object({ id: v.string(), name: v.string() }),
  madeAt: time,
  reason: v.picklist(MADE_REASONS),
  from: v.exactOptional(v.object({ type: v.picklist(['file', 'folder', 'server', 'browser']), name: v.string() })),
  localSeq: count,
  database: v.nullable(count),
  records: count,
  lacking: v.exactOptional(count),
  bytes: count,
  counts,
  shrunken: v.boolean(),
  parts: v.array(part),
  blobs: v.array(v.object({ file: v.string(), size: v.nullable(count) })),
});

/** `newer`: made by a later version of the app. */
/** The folder of a place in which pictures and files lie. */
export const FILES = 'files';

/** Where a picture or a file lies in a place; a manifest names it by that. */
export const fileOf = (hash: BlobHash): string => `${FILES}/${hash}`;

export interface NamedFile {
  readonly hash: BlobHash;
  /** 0 where it is not known. */
  readonly bytes: number;
}

/** The pictures and files that a manifest names. */
export const namedFiles = ({ blobs }: Pick<Manifest, 'blobs'>): readonly NamedFile[] =>
  blobs.flatMap(({ file, size }) => blobsIn(file).map((hash) => ({ hash, bytes: size ?? 0 })));

export type ManifestFault = 'damaged' | 'newer';

/** The bytes of a manifest: canonical JSON with its own SHA-256, packed. */
export function writeManifest(given: Manifest): Promise<Uint8Array<ArrayBuffer>> {
  const plain = given as unknown as JsonObject;
  return pack(toUtf8(canonicalJson({ ...plain, sha256: hashText(canonicalJson(plain)) })));
}

export async function readManifest(blob: Blob): Promise<Result<Manifest, ManifestFault>> {
  if (blob.size > MAX_BYTES) return err('damaged');
  const packed = await fileBytes(blob);
  if (!packed) return err('damaged');
  const text = await unpack(packed, MAX_TEXT_BYTES);
  if (!text.ok) return err('damaged');
  let json: unknown;
  try {
    json = JSON.parse(new TextDecoder().decode(text.value));
  } catch {
    return err('damaged');
  }
  if (typeof json !== 'object' || json === null || Array.isArray(json)) return err('damaged');
  const { sha256, ...plain } = json as { readonly [member: string]: Json };
  if (sha256 !== hashText(canonicalJson(plain))) return err('damaged');
  if (plain.format === 'holdfast-kept-backup' && typeof plain.version === 'number' && plain.version > 1) return err('newer');
  const parsed = v.safeParse(manifest, plain);
  if (!parsed.success) return err('damaged');
  const { records, bytes, parts } = parsed.output;
  const isWhole = sum(parts.map((one) => one.records)) === records && sum(parts.map((one) => one.bytes)) === bytes;
  return isWhole ? ok(parsed.output) : err('damaged');
}

const sum = (numbers: readonly number[]): number => numbers.reduce((all, one) => all + one, 0);
