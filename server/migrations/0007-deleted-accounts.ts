import type { Kysely } from 'kysely';
import type { Tables } from '#server/storage/tables.ts';

/** A deleted account keeps its row, with its id and these two times and nothing else: a device that knows it must not make it again. */
export async function markDeletedAccounts(db: Kysely<Tables>): Promise<void> {
  for (const column of ['deleted_at', 'erased_at']) await db.schema.alterTable('accounts').addColumn(column, 'integer').execute();
}
