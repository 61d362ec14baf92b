import type { Kysely } from 'kysely';
import type { Tables } from '#server/storage/tables.ts';

/**
 * What devices have said of versions that this log has lost: a server that was put back to an older state knows only from them
 * that a newer version contains those. One row per op that said something.
 */
export async function createContainedTable(db: Kysely<Tables>): Promise<void> {
  await db.schema
    .createTable('contained')
    .addColumn('account_id', 'text', (column) => column.notNull().references('accounts.id'))
    .addColumn('kind', 'text', (column) => column.notNull())
    .addColumn('id', 'text', (column) => column.notNull())
    .addColumn('rev', 'integer', (column) => column.notNull())
    .addColumn('tails', 'text', (column) => column.notNull())
    .addPrimaryKeyConstraint('contained_key', ['account_id', 'kind', 'id', 'rev'])
    .execute();
}
