import { createHash } from 'node:crypto';
import SqliteDatabase from 'better-sqlite3';
import type { BlobKey, BlobStore } from '#server/blobs/blob-store.ts';
import { createProgress } from './progress.ts';

/** Blobs that are named; more are counted. */
const MAX_NAMED = 10;

interface CompleteRow {
  readonly account_id: string;
  readonly hash: string;
  readonly bytes: number;
}

/**
 * Reads every blob that the database calls complete, compares its hash, and prints what is damaged or missing. Changes nothing. 0: all
 * are sound, 1: some are not. Throws where the place of the blobs cannot be read.
 */
export async function checkBlobs(path: string, blobs: BlobStore): Promise<0 | 1> {
  const rows = completeRows(path);
  if (rows.length === 0) return 0;
  const progress = createProgress('Checking pictures and files', 'blobs');
  const problems: string[] = [];
  for (const [index, { account_id: accountId, hash, bytes }] of rows.entries()) {
    const fault = await findFault(blobs, { accountId, hash }, bytes);
    if (fault !== null) problems.push(`  account ${accountId}, blob ${hash}: ${fault}`);
    progress(index + 1, rows.length);
  }
  const summary =
    problems.length === 0
      ? [`All ${rows.length} pictures and files are sound.`]
      : [`${problems.length} of ${rows.length} pictures and files are damaged or missing:`, ...problems.slice(0, MAX_NAMED)];
  process.stdout.write(`${summary.join('\n')}\n`);
  return problems.length === 0 ? 0 : 1;
}

function completeRows(path: string): readonly CompleteRow[] {
  const database = new SqliteDatabase(path, { readonly: true, fileMustExist: true });
  try {
    const hasBlobs = database.prepare(`select 1 from sqlite_master where name = 'blobs'`).get() !== undefined;
    if (!hasBlobs) return [];
    return database
      .prepare<[], CompleteRow>(`select account_id, hash, bytes from blobs where state = 'complete' order by account_id, hash`)
      .all();
  } finally {
    database.close();
  }
}

async function findFault(blobs: BlobStore, key: BlobKey, bytes: number): Promise<string | null> {
  const stream = await blobs.read(key, null);
  if (!stream.ok) throw new Error(`the place of pictures and files cannot be read (${stream.error.type})`);
  if (!stream.value) return 'it is missing';
  const hash = createHash('sha256');
  let read = 0;
  for await (const chunk of stream.value) {
    hash.update(chunk);
    read += chunk.length;
  }
  if (read !== bytes) return `it has ${read} bytes of ${bytes}`;
  return hash.digest('hex') === key.hash ? null : 'its bytes do not match its hash';
}
