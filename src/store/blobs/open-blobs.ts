/** The blobs of a workspace, over what this context has for their bytes. */
import { webCryptoHash } from '#core/hash.ts';
import type { BlobStore } from '#store/blob-store.ts';
import { backupTexts } from '#store/kv/backup-folder.ts';
import type { BlobContext } from './context.ts';
import { createBlobStore } from './create-blob-store.ts';
import { openOpfsPlace } from './opfs-place.ts';
import { createRowsPlace } from './rows-place.ts';

export type OpenBlobsOptions = Omit<BlobContext, 'files' | 'rows' | 'hashWhole' | 'backupTexts'> & {
  /** The browser refuses IndexedDB: nothing stays. */
  readonly memory?: boolean;
};

/** In any context: page, worker, service worker. */
export async function openBlobContext({ memory = false, ...options }: OpenBlobsOptions): Promise<BlobContext> {
  const files = memory ? null : await openOpfsPlace(options.workspaceId);
  const found = () => backupTexts(options.workspaceId);
  return { ...options, files, rows: createRowsPlace(options.kv), hashWhole: webCryptoHash, backupTexts: found };
}

/** In any context: page, worker, service worker. */
export const openBlobs = async (options: OpenBlobsOptions): Promise<BlobStore> => createBlobStore(await openBlobContext(options));
