import { err, ok, type Result } from '#core/result.ts';
import type { BlobError } from './blob-store.ts';

const FULL = ['ENOSPC', 'EDQUOT'];
/**
 * What a disk or a store says when it cannot be used, or when a folder goes away under a call (`ENOENT` where nobody asked with `orAbsent`).
 * Everything else that is thrown is a bug, or the source's own error.
 */
const UNAVAILABLE = ['EIO', 'ENOENT', 'EROFS', 'EACCES', 'EPERM', 'EMFILE', 'ENFILE', 'ENOTDIR', 'ESTALE', 'ETIMEDOUT'];

/** The error with this code, as the system gives it. */
export const codeOf = (error: unknown): string | undefined =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;

/** Runs what speaks to the disk: its expected errors become values, all others pass through. */
export async function tryDisk<T>(run: () => Promise<T>): Promise<Result<T, BlobError>> {
  try {
    return ok(await run());
  } catch (error) {
    const code = codeOf(error);
    // Only a call to the file system names one.
    if (code === undefined || !(error instanceof Error && 'syscall' in error)) throw error;
    if (FULL.includes(code)) return err({ type: 'BlobsFull' });
    if (UNAVAILABLE.includes(code)) return err({ type: 'BlobsUnavailable', reason: code });
    throw error;
  }
}

/** What `run` gives; `otherwise` where the file or folder that it names is not there. */
export async function orAbsent<T, O>(run: () => Promise<T>, otherwise: O): Promise<T | O> {
  try {
    return await run();
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return otherwise;
    throw error;
  }
}
