/**
 * Where backups are kept: a folder of the origin, one that the person has picked, or the server. Paths are relative to it, with `/`. Every function
 * throws a `Failure`: `PlacePermission`, `PlaceGone`, `PlaceServer`, `QuotaExceeded` or `PlaceFailed`.
 */
export interface Place {
  /** The names of the files in a folder, sorted; none where there is no such folder. What a write has left half done is not among them. */
  list(folder: string): Promise<readonly string[]>;
  /** A file that is rewritten or removed meanwhile cannot be read any more. Null where there is none. */
  read(path: string): Promise<Blob | null>;
  /** When it was last written, wall time in ms; null where it is not there. */
  modifiedAt(path: string): Promise<number | null>;
  /**
   * Writes beside, flushes and moves: the whole file is there afterwards, or what was there before. In a folder that the person has picked, a new file whose
   * write was killed may stay there empty.
   */
  write(path: string, bytes: Uint8Array<ArrayBuffer>): Promise<void>;
  /** Harmless where it is absent. */
  remove(path: string): Promise<void>;
  /** Removes what writes that were killed have left in a folder. Nobody may be writing there. */
  sweep(folder: string): Promise<void>;
  /** It compares by itself what it takes with the hash in its name: whatever of such is listed is whole. */
  readonly comparesHashes?: boolean;
}

/** Names that a write uses until it is done, Chromium's own among them. */
export const isHalfDone = (name: string): boolean => name.endsWith('.part') || name.endsWith('.crswap');
