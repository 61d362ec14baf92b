import type { BlobHash } from '#core/blobs.ts';
import type { AccountId } from '#core/ids.ts';
import type { Result } from '#core/result.ts';
import type { BlobRow, Storage, StorageError } from '#server/storage/storage.ts';

const PER_READ = 1000;

/** Whether the database calls any blob complete: then there must be bytes. Also where it does not answer. */
export async function holdsBlobs({ blobAccounts, read }: Pick<Storage, 'blobAccounts' | 'read'>): Promise<boolean> {
  for (let after: AccountId | null = null; ; ) {
    const accounts: Awaited<ReturnType<Storage['blobAccounts']>> = await blobAccounts(after, PER_READ);
    if (!accounts.ok) return true;
    for (const accountId of accounts.value) if (await holdsBlob(read, accountId)) return true;
    after = accounts.value.at(-1) ?? null;
    if (accounts.value.length < PER_READ) return false;
  }
}

async function holdsBlob(read: Storage['read'], accountId: AccountId): Promise<boolean> {
  for (let after: BlobHash | null = null; ; ) {
    const from: BlobHash | null = after;
    const page: Result<readonly BlobRow[], StorageError> = await read((reader) => reader.blobsAfter(accountId, from, PER_READ));
    if (!page.ok || page.value.some(({ state }) => state === 'complete')) return true;
    after = page.value.at(-1)?.hash ?? null;
    if (page.value.length < PER_READ) return false;
  }
}
