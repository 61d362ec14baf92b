/** The account's own calls: a second way in, the devices, and what the account holds. Content goes through the drain. */

import * as v from 'valibot';
import { type DeviceList, deviceListSchema, type LoginAnswer, loginAnswerSchema } from '#core/account-protocol.ts';
import type { SyncError } from '#core/errors.ts';
import type { AccountId, DeviceId } from '#core/ids.ts';
import { paths } from '#core/paths.ts';
import type { Transport } from '#core/ports.ts';
import { PROTOCOL } from '#core/protocol-parts.ts';
import type { Result } from '#core/result.ts';
import { enterAccount, type Identity } from './enter.ts';
import { type ManifestReader, readManifest } from './manifest.ts';
import { call } from './request.ts';

const done = v.unknown();
/** Small enough for progress to be seen. */
const MANIFEST_PAGE = 1000;

export interface AccountApi {
  /** Lets this device in, so that the calls below have their cookie. */
  enter(identity: Identity): Promise<Result<unknown, SyncError>>;
  login(request: {
    readonly name: string;
    readonly authKey: string;
    readonly deviceId: DeviceId;
    readonly deviceName: string;
  }): Promise<Result<LoginAnswer, SyncError>>;
  setPassword(
    accountId: AccountId,
    request: { readonly name: string; readonly authKey: string; readonly wrappedKey: string },
  ): Promise<Result<unknown, SyncError>>;
  /** For who shows its key or what is derived from its password. */
  deleteAccount(
    accountId: AccountId,
    proof: { readonly accountKey: string } | { readonly authKey: string },
  ): Promise<Result<unknown, SyncError>>;
  devices(accountId: AccountId): Promise<Result<DeviceList, SyncError>>;
  /** What this device, `deviceId`, is called in the list. */
  rename(accountId: AccountId, deviceId: DeviceId, name: string): Promise<Result<unknown, SyncError>>;
  revoke(accountId: AccountId, deviceId: DeviceId): Promise<Result<unknown, SyncError>>;
  /** What the account holds, page by page. */
  manifest(accountId: AccountId): ManifestReader;
}

export function createAccountApi(transport: Transport): AccountApi {
  return {
    enter: (identity) => enterAccount(transport, identity),
    login: (request) =>
      call(transport, { method: 'POST', path: paths.login, body: { protocol: PROTOCOL, ...request } }, loginAnswerSchema),
    setPassword: (accountId, request) =>
      call(transport, { method: 'POST', path: paths.password(accountId), body: { protocol: PROTOCOL, ...request } }, done),
    deleteAccount: (accountId, proof) =>
      call(transport, { method: 'POST', path: paths.deleteAccount(accountId), body: { protocol: PROTOCOL, ...proof } }, done),
    devices: (accountId) => call(transport, { method: 'GET', path: paths.devices(accountId) }, deviceListSchema),
    manifest: (accountId) => readManifest(transport, accountId, MANIFEST_PAGE),
    rename: (accountId, deviceId, name) =>
      call(transport, { method: 'POST', path: paths.device(accountId, deviceId), body: { protocol: PROTOCOL, name } }, done),
    revoke: (accountId, deviceId) => call(transport, { method: 'DELETE', path: paths.device(accountId, deviceId) }, done),
  };
}
