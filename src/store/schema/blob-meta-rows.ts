/** The rows of `meta` about blobs. */
import type { BlobFailure } from '#core/blob-queue.ts';
import type { BlobHash } from '#core/blobs.ts';

/** Rows of bytes that are being written and that no blob has yet: what a kill leaves of them is removed. */
export interface BlobPartRow {
  /** `blob-part/<name>` */
  readonly key: `blob-part/${string}`;
}

/** When it was last looked whether a blob is still named (`collect-blobs.ts`). */
export interface BlobCareRow {
  readonly key: 'blobs';
  /** Wall time in ms. */
  readonly collectedAt: number;
}

/** Files that the editors of a page have shown: *Undo* may name them again for as long as the page is open (`shown-files.ts`). */
export interface ShownFilesRow {
  /** `shown-files/<tab>` */
  readonly key: `shown-files/${string}`;
  /** As a text refers to them: the row names them. */
  readonly references: readonly string[];
}

/** What is named here, not by a version that the server has, and not here (`recall-blobs.ts`). */
export interface BlobRecallRow {
  readonly key: 'blob-recall';
  /** Wall time in ms. */
  readonly lookedAt: number;
  /** Wall time in ms of the last sync by then. Absent in rows of earlier versions. */
  readonly knownAt?: number;
  readonly waiting: readonly RecalledBlob[];
}

export interface RecalledBlob {
  readonly hash: BlobHash;
  /** Wall time in ms since when it may be so. */
  readonly since: number;
  /** On how many days the server did not have it. */
  readonly times: number;
}

/** How this device and the server are with each other's blobs (`blob-questions.ts`). */
export interface BlobWayRow {
  readonly key: 'blob-way';
  /** Wall time in ms at which the server was last asked about every blob that is here. */
  readonly askedAt: number | null;
  /**
   * Being asked: what lies behind `after` (null: all) is still to be, of the server's life `epoch`. `since`: wall time in ms of the first
   * question; absent before it.
   */
  readonly asking: { readonly epoch: string | null; readonly after: BlobHash | null; readonly since?: number } | null;
  /** How the last runs of the transfer ended. */
  readonly failure: BlobFailure | null;
}

export interface LackingBlob {
  readonly hash: BlobHash;
  /** How often the server did not have it, and when it is asked again, wall time in ms. */
  readonly times: number;
  readonly retryAt: number;
}

/** How far this device is in fetching what its entities name (`blob-fill.ts`). */
export interface BlobFillRow {
  readonly key: 'blob-fill';
  /** Entities up to this localSeq were looked at. */
  readonly reached: number;
  /** The pass that is under way: from `top` down, and those from `below` on were looked at. */
  readonly pass: { readonly top: number; readonly below: number } | null;
  readonly lacking: readonly LackingBlob[];
}
