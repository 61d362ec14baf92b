import type { Kysely } from 'kysely';
import { err, ok, type Result } from '#core/result.ts';
import { accountQueries, toAccount } from './account-queries.ts';
import { damageQueries } from './damage-queries.ts';
import { entityQueries } from './entity-queries.ts';
import type { Statements } from './statements.ts';
import type { Storage, StorageError, StorageWriter } from './storage.ts';
import type { Tables } from './tables.ts';

/**
 * The `Storage` contract over any SQL database that Kysely speaks. A dialect brings its connection and says which of its
 * errors are expected; everything else thrown is a bug and passes through.
 */
export function createKyselyStorage(db: Kysely<Tables>, toStorageError: (error: unknown) => StorageError | undefined): Storage {
  const statements: Statements = new Map();
  const attempt = async <T>(
    body: (queries: StorageWriter, transaction: Kysely<Tables>) => Promise<T>,
  ): Promise<Result<T, StorageError>> => {
    try {
      const value = await db
        .transaction()
        .execute((transaction) =>
          body(
            { ...accountQueries(transaction), ...entityQueries(transaction, statements), ...damageQueries(transaction) },
            transaction,
          ),
        );
      return ok(value);
    } catch (error) {
      const expected = toStorageError(error);
      if (expected) return err(expected);
      throw error;
    }
  };

  return {
    read: (body) => attempt(body),
    write: (accountId, body) =>
      attempt(async (queries, transaction) => {
        // The first statement writes, also where there is no such row: it takes the lock before anything was read, so that
        // no read of this transaction is older than the lock (on SQLite: no SQLITE_BUSY_SNAPSHOT).
        const row = await transaction
          .updateTable('accounts')
          .set((set) => ({ seq: set.ref('seq') }))
          .where('id', '=', accountId)
          .returningAll()
          .executeTakeFirst();
        return body(queries, row && toAccount(row));
      }),
    async accountIds() {
      return (await db.selectFrom('accounts').select('id').orderBy('id').execute()).map((row) => row.id);
    },
    close: () => db.destroy(),
  };
}
