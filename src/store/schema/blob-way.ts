import type { BlobWayRow, MetaRow } from './meta-rows.ts';

export const BLOB_WAY = { get: 'meta', key: 'blob-way' } as const;

export const asWay = (row: MetaRow | undefined): BlobWayRow =>
  row?.key === 'blob-way' ? row : { key: 'blob-way', askedAt: null, asking: null, failure: null };

/** The row from the moment at which the server begins another life: it may have been restored without its blobs. */
export const askAll = (way: BlobWayRow, epoch: string): BlobWayRow => ({ ...way, asking: { epoch, after: null } });
