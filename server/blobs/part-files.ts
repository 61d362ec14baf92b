import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { makeFolder, nameBlobs, partNames, removeFile, sizeOf, syncFolder } from './blob-folder.ts';
import type { BlobKey } from './blob-store.ts';
import { readBlocks, writeBlocks } from './block-writer.ts';
import { orAbsent } from './errors.ts';

/** A copy of a whole upload whose bytes match the hash, on the disk, under a name that nobody else knows. */
export interface VerifiedCopy {
  readonly file: string;
  readonly bytes: number;
}

/** Uploads under way, as files. What is thrown is what the file system threw, or the source of an upload. */
export interface PartFiles {
  arrived(key: BlobKey): Promise<number>;
  append(key: BlobKey, offset: number, bytes: AsyncIterable<Uint8Array>): Promise<number>;
  /** Copies the upload while hashing it. Null where there is none; `mismatch` where it was another blob's, and is dropped. */
  verify(key: BlobKey): Promise<VerifiedCopy | 'mismatch' | null>;
  drop(key: BlobKey): Promise<void>;
}

const OWNER_ONLY = 0o600;

export function createPartFiles(root: string): PartFiles {
  const names = nameBlobs(root);

  /** What is hashed is what is written: another process may still write to the upload, and not to this copy. */
  async function copyVerified(source: FileHandle, key: BlobKey): Promise<VerifiedCopy | null> {
    const file = names.newCopy(key);
    const hash = createHash('sha256');
    const copy = await open(file, 'wx', OWNER_ONLY);
    let bytes = 0;
    let isSame = false;
    try {
      bytes = await writeBlocks(copy, 0, readBlocks(source), (block) => hash.update(block));
      isSame = hash.digest('hex') === key.hash;
      if (isSame) await copy.sync();
    } finally {
      await copy.close();
      if (!isSame) await removeFile(file);
    }
    return isSame ? { file, bytes } : null;
  }

  return {
    arrived: async (key) => (await sizeOf(names.part(key))) ?? 0,
    async append(key, offset, bytes) {
      await makeFolder(names.folder(key));
      const file = await open(names.part(key), constants.O_RDWR | constants.O_CREAT, OWNER_ONLY);
      try {
        await writeBlocks(file, offset, bytes);
      } finally {
        try {
          await file.sync();
          if (offset === 0) await syncFolder(names.folder(key));
        } finally {
          await file.close();
        }
      }
      return (await sizeOf(names.part(key))) ?? 0;
    },
    async verify(key) {
      const source = await orAbsent(() => open(names.part(key), 'r'), null);
      if (!source) return null;
      try {
        const copy = await copyVerified(source, key);
        if (copy) return copy;
      } finally {
        await source.close();
      }
      await removeFile(names.part(key));
      return 'mismatch';
    },
    async drop(key) {
      for (const name of await partNames(names.folder(key), key.hash)) await removeFile(name);
    },
  };
}
