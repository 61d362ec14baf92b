import type { BlobFillRow, BlobWayRow } from './blob-meta-rows.ts';
import type { MetaRow } from './meta-rows.ts';

export const BLOB_WAY = { get: 'meta', key: 'blob-way' } as const;

export const asWay = (row: MetaRow | undefined): BlobWayRow =>
  row?.key === 'blob-way' ? row : { key: 'blob-way', askedAt: null, asking: null, failure: null };

/** The row from the moment at which the server begins another life: it may have been restored without its blobs. */
export const askAll = (way: BlobWayRow, epoch: string): BlobWayRow => ({ ...way, asking: { epoch, after: null } });

export const BLOB_FILL = { get: 'meta', key: 'blob-fill' } as const;

export const asFill = (row: MetaRow | undefined): BlobFillRow =>
  row?.key === 'blob-fill' ? row : { key: 'blob-fill', reached: 0, pass: null, lacking: [] };

/** The row from the moment at which bytes were lost that entities may name: all of them are looked at again. */
export const fillAgain = (fill: BlobFillRow): BlobFillRow => ({ ...fill, reached: 0, pass: null });
