import { type Kysely, sql } from 'kysely';
import type { Tables } from '#server/storage/tables.ts';

/** What is known of each account's blobs. Their bytes are beside the database, or in an S3-compatible store. */
export async function createBlobsTable(db: Kysely<Tables>): Promise<void> {
  await db.schema
    .createTable('blobs')
    .addColumn('account_id', 'text', (column) => column.notNull().references('accounts.id'))
    .addColumn('hash', 'text', (column) => column.notNull())
    .addColumn('bytes', 'integer', (column) => column.notNull())
    .addColumn('state', 'text', (column) => column.notNull())
    .addColumn('created_at', 'integer', (column) => column.notNull())
    .addColumn('touched_at', 'integer', (column) => column.notNull())
    .addColumn('unreferenced_since', 'integer')
    .addPrimaryKeyConstraint('blobs_key', ['account_id', 'hash'])
    .addCheckConstraint('blobs_state', sql`state in ('arriving', 'complete', 'removing')`)
    .execute();

  await db.schema
    .alterTable('accounts')
    .addColumn('blob_bytes', 'integer', (column) => column.notNull().defaultTo(0))
    .execute();

  // Which kept versions name blobs is read from the log itself: an older server process on the same database, which knows no
  // blobs, keeps this index all the same.
  await db.schema
    .createIndex('versions_with_blobs')
    .on('versions')
    .columns(['account_id', 'seq'])
    .where(sql<boolean>`blobs <> '[]'`)
    .execute();
}
