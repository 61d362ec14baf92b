import type { FastifyReply, FastifyRequest } from 'fastify';
import { type AccountId, type DeviceId, isUuid } from '#core/ids.ts';
import type { SyncApi } from '#server/api/sync-api.ts';
import { refusal } from '#server/refusal.ts';
import { sendRefusal } from './answers.ts';
import { readDeviceCookie } from './cookie.ts';
import type { RateChecks } from './rate-limit.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** The account in the path, once its cookie was checked. */
    accountId: AccountId;
    /** The device whose cookie this is. */
    deviceId: DeviceId;
  }
}

/** Lets a request on only with the cookie of a device of the account in its path. Runs before the body is read. */
export function requireDevice(api: SyncApi, rates: RateChecks) {
  return async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply | undefined> => {
    const { accountId } = request.params as { readonly accountId?: AccountId };
    if (accountId === undefined || !isUuid(accountId)) return sendRefusal(reply, refusal('not-found', 'There is nothing here.'));
    const token = readDeviceCookie(request);
    if (token === undefined) return sendRefusal(reply, refusal('unauthorized', 'Sign in to this account first.'));
    const device = await api.authenticate(accountId, token);
    if (!device.ok) return sendRefusal(reply, device.error);
    request.accountId = accountId;
    request.deviceId = device.value.deviceId;
    const limited = await rates.account(request);
    return limited && sendRefusal(reply, limited);
  };
}
