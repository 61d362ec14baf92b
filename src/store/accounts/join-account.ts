import type { KvError } from '#core/errors.ts';
import { ok, type Result } from '#core/result.ts';
import type { JoinMode, OtherAccount } from '#store/calls/worker-api.ts';
import { asSync, SYNC } from '#store/schema/context.ts';
import type { WorkspaceRow } from '#store/schema/registry-schema.ts';
import { openWorkspace, type WorldPorts } from '#store/workspace.ts';
import type { Registry } from './registry.ts';

/** What the server answers to a device that was signed out from another one, or whose account is deleted: it is not let in again as it is. */
const REFUSALS = new Set(['SignedOut', 'Forbidden', 'AccountDeleted']);

/**
 * Opens another account in this browser, or the open one again. A workspace that this browser has of that account is used
 * again: its unsent work goes on there. Gives whether work is on its way into it now (`bring-runner.ts`), so that it opens
 * later.
 */
export async function joinAccount(
  ports: WorldPorts,
  registry: Registry,
  present: WorkspaceRow,
  account: OtherAccount,
  join: JoinMode,
): Promise<Result<'open' | 'bringing', KvError>> {
  const state = await registry.state();
  if (!state.ok) return state;
  const same = state.value.rows
    .filter(({ accountId }) => accountId === account.accountId)
    .sort((a, b) => b.lastOpenedAt - a.lastOpenedAt);
  const row = same.find(({ id }) => id === present.id) ?? same[0];
  // Whoever signed in by password has been let in under this device id.
  const keeps = row && !account.entered && row.id !== present.id ? await isLetIn(ports, row) : ok(false);
  if (!keeps.ok) return keeps;
  const joined = await registry.join({
    from: present.id,
    account,
    deviceName: present.deviceName,
    bring: join === 'bring',
    known: row ? { id: row.id, keepsDeviceId: keeps.value } : null,
  });
  if (!joined.ok) return joined;
  return ok(join === 'bring' && joined.value.id !== present.id ? 'bringing' : 'open');
}

/** Whether the server has not refused this device in its last answer. */
async function isLetIn(ports: WorldPorts, row: WorkspaceRow): Promise<Result<boolean, KvError>> {
  const opened = await openWorkspace(ports, row, false);
  if (!opened.ok) return opened;
  const found = await opened.value.kv.read({ sync: SYNC });
  opened.value.close();
  return found.ok ? ok(!REFUSALS.has(asSync(found.value.sync).failure?.reason ?? '')) : found;
}
