import type { BlobHash } from './blobs.ts';
import type { AccountId, DeviceId } from './ids.ts';

/** The paths of the API. The account is in the path, so that a device's cookie can be bound to it. */
export const paths = {
  enter: '/api/accounts/enter',
  login: '/api/accounts/login',
  account: (accountId: AccountId) => `/api/a/${accountId}`,
  push: (accountId: AccountId) => `/api/a/${accountId}/push`,
  pull: (accountId: AccountId) => `/api/a/${accountId}/pull`,
  manifest: (accountId: AccountId) => `/api/a/${accountId}/manifest`,
  history: (accountId: AccountId, kind: string, id: string) => `/api/a/${accountId}/history/${kind}/${id}`,
  events: (accountId: AccountId) => `/api/a/${accountId}/events`,
  password: (accountId: AccountId) => `/api/a/${accountId}/password`,
  devices: (accountId: AccountId) => `/api/a/${accountId}/devices`,
  device: (accountId: AccountId, deviceId: DeviceId) => `/api/a/${accountId}/devices/${deviceId}`,
  blob: (accountId: AccountId, hash: BlobHash) => `/api/a/${accountId}/blobs/${hash}`,
  backups: (accountId: AccountId) => `/api/a/${accountId}/backups`,
  backup: (accountId: AccountId, id: string) => `/api/a/${accountId}/backups/${id}`,
  deleteAccount: (accountId: AccountId) => `/api/a/${accountId}/delete`,
  missingBlobs: (accountId: AccountId) => `/api/a/${accountId}/blobs/missing`,
} as const;
