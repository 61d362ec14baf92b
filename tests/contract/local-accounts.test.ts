/** What this device says of its accounts, and what of them may go. */
import { expect, test } from 'vitest';
import { ok } from '#core/result.ts';
import { listLocalAccounts } from '#store/accounts/local-accounts.ts';
import type { Registry } from '#store/accounts/registry.ts';
import { createSyncStore } from '#store/sync/create-sync-store.ts';
import { must, openMemoryWorkspace } from '#support/memory-workspace.ts';

type Ports = Parameters<typeof listLocalAccounts>[0];

test('no way leads back into an account that its server has deleted, whatever code or password there is', async () => {
  const workspace = await openMemoryWorkspace();
  const state = async () => ok({ activeId: workspace.row.id, rows: [workspace.row], brings: [] });
  // Of the registry nothing else is asked, and of the ports nothing where there is one account.
  const look = () => listLocalAccounts({} as Ports, { state } as unknown as Registry, workspace, true);
  expect(must(await look())).toMatchObject([{ wayBack: true, isDeleted: false }]);
  must(await createSyncStore(workspace.context).noteOutcome({ type: 'AccountDeleted' }, 1));
  expect(must(await look())).toMatchObject([{ wayBack: false, isDeleted: true }]);
});
