/** A workspace in memory, of a device that has entered its account, and the runs of its sync against a test's own server. */
import { mintId } from '#core/ids.ts';
import type { Clock, Locks, Random, Transport } from '#core/ports.ts';
import type { Result } from '#core/result.ts';
import { systemClock, systemRandom } from '#platform/system.ts';
import type { WorkspaceRow } from '#store/schema/registry-schema.ts';
import { createSyncStore } from '#store/sync/create-sync-store.ts';
import { openWorkspace, type WorldPorts } from '#store/workspace.ts';
import { createDrainer, type DrainerOptions } from '#sync/drainer.ts';

export const mint = (): string => mintId(Date.now(), systemRandom);

export function must<T>(result: Result<T, unknown>): T {
  if (!result.ok) throw new Error(JSON.stringify(result.error));
  return result.value;
}

const locks: Locks = {
  async hold(_name, body) {
    await null;
    return body();
  },
};

/** `world` in place of the real clock and chance; `account` to be one of its devices, which has yet to enter it. */
export async function openMemoryWorkspace(
  world: { readonly clock: Clock; readonly random: Random } = { clock: systemClock, random: systemRandom },
  account?: Pick<WorkspaceRow, 'accountId' | 'accountKey'>,
  openChannel: WorldPorts['openChannel'] = () => ({ post: () => {}, onMessage: () => () => {}, close: () => {} }),
) {
  const mint = (): string => mintId(world.clock.now(), world.random);
  const row: WorkspaceRow = {
    id: mint(),
    deviceId: mint(),
    deviceName: 'Test',
    accountId: mint(),
    accountKey: '00'.repeat(16),
    name: '',
    createdAt: 0,
    lastOpenedAt: 0,
    ...account,
    entered: account === undefined,
    recoverable: true,
    loginName: null,
    retired: false,
  };
  const ports = { ...world, locks, openChannel };
  return must(await openWorkspace(ports, row, true));
}

export const drainerOf = (
  { row, context, channel, isSyncOn }: Awaited<ReturnType<typeof openMemoryWorkspace>>,
  transport: Transport,
  large: Pick<DrainerOptions, 'bytes' | 'largeBody'> = {},
) =>
  createDrainer({
    workspaceId: row.id,
    identity: row,
    store: createSyncStore(context),
    transport,
    ...large,
    locks,
    channel,
    clock: systemClock,
    random: systemRandom,
    isOn: isSyncOn,
  });
