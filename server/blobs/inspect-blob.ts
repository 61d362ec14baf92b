import { createHash } from 'node:crypto';
import type { BlobKey, BlobStore } from './blob-store.ts';

/** What reading a whole blob has shown. `unreadable`: its place does not answer, which says nothing about the blob. */
export type BlobFinding =
  | { readonly type: 'sound'; readonly bytes: number }
  | { readonly type: 'missing' }
  | { readonly type: 'damaged'; readonly reason: string }
  | { readonly type: 'unreadable'; readonly reason: string };

/**
 * Reads every byte of a blob and compares its hash, and its size where one is expected. What does not match is read once more: a
 * disk or a network may give other bytes once, and damage is dealt with only where it stays.
 */
export async function inspectBlob(blobs: Pick<BlobStore, 'read'>, key: BlobKey, expected?: number): Promise<BlobFinding> {
  const first = await readOnce(blobs, key, expected);
  return first.type === 'damaged' || first.type === 'unreadable' ? readOnce(blobs, key, expected) : first;
}

/** What is wrong with a blob, in words. */
export const describeFinding = (finding: Exclude<BlobFinding, { type: 'sound' }>): string => {
  switch (finding.type) {
    case 'missing':
      return 'it is missing';
    case 'damaged':
      return finding.reason;
    case 'unreadable':
      return `it cannot be read (${finding.reason})`;
  }
};

export const nameBlob = ({ accountId, hash }: BlobKey): string => `account ${accountId}, blob ${hash}`;

async function readOnce(blobs: Pick<BlobStore, 'read'>, key: BlobKey, expected?: number): Promise<BlobFinding> {
  const stream = await blobs.read(key, null);
  if (!stream.ok) {
    const { error } = stream;
    return { type: 'unreadable', reason: error.type === 'BlobsUnavailable' ? error.reason : error.type };
  }
  if (!stream.value) return { type: 'missing' };
  const hash = createHash('sha256');
  let bytes = 0;
  try {
    for await (const chunk of stream.value as AsyncIterable<Uint8Array>) {
      hash.update(chunk);
      bytes += chunk.length;
    }
  } catch (error) {
    return { type: 'unreadable', reason: error instanceof Error ? error.message : String(error) };
  }
  if (expected !== undefined && bytes !== expected) return { type: 'damaged', reason: `it has ${bytes} bytes of ${expected}` };
  if (hash.digest('hex') === key.hash) return { type: 'sound', bytes };
  return { type: 'damaged', reason: 'its bytes do not match its hash' };
}
