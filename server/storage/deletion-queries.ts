import type { Kysely } from 'kysely';
import type { AccountId } from '#core/ids.ts';
import type { StorageReader, StorageWriter } from './storage.ts';
import type { Tables } from './tables.ts';

/** What of a deleted account is erased once its versions and entities are. Small rows, all of them. */
const LAST_TABLES = ['contained', 'purges', 'damages', 'digests', 'backups'] as const;

/** What remains of an account in its own row. */
const BLANK = {
  key_hash: '',
  epoch: '',
  last_op_id: null,
  login_name: null,
  login_salt: null,
  login_hash: null,
  wrapped_key: null,
  erased_at: null,
};

/** The queries that delete an account, within one transaction. */
export function deletionQueries(db: Kysely<Tables>) {
  const some = (table: 'versions' | 'entities', accountId: AccountId, limit: number) =>
    db
      .deleteFrom(table)
      .where('account_id', '=', accountId)
      .where('seq', 'in', (from) =>
        from.selectFrom(table).select('seq').where('account_id', '=', accountId).orderBy('seq').limit(limit),
      )
      .executeTakeFirst();

  const queries: Pick<StorageReader, 'deletedAt'> & Pick<StorageWriter, 'deleteAccount'> = {
    async deletedAt(accountId) {
      const row = await db.selectFrom('accounts').select('deleted_at').where('id', '=', accountId).executeTakeFirst();
      return row?.deleted_at ?? undefined;
    },
    async deleteAccount(accountId, atMs) {
      const made = { id: accountId, seq: 0, used_bytes: 0, blob_bytes: 0, backup_bytes: 0, created_at: atMs };
      const blank = { ...BLANK, deleted_at: atMs };
      await db
        .insertInto('accounts')
        .values({ ...made, ...blank })
        .onConflict((conflict) => conflict.column('id').doUpdateSet(blank))
        .execute();
      await db.deleteFrom('tokens').where('account_id', '=', accountId).execute();
      await db.deleteFrom('devices').where('account_id', '=', accountId).execute();
    },
  };

  return {
    ...queries,
    /** As `Storage.eraseAccount`. */
    async eraseAccount(accountId: AccountId, limit: number, withBlobs: boolean): Promise<number> {
      let erased = 0;
      for (const table of ['versions', 'entities'] as const)
        erased += Number((await some(table, accountId, limit)).numDeletedRows);
      if (erased > 0) return erased;
      for (const table of withBlobs ? ([...LAST_TABLES, 'blobs'] as const) : LAST_TABLES) {
        const done = await db.deleteFrom(table).where('account_id', '=', accountId).executeTakeFirst();
        erased += Number(done.numDeletedRows);
      }
      await db
        .updateTable('accounts')
        .set({ seq: 0, used_bytes: 0, blob_bytes: 0, backup_bytes: 0, created_at: 0 })
        .where('id', '=', accountId)
        .where('deleted_at', 'is not', null)
        .execute();
      return erased;
    },
  };
}
