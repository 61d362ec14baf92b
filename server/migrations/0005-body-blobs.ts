import type { Kysely } from 'kysely';
import type { Tables } from '#server/storage/tables.ts';

/** Which blobs are bodies of ops (src/core/large-body.ts): no text names one again, so that they go sooner. */
export async function addBodyBlobs(db: Kysely<Tables>): Promise<void> {
  await db.schema
    .alterTable('blobs')
    .addColumn('is_body', 'integer', (column) => column.notNull().defaultTo(0))
    .execute();
}
