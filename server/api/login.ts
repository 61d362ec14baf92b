import type { DoneAnswer, LoginAnswer, LoginRequest, PasswordRequest } from '#core/account-protocol.ts';
import type { AccountId } from '#core/ids.ts';
import { err, ok, type Result } from '#core/result.ts';
import { flatten, type Refusal, refusal, refuse, storageRefusal } from '#server/refusal.ts';
import { checkAuthKey, hashAuthKey, mintSalt } from '#server/secrets.ts';
import { type Entered, registerDevice } from './accounts.ts';
import type { SyncDeps } from './deps.ts';
import { position } from './position.ts';
import { passwordsBusy } from './refusals.ts';

const wrong = refusal('forbidden', 'Name and password do not belong together.');

/** Signs a device in by name and password. What is wrong is not said, and takes the same time either way. */
export async function login(deps: SyncDeps, request: LoginRequest): Promise<Result<Entered<LoginAnswer>, Refusal>> {
  const { storage, clock, passwordHash } = deps;
  const found = await storage.read((reader) => reader.accountByLogin(request.name));
  if (!found.ok) return err(storageRefusal(found.error));
  const checked = found.value;
  const fits = await checkAuthKey(request.authKey, checked?.login, passwordHash);
  if (fits === null) return err(passwordsBusy);
  if (!fits || !checked) return err(wrong);
  return flatten(
    await storage.write(checked.id, async (writer, account): Promise<Result<Entered<LoginAnswer>, Refusal>> => {
      // The password may have been replaced while this one was being checked.
      if (!account?.login || account.login.hash !== checked.login?.hash) return err(wrong);
      const token = await registerDevice(deps, writer, account, { id: request.deviceId, name: request.deviceName });
      if (!token.ok) return token;
      const answer = {
        ...position(account, Math.floor(clock.now())),
        accountId: account.id,
        wrappedKey: account.login.wrappedKey,
      };
      return ok({ answer, token: token.value });
    }),
  );
}

/** Sets or replaces the account's name and password. Names are unique on a server. */
export async function setPassword(
  { storage, clock, random, access, passwordHash }: SyncDeps,
  accountId: AccountId,
  { name, authKey, wrappedKey }: PasswordRequest,
): Promise<Result<DoneAnswer, Refusal>> {
  const salt = mintSalt(random);
  const hash = await hashAuthKey(authKey, salt, passwordHash);
  if (hash === null) return err(passwordsBusy);
  const done = flatten(
    await storage.write(accountId, async (writer, account): Promise<Result<DoneAnswer, Refusal>> => {
      if (!account) return refuse('unauthorized', 'There is no such account here.');
      const holder = await writer.accountByLogin(name);
      if (holder && holder.id !== accountId) return refuse('name-taken', 'This name is taken on this server.');
      await writer.setLogin(accountId, { name, salt, hash, wrappedKey });
      return ok({ done: true });
    }),
  );
  // After the commit: a password that was not set must not come back with a restore.
  if (done.ok) access?.add({ type: 'login', accountId, login: { name, salt, hash, wrappedKey }, at: Math.floor(clock.now()) });
  return done;
}
