import type { Kysely } from 'kysely';
import { inBatches } from '#core/batches.ts';
import { keyText } from '#core/entity-key.ts';
import type { AccountId, OpId } from '#core/ids.ts';
import { changeSums, type DigestLine, emptySums, toBuckets } from '#core/manifest-digest.ts';
import { sha256 } from '#server/secrets.ts';
import { insertRows, type Statements } from './statements.ts';
import type { NewVersion, StorageReader } from './storage.ts';
import type { Tables } from './tables.ts';

/** One version of the log, as the sums and the list of purges need it. */
interface LogEntry extends DigestLine {
  readonly seq: number;
  /** The version before it; null for an entity's first. */
  readonly base: OpId | null;
  readonly deleted: boolean;
  readonly acceptedAt: number;
}

/** Versions of the log that one push takes in when an older server process, which keeps no digest, has pushed before it. */
const CATCH_UP = 2000;

const PURGES_PER_INSERT = 100;

const toPurge = (accountId: AccountId, { kind, id, acceptedAt }: LogEntry) => ({
  account_id: accountId,
  kind,
  id,
  purged_at: acceptedAt,
});

/** What is kept beside the log, within one transaction: the digest, and the list of what is to be erased. */
export function digestQueries(
  db: Kysely<Tables>,
  statements: Statements,
): Pick<StorageReader, 'digest'> & {
  /** Takes in versions that were just appended. */
  readonly follow: (accountId: AccountId, versions: readonly NewVersion[]) => Promise<void>;
  /** Takes in up to `limit` versions of the log that are not yet. Gives how many those were. */
  readonly catchUp: (accountId: AccountId, limit: number) => Promise<number>;
} {
  const readRow = async (accountId: AccountId) => {
    const row = await db.selectFrom('digests').selectAll().where('account_id', '=', accountId).executeTakeFirst();
    return row ?? { account_id: accountId, seq: 0, entities: 0, sums: emptySums() };
  };

  const takeIn = async (accountId: AccountId, log: readonly LogEntry[]): Promise<void> => {
    const last = log.at(-1);
    if (!last) return;
    const row = await readRow(accountId);
    const sums = Uint8Array.from(row.sums);
    let { entities } = row;
    for (const { kind, id, version, base } of log) {
      changeSums(sums, { kind, id, version }, 1, sha256);
      if (base === null) entities += 1;
      else changeSums(sums, { kind, id, version: base }, -1, sha256);
    }
    const values = { seq: last.seq, entities, sums };
    await db
      .insertInto('digests')
      .values({ account_id: accountId, ...values })
      .onConflict((conflict) => conflict.column('account_id').doUpdateSet(values))
      .execute();
    const purged = new Map(log.flatMap((entry) => (entry.deleted ? [[keyText(entry), toPurge(accountId, entry)] as const] : [])));
    for (const rows of inBatches([...purged.values()], PURGES_PER_INSERT)) {
      await insertRows(db, statements, 'purges', rows, (values) =>
        db
          .insertInto('purges')
          .values(values)
          .onConflict((conflict) =>
            conflict.columns(['account_id', 'kind', 'id']).doUpdateSet((set) => ({ purged_at: set.ref('excluded.purged_at') })),
          ),
      );
    }
  };

  const catchUp = async (accountId: AccountId, limit: number): Promise<number> => {
    const { seq } = await readRow(accountId);
    const rows = await db
      .selectFrom('versions as log')
      .leftJoin('versions as earlier', (join) =>
        join
          .onRef('earlier.account_id', '=', 'log.account_id')
          .onRef('earlier.kind', '=', 'log.kind')
          .onRef('earlier.id', '=', 'log.id')
          .on((on) => on('earlier.rev', '=', on('log.rev', '-', 1))),
      )
      .select(['log.seq', 'log.kind', 'log.id', 'log.op_id as version', 'log.deleted', 'log.accepted_at as acceptedAt'])
      .select('earlier.op_id as base')
      .where('log.account_id', '=', accountId)
      .where('log.seq', '>', seq)
      .orderBy('log.seq')
      .limit(limit)
      .execute();
    await takeIn(
      accountId,
      rows.map((row) => ({ ...row, deleted: row.deleted === 1 })),
    );
    return rows.length;
  };

  return {
    async digest(accountId) {
      const { seq, entities, sums } = await readRow(accountId);
      return { seq, entities, buckets: toBuckets(sums) };
    },
    async follow(accountId, versions) {
      const [first] = versions;
      if (!first) return;
      const { seq } = await readRow(accountId);
      if (seq === first.seq - 1) await takeIn(accountId, versions);
      else await catchUp(accountId, CATCH_UP + versions.length);
    },
    catchUp,
  };
}
