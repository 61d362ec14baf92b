import { chmodSync } from 'node:fs';
import SqliteDatabase from 'better-sqlite3';
import { findProblems } from './check.ts';
import { makeOwnFile, syncToDisk } from './new-file.ts';

/**
 * Copies a database, which may be in use, into a new file: one snapshot, on the disk, for its owner alone. Gives what is wrong with the copy, which
 * was read whole: nothing, where it is sound. Throws what SQLite or the file system throws.
 */
export function copyDatabase(path: string, copy: string): readonly string[] {
  // Made first: SQLite writes into an empty file.
  makeOwnFile(copy);
  const source = new SqliteDatabase(path, { readonly: true, fileMustExist: true });
  try {
    source.prepare('vacuum into ?').run(copy);
  } finally {
    source.close();
  }
  chmodSync(copy, 0o600);
  syncToDisk(copy);
  return problemsOf(copy);
}

/** Reads a database that nobody uses, whole. Gives what is wrong with it, in words. */
export function problemsOf(file: string): readonly string[] {
  let database: SqliteDatabase.Database | undefined;
  try {
    database = new SqliteDatabase(file, { readonly: true, fileMustExist: true });
    return findProblems(database);
  } catch (error) {
    return [error instanceof Error ? error.message : String(error)];
  } finally {
    database?.close();
  }
}
