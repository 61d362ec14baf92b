import type { Kysely } from 'kysely';
import type { Tables } from '#server/storage/tables.ts';

/** Backups of an account: which blobs each of them names. What is there for their sake alone is counted by itself. */
export async function createBackupsTable(db: Kysely<Tables>): Promise<void> {
  await db.schema
    .createTable('backups')
    .addColumn('account_id', 'text', (column) => column.notNull().references('accounts.id'))
    .addColumn('id', 'text', (column) => column.notNull())
    // The blob that is its manifest.
    .addColumn('manifest', 'text', (column) => column.notNull())
    .addColumn('device_id', 'text', (column) => column.notNull())
    .addColumn('made_at', 'integer', (column) => column.notNull())
    .addColumn('stored_at', 'integer', (column) => column.notNull())
    .addColumn('bytes', 'integer', (column) => column.notNull())
    // JSON: the hashes of all that it names, its manifest among them.
    .addColumn('blobs', 'text', (column) => column.notNull())
    .addPrimaryKeyConstraint('backups_key', ['account_id', 'id'])
    .execute();
  await db.schema
    .alterTable('accounts')
    .addColumn('backup_bytes', 'integer', (column) => column.notNull().defaultTo(0))
    .execute();
  await db.schema
    .alterTable('blobs')
    .addColumn('is_backup', 'integer', (column) => column.notNull().defaultTo(0))
    .execute();
}
