import { type Kysely, sql } from 'kysely';
import { inBatches } from '#core/batches.ts';
import { isBlobHash } from '#core/blobs.ts';
import type { AccountId } from '#core/ids.ts';
import type { BlobRow, StorageReader, StorageWriter } from './storage.ts';
import type { BlobsTable, Tables } from './tables.ts';

type Reads = Pick<StorageReader, 'blobs' | 'blobsAfter' | 'namedBlobs'>;
type Writes = Pick<StorageWriter, 'putBlob' | 'removeBlob' | 'keepBlobs'>;

/** Hashes named in one SELECT. */
const HASHES_PER_SELECT = 500;

/** The queries over blobs, within one transaction. */
export function blobQueries(db: Kysely<Tables>): Reads & Writes {
  const rowsOf = (accountId: AccountId) => db.selectFrom('blobs').selectAll().where('account_id', '=', accountId);

  const blobs: Reads['blobs'] = async (accountId, hashes) => {
    const found: BlobRow[] = [];
    for (const some of inBatches(hashes, HASHES_PER_SELECT))
      found.push(...(await rowsOf(accountId).where('hash', 'in', some).execute()).map(toBlob));
    return found;
  };

  const countBytes = async (accountId: AccountId, before: BlobRow | undefined, after: BlobRow | undefined): Promise<void> => {
    const change = bytesOf(after, false) - bytesOf(before, false);
    const backupChange = bytesOf(after, true) - bytesOf(before, true);
    if (change === 0 && backupChange === 0) return;
    await db
      .updateTable('accounts')
      .set((set) => ({ blob_bytes: set('blob_bytes', '+', change), backup_bytes: set('backup_bytes', '+', backupChange) }))
      .where('id', '=', accountId)
      .execute();
  };

  return {
    blobs,
    async blobsAfter(accountId, hash, limit) {
      let query = rowsOf(accountId).orderBy('hash').limit(limit);
      if (hash !== null) query = query.where('hash', '>', hash);
      return (await query.execute()).map(toBlob);
    },
    async namedBlobs(accountId, seq, limit) {
      const rows = await db
        .selectFrom('versions')
        .select(['seq', 'blobs'])
        .where('account_id', '=', accountId)
        .where('seq', '>', seq)
        // Word for word the condition of the index.
        .where(sql<boolean>`blobs <> '[]'`)
        .orderBy('seq')
        .limit(limit)
        .execute();
      return rows.map((row) => ({ seq: row.seq, hashes: readHashes(row.blobs) }));
    },

    async putBlob(accountId, row) {
      const [before] = await blobs(accountId, [row.hash]);
      const values = {
        bytes: row.bytes,
        state: row.state,
        created_at: row.createdAt,
        touched_at: row.touchedAt,
        unreferenced_since: row.unreferencedSince,
        is_body: row.isBody ? 1 : 0,
        is_backup: row.isBackup ? 1 : 0,
      };
      await db
        .insertInto('blobs')
        .values({ account_id: accountId, hash: row.hash, ...values })
        .onConflict((conflict) => conflict.columns(['account_id', 'hash']).doUpdateSet(values))
        .execute();
      await countBytes(accountId, before, row);
    },
    async removeBlob(accountId, hash) {
      const [before] = await blobs(accountId, [hash]);
      if (!before) return;
      await db.deleteFrom('blobs').where('account_id', '=', accountId).where('hash', '=', hash).execute();
      await countBytes(accountId, before, undefined);
    },
    async keepBlobs(accountId, hashes) {
      const complete: string[] = [];
      for (const some of inBatches(hashes, HASHES_PER_SELECT)) {
        const rows = await rowsOf(accountId).where('hash', 'in', some).where('state', '=', 'complete').execute();
        complete.push(...rows.map((row) => row.hash));
        if (rows.every((row) => row.unreferenced_since === null)) continue;
        await db
          .updateTable('blobs')
          .set({ unreferenced_since: null })
          .where('account_id', '=', accountId)
          .where('hash', 'in', some)
          .execute();
      }
      return complete;
    },
  };
}

/** A list of hashes as a row has it; null where it is none. */
export function readHashes(text: string): readonly string[] | null {
  try {
    const list: unknown = JSON.parse(text);
    return Array.isArray(list) && list.every((name) => typeof name === 'string' && isBlobHash(name)) ? list : null;
  } catch {
    return null;
  }
}

const toBlob = (row: BlobsTable): BlobRow => ({
  hash: row.hash,
  bytes: row.bytes,
  state: row.state,
  createdAt: row.created_at,
  touchedAt: row.touched_at,
  unreferencedSince: row.unreferenced_since,
  isBody: row.is_body === 1,
  isBackup: row.is_backup === 1,
});

/** What a row counts for, in bytes: for the account, or for its backups. */
const bytesOf = (row: BlobRow | undefined, isBackup: boolean): number => (row?.isBackup === isBackup ? row.bytes : 0);
