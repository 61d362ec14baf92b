/**
 * Who uses the data folder: any number of servers and commands at once, or one that replaces what is in it. SQLite locks an empty file for us: the
 * system gives such a lock back when its process ends, however it ends.
 */
import { closeSync, openSync } from 'node:fs';
import { join } from 'node:path';
import SqliteDatabase from 'better-sqlite3';

const NAME = 'holdfast.lock';

/** A database that nothing refers to is collected, and closed: a server that serves for weeks would lose its lock within minutes. */
const held = new Set<SqliteDatabase.Database>();

/** Gives the function that releases the lock; undefined where others hold one that excludes it. Throws what the file system throws. */
export function lockData(dataDir: string, how: 'shared' | 'exclusive'): (() => void) | undefined {
  const path = join(dataDir, NAME);
  closeSync(openSync(path, 'a', 0o600));
  const database = new SqliteDatabase(path, { timeout: 0 });
  try {
    database.exec(how === 'shared' ? 'begin' : 'begin exclusive');
    // Takes the lock, which `begin` alone does not.
    database.prepare('select count(*) from sqlite_master').get();
  } catch (error) {
    database.close();
    if (error instanceof SqliteDatabase.SqliteError && error.code.startsWith('SQLITE_BUSY')) return undefined;
    throw error;
  }
  held.add(database);
  return () => {
    held.delete(database);
    database.close();
  };
}
