import type { Kysely } from 'kysely';
import { sql } from 'kysely';
import { err, ok, type Result } from '#core/result.ts';
import type { Tables } from '#server/storage/tables.ts';
import { createFirstTables } from './0001-first.ts';
import { createUpkeepTables } from './0002-upkeep.ts';
import { createContainedTable } from './0003-contained.ts';
import { createBlobsTable } from './0004-blobs.ts';
import { addBodyBlobs } from './0005-body-blobs.ts';
import { createBackupsTable } from './0006-backups.ts';
import { markDeletedAccounts } from './0007-deleted-accounts.ts';

interface Migration {
  readonly name: string;
  readonly up: (db: Kysely<Tables>) => Promise<void>;
}

/** In the order in which they run. Appended to, never edited: what has run somewhere is history. */
const migrations: readonly Migration[] = [
  { name: '0001-first', up: createFirstTables },
  { name: '0002-upkeep', up: createUpkeepTables },
  { name: '0003-contained', up: createContainedTable },
  { name: '0004-blobs', up: createBlobsTable },
  { name: '0005-body-blobs', up: addBodyBlobs },
  { name: '0006-backups', up: createBackupsTable },
  { name: '0007-deleted-accounts', up: markDeletedAccounts },
];

/** The database was made by a newer version of the server: it is left exactly as it is. */
export interface NewerDatabase {
  readonly type: 'NewerDatabase';
  readonly unknown: readonly string[];
}

/**
 * Brings the tables to this version, all or nothing, recorded by name. Safe to run by several processes at once: the
 * first write of the transaction takes the database's lock, and who waited for it finds the work done.
 */
export async function migrate(db: Kysely<Tables>): Promise<Result<null, NewerDatabase>> {
  await db.schema
    .createTable('migrations')
    .ifNotExists()
    .addColumn('name', 'text', (column) => column.primaryKey())
    .execute();
  return db.transaction().execute(async (transaction) => {
    // Writes nothing, but takes the lock before the first read: a read that turns into a write later could fail.
    await sql`delete from migrations where name = ''`.execute(transaction);
    const rows = await transaction.selectFrom('migrations').select('name').execute();
    const done = new Set(rows.map((row) => row.name));
    const known = new Set(migrations.map((migration) => migration.name));
    const unknown = [...done].filter((name) => !known.has(name));
    if (unknown.length > 0) return err({ type: 'NewerDatabase', unknown });
    for (const { name, up } of migrations) {
      if (done.has(name)) continue;
      await up(transaction);
      await transaction.insertInto('migrations').values({ name }).execute();
    }
    return ok(null);
  });
}
