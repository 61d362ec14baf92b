import SqliteDatabase from 'better-sqlite3';
import { Kysely, SqliteDialect, type SqliteStatement } from 'kysely';
import { err, ok, type Result } from '#core/result.ts';
import { migrate, type NewerDatabase } from '#server/migrations/migrate.ts';
import { createKyselyStorage } from './kysely-storage.ts';
import type { Storage, StorageError } from './storage.ts';
import type { Tables } from './tables.ts';

export interface SqliteStorage extends Storage {
  /** The whole database as one file's bytes, as `openSqlite({ from })` takes them. */
  serialize(): Uint8Array;
}

/** A file (created where absent; its folder must exist), `':memory:'`, or a copy in memory of what `serialize` gave. */
export type SqliteSource = { readonly path: string } | { readonly from: Uint8Array };

export interface SqliteOptions {
  /** How long a transaction waits for another process's lock. */
  readonly lockDeadlineMs?: number;
  /** The size beyond which the database counts as full, in bytes. Default: as far as the disk goes. */
  readonly maxBytes?: number;
}

const LOCK_DEADLINE_MS = 5000;

/** Statements kept prepared. The texts that this server sends number a few dozen; batches of different sizes make more. */
const MAX_PREPARED = 200;

/** Opens the database and brings its tables to this version. */
export async function openSqlite(
  source: SqliteSource,
  { lockDeadlineMs = LOCK_DEADLINE_MS, maxBytes }: SqliteOptions = {},
): Promise<Result<SqliteStorage, NewerDatabase>> {
  const database = new SqliteDatabase('path' in source ? source.path : Buffer.from(source.from), {
    // While it opens, nobody is served yet, and SQLite may wait by itself.
    timeout: lockDeadlineMs,
  });
  // FULL: in WAL mode, NORMAL would let a power cut take commits that were already acknowledged.
  database.pragma('journal_mode = WAL');
  database.pragma('synchronous = FULL');
  database.pragma('foreign_keys = ON');
  if (maxBytes !== undefined) {
    const pageBytes = Number(database.pragma('page_size', { simple: true }));
    database.pragma(`max_page_count = ${Math.max(1, Math.floor(maxBytes / pageBytes))}`);
  }
  const db = new Kysely<Tables>({ dialect: new SqliteDialect({ database: withPreparedStatements(database) }) });
  const migrated = await migrate(db);
  if (!migrated.ok) {
    await db.destroy();
    return err(migrated.error);
  }
  // From here on a wait inside SQLite would stop everything else in this process: the storage waits instead.
  database.pragma('busy_timeout = 0');
  return ok({ ...createKyselyStorage({ db, toStorageError, lockDeadlineMs }), serialize: () => serialize(database) });
}

function toStorageError(error: unknown): StorageError | undefined {
  if (!(error instanceof SqliteDatabase.SqliteError)) return undefined;
  if (error.code.startsWith('SQLITE_BUSY')) return { type: 'StorageBusy' };
  if (error.code === 'SQLITE_FULL') return { type: 'StorageFull' };
  return undefined;
}

/** Kysely prepares each statement anew; keeping them saves about a third of a small push's time. */
function withPreparedStatements(database: SqliteDatabase.Database) {
  const prepared = new Map<string, SqliteStatement>();
  return {
    close: () => {
      database.close();
    },
    prepare(sql: string): SqliteStatement {
      // SQLite ends the transaction by itself when the disk is full; a second rollback would fail and hide the reason.
      if (sql === 'rollback' && !database.inTransaction) return nothing;
      const known = prepared.get(sql);
      if (known) return known;
      const statement: SqliteStatement = database.prepare(sql);
      if (prepared.size >= MAX_PREPARED) prepared.clear();
      prepared.set(sql, statement);
      return statement;
    },
  };
}

const nothing: SqliteStatement = {
  reader: false,
  all: () => [],
  run: () => ({ changes: 0, lastInsertRowid: 0 }),
  iterate: () => [].values(),
};

/** Bytes 18 and 19 of the header say "WAL" for a file; in memory there is no WAL, and SQLite would refuse to open it. */
function serialize(database: SqliteDatabase.Database): Uint8Array {
  const bytes = database.serialize();
  bytes[18] = 1;
  bytes[19] = 1;
  return bytes;
}
