/** What is done with whole accounts of this browser: loaded when it is first asked for. The contract is `AccountCalls`. */
import { err, ok } from '#core/result.ts';
import type { OpenFormer } from '#store/accounts/bring-files-runner.ts';
import { createBringRunner } from '#store/accounts/bring-runner.ts';
import { deleteCaches, eraseDatabases } from '#store/accounts/erase.ts';
import { joinAccount } from '#store/accounts/join-account.ts';
import { forgetLocalAccount, listLocalAccounts } from '#store/accounts/local-accounts.ts';
import { measureUsage } from '#store/accounts/usage.ts';
import { measureBackups } from '#store/kv/backup-folder.ts';
import type { WorldPorts } from '#store/workspace.ts';
import type { AccountCalls } from './worker-api.ts';
import type { WorkspaceCallsOptions } from './workspace-calls.ts';

/** `notifyTabs` is called after whatever other tabs may see. */
export function createAccountCalls({
  ports,
  active,
  bring,
  notifyTabs,
  openFormer,
}: WorkspaceCallsOptions & { readonly ports: WorldPorts; readonly openFormer: OpenFormer }): AccountCalls {
  const { registry, row, kv, memory } = active;
  const resume = (): void => {
    bring.runner ??= createBringRunner(ports, registry, openFormer, notifyTabs);
    bring.runner.resume();
  };
  const workspaceIds = async (): Promise<readonly string[]> => {
    const rows = await registry.list();
    return rows.ok ? rows.value.map(({ id }) => id) : [row.id];
  };
  return {
    async openAccount(account, join) {
      if (memory) return err({ type: 'StorageDisabled', reason: 'no other account can be kept' });
      const joined = await joinAccount(ports, registry, row, account, join);
      if (!joined.ok) return joined;
      notifyTabs();
      if (joined.value === 'bringing') resume();
      return joined;
    },
    async resumeBringing() {
      resume();
      return ok(undefined);
    },
    usage: async () => measureUsage(kv, ports.clock.now(), await measureBackups(row.id).catch(() => undefined)),
    localAccounts: () => listLocalAccounts(ports, registry, active, memory),
    forgetAccount: (workspaceId) => forgetLocalAccount(ports, registry, active, workspaceId),
    freeCaches: async () => deleteCaches(await workspaceIds()),
    erase: async () => eraseDatabases(await workspaceIds()),
  };
}
