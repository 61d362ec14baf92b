/** The account that a browser was in, as its page remembers it beside the databases: no secret, only which one to ask for. */
import { type AccountId, type DeviceId, isUuid } from './ids.ts';

export interface KnownAccount {
  readonly accountId: AccountId;
  readonly deviceId: DeviceId;
  readonly deviceName: string;
  /** The person has another way back in: the recovery code was looked at, or a password set. */
  readonly recoverable: boolean;
}

/** One line that a cookie can carry. */
export const formatKnownAccount = ({ accountId, deviceId, recoverable }: KnownAccount): string =>
  [accountId, deviceId, recoverable ? 'code' : 'none'].join('.');

/** Null where `text` is no such line. The name of the device is not among it. */
export function parseKnownAccount(text: string, deviceName: string): KnownAccount | null {
  const [accountId = '', deviceId = '', way] = text.split('.');
  if (!isUuid(accountId) || !isUuid(deviceId)) return null;
  return { accountId, deviceId, deviceName, recoverable: way === 'code' };
}
