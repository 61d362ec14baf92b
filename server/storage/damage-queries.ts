import type { Kysely } from 'kysely';
import { headColumns, toHead } from './entity-queries.ts';
import type { StorageReader, StorageWriter } from './storage.ts';
import type { Tables } from './tables.ts';

/** The queries over versions whose bodies were found damaged, within one transaction. */
export function damageQueries(
  db: Kysely<Tables>,
): Pick<StorageReader, 'damaged'> & Pick<StorageWriter, 'noteDamaged' | 'repair'> {
  return {
    async damaged(accountId, limit) {
      const rows = await db
        .selectFrom('damages')
        .innerJoin('entities', (join) =>
          join.onRef('entities.account_id', '=', 'damages.account_id').onRef('entities.seq', '=', 'damages.seq'),
        )
        .select(headColumns)
        .where('damages.account_id', '=', accountId)
        .orderBy('damages.seq')
        .limit(limit)
        .execute();
      return rows.map(toHead);
    },
    async noteDamaged(accountId, seqs) {
      for (const seq of seqs) {
        await db
          .insertInto('damages')
          .values({ account_id: accountId, seq })
          .onConflict((conflict) => conflict.doNothing())
          .execute();
      }
    },
    async repair(accountId, { seq, v, lastUpdated, deviceId, body, hash, bytes, blobs }) {
      await db
        .updateTable('versions')
        .set({ v, last_updated: lastUpdated, device_id: deviceId, body, hash, bytes, blobs: JSON.stringify(blobs) })
        .where('account_id', '=', accountId)
        .where('seq', '=', seq)
        .execute();
      await db.deleteFrom('damages').where('account_id', '=', accountId).where('seq', '=', seq).execute();
    },
  };
}
