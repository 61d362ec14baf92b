import { deviceListSchema } from '#core/account-protocol.ts';
import type { SyncError } from '#core/errors.ts';
import type { KnownAccount } from '#core/known-account.ts';
import { paths } from '#core/paths.ts';
import type { Transport } from '#core/ports.ts';
import { call } from './request.ts';

const REFUSALS: ReadonlySet<SyncError['type']> = new Set(['SignedOut', 'Forbidden', 'AccountDeleted']);

/** A start without storage waits so long for the server at most. */
const PATIENCE_MS = 5000;

/**
 * Asks the server whether this device's cookie still opens `known`. Null where the server refuses it. Where it does not
 * answer, the account is taken for open: a later sync says so if it is not.
 */
export async function findKnownAccount(transport: Transport, known: KnownAccount): Promise<KnownAccount | null> {
  const soon: Transport = { request: (request) => transport.request({ ...request, timeoutMs: PATIENCE_MS }) };
  const answer = await call(soon, { method: 'GET', path: paths.devices(known.accountId) }, deviceListSchema);
  if (!answer.ok) return REFUSALS.has(answer.error.type) ? null : known;
  const device = answer.value.devices.find(({ current }) => current);
  return device ? { ...known, deviceId: device.deviceId, deviceName: device.name } : null;
}
