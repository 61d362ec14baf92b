import type { Kysely } from 'kysely';
import { type Account, type Device, type StorageReader, type StorageWriter, TOKENS_PER_DEVICE } from './storage.ts';
import type { AccountsTable, DevicesTable, Tables } from './tables.ts';

type Reads = Pick<StorageReader, 'account' | 'accountByLogin' | 'seqs' | 'device' | 'deviceByToken' | 'devices'>;
type Writes = Pick<
  StorageWriter,
  'createAccount' | 'setEpoch' | 'setLogin' | 'putDevice' | 'noteSeen' | 'revokeDevice' | 'addToken'
>;

export const deviceColumns = [
  'devices.id',
  'devices.name',
  'devices.created_at',
  'devices.last_seen_at',
  'devices.revoked_at',
] as const;

/** The queries over accounts, devices and tokens, within one transaction. */
export function accountQueries(db: Kysely<Tables>): Reads & Writes {
  return {
    async account(accountId) {
      const row = await db.selectFrom('accounts').selectAll().where('id', '=', accountId).executeTakeFirst();
      return row && toAccount(row);
    },
    async accountByLogin(name) {
      const row = await db.selectFrom('accounts').selectAll().where('login_name', '=', name).executeTakeFirst();
      return row && toAccount(row);
    },
    async seqs(accountIds) {
      if (accountIds.length === 0) return new Map();
      const rows = await db.selectFrom('accounts').select(['id', 'seq']).where('id', 'in', accountIds).execute();
      return new Map(rows.map((row) => [row.id, row.seq]));
    },
    async device(accountId, deviceId) {
      const row = await db
        .selectFrom('devices')
        .select(deviceColumns)
        .where('account_id', '=', accountId)
        .where('id', '=', deviceId)
        .executeTakeFirst();
      return row && toDevice(row);
    },
    async deviceByToken(accountId, tokenHash) {
      const row = await db
        .selectFrom('tokens')
        .innerJoin('devices', (join) =>
          join.onRef('devices.account_id', '=', 'tokens.account_id').onRef('devices.id', '=', 'tokens.device_id'),
        )
        .select(deviceColumns)
        .where('tokens.token_hash', '=', tokenHash)
        .where('tokens.account_id', '=', accountId)
        .executeTakeFirst();
      return row && toDevice(row);
    },
    async devices(accountId) {
      const rows = await db
        .selectFrom('devices')
        .select(deviceColumns)
        .where('account_id', '=', accountId)
        .orderBy('created_at')
        .orderBy('id')
        .execute();
      return rows.map(toDevice);
    },

    async createAccount(account) {
      await db
        .insertInto('accounts')
        .values({
          id: account.id,
          key_hash: account.keyHash,
          epoch: account.epoch,
          seq: account.seq,
          last_op_id: account.lastOpId,
          used_bytes: account.usedBytes,
          blob_bytes: account.blobBytes,
          backup_bytes: account.backupBytes,
          created_at: account.createdAt,
          ...(account.login ? loginColumns(account.login) : {}),
        })
        .execute();
    },
    async setEpoch(accountId, epoch) {
      await db.updateTable('accounts').set({ epoch }).where('id', '=', accountId).execute();
    },
    async setLogin(accountId, login) {
      await db.updateTable('accounts').set(loginColumns(login)).where('id', '=', accountId).execute();
    },
    async putDevice(accountId, device) {
      const { id, name, lastSeenAt } = device;
      await db
        .insertInto('devices')
        .values({ account_id: accountId, id, name, created_at: device.createdAt, last_seen_at: lastSeenAt, revoked_at: null })
        .onConflict((conflict) => conflict.columns(['account_id', 'id']).doUpdateSet({ name, last_seen_at: lastSeenAt }))
        .execute();
    },
    async noteSeen(accountId, deviceId, atMs) {
      await db
        .updateTable('devices')
        .set({ last_seen_at: atMs })
        .where('account_id', '=', accountId)
        .where('id', '=', deviceId)
        .execute();
    },
    async revokeDevice(accountId, deviceId, atMs) {
      await db
        .updateTable('devices')
        .set({ revoked_at: atMs })
        .where('account_id', '=', accountId)
        .where('id', '=', deviceId)
        .execute();
    },
    async addToken(accountId, deviceId, tokenHash, createdAt) {
      await db
        .insertInto('tokens')
        .values({ token_hash: tokenHash, account_id: accountId, device_id: deviceId, created_at: createdAt })
        .execute();
      const tokens = await db
        .selectFrom('tokens')
        .select('token_hash')
        .where('account_id', '=', accountId)
        .where('device_id', '=', deviceId)
        .where('token_hash', '!=', tokenHash)
        .orderBy('created_at', 'desc')
        .orderBy('token_hash')
        .execute();
      const forgotten = tokens.slice(TOKENS_PER_DEVICE - 1).map((row) => row.token_hash);
      if (forgotten.length > 0) await db.deleteFrom('tokens').where('token_hash', 'in', forgotten).execute();
    },
  };
}

/** Undefined of one that was deleted. */
export function toAccount(row: AccountsTable): Account | undefined {
  if (row.deleted_at !== null) return undefined;
  const { login_name: name, login_salt: salt, login_hash: hash, wrapped_key: wrappedKey } = row;
  return {
    id: row.id,
    keyHash: row.key_hash,
    epoch: row.epoch,
    seq: row.seq,
    lastOpId: row.last_op_id,
    usedBytes: row.used_bytes,
    blobBytes: row.blob_bytes,
    backupBytes: row.backup_bytes,
    createdAt: row.created_at,
    login: name !== null && salt !== null && hash !== null && wrappedKey !== null ? { name, salt, hash, wrappedKey } : null,
  };
}

const loginColumns = (login: NonNullable<Account['login']>) => ({
  login_name: login.name,
  login_salt: login.salt,
  login_hash: login.hash,
  wrapped_key: login.wrappedKey,
});

export const toDevice = (row: Omit<DevicesTable, 'account_id'>): Device => ({
  id: row.id,
  name: row.name,
  createdAt: row.created_at,
  lastSeenAt: row.last_seen_at,
  revokedAt: row.revoked_at,
});
