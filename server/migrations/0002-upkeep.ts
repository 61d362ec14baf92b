import type { Kysely } from 'kysely';
import type { Tables } from '#server/storage/tables.ts';

/** What is kept beside the log of versions: sums over it, what is to be erased, what is damaged, and a row to write into. */
export async function createUpkeepTables(db: Kysely<Tables>): Promise<void> {
  // One row per account: what the log says up to `seq`. Read and written with each push, so it is small (2 KB).
  await db.schema
    .createTable('digests')
    .addColumn('account_id', 'text', (column) => column.primaryKey().references('accounts.id'))
    .addColumn('seq', 'integer', (column) => column.notNull())
    .addColumn('entities', 'integer', (column) => column.notNull())
    .addColumn('sums', 'blob', (column) => column.notNull())
    .execute();

  // Entities that were deleted and whose older bodies are still here.
  await db.schema
    .createTable('purges')
    .addColumn('account_id', 'text', (column) => column.notNull().references('accounts.id'))
    .addColumn('kind', 'text', (column) => column.notNull())
    .addColumn('id', 'text', (column) => column.notNull())
    .addColumn('purged_at', 'integer', (column) => column.notNull())
    .addPrimaryKeyConstraint('purges_key', ['account_id', 'kind', 'id'])
    .execute();
  await db.schema.createIndex('purges_by_time').on('purges').columns(['purged_at']).execute();

  // Versions whose body was found not to match its hash.
  await db.schema
    .createTable('damages')
    .addColumn('account_id', 'text', (column) => column.notNull().references('accounts.id'))
    .addColumn('seq', 'integer', (column) => column.notNull())
    .addPrimaryKeyConstraint('damages_key', ['account_id', 'seq'])
    .execute();

  // One row, written to see whether the database still takes writes.
  await db.schema
    .createTable('pulse')
    .addColumn('id', 'integer', (column) => column.primaryKey())
    .addColumn('at', 'integer', (column) => column.notNull())
    .execute();
}
