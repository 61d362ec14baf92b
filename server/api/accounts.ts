import type { DeviceList, DoneAnswer, EnterAnswer, EnterRequest } from '#core/account-protocol.ts';
import { type AccountId, type DeviceId, mintId } from '#core/ids.ts';
import { err, ok, type Result } from '#core/result.ts';
import type { Registration } from '#server/limits.ts';
import { flatten, type Refusal, refusal, refuse } from '#server/refusal.ts';
import { equalSecrets, mintToken, sha256 } from '#server/secrets.ts';
import type { Account, Device, StorageWriter } from '#server/storage/storage.ts';
import type { SyncDeps } from './deps.ts';
import { position } from './position.ts';
import { accountDeleted } from './refusals.ts';

/** An answer, and the token that goes into the device's cookie and nowhere else. */
export interface Entered<A> {
  readonly answer: A;
  readonly token: string;
}

/** A device's `lastSeenAt` is true to within this: writing it at every request would make each read a write. */
const SEEN_EVERY_MS = 5 * 60_000;

/** Each may listen, and is listed in Settings: more are no person's. */
const MAX_DEVICES = 200;

/** Creates the account, if this server may, or joins it; registers the device and gives it a token. Safe to repeat. */
export async function enter(deps: SyncDeps, request: EnterRequest): Promise<Result<Entered<EnterAnswer>, Refusal>> {
  const { storage, clock, random, limits } = deps;
  const { accountId, accountKey, deviceId, deviceName, code } = request;
  return flatten(
    await storage.write(accountId, async (writer, existing): Promise<Result<Entered<EnterAnswer>, Refusal>> => {
      const now = Math.floor(clock.now());
      let account = existing;
      if (!account) {
        if ((await writer.deletedAt(accountId)) !== undefined) return err(accountDeleted);
        const denied = checkRegistration(limits.registration, code);
        if (denied) return err(denied);
        account = {
          id: accountId,
          keyHash: sha256(accountKey),
          epoch: mintId(now, random),
          seq: 0,
          lastOpId: null,
          usedBytes: 0,
          blobBytes: 0,
          backupBytes: 0,
          login: null,
          createdAt: now,
        };
        await writer.createAccount(account);
      } else if (!equalSecrets(sha256(accountKey), account.keyHash)) {
        return refuse('forbidden', 'The key does not open this account.');
      }
      const token = await registerDevice(deps, writer, account, { id: deviceId, name: deviceName });
      if (!token.ok) return token;
      return ok({ answer: { ...position(account, now), accountId, created: !existing }, token: token.value });
    }),
  );
}

/** Notes the device under its account and gives it a new token. A revoked device stays out: it needs a new id. */
export async function registerDevice(
  { clock, random }: SyncDeps,
  writer: StorageWriter,
  account: Account,
  { id, name }: { readonly id: string; readonly name: string },
): Promise<Result<string, Refusal>> {
  const now = Math.floor(clock.now());
  const known = await writer.device(account.id, id);
  if (known && known.revokedAt !== null) return err(revoked);
  if (!known && (await writer.devices(account.id)).filter(({ revokedAt }) => revokedAt === null).length >= MAX_DEVICES)
    return refuse('forbidden', `This account has ${MAX_DEVICES} devices. Sign one of them out first.`);
  await writer.putDevice(account.id, { id, name, createdAt: now, lastSeenAt: now });
  const token = mintToken(random);
  await writer.addToken(account.id, id, sha256(token), now);
  return ok(token);
}

/** Whose token this is. 401 for one that this account does not know, 403 for one of a revoked device. */
export async function authenticate(
  { storage, clock }: SyncDeps,
  accountId: AccountId,
  token: string,
): Promise<Result<{ readonly deviceId: DeviceId }, Refusal>> {
  const found = flatten(
    await storage.read(async (reader): Promise<Result<Device, Refusal>> => {
      const device = await reader.deviceByToken(accountId, sha256(token));
      if (device) return ok(device);
      if ((await reader.deletedAt(accountId)) !== undefined) return err(accountDeleted);
      return refuse('unauthorized', 'Sign in to this account first.');
    }),
  );
  if (!found.ok) return found;
  const device = found.value;
  if (device.revokedAt !== null) return err(revoked);
  const now = Math.floor(clock.now());
  // A full disk or a busy database must not keep anybody from reading: the note is then left out.
  // Also where the clock was set back after it had been far ahead.
  if (Math.abs(now - device.lastSeenAt) > SEEN_EVERY_MS)
    await storage.write(accountId, (writer) => writer.noteSeen(accountId, device.id, now));
  return ok({ deviceId: device.id });
}

/** The devices that can reach this account, the oldest first. */
export async function listDevices(
  { storage }: SyncDeps,
  accountId: AccountId,
  deviceId: DeviceId,
): Promise<Result<DeviceList, Refusal>> {
  return flatten(
    await storage.read(async (reader) => {
      const devices = (await reader.devices(accountId)).filter((device) => device.revokedAt === null);
      return ok({
        devices: devices.map(({ id, name, createdAt, lastSeenAt }) => {
          return { deviceId: id, name, createdAt, lastSeenAt, current: id === deviceId };
        }),
      });
    }),
  );
}

/** Another name for a device, which only that device itself may choose. */
export async function renameDevice(
  { storage }: SyncDeps,
  accountId: AccountId,
  deviceId: DeviceId,
  name: string,
): Promise<Result<DoneAnswer, Refusal>> {
  return flatten(
    await storage.write(accountId, async (writer) => {
      const device = await writer.device(accountId, deviceId);
      if (!device) return refuse('not-found', 'This account has no such device.');
      await writer.putDevice(accountId, { ...device, name });
      return ok({ done: true });
    }),
  );
}

/** Signs a device out permanently; the one that asks may be meant itself. */
export async function revokeDevice(
  { storage, clock, access }: SyncDeps,
  accountId: AccountId,
  deviceId: DeviceId,
): Promise<Result<DoneAnswer, Refusal>> {
  return flatten(
    await storage.write(accountId, async (writer) => {
      const device = await writer.device(accountId, deviceId);
      if (!device) return refuse('not-found', 'This account has no such device.');
      const at = Math.floor(clock.now());
      if (device.revokedAt === null) await writer.revokeDevice(accountId, deviceId, at);
      // Before the commit: what the record holds and the database does not is brought in by a restore at the latest.
      access?.add({ type: 'revoked', accountId, deviceId, at });
      return ok({ done: true });
    }),
  );
}

const revoked = refusal('revoked', 'This device was signed out of the account.');

function checkRegistration(registration: Registration, code: string | undefined): Refusal | undefined {
  if (registration.mode === 'open') return undefined;
  if (registration.mode === 'closed') return refusal('forbidden', 'This server takes no new accounts.');
  if (code === undefined) return refusal('code-required', 'This server creates an account only with its registration code.');
  return equalSecrets(code, registration.code) ? undefined : refusal('code-required', 'The registration code is not right.');
}
