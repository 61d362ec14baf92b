import type { Files } from '#app/files.ts';
import type { BlobHash } from '#core/blobs.ts';

/** Small pictures that are drawn again at once when their row comes back. */
const MOST_KEPT = 200;

const kept = new Map<BlobHash, string>();

function keep(hash: BlobHash, url: string): void {
  kept.set(hash, url);
  const [oldest] = kept;
  if (kept.size <= MOST_KEPT || !oldest) return;
  kept.delete(oldest[0]);
  URL.revokeObjectURL(oldest[1]);
}

/** The address of the small picture; null where there is none on this device. */
export async function thumbnailUrl(files: Pick<Files, 'thumbnail'>, hash: BlobHash): Promise<string | null> {
  const picture = await files.thumbnail(hash).catch(() => null);
  if (!picture) return null;
  const known = kept.get(hash);
  if (known !== undefined) return known;
  const url = URL.createObjectURL(picture);
  keep(hash, url);
  return url;
}

/** The address of one that was drawn before. */
export const knownThumbnail = (hash: BlobHash): string | null => kept.get(hash) ?? null;
