import type { Storage } from '#server/storage/storage.ts';

/** Whether the database calls any blob complete: then there must be bytes. Also where it does not answer. */
export async function holdsBlobs({ hasBlobs }: Pick<Storage, 'hasBlobs'>): Promise<boolean> {
  const found = await hasBlobs();
  return !found.ok || found.value;
}
