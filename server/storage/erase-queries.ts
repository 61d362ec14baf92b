import type { Kysely } from 'kysely';
import { inBatches } from '#core/batches.ts';
import type { EntityKey } from '#core/entity-key.ts';
import type { AccountId } from '#core/ids.ts';
import { insertRows, type Statements } from './statements.ts';
import { KEPT_BODIES } from './storage.ts';
import type { Tables } from './tables.ts';

/** 14 columns each. */
const ROWS_PER_INSERT = 20;

/** Everything of a version but its body. */
const keptColumns = [
  'account_id',
  'seq',
  'op_id',
  'kind',
  'id',
  'rev',
  'v',
  'device_id',
  'last_updated',
  'deleted',
  'hash',
  'blobs',
  'accepted_at',
  'bytes',
] as const;

/** The queries that erase bodies, within one transaction. The rows stay: lineages and repeated ops are answered from them. */
export function eraseQueries(db: Kysely<Tables>, statements: Statements) {
  /**
   * Erases the bodies of an entity's versions above the rev `above` up to `until`. Each row is taken out and written again without its body: SQLite
   * gives the space of a removed row back to others, but not that of a row which has become shorter.
   */
  const eraseBodies = async (accountId: AccountId, { kind, id }: EntityKey, above: number, until: number): Promise<void> => {
    const rows = await db
      .deleteFrom('versions')
      .where('account_id', '=', accountId)
      .where('kind', '=', kind)
      .where('id', '=', id)
      .where('rev', '>', above)
      .where('rev', '<=', until)
      .where('body', 'is not', null)
      .returning(keptColumns)
      .execute();
    for (const some of inBatches(rows, ROWS_PER_INSERT)) {
      await insertRows(
        db,
        statements,
        'versions',
        // What nobody can read any more names nothing.
        some.map((row) => ({ ...row, blobs: '[]', body: null })),
        (values) => db.insertInto('versions').values(values),
      );
    }
  };

  return {
    eraseBodies,
    /** Erases what an account's deleted entities still have, `limit` entities at most. Gives how many were looked at. */
    async eraseDeleted(accountId: AccountId, purgedUntil: number, limit: number): Promise<number> {
      const due = await db
        .selectFrom('purges')
        .select(['kind', 'id'])
        .where('account_id', '=', accountId)
        .where('purged_at', '<=', purgedUntil)
        .limit(limit)
        .execute();
      for (const { kind, id } of due) {
        const head = await db
          .selectFrom('entities')
          .select(['rev', 'deleted'])
          .where('account_id', '=', accountId)
          .where('kind', '=', kind)
          .where('id', '=', id)
          .executeTakeFirst();
        // Brought back meanwhile, it keeps its history.
        if (head?.deleted === 1) await eraseBodies(accountId, { kind, id }, head.rev - KEPT_BODIES, head.rev);
        await db.deleteFrom('purges').where('account_id', '=', accountId).where('kind', '=', kind).where('id', '=', id).execute();
      }
      return due.length;
    },
  };
}
