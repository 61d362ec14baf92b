import { setTimeout as sleep } from 'node:timers/promises';
import type { Kysely } from 'kysely';
import type { AccountId } from '#core/ids.ts';
import { err, ok, type Result } from '#core/result.ts';
import { accountQueries, deviceColumns, toAccount, toDevice } from './account-queries.ts';
import { backupQueries } from './backup-queries.ts';
import { blobQueries } from './blob-queries.ts';
import { damageQueries } from './damage-queries.ts';
import { deletionQueries } from './deletion-queries.ts';
import { digestQueries } from './digest-queries.ts';
import { entityQueries } from './entity-queries.ts';
import { eraseQueries } from './erase-queries.ts';
import type { Statements } from './statements.ts';
import type { Account, Storage, StorageError, StorageWriter } from './storage.ts';
import type { Tables } from './tables.ts';

/** What a database brings to the contract. */
export interface Dialect {
  readonly db: Kysely<Tables>;
  /** Which thrown errors are expected; everything else is a bug and passes through. */
  readonly toStorageError: (error: unknown) => StorageError | undefined;
  /** Asked before each transaction, and after each one that wrote: what makes the database unfit for use, if anything does. */
  readonly refusal: () => StorageError | undefined;
  readonly emptyLog: () => boolean;
  /** How long a transaction waits for the lock of another process. Other requests are served meanwhile. */
  readonly lockDeadlineMs: number;
}

/** Waits between two tries for a lock: the first, and the longest. A push holds the lock for milliseconds. */
const FIRST_WAIT_MS = 2;
const LONGEST_WAIT_MS = 50;

/** Versions of the log taken in by one step of `catchUp`: about 20 ms. */
const CATCH_UP_STEP = 2000;

type Queries = StorageWriter &
  Pick<ReturnType<typeof digestQueries>, 'catchUp'> &
  Pick<ReturnType<typeof eraseQueries>, 'eraseDeleted'> &
  Pick<ReturnType<typeof deletionQueries>, 'eraseAccount'>;

/** The `Storage` contract over any SQL database that Kysely speaks. */
export function createKyselyStorage({ db, toStorageError, refusal, emptyLog, lockDeadlineMs }: Dialect): Storage {
  const statements: Statements = new Map();

  const attempt = async <T>(
    body: (queries: Queries, transaction: Kysely<Tables>) => Promise<T>,
  ): Promise<Result<T, StorageError>> => {
    const unfit = refusal();
    if (unfit) return err(unfit);
    try {
      return ok(await db.transaction().execute((transaction) => body(toQueries(transaction, statements), transaction)));
    } catch (error) {
      const expected = toStorageError(error);
      if (expected) return err(expected);
      throw error;
    }
  };

  /** Tries again while another process holds the lock and nothing of the body has run. The waits block nobody. */
  const whenFree = async <T>(tryOnce: () => Promise<Result<T, StorageError>>, hasBegun: () => boolean) => {
    const deadline = performance.now() + lockDeadlineMs;
    for (let wait = FIRST_WAIT_MS; ; wait = Math.min(wait * 2, LONGEST_WAIT_MS)) {
      const result = await tryOnce();
      if (result.ok || result.error.type !== 'StorageBusy' || hasBegun()) return result;
      if (performance.now() + wait > deadline) return result;
      await sleep(wait);
    }
  };

  const write = async <T>(
    accountId: AccountId,
    body: (queries: Queries, account: Account | undefined, transaction: Kysely<Tables>) => Promise<T>,
  ): Promise<Result<T, StorageError>> => {
    let begun = false;
    const result = await whenFree(
      () =>
        attempt(async (queries, transaction) => {
          // The first statement writes, also where there is no such row: it takes the lock before anything was read, so that
          // no read of this transaction is older than the lock (on SQLite: no SQLITE_BUSY_SNAPSHOT).
          const row = await transaction
            .updateTable('accounts')
            .set((set) => ({ seq: set.ref('seq') }))
            .where('id', '=', accountId)
            .returningAll()
            .executeTakeFirst();
          begun = true;
          return body(queries, row && toAccount(row), transaction);
        }),
      () => begun,
    );
    // Removed while it was written: what nobody can read again must not be acknowledged.
    const unfit = result.ok ? refusal() : undefined;
    return unfit ? err(unfit) : result;
  };

  return {
    // A body that only reads may run twice.
    read: (body) =>
      whenFree(
        () => attempt(body),
        () => false,
      ),
    write,
    async eraseDeleted(purgedUntil, limit) {
      const oldest = await attempt((_queries, transaction) =>
        transaction
          .selectFrom('purges')
          .select('account_id')
          .where('purged_at', '<=', purgedUntil)
          .orderBy('purged_at')
          .limit(1)
          .executeTakeFirst(),
      );
      if (!oldest.ok) return oldest;
      const accountId = oldest.value?.account_id;
      if (accountId === undefined) return ok(0);
      return write(accountId, (queries) => queries.eraseDeleted(accountId, purgedUntil, limit));
    },
    accountsToErase: () =>
      attempt(async (_queries, transaction) => {
        const rows = await transaction
          .selectFrom('accounts')
          .select(['id', 'deleted_at'])
          .where('deleted_at', 'is not', null)
          .where('erased_at', 'is', null)
          .orderBy('deleted_at')
          .orderBy('id')
          .execute();
        return rows.flatMap(({ id, deleted_at }) => (deleted_at === null ? [] : [{ id, deletedAt: deleted_at }]));
      }),
    eraseAccount: (accountId, limit, withBlobs) =>
      write(accountId, (queries) => queries.eraseAccount(accountId, limit, withBlobs)),
    async noteErased(accountId, atMs) {
      return write(accountId, async (_queries, _account, transaction) => {
        await transaction.updateTable('accounts').set({ erased_at: atMs }).where('id', '=', accountId).execute();
        return null;
      });
    },
    async emptyLog() {
      return emptyLog();
    },
    async beat(atMs) {
      const values = { id: 1, at: atMs };
      const beaten = await write('', async (_queries, _account, transaction) => {
        await transaction
          .insertInto('pulse')
          .values(values)
          .onConflict((conflict) => conflict.column('id').doUpdateSet(values))
          .execute();
      });
      return beaten.ok ? ok(null) : beaten;
    },
    accountIds: (after, limit) =>
      attempt(async (_queries, transaction) => {
        let query = transaction.selectFrom('accounts').select('id').where('deleted_at', 'is', null).orderBy('id').limit(limit);
        if (after !== null) query = query.where('id', '>', after);
        return (await query.execute()).map((row) => row.id);
      }),
    blobAccounts: (after, limit) =>
      attempt(async (_queries, transaction) => {
        let query = transaction.selectFrom('blobs').select('account_id').distinct().orderBy('account_id').limit(limit);
        if (after !== null) query = query.where('account_id', '>', after);
        return (await query.execute()).map((row) => row.account_id);
      }),
    hasBlobs: () =>
      attempt(async (_queries, transaction) => {
        const any = transaction.selectFrom('blobs').select('hash').where('state', '=', 'complete').limit(1);
        return (await any.executeTakeFirst()) !== undefined;
      }),
    setEpochs: (epoch) =>
      write('', async (_queries, _account, transaction) => {
        const updated = await transaction
          .updateTable('accounts')
          .set({ epoch })
          .where('deleted_at', 'is', null)
          .executeTakeFirst();
        return Number(updated.numUpdatedRows);
      }),
    async enteredDevices(limit) {
      const rows = await db
        .selectFrom('devices')
        .select(deviceColumns)
        .select('account_id')
        .where('revoked_at', 'is', null)
        .orderBy('last_seen_at', 'desc')
        .limit(limit)
        .execute();
      return rows.map((row) => ({ ...toDevice(row), accountId: row.account_id }));
    },
    async catchUp(onStep) {
      const behind = await db
        .selectFrom('accounts')
        .leftJoin('digests', 'digests.account_id', 'accounts.id')
        .select(['accounts.id', 'accounts.seq', 'digests.seq as digestSeq'])
        .where('accounts.deleted_at', 'is', null)
        .where((where) => where('accounts.seq', '>', where.fn.coalesce('digests.seq', where.lit(0))))
        .execute();
      const total = behind.reduce((sum, { seq, digestSeq }) => sum + seq - (digestSeq ?? 0), 0);
      let done = 0;
      for (const { id } of behind) {
        for (let taken = CATCH_UP_STEP; taken === CATCH_UP_STEP; ) {
          const step = await write(id, (queries) => queries.catchUp(id, CATCH_UP_STEP));
          if (!step.ok) return step;
          taken = step.value;
          done += taken;
          onStep?.(done, total);
        }
      }
      return ok(null);
    },
    close: () => db.destroy(),
  };
}

function toQueries(db: Kysely<Tables>, statements: Statements): Queries {
  const { digest, follow, catchUp } = digestQueries(db, statements);
  const { eraseBodies, eraseDeleted } = eraseQueries(db, statements);
  const entities = entityQueries(db, statements, { follow, eraseBodies });
  const accounts = { ...accountQueries(db), ...deletionQueries(db) };
  return {
    ...accounts,
    ...entities,
    ...blobQueries(db),
    ...backupQueries(db),
    ...damageQueries(db),
    digest,
    catchUp,
    eraseDeleted,
  };
}
