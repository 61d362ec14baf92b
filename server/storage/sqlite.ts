import { statSync } from 'node:fs';
import SqliteDatabase from 'better-sqlite3';
import { Kysely, SqliteDialect, type SqliteStatement } from 'kysely';
import { err, ok, type Result } from '#core/result.ts';
import { migrate } from '#server/migrations/migrate.ts';
import { protectFiles, watchFiles } from './database-files.ts';
import { createKyselyStorage } from './kysely-storage.ts';
import { type OpenError, toOpenError } from './open-error.ts';
import type { Storage, StorageError } from './storage.ts';
import { findDamage } from './structure.ts';
import type { Tables } from './tables.ts';

export interface SqliteStorage extends Storage {
  /** The whole database as one file's bytes, as `openSqlite({ from })` takes them. */
  serialize(): Uint8Array;
  /** Takes and gives nothing any more: a check has found that the database is damaged. */
  condemn(): void;
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

/** A database up to this size is checked whole before it is opened, which takes a few tenths of a second at most. */
export const CHECKED_BYTES = 64_000_000;

/** Opens the database and brings its tables to this version. One that is damaged, or not ours, is left as it is. */
export async function openSqlite(
  source: SqliteSource,
  { lockDeadlineMs = LOCK_DEADLINE_MS, maxBytes }: SqliteOptions = {},
): Promise<Result<SqliteStorage, OpenError>> {
  const path = 'path' in source && source.path !== ':memory:' ? source.path : undefined;
  let database: SqliteDatabase.Database | undefined;
  try {
    if (path !== undefined) protectFiles(path);
    database = new SqliteDatabase('path' in source ? source.path : Buffer.from(source.from), {
      // While it opens, nobody is served yet, and SQLite may wait by itself.
      timeout: lockDeadlineMs,
    });
    const strange = path === undefined ? undefined : inspect(database, path);
    const opened = strange ? err(strange) : await prepare(database, maxBytes);
    if (!opened.ok) {
      database.close();
      return opened;
    }
    // From here on a wait inside SQLite would stop everything else in this process: the storage waits instead.
    database.pragma('busy_timeout = 0');
    const isPresent = path === undefined ? () => true : watchFiles(path);
    return ok(toStorage(database, opened.value, lockDeadlineMs, isPresent));
  } catch (error) {
    database?.close();
    const expected = toOpenError(error);
    if (expected) return err(expected);
    throw error;
  }
}

/** Whether the file may be used at all, before anything is written to it. */
function inspect(database: SqliteDatabase.Database, path: string): OpenError | undefined {
  const tables = database.prepare<[], string>(`select name from sqlite_master where type = 'table'`).pluck().all();
  if (tables.length === 0) return undefined;
  if (!tables.includes('migrations')) return { type: 'ForeignDatabase' };
  if (!tables.includes('accounts') || statSync(path).size > CHECKED_BYTES) return undefined;
  const problems = findDamage(database);
  return problems.length > 0 ? { type: 'DamagedDatabase', problems } : undefined;
}

async function prepare(
  database: SqliteDatabase.Database,
  maxBytes: number | undefined,
): Promise<Result<Kysely<Tables>, OpenError>> {
  // FULL: in WAL mode, NORMAL would let a power cut take commits that were already acknowledged.
  database.pragma('journal_mode = WAL');
  database.pragma('synchronous = FULL');
  database.pragma('foreign_keys = ON');
  // What is erased is overwritten, and not only forgotten.
  database.pragma('secure_delete = ON');
  if (maxBytes !== undefined) {
    const pageBytes = Number(database.pragma('page_size', { simple: true }));
    database.pragma(`max_page_count = ${Math.max(1, Math.floor(maxBytes / pageBytes))}`);
  }
  const db = new Kysely<Tables>({ dialect: new SqliteDialect({ database: withPreparedStatements(database) }) });
  const migrated = await migrate(db);
  return migrated.ok ? ok(db) : migrated;
}

function toStorage(
  database: SqliteDatabase.Database,
  db: Kysely<Tables>,
  lockDeadlineMs: number,
  isPresent: () => boolean,
): SqliteStorage {
  let condemned = false;
  const refusal = (): StorageError | undefined => {
    if (condemned) return { type: 'StorageBroken', reason: 'damaged' };
    return isPresent() ? undefined : { type: 'StorageBroken', reason: 'gone' };
  };
  return {
    ...createKyselyStorage({ db, toStorageError, refusal, emptyLog: () => emptyLog(database), lockDeadlineMs }),
    serialize: () => serialize(database),
    condemn() {
      condemned = true;
    },
  };
}

/** Everything in the WAL goes into the database, and the file is cut to nothing. */
function emptyLog(database: SqliteDatabase.Database): boolean {
  if (database.inTransaction) return false;
  const [answer] = database.pragma('wal_checkpoint(TRUNCATE)') as { readonly busy: number }[];
  return answer?.busy === 0;
}

function toStorageError(error: unknown): StorageError | undefined {
  if (!(error instanceof SqliteDatabase.SqliteError)) return undefined;
  if (error.code.startsWith('SQLITE_BUSY')) return { type: 'StorageBusy' };
  if (error.code === 'SQLITE_FULL') return { type: 'StorageFull' };
  if (/^SQLITE_(CORRUPT|NOTADB|FORMAT)/.test(error.code)) return { type: 'StorageBroken', reason: 'damaged' };
  if (/^SQLITE_(IOERR|READONLY|CANTOPEN|PERM|PROTOCOL)/.test(error.code)) return { type: 'StorageBroken', reason: 'disk' };
  return undefined;
}

/** Kysely prepares each statement again; keeping them saves about a third of a small push's time. */
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
