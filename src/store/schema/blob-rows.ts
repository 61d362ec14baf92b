/** The rows of blobs. What is known of one is a row of its own, apart from its bytes, so that no list reads bytes. */
import type { BlobRefusal } from '#core/blob-queue.ts';
import type { BlobHash } from '#core/blobs.ts';

/** Where the bytes of a blob are: in a file of the origin, in rows of `blob-bytes`, or not here (null). */
export type BytesPlace = { readonly at: 'file' } | { readonly at: 'rows'; readonly rows: string } | { readonly at: null };

export interface BlobFacts {
  readonly hash: BlobHash;
  /** Media type; empty where it is not known. */
  readonly type: string;
  /** In bytes. */
  readonly size: number;
  /** Of a picture, in pixels. */
  readonly width?: number;
  readonly height?: number;
  /** Of its thumbnail, in bytes; absent where there is none. */
  readonly thumbnail?: number;
  /** The server of this account has it. */
  readonly sent: boolean;
  /** Wall time in ms at which its bytes came here last. */
  readonly addedAt: number;
  /** Wall time in ms, to the day, at which it was last added or read. */
  readonly usedAt: number;
  /** Its bytes went to make room; they come back when somebody asks for them. */
  readonly letGo?: true;
  /** The server does not take it, for now. */
  readonly refused?: BlobRefusal;
  /** Wall time in ms since when nothing in the workspace is known to name it. */
  readonly unnamedSince?: number;
}

export type BlobRow = BlobFacts &
  BytesPlace & {
    // Index columns. One that is absent is not indexed.
    /** Its bytes are here, and the server does not have them: 1, or 2 where it has refused them. */
    readonly waits?: 1 | 2;
    /** Its bytes are here, and the server has them, too. */
    readonly spare?: 1;
  };

/** A part of the bytes of a blob, or its thumbnail. */
export interface BlobBytesRow {
  readonly name: string;
  /** From 0. */
  readonly part: number;
  readonly bytes: ArrayBuffer;
  /** Media type of a thumbnail. */
  readonly type?: string;
}

/** The row with its index columns. */
export function blobRow(
  { hash, type, size, width, height, thumbnail, sent, refused, addedAt, usedAt, letGo, unnamedSince }: BlobFacts,
  place: BytesPlace,
): BlobRow {
  return {
    hash,
    type,
    size,
    ...(width === undefined ? {} : { width }),
    ...(height === undefined ? {} : { height }),
    ...(thumbnail === undefined ? {} : { thumbnail }),
    sent,
    ...(refused && !sent ? { refused } : {}),
    addedAt,
    usedAt,
    ...(letGo ? { letGo } : {}),
    ...(unnamedSince === undefined ? {} : { unnamedSince }),
    ...(place.at === 'rows' ? { at: place.at, rows: place.rows } : { at: place.at }),
    ...(place.at === null ? {} : sent ? { spare: 1 as const } : { waits: refused ? (2 as const) : (1 as const) }),
  };
}

/** The place that a row names. */
export const placeOf = (row: BlobRow): BytesPlace => (row.at === 'rows' ? { at: row.at, rows: row.rows } : { at: row.at });

/** The name of a thumbnail among the rows of bytes. */
export const thumbnailName = (hash: BlobHash): string => `${hash}/thumbnail`;

/** What the server has said of these: which of them it has. Nothing is written where that was known. */
export const sentWrites = (rows: readonly (BlobRow | undefined)[], has: (row: BlobRow) => boolean) =>
  rows.flatMap((row) =>
    row && row.sent !== has(row) ? [{ put: 'blobs', row: blobRow({ ...row, sent: !row.sent }, placeOf(row)) } as const] : [],
  );
