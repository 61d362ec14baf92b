/** The registry: which workspaces this browser holds, and which one is open. */

import type { KvError } from '#core/errors.ts';
import { mintId, toHex } from '#core/ids.ts';
import type { Clock, Kv, Random } from '#core/ports.ts';
import { ok, type Result } from '#core/result.ts';
import type { RegistryTables, WorkspaceRow } from '#store/schema/registry-schema.ts';
import { type AccountMoves, createAccountMoves, type NewWorkspace } from './account-moves.ts';

export const REGISTRY_NAME = 'holdfast-registry';
export const workspaceName = (workspaceId: string): string => `holdfast-ws-${workspaceId}`;

export interface Registry extends AccountMoves {
  /** Fills an empty registry with what a copy of it holds. One that is in use stays as it is. */
  adopt(rows: readonly WorkspaceRow[], activeId: string): Promise<Result<void, KvError>>;
  /** The open workspace; created, with an account of its own, where there is none yet. Two tabs agree on one. */
  active(fresh: NewWorkspace): Promise<Result<WorkspaceRow, KvError>>;
  get(workspaceId: string): Promise<Result<WorkspaceRow | undefined, KvError>>;
  list(): Promise<Result<readonly WorkspaceRow[], KvError>>;
  /** Forgets a workspace whose database is gone, and what was noted of its work on the way elsewhere. */
  remove(workspaceId: string): Promise<Result<void, KvError>>;
  update(workspaceId: string, patch: Partial<Omit<WorkspaceRow, 'id'>>): Promise<Result<void, KvError>>;
}

export function createRegistry(kv: Kv<RegistryTables>, clock: Pick<Clock, 'now'>, random: Random): Registry {
  const mintWorkspace = ({ deviceName, account }: NewWorkspace): WorkspaceRow => {
    const nowMs = clock.now();
    return {
      id: mintId(nowMs, random),
      deviceId: account?.deviceId ?? mintId(nowMs, random),
      deviceName,
      accountId: account?.accountId ?? mintId(nowMs, random),
      accountKey: account?.accountKey ?? toHex(random.bytes(16)),
      name: '',
      createdAt: nowMs,
      lastOpenedAt: nowMs,
      entered: false,
      // Whoever opened an account by its code or password has a way back in.
      recoverable: account !== undefined,
      loginName: null,
      retired: false,
    };
  };

  const writeNew = (row: WorkspaceRow) =>
    [
      { put: 'workspaces', row },
      { put: 'active', row: { key: 'active', workspaceId: row.id } },
    ] as const;

  return {
    ...createAccountMoves(kv, clock, mintWorkspace),
    async adopt(rows, activeId) {
      return kv.transact({ active: { get: 'active', key: 'active' } }, ({ active }) => ({
        writes: active
          ? []
          : [
              ...rows.map((row) => ({ put: 'workspaces', row }) as const),
              { put: 'active', row: { key: 'active', workspaceId: activeId } },
            ],
        value: undefined,
      }));
    },
    async active(fresh) {
      for (;;) {
        const found = await kv.read({ active: { get: 'active', key: 'active' }, rows: { list: 'workspaces', limit: 1000 } });
        if (!found.ok) return found;
        const { active, rows } = found.value;
        const row = rows.find(({ id }) => active?.key === 'active' && id === active.workspaceId);
        if (row) return ok(row);
        if (active) {
          return { ok: false, error: { type: 'StorageFailed', reason: 'the registry names a workspace that it does not hold' } };
        }
        // An account that was found by its cookie brings its work with it.
        const minted: WorkspaceRow = { ...mintWorkspace(fresh), ...(fresh.account === undefined && { isFirst: true }) };
        // Another tab of a fresh device may have been faster: then its workspace is read.
        const written = await kv.transact({ active: { get: 'active', key: 'active' } }, (now) =>
          now.active ? { writes: [], value: null } : { writes: writeNew(minted), value: minted },
        );
        if (!written.ok) return written;
        if (written.value) return ok(written.value);
      }
    },
    async get(workspaceId) {
      const result = await kv.read({ row: { get: 'workspaces', key: workspaceId } });
      return result.ok ? ok(result.value.row) : result;
    },
    async list() {
      const result = await kv.read({ rows: { list: 'workspaces', limit: 1000 } });
      return result.ok ? ok(result.value.rows) : result;
    },
    async remove(workspaceId) {
      const gone = [
        { delete: 'workspaces', key: workspaceId },
        { delete: 'active', key: `bring/${workspaceId}` },
      ] as const;
      // Opened in another tab at this very moment, it begins again: a registry that names nothing opens no tab ever again.
      return kv.transact({ active: { get: 'active', key: 'active' } }, ({ active }) => ({
        writes: active?.key === 'active' && active.workspaceId === workspaceId ? [] : gone,
        value: undefined,
      }));
    },
    async update(workspaceId, patch) {
      return kv.transact({ row: { get: 'workspaces', key: workspaceId } }, ({ row }) => ({
        writes: row ? [{ put: 'workspaces', row: { ...row, ...patch } }] : [],
        value: undefined,
      }));
    },
  };
}
