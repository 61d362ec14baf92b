/** Archives in memory, read by another library than the one that writes them. */
import { unzipSync } from 'fflate';

/** Every file of an archive by its path. */
export function unzip(bytes: Uint8Array): ReadonlyMap<string, Uint8Array> {
  return new Map(Object.entries(unzipSync(bytes)));
}
