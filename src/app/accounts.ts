/** The account of this device: its ways back in, its devices, and opening another one. */
import type { SyncError } from '#core/errors.ts';
import { mintId, toHex } from '#core/ids.ts';
import { lazy } from '#core/lazy.ts';
import { err, ok, type Result } from '#core/result.ts';
import { hasLocks, systemRandom } from '#platform/system.ts';
import type { StoreClient } from '#store/calls/store-client.ts';
import type { JoinMode, OtherAccount } from '#store/calls/worker-api.ts';
import type { AccountApi } from '#sync/account-api.ts';
import type { AccountWatch } from './account-watch.ts';
import type { AccountInfo, Accounts } from './app.ts';
import type { Observable, Source } from './observable.ts';
import { createOwnName } from './own-name.ts';

/** Of an account's key. */
const KEY_BYTES = 16;

export interface AccountsOptions {
  readonly client: StoreClient;
  readonly current: Source<AccountInfo>;
  /** When a sync has ended well last. */
  readonly lastSyncedAt: Observable<number | null>;
  /** Whether the person lets this device sync. */
  readonly enabled: Observable<boolean>;
  /** The person's name for this device is not on the server yet. */
  readonly nameUnsent: boolean;
  /** Whether another workspace may take the place of this one in this tab: what is typed is on the disk then. */
  readonly mayReplace: () => Promise<boolean>;
  /** The server has signed this device out: the same account may then be entered again, as another device. */
  readonly isRefused: () => boolean;
  /** Asks the server now, so that what has become of the account is shown. */
  readonly syncNow: () => void;
  /** Moves this tab to the workspace that is now active, as every other tab. */
  readonly watch: AccountWatch;
}

/** Code that is loaded at its first use. Where that fails, it is the network that is missing. */
function code<T>(load: () => Promise<T>): () => Promise<Result<T, SyncError>> {
  const loaded = lazy(load);
  return async () => {
    const found = await loaded();
    return found.ok ? found : err({ type: 'Network', reason: found.error.type });
  };
}

const passwords = code(() => import('#crypto/password.ts'));
const recoveryCode = code(() => import('#crypto/recovery-code.ts'));

export function createAccounts(options: AccountsOptions): Accounts {
  const { client, current, mayReplace, isRefused, syncNow, watch } = options;
  // The wire's schemas come with it: loaded at the first call of the account, not with the shell.
  const loadApi = code(async () => {
    const [{ createAccountApi }, { fetchTransport }] = await Promise.all([
      import('#sync/account-api.ts'),
      import('#platform/fetch-transport.ts'),
    ]);
    return createAccountApi(fetchTransport);
  });

  const patchRow = async (patch: Partial<Pick<AccountInfo, 'recoverable' | 'loginName'>>): Promise<void> => {
    await client.updateWorkspace(patch);
    current.set({ ...current.value, ...patch });
  };

  /** Calls of the account need this device's cookie; the first one may come before anything was synced. */
  const withCookie = async <T>(
    ask: (api: AccountApi) => Promise<T & ({ readonly ok: true } | { readonly ok: false; readonly error: SyncError })>,
  ) => {
    const loaded = await loadApi();
    if (!loaded.ok) return loaded;
    const api = loaded.value;
    const first = await ask(api);
    if (first.ok || first.error.type !== 'SignedOut') return first;
    const row = await client.workspace();
    if (!row.ok) return first;
    const entered = await api.enter(row.value);
    return entered.ok ? ask(api) : first;
  };

  const openOther = async (account: OtherAccount, join: JoinMode) => {
    if (!(await mayReplace())) return err({ type: 'Stayed' } as const);
    const opened = await client.openAccount(account, join);
    if (opened.ok) void watch.look();
    return opened;
  };

  /** The code of the account that is open, of which only the cookie was left: the server says whether it is the right one. */
  const learnKey = async (accountKey: string) => {
    const row = await client.workspace();
    if (!row.ok) return row;
    const api = await loadApi();
    if (!api.ok) return api;
    const entered = await api.value.enter({ ...row.value, accountKey });
    if (!entered.ok) return entered;
    const updated = await client.updateWorkspace({ accountKey, recoverable: true });
    if (!updated.ok) return updated;
    current.set({ ...current.value, hasKey: true, recoverable: true });
    return ok('open' as const);
  };

  const names = createOwnName({
    ...options,
    isUnsent: options.nameUnsent,
    send: (name) => withCookie((api) => api.rename(current.value.accountId, current.value.deviceId, name)),
  });

  const newDeviceId = (): string => mintId(Date.now(), systemRandom);

  return {
    current,

    async showRecoveryCode() {
      const row = await client.workspace();
      if (!row.ok || row.value.accountKey === '') return [];
      const words = await recoveryCode();
      return words.ok ? words.value.toRecoveryCode(row.value) : [];
    },
    confirmRecoveryCode: () => patchRow({ recoverable: true }),

    async enterByCode(words, join) {
      if (!hasLocks()) return err({ type: 'NeedsHttps' });
      const loaded = await recoveryCode();
      if (!loaded.ok) return loaded;
      const keys = loaded.value.parseRecoveryCode(words);
      if (!keys.ok) return keys;
      if (keys.value.accountId === current.value.accountId && !isRefused()) {
        if (!current.value.hasKey) return learnKey(keys.value.accountKey);
        return err({ type: 'BadCode', reason: 'This device is in that account already.' });
      }
      return openOther({ ...keys.value, deviceId: newDeviceId(), entered: false, loginName: null }, join);
    },

    async setPassword(name, password) {
      if (!hasLocks()) return err({ type: 'NeedsHttps' });
      const loaded = await passwords();
      if (!loaded.ok) return loaded;
      const { deriveKeys, foldName, wrapAccountKey } = loaded.value;
      const row = await client.workspace();
      if (!row.ok) return err({ type: 'Network', reason: 'the account could not be read on this device' });
      if (row.value.accountKey === '') return err({ type: 'KeyUnknown' });
      const { authKey, wrapKey } = await deriveKeys(name, password);
      const wrappedKey = await wrapAccountKey(row.value.accountKey, wrapKey);
      const { accountId } = row.value;
      const result = await withCookie((api) => api.setPassword(accountId, { name: foldName(name), authKey, wrappedKey }));
      if (!result.ok)
        return result.error.type === 'Rejected' && result.error.status === 409 ? err({ type: 'NameTaken' }) : err(result.error);
      await patchRow({ recoverable: true, loginName: foldName(name) });
      return ok(undefined);
    },

    async signIn(name, password, join) {
      if (!hasLocks()) return err({ type: 'NeedsHttps' });
      const [loaded, api] = await Promise.all([passwords(), loadApi()]);
      if (!loaded.ok) return loaded;
      if (!api.ok) return api;
      const { deriveKeys, foldName, unwrapAccountKey } = loaded.value;
      const { authKey, wrapKey } = await deriveKeys(name, password);
      const deviceId = newDeviceId();
      const answer = await api.value.login({
        name: foldName(name),
        authKey,
        deviceId,
        deviceName: current.value.deviceName,
      });
      if (!answer.ok)
        return answer.error.type === 'SignedOut' || answer.error.type === 'Forbidden' ? err({ type: 'WrongPassword' }) : answer;
      const key = await unwrapAccountKey(answer.value.wrappedKey, wrapKey);
      if (!key.ok) return key;
      return openOther(
        { accountId: answer.value.accountId, accountKey: key.value, deviceId, entered: true, loginName: foldName(name) },
        join,
      );
    },

    renameDevice: names.rename,
    async devices() {
      if (!hasLocks()) return err({ type: 'NeedsHttps' });
      return withCookie((api) => api.devices(current.value.accountId));
    },

    async revoke(deviceId) {
      const result = await withCookie((api) => api.revoke(current.value.accountId, deviceId));
      return result.ok ? ok(undefined) : result;
    },

    async deleteAccount(password) {
      if (!hasLocks()) return err({ type: 'NeedsHttps' });
      const row = await client.workspace();
      if (!row.ok) return row;
      const { accountId, accountKey, loginName } = row.value;
      if (password === null && accountKey === '') return err({ type: 'KeyUnknown' });
      const loaded = await passwords();
      if (!loaded.ok) return loaded;
      const { deriveKeys } = loaded.value;
      const proof = password === null ? { accountKey } : { authKey: (await deriveKeys(loginName ?? '', password)).authKey };
      const result = await withCookie((api) => api.deleteAccount(accountId, proof));
      if (!result.ok && result.error.type !== 'AccountDeleted')
        return result.error.type === 'Forbidden' && password !== null ? err({ type: 'WrongPassword' }) : result;
      // Nothing leads back into it: a copy here stays, also where this device does not ask the server any more.
      await client.updateWorkspace({ recoverable: false, isDeleted: true });
      current.set({ ...current.value, recoverable: false, isDeleted: true });
      syncNow();
      return ok(undefined);
    },

    async beginAnew() {
      const account = { accountId: mintId(Date.now(), systemRandom), accountKey: toHex(systemRandom.bytes(KEY_BYTES)) };
      return openOther({ ...account, deviceId: newDeviceId(), entered: false, loginName: null, isNew: true }, 'bring');
    },

    async signOut() {
      if (!(await mayReplace())) return err({ type: 'Stayed' });
      const fresh = await client.startOver();
      if (fresh.ok) void watch.look();
      return fresh;
    },

    async open(workspaceId) {
      if (!(await mayReplace())) return err({ type: 'Stayed' });
      const opened = await client.switchAccount(workspaceId);
      if (opened.ok) void watch.look();
      return opened;
    },

    isLeft: watch.isLeft,
    goThere: () => watch.goThere(),
    bringing: watch.bringing,
    async retryBringing() {
      await client.resumeBringing();
    },
    async stopBringing() {
      const { value } = watch.bringing;
      if (value) await client.stopBringing(value.from);
      await watch.look();
    },
  };
}
