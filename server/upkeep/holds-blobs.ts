import { existsSync } from 'node:fs';
import SqliteDatabase from 'better-sqlite3';
import type { Storage } from '#server/storage/storage.ts';

/** Whether the database calls any blob complete: then there must be bytes. Also where it does not answer. */
export async function holdsBlobs({ hasBlobs }: Pick<Storage, 'hasBlobs'>): Promise<boolean> {
  const found = await hasBlobs();
  return !found.ok || found.value;
}

/** The same of a database by its file, which others may use, and which is not changed. No file: no blobs. */
export function holdsBlobsIn(path: string): boolean {
  if (!existsSync(path)) return false;
  let database: SqliteDatabase.Database | undefined;
  try {
    database = new SqliteDatabase(path, { readonly: true, fileMustExist: true });
    const isThere = database.prepare("select 1 from sqlite_master where type = 'table' and name = 'blobs'").get();
    return isThere !== undefined && database.prepare("select 1 from blobs where state = 'complete' limit 1").get() !== undefined;
  } catch {
    return true;
  } finally {
    database?.close();
  }
}
