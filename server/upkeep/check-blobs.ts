import type { BlobStore } from '#server/blobs/blob-store.ts';
import { describeFinding, inspectBlob, nameBlob } from '#server/blobs/inspect-blob.ts';
import { readComplete } from './complete-blobs.ts';
import { createProgress } from './progress.ts';

/** Blobs that are named; more are counted. */
const MAX_NAMED = 10;

/**
 * Reads every blob that the database calls complete, compares its hash, and prints what is damaged or missing. Changes nothing. 0: all
 * are sound, 1: some are not, 2: their place could not be read.
 */
export async function checkBlobs(path: string, blobs: BlobStore): Promise<0 | 1 | 2> {
  const rows = readComplete(path);
  if (rows.length === 0) return 0;
  const progress = createProgress('Checking pictures and files', 'blobs');
  const problems: string[] = [];
  for (const [index, row] of rows.entries()) {
    const finding = await inspectBlob(blobs, row, row.bytes);
    if (finding.type === 'unreadable') {
      process.stdout.write(`The place of pictures and files cannot be read (${finding.reason}). Try again once it can.\n`);
      return 2;
    }
    if (finding.type !== 'sound') problems.push(`  ${nameBlob(row)}: ${describeFinding(finding)}`);
    progress(index + 1, rows.length);
  }
  const summary =
    problems.length === 0
      ? [`All ${rows.length} pictures and files are sound.`]
      : [`${problems.length} of ${rows.length} pictures and files are damaged or missing:`, ...problems.slice(0, MAX_NAMED)];
  process.stdout.write(`${summary.join('\n')}\n`);
  return problems.length === 0 ? 0 : 1;
}
