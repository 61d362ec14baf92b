import type { Kysely } from 'kysely';
import { readHashes } from './blob-queries.ts';
import type { KeptBackup, StorageReader, StorageWriter } from './storage.ts';
import type { BackupsTable, Tables } from './tables.ts';

const columns = ['id', 'manifest', 'device_id', 'made_at', 'stored_at', 'bytes'] as const;

/** The queries over backups, within one transaction. */
export function backupQueries(
  db: Kysely<Tables>,
): Pick<StorageReader, 'backups' | 'backupBlobs'> & Pick<StorageWriter, 'putBackup' | 'removeBackup'> {
  return {
    async backups(accountId) {
      const rows = await db
        .selectFrom('backups')
        .select(columns)
        .where('account_id', '=', accountId)
        .orderBy('stored_at')
        .orderBy('id')
        .execute();
      return rows.map(toBackup);
    },
    async backupBlobs(accountId, id) {
      const row = await db
        .selectFrom('backups')
        .select('blobs')
        .where('account_id', '=', accountId)
        .where('id', '=', id)
        .executeTakeFirst();
      return row ? readHashes(row.blobs) : [];
    },
    async putBackup(accountId, { id, manifest, deviceId, madeAt, storedAt, bytes }, blobs) {
      const values = { account_id: accountId, id, manifest, device_id: deviceId, made_at: madeAt, stored_at: storedAt, bytes };
      await db
        .insertInto('backups')
        .values({ ...values, blobs: JSON.stringify(blobs) })
        .execute();
    },
    async removeBackup(accountId, id) {
      await db.deleteFrom('backups').where('account_id', '=', accountId).where('id', '=', id).execute();
    },
  };
}

const toBackup = (row: Pick<BackupsTable, (typeof columns)[number]>): KeptBackup => ({
  id: row.id,
  manifest: row.manifest,
  deviceId: row.device_id,
  madeAt: row.made_at,
  storedAt: row.stored_at,
  bytes: row.bytes,
});
