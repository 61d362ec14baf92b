/**
 * Switching, joining and leaving, as the registry records them. Each step is one transaction: a switch is whole or has not
 * happened, and work on its way into another account has a row of its own (`BringRow`) from the first page to the last.
 */
import type { KvError } from '#core/errors.ts';
import type { AccountId, DeviceId } from '#core/ids.ts';
import type { Clock, Kv } from '#core/ports.ts';
import { ok, type Result } from '#core/result.ts';
import type { OtherAccount } from '#store/calls/worker-api.ts';
import type { ActiveRow, BringRow, RegistryTables, WorkspaceRow } from '#store/schema/registry-schema.ts';

/** What a workspace is made from. */
export interface NewWorkspace {
  readonly deviceName: string;
  /** An account that exists already; a fresh one is minted where it is absent. */
  readonly account?: { readonly accountId: AccountId; readonly accountKey: string; readonly deviceId: DeviceId };
}

/** Everything that the registry holds, at one moment. */
export interface RegistryState {
  readonly activeId: string | null;
  readonly rows: readonly WorkspaceRow[];
  readonly brings: readonly BringRow[];
}

export interface JoinRequest {
  /** The workspace from which the other account is opened. */
  readonly from: string;
  readonly account: OtherAccount;
  readonly deviceName: string;
  readonly bring: boolean;
  /** The workspace that this browser already has of that account; it gets `account.deviceId` where its own is refused. */
  readonly known: { readonly id: string; readonly keepsDeviceId: boolean } | null;
}

export interface AccountMoves {
  state(): Promise<Result<RegistryState, KvError>>;
  /**
   * Opens the workspace of another account, made where this browser has none. With `bring` the present one stays open, and a
   * `BringRow` is written. The account that is open already is entered again, in place.
   */
  join(request: JoinRequest): Promise<Result<WorkspaceRow, KvError>>;
  /** Opens a workspace that this browser has, as an account of its own: nothing of it is brought elsewhere any more. */
  open(workspaceId: string): Promise<Result<void, KvError>>;
  /** Makes a fresh workspace the open one, unless another than `from` is open by now. */
  leave(from: string, fresh: NewWorkspace): Promise<Result<void, KvError>>;
  /** Notes how far a bring is. Gives false where it has been stopped. */
  moveBring(
    from: string,
    patch: Partial<Pick<BringRow, 'seq' | 'after' | 'done' | 'total' | 'files'>>,
  ): Promise<Result<boolean, KvError>>;
  /** All of it is there: `into` opens, unless the person has opened a third account meanwhile. */
  finishBring(from: string, seq: number): Promise<Result<void, KvError>>;
  /** What has not been copied stays where it is. */
  stopBring(from: string): Promise<Result<void, KvError>>;
  /** What belonged to the former device id is under the new one. */
  confirmDeviceId(workspaceId: string): Promise<Result<void, KvError>>;
}

const RECORDS = { list: 'active', limit: 1000 } as const;
const ROWS = { list: 'workspaces', limit: 1000 } as const;

const bringKey = (from: string): BringRow['key'] => `bring/${from}`;
const activeOf = (records: readonly (ActiveRow | BringRow)[]): string | null =>
  records.find((row): row is ActiveRow => row.key === 'active')?.workspaceId ?? null;
const bringsOf = (records: readonly (ActiveRow | BringRow)[]): readonly BringRow[] =>
  records.filter((row): row is BringRow => row.key !== 'active');

export function createAccountMoves(
  kv: Kv<RegistryTables>,
  clock: Pick<Clock, 'now'>,
  mintWorkspace: (fresh: NewWorkspace) => WorkspaceRow,
): AccountMoves {
  /** The writes that open `into`, and note of both workspaces when they were last open. */
  const activate = (rows: readonly WorkspaceRow[], from: string | null, into: WorkspaceRow) => {
    const now = clock.now();
    const former = rows.find(({ id }) => id === from && id !== into.id);
    return [
      ...(former ? [{ put: 'workspaces', row: { ...former, lastOpenedAt: now } } as const] : []),
      { put: 'workspaces', row: { ...into, lastOpenedAt: now, retired: false } } as const,
      { put: 'active', row: { key: 'active', workspaceId: into.id } } as const,
      { delete: 'active', key: bringKey(into.id) } as const,
    ];
  };

  const changeBring = <V>(from: string, change: (row: BringRow) => { readonly writes: readonly BringRow[]; readonly value: V }) =>
    kv.transact({ row: { get: 'active', key: bringKey(from) } }, ({ row }) => {
      if (!row || row.key === 'active') return { writes: [], value: null };
      const { writes, value } = change(row);
      return { writes: writes.map((next) => ({ put: 'active', row: next }) as const), value };
    });

  return {
    async state() {
      const found = await kv.read({ records: RECORDS, rows: ROWS });
      if (!found.ok) return found;
      const { records, rows } = found.value;
      return ok({ activeId: activeOf(records), rows, brings: bringsOf(records) });
    },

    async join({ from, account, deviceName, bring, known }) {
      const minted = mintWorkspace({ deviceName, account });
      return kv.transact({ records: RECORDS, rows: ROWS }, ({ records, rows }) => {
        const found = rows.find(({ id }) => id === known?.id);
        const into = found ? enterAgain(found, account, known?.keepsDeviceId === true) : { ...minted, ...knownOf(account) };
        if (!bring || into.id === from) return { writes: activate(rows, activeOf(records), into), value: into };
        const record: BringRow = {
          key: bringKey(from),
          from,
          into: into.id,
          state: 'copying',
          seq: null,
          after: null,
          done: 0,
          total: 0,
          startedAt: clock.now(),
        };
        // Asked for twice, it goes on where it is.
        const underWay = bringsOf(records).some((one) => one.from === from && one.into === into.id && one.state === 'copying');
        return {
          writes: [
            { put: 'workspaces', row: into },
            { delete: 'active', key: bringKey(into.id) },
            ...(underWay ? [] : [{ put: 'active', row: record } as const]),
          ],
          value: into,
        };
      });
    },

    open: (workspaceId) =>
      kv.transact({ records: RECORDS, rows: ROWS }, ({ records, rows }) => {
        const row = rows.find(({ id }) => id === workspaceId);
        return { writes: row ? activate(rows, activeOf(records), row) : [], value: undefined };
      }),

    leave(from, fresh) {
      const minted = mintWorkspace(fresh);
      return kv.transact({ records: RECORDS, rows: ROWS }, ({ records, rows }) => ({
        writes: activeOf(records) === from ? activate(rows, from, minted) : [],
        value: undefined,
      }));
    },

    async moveBring(from, patch) {
      const moved = await changeBring(from, (row) => ({ writes: [{ ...row, ...patch }], value: true }));
      return moved.ok ? ok(moved.value === true) : moved;
    },

    finishBring: (from, seq) =>
      kv.transact({ records: RECORDS, rows: ROWS }, ({ records, rows }) => {
        const record = bringsOf(records).find((one) => one.from === from);
        const into = rows.find(({ id }) => id === record?.into);
        if (!record || !into) return { writes: [], value: undefined };
        const followed = { put: 'active', row: { ...record, state: 'following', seq, after: null } } as const;
        const opens = record.state === 'copying' && activeOf(records) === from;
        const retired = rows.filter(({ id }) => id === from).map((row) => ({ ...row, retired: true, lastOpenedAt: clock.now() }));
        const rest = opens ? activate(rows, null, into) : [];
        return {
          writes: [followed, ...(opens ? retired : []).map((row) => ({ put: 'workspaces', row }) as const), ...rest],
          value: undefined,
        };
      }),

    stopBring: (from) =>
      kv.transact({ row: { get: 'active', key: bringKey(from) } }, ({ row }) => ({
        writes: row?.key !== 'active' && row?.state === 'copying' ? [{ delete: 'active', key: row.key }] : [],
        value: undefined,
      })),

    confirmDeviceId: (workspaceId) =>
      kv.transact({ row: { get: 'workspaces', key: workspaceId } }, ({ row }) => {
        if (!row) return { writes: [], value: undefined };
        const { isRenamed: _, ...settled } = row;
        return { writes: [{ put: 'workspaces', row: settled }], value: undefined };
      }),
  };
}

const knownOf = ({ entered, loginName, isNew }: OtherAccount) => ({ entered, loginName, recoverable: !isNew });

/** The account is entered again by its key; under another device id where the server has signed the former one out. */
function enterAgain(row: WorkspaceRow, account: OtherAccount, keepsDeviceId: boolean): WorkspaceRow {
  const { accountKey, deviceId, entered, loginName } = account;
  const former = [...(row.formerDeviceIds ?? []), row.deviceId];
  const renamed =
    keepsDeviceId || deviceId === row.deviceId ? {} : ({ deviceId, formerDeviceIds: former, isRenamed: true } as const);
  return { ...row, accountKey, entered, recoverable: true, loginName: loginName ?? row.loginName, ...renamed };
}
