import { type EnterAnswer, enterAnswerSchema } from '#core/account-protocol.ts';
import type { SyncError } from '#core/errors.ts';
import type { AccountId, DeviceId } from '#core/ids.ts';
import { paths } from '#core/paths.ts';
import type { Transport } from '#core/ports.ts';
import { PROTOCOL } from '#core/protocol-parts.ts';
import type { Result } from '#core/result.ts';
import { call } from './request.ts';

/** Who this device is. Minted on the device, before any server knows of it. */
export interface Identity {
  readonly accountId: AccountId;
  /** 128 bits in hex. Empty where it is not known on this device, which then has only its cookie. */
  readonly accountKey: string;
  readonly deviceId: DeviceId;
  readonly deviceName: string;
}

/** Creates or joins the account on the server and sets the device's cookie. Idempotent; a wiped server is entered the same way. */
export function enterAccount(transport: Transport, identity: Identity, code?: string): Promise<Result<EnterAnswer, SyncError>> {
  const body = { protocol: PROTOCOL, ...identity, ...(code === undefined ? {} : { code }) };
  return call(transport, { method: 'POST', path: paths.enter, body }, enterAnswerSchema);
}
