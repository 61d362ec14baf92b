import SqliteDatabase from 'better-sqlite3';
import type { BlobKey } from '#server/blobs/blob-store.ts';

/** A blob that the database calls complete. */
export interface CompleteBlob extends BlobKey {
  readonly bytes: number;
}

/** The blobs that a database calls complete, by account and hash; none in one of a server that knew no blobs. */
export const readComplete = (path: string): readonly CompleteBlob[] =>
  withDatabase(path, (database) => {
    const hasBlobs = database.prepare(`select 1 from sqlite_master where name = 'blobs'`).get() !== undefined;
    if (!hasBlobs) return [];
    return database
      .prepare<[], CompleteBlob>(
        `select account_id as accountId, hash, bytes from blobs where state = 'complete' order by account_id, hash`,
      )
      .all();
  });

/** Whether a database calls this blob complete. */
export const isComplete = (path: string, { accountId, hash }: BlobKey): boolean =>
  withDatabase(path, (database) => {
    const row = database.prepare(`select 1 from blobs where account_id = ? and hash = ? and state = 'complete'`);
    return row.get(accountId, hash) !== undefined;
  });

function withDatabase<T>(path: string, read: (database: SqliteDatabase.Database) => T): T {
  const database = new SqliteDatabase(path, { readonly: true, fileMustExist: true });
  try {
    return read(database);
  } finally {
    database.close();
  }
}
