/** The accounts that this browser holds: what is left behind by a sign-out, and what would go with an erasure. */

import { leaderLock } from '#core/channels.ts';
import { viewFields } from '#core/entity.ts';
import type { KvError } from '#core/errors.ts';
import { err, ok, type Result } from '#core/result.ts';
import { ledger } from '#entities/index.ts';
import { deleteWorkspace } from './erase.ts';
import type { Registry } from './registry.ts';
import type { WorkspaceRow } from './schema.ts';
import type { LocalAccount } from './worker-api.ts';
import { openWorkspace, type Workspace, type WorldPorts } from './workspace.ts';

/** So many titles are named of what is not on the server; the rest is a number. */
const MAX_TITLES = 8;
const MAX_LOOKED_AT = 1000;

/** Every account of this browser, the open one first. */
export async function listLocalAccounts(
  ports: WorldPorts,
  registry: Registry,
  active: Workspace,
  memory: boolean,
): Promise<Result<readonly LocalAccount[], KvError>> {
  const rows = await registry.list();
  if (!rows.ok) return rows;
  const open = await readAccount(active, active.row, true);
  if (!open.ok) return open;
  const others: LocalAccount[] = [];
  for (const row of memory ? [] : rows.value.filter(({ id }) => id !== active.row.id)) {
    const workspace = await openWorkspace(ports, row, false);
    if (!workspace.ok) return workspace;
    const account = await readAccount(workspace.value, row, false);
    workspace.value.close();
    if (!account.ok) return account;
    others.push(account.value);
  }
  return ok([open.value, ...others]);
}

/** Deletes an account's copy in this browser, where nothing would be lost by it: `mayForget` says when. */
export async function forgetLocalAccount(
  ports: WorldPorts,
  registry: Registry,
  active: Workspace,
  workspaceId: string,
): Promise<Result<void, KvError>> {
  const row = await registry.get(workspaceId);
  if (!row.ok) return row;
  if (!row.value) return ok(undefined);
  const accounts = await listLocalAccounts(ports, registry, active, false);
  if (!accounts.ok) return accounts;
  // Looked at again here: another tab may have written meanwhile.
  if (!accounts.value.find(({ id }) => id === workspaceId)?.mayForget) {
    return err({ type: 'StorageFailed', reason: 'this account has work that is nowhere else' });
  }
  const forget = async (): Promise<Result<void, KvError>> => {
    const deleted = await deleteWorkspace(workspaceId);
    return deleted.ok ? registry.remove(workspaceId) : deleted;
  };
  // A tab that was not reloaded since still works in that account, and holds this lock.
  return (await ports.locks.hold(leaderLock(workspaceId), forget, { ifAvailable: true })) ?? err({ type: 'UpgradeBlocked' });
}

async function readAccount(workspace: Workspace, row: WorkspaceRow, active: boolean): Promise<Result<LocalAccount, KvError>> {
  const read = await workspace.kv.read({
    outbox: { list: 'outbox', limit: MAX_LOOKED_AT },
    waiting: { count: 'outbox' },
    journal: { count: 'unsaved' },
    entities: { count: 'entities' },
    state: { get: 'meta', key: 'state' },
  });
  if (!read.ok) return read;
  const { outbox, waiting, journal, entities, state } = read.value;
  // What a person would miss: not where a device's windows stood. What this version does not know may be anything.
  const missed = outbox.filter(({ kind }) => (ledger.get(kind)?.scope ?? 'synced') === 'synced');
  const found = await workspace.kv.read({ rows: { getMany: 'entities', keys: missed.map(({ kind, id }) => [kind, id]) } });
  if (!found.ok) return found;
  const titles = found.value.rows.flatMap((entity) => {
    const declaration = ledger.get(entity?.kind ?? '');
    if (!entity || !declaration || declaration.appendOnly) return [];
    return [declaration.title(viewFields(declaration, entity.v, entity.fields))];
  });
  const unsent = journal + (waiting > outbox.length ? waiting : missed.length);
  return ok({
    id: row.id,
    active,
    loginName: row.loginName,
    lastOpenedAt: row.lastOpenedAt,
    entities,
    bytes: state?.key === 'state' ? state.bytes : 0,
    unsent,
    unsentTitles: [...new Set(titles)].slice(0, MAX_TITLES),
    wayBack: row.recoverable,
    mayForget: !active && (entities === 0 || (unsent === 0 && row.recoverable)),
  });
}
