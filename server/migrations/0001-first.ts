import { type Kysely, sql } from 'kysely';
import type { Tables } from '#server/storage/tables.ts';

/** Accounts, their devices, the log of versions and the heads of the entities. */
export async function createFirstTables(db: Kysely<Tables>): Promise<void> {
  await db.schema
    .createTable('accounts')
    .addColumn('id', 'text', (column) => column.primaryKey())
    // SHA-256 of the account key. The key has 128 random bits, so a slow hash would protect nothing more.
    .addColumn('key_hash', 'text', (column) => column.notNull())
    .addColumn('epoch', 'text', (column) => column.notNull())
    .addColumn('seq', 'integer', (column) => column.notNull())
    .addColumn('last_op_id', 'text')
    .addColumn('used_bytes', 'integer', (column) => column.notNull())
    .addColumn('created_at', 'integer', (column) => column.notNull())
    .addColumn('login_name', 'text', (column) => column.unique())
    .addColumn('login_salt', 'text')
    .addColumn('login_hash', 'text')
    .addColumn('wrapped_key', 'text')
    .execute();

  await db.schema
    .createTable('devices')
    .addColumn('account_id', 'text', (column) => column.notNull().references('accounts.id'))
    .addColumn('id', 'text', (column) => column.notNull())
    .addColumn('name', 'text', (column) => column.notNull())
    .addColumn('created_at', 'integer', (column) => column.notNull())
    .addColumn('last_seen_at', 'integer', (column) => column.notNull())
    .addColumn('revoked_at', 'integer')
    .addPrimaryKeyConstraint('devices_key', ['account_id', 'id'])
    .execute();

  await db.schema
    .createTable('tokens')
    // SHA-256 of the cookie's token: who reads the database cannot sign in with it.
    .addColumn('token_hash', 'text', (column) => column.primaryKey())
    .addColumn('account_id', 'text', (column) => column.notNull())
    .addColumn('device_id', 'text', (column) => column.notNull())
    .addColumn('created_at', 'integer', (column) => column.notNull())
    .addForeignKeyConstraint('tokens_device', ['account_id', 'device_id'], 'devices', ['account_id', 'id'])
    .execute();
  await db.schema.createIndex('tokens_by_device').on('tokens').columns(['account_id', 'device_id', 'created_at']).execute();

  // Every op that was ever applied, for ever: about 400 bytes each once the body is dropped. `body` is last, so that
  // reading the columns before it does not walk through a long text.
  await db.schema
    .createTable('versions')
    .addColumn('account_id', 'text', (column) => column.notNull().references('accounts.id'))
    .addColumn('seq', 'integer', (column) => column.notNull())
    .addColumn('op_id', 'text', (column) => column.notNull())
    .addColumn('kind', 'text', (column) => column.notNull())
    .addColumn('id', 'text', (column) => column.notNull())
    .addColumn('rev', 'integer', (column) => column.notNull())
    .addColumn('v', 'integer', (column) => column.notNull())
    .addColumn('device_id', 'text', (column) => column.notNull())
    .addColumn('last_updated', 'text', (column) => column.notNull())
    .addColumn('deleted', 'integer', (column) => column.notNull())
    .addColumn('hash', 'text', (column) => column.notNull())
    .addColumn('blobs', 'text', (column) => column.notNull())
    .addColumn('accepted_at', 'integer', (column) => column.notNull())
    .addColumn('bytes', 'integer', (column) => column.notNull())
    .addColumn('body', 'text')
    .addPrimaryKeyConstraint('versions_key', ['account_id', 'seq'])
    .addUniqueConstraint('versions_by_op', ['account_id', 'op_id'])
    .addUniqueConstraint('versions_by_rev', ['account_id', 'kind', 'id', 'rev'])
    .addCheckConstraint('versions_deleted', sql`deleted in (0, 1)`)
    .execute();

  await db.schema
    .createTable('entities')
    .addColumn('account_id', 'text', (column) => column.notNull().references('accounts.id'))
    .addColumn('kind', 'text', (column) => column.notNull())
    .addColumn('id', 'text', (column) => column.notNull())
    .addColumn('version', 'text', (column) => column.notNull())
    .addColumn('rev', 'integer', (column) => column.notNull())
    .addColumn('seq', 'integer', (column) => column.notNull())
    .addColumn('hash', 'text', (column) => column.notNull())
    .addColumn('deleted', 'integer', (column) => column.notNull())
    .addColumn('bytes', 'integer', (column) => column.notNull())
    .addPrimaryKeyConstraint('entities_key', ['account_id', 'kind', 'id'])
    .addUniqueConstraint('entities_by_seq', ['account_id', 'seq'])
    .execute();
}
