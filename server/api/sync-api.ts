/**
 * What the server can do, without HTTP: the routes call it, and so does the simulation. Every answer is a value; a
 * refusal carries the status and the JSON that would go out. Requests arrive with their envelope checked. Apart from
 * passwords, which are hashed on Node's thread pool, all of it runs on microtasks between two awaits, so that a
 * simulated world can decide when a push happens.
 */

import type {
  DeleteAccountRequest,
  DeviceList,
  DeviceNameRequest,
  DoneAnswer,
  EnterAnswer,
  EnterRequest,
  LoginAnswer,
  LoginRequest,
  PasswordRequest,
} from '#core/account-protocol.ts';
import type { KeepBackupRequest, ServerBackups } from '#core/backup-protocol.ts';
import type { BlobHash } from '#core/blobs.ts';
import type { AccountId, DeviceId } from '#core/ids.ts';
import type { HistoryAnswer, ManifestAnswer, ManifestRequest, PullAnswer, PullRequest, PushAnswer } from '#core/protocol.ts';
import type { Result } from '#core/result.ts';
import type { Refusal } from '#server/refusal.ts';
import { authenticate, type Entered, enter, listDevices, renameDevice, revokeDevice } from './accounts.ts';
import { keepBackup, listBackups, removeBackup } from './backups.ts';
import { deleteAccount } from './delete-account.ts';
import type { SyncDeps } from './deps.ts';
import { login, setPassword } from './login.ts';
import { manifest } from './manifest.ts';
import { history, pull } from './pull.ts';
import { type IncomingPush, push } from './push.ts';

type Answer<T> = Promise<Result<T, Refusal>>;

export interface SyncApi {
  enter(request: EnterRequest): Answer<Entered<EnterAnswer>>;
  login(request: LoginRequest): Answer<Entered<LoginAnswer>>;
  authenticate(accountId: AccountId, token: string): Answer<{ readonly deviceId: DeviceId }>;
  setPassword(accountId: AccountId, request: PasswordRequest): Answer<DoneAnswer>;
  listDevices(accountId: AccountId, deviceId: DeviceId): Answer<DeviceList>;
  renameDevice(accountId: AccountId, deviceId: DeviceId, request: DeviceNameRequest): Answer<DoneAnswer>;
  revokeDevice(accountId: AccountId, deviceId: DeviceId): Answer<DoneAnswer>;
  push(accountId: AccountId, deviceId: DeviceId, request: IncomingPush): Answer<PushAnswer>;
  pull(accountId: AccountId, request: PullRequest): Answer<PullAnswer>;
  manifest(accountId: AccountId, request: Pick<ManifestRequest, 'after' | 'limit'>): Answer<ManifestAnswer>;
  history(accountId: AccountId, kind: string, id: string): Answer<HistoryAnswer>;
  listBackups(accountId: AccountId): Answer<ServerBackups>;
  keepBackup(accountId: AccountId, deviceId: DeviceId, id: string, request: KeepBackupRequest): Answer<{ missing: BlobHash[] }>;
  removeBackup(accountId: AccountId, id: string): Answer<DoneAnswer>;
  deleteAccount(accountId: AccountId, request: DeleteAccountRequest): Answer<DoneAnswer>;
}

export function createSyncApi(deps: SyncDeps): SyncApi {
  return {
    enter: (request) => enter(deps, request),
    login: (request) => login(deps, request),
    authenticate: (accountId, token) => authenticate(deps, accountId, token),
    setPassword: (accountId, request) => setPassword(deps, accountId, request),
    listDevices: (accountId, deviceId) => listDevices(deps, accountId, deviceId),
    renameDevice: (accountId, deviceId, { name }) => renameDevice(deps, accountId, deviceId, name),
    revokeDevice: (accountId, deviceId) => revokeDevice(deps, accountId, deviceId),
    push: (accountId, deviceId, request) => push(deps, accountId, deviceId, request),
    pull: (accountId, request) => pull(deps, accountId, request),
    manifest: (accountId, request) => manifest(deps, accountId, request),
    history: (accountId, kind, id) => history(deps, accountId, { kind, id }),
    listBackups: (accountId) => listBackups(deps, accountId),
    keepBackup: (accountId, deviceId, id, request) => keepBackup(deps, accountId, deviceId, id, request),
    removeBackup: (accountId, id) => removeBackup(deps, accountId, id),
    deleteAccount: (accountId, request) => deleteAccount(deps, accountId, request),
  };
}
