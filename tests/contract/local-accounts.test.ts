/** What this device says of its accounts, and what of them may go. */
import { expect, test } from 'vitest';
import { ok } from '#core/result.ts';
import { listLocalAccounts } from '#store/accounts/local-accounts.ts';
import type { Registry } from '#store/accounts/registry.ts';
import { letGoOf } from '#store/blobs/let-go.ts';
import { createSyncStore } from '#store/sync/create-sync-store.ts';
import { noteAsked, openBlobWorld } from '#support/blob-world.ts';
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

test('a file stays on this device once its server has deleted the account, also where it said a moment ago that it has it', async () => {
  const workspace = await openMemoryWorkspace();
  const { context, blobs } = openBlobWorld({ kv: workspace.kv });
  const put = async (bytes: number) => must(await blobs.put(new Uint8Array(bytes).fill(1), { type: '', sent: true })).hash;
  const [first, second] = [await put(1000), await put(2000)];
  must(await noteAsked(context));
  expect(must(await letGoOf(context, first))).toBe(true);
  must(await createSyncStore(workspace.context).noteOutcome({ type: 'AccountDeleted' }, 1));
  expect(must(await letGoOf(context, second))).toBe(false);
});
