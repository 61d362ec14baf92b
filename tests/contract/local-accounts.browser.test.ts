/** Real IndexedDB: the accounts of a browser, what each takes, and which copy may go (invariant 10). */
import { expect, test } from 'vitest';
import { openLock } from '#core/channels.ts';
import { mintId } from '#core/ids.ts';
import type { Result } from '#core/result.ts';
import { numberedSaveId } from '#core/save-id.ts';
import { openChannel, systemClock, systemRandom, webLocks } from '#platform/system.ts';
import { forgetLocalAccount, listLocalAccounts } from '#store/accounts/local-accounts.ts';
import { workspaceName } from '#store/accounts/registry.ts';
import { measureUsage } from '#store/accounts/usage.ts';
import { openJournal } from '#store/save/journal.ts';
import { journalName } from '#store/schema/journal-database.ts';
import { createSyncStore } from '#store/sync/create-sync-store.ts';
import { openActive, openWorkspace, type Workspace } from '#store/workspace.ts';

const ports = { clock: systemClock, random: systemRandom, locks: webLocks, openChannel };
const mint = (): string => mintId(Date.now(), systemRandom);

function must<T>(result: Result<T, unknown>): T {
  if (!result.ok) throw new Error(JSON.stringify(result.error));
  return result.value;
}

const write = async ({ store }: Workspace, kind: string, patch: { readonly [field: string]: string | number }): Promise<void> => {
  must(await store.save({ kind, id: mint(), patch, base: {}, baseSeq: 0, saveId: mint() }));
};

/** The server has taken all that waits. */
async function acknowledge({ context }: Workspace): Promise<void> {
  const syncStore = createSyncStore(context);
  const { ops } = must(await syncStore.claim({ limit: 100, maxBytes: 1e9, force: true }));
  const results = ops.map(({ opId }, index) => ({
    type: 'applied' as const,
    opId,
    rev: 1,
    seq: index + 1,
    acceptedAt: 1,
    missingBlobs: [],
  }));
  must(await syncStore.acknowledge(results, { epoch: mint(), seen: { seq: ops.length, opId: ops.at(-1)?.opId ?? '' }, now: 1 }));
}

const databaseNames = async (): Promise<readonly string[]> => (await indexedDB.databases()).map(({ name = '' }) => name);

test('an account’s copy goes only when all of it is on the server and a way back in exists', async () => {
  const first = must(await openActive(ports, { deviceName: 'Test' }));
  await write(first, 'note', { title: 'Left behind', text: 'x' });
  await write(first, 'layout', { activeTab: 'y' });
  const { registry } = first;
  must(await registry.leave(first.row.id, { deviceName: 'Test' }));
  const { activeId, rows } = must(await registry.state());
  const added = rows.find(({ id }) => id === activeId) ?? first.row;
  const second = must(await openWorkspace(ports, added, false));
  await write(second, 'note', { title: 'Open now' });

  const look = async () => must(await listLocalAccounts(ports, registry, second, false)).filter(({ id }) => id !== added.id);
  const forget = () => forgetLocalAccount(ports, registry, second, first.row.id);
  expect(must(await listLocalAccounts(ports, registry, second, false))[0]).toMatchObject({
    id: added.id,
    active: true,
    unsentTitles: ['Open now'],
    mayForget: false,
  });
  expect(await look()).toMatchObject([
    { id: first.row.id, active: false, entities: 2, unsent: 1, unsentTitles: ['Left behind'], wayBack: false, mayForget: false },
  ]);
  expect((await forget()).ok).toBe(false);

  await acknowledge(first);
  expect(await look()).toMatchObject([{ unsent: 0, mayForget: false }]);
  expect((await forget()).ok).toBe(false);
  expect(await databaseNames()).toContain(workspaceName(first.row.id));

  must(await registry.update(first.row.id, { recoverable: true }));
  expect(await look()).toMatchObject([{ unsent: 0, mayForget: true }]);
  const letGo = Promise.withResolvers<void>();
  await new Promise<void>((held) => {
    void navigator.locks.request(openLock(first.row.id), { mode: 'shared' }, () => {
      held();
      return letGo.promise;
    });
  });
  expect(await forget(), 'a tab still works in it').toMatchObject({ error: { type: 'UpgradeBlocked' } });
  letGo.resolve();
  // The first connection is still open, as in a service worker: it lets go.
  must(await forget());
  expect(await look()).toEqual([]);
  expect(await databaseNames()).not.toContain(workspaceName(first.row.id));
  expect(must(await second.store.count('note', 'live'))).toBe(1);
});

test('an account whose only words are in the journal of a closed tab stays, as does the one that is open', async () => {
  const first = must(await openActive(ports, { deviceName: 'Test' }));
  await write(first, 'note', { title: 'Here' });
  const { registry } = first;
  must(await registry.leave(first.row.id, { deviceName: 'Test' }));
  const emptied = must(await registry.state()).activeId ?? '';
  const look = async () => must(await listLocalAccounts(ports, registry, first, false)).find(({ id }) => id === emptied);
  // This tab could not move: every other one has it open.
  expect(await look()).toMatchObject({ entities: 0, unsent: 0, mayForget: false });
  must(await registry.open(first.row.id));
  expect(await look()).toMatchObject({ entities: 0, unsent: 0, mayForget: true });

  const journal = must(await openJournal(emptied, mint(), systemClock, {}));
  const entry = { kind: 'note', id: mint(), session: mint(), patch: { title: 'x' }, was: {}, builtOn: 0, saveId: mint() };
  must(await journal.write([entry]));
  expect(await look()).toMatchObject({ entities: 0, unsent: 1, mayForget: false });
  expect((await forgetLocalAccount(ports, registry, first, emptied)).ok).toBe(false);
});

test('a journal row whose words were saved before its tab was killed keeps no account here', async () => {
  const first = must(await openActive(ports, { deviceName: 'Test' }));
  const [id, session] = [mint(), mint()];
  const words = { patch: { title: 'Saved' }, saveId: numberedSaveId(session, 1) };
  const journal = must(await openJournal(first.row.id, mint(), systemClock, {}));
  must(await journal.write([{ kind: 'note', id, session, ...words, was: {}, builtOn: 0 }]));
  must(await first.store.save({ kind: 'note', id, ...words, base: {}, baseSeq: 0 }));
  await acknowledge(first);
  const { registry } = first;
  must(await registry.update(first.row.id, { recoverable: true }));
  must(await registry.leave(first.row.id, { deviceName: 'Test' }));
  const { activeId, rows } = must(await registry.state());
  const second = must(await openWorkspace(ports, rows.find((row) => row.id === activeId) ?? first.row, false));
  const left = must(await listLocalAccounts(ports, registry, second, false)).find((one) => one.id === first.row.id);
  expect(left).toMatchObject({ unsent: 0, mayForget: true });
  must(await forgetLocalAccount(ports, registry, second, first.row.id));
});

test('a context that opens an account while it is being forgotten leaves no database of it', async () => {
  const first = must(await openActive(ports, { deviceName: 'Test' }));
  const { registry } = first;
  must(await registry.leave(first.row.id, { deviceName: 'Test' }));
  const { activeId, rows } = must(await registry.state());
  const second = must(await openWorkspace(ports, rows.find(({ id }) => id === activeId) ?? first.row, false));
  const row = must(await registry.get(first.row.id)) ?? first.row;
  first.close();
  const late: Workspace[] = [];
  const meanwhile = {
    ...registry,
    async remove(id: string) {
      late.push(must(await openWorkspace(ports, row, false)));
      return registry.remove(id);
    },
  };
  must(await forgetLocalAccount(ports, meanwhile, second, row.id));
  expect(late).toHaveLength(1);
  expect((await databaseNames()).filter((name) => name.includes(row.id))).toEqual([]);
  // Whoever only folds a journal in makes none.
  for (const { replayJournal } of [...late, second]) await replayJournal();
  expect((await databaseNames()).filter((name) => [journalName(row.id), journalName(second.row.id)].includes(name))).toEqual([]);
});

test('the open account cannot be taken out of the registry: it would open no tab any more', async () => {
  const { registry, row } = must(await openActive(ports, { deviceName: 'Test' }));
  must(await registry.remove(row.id));
  expect(must(await registry.active({ deviceName: 'Test' })).id).toBe(row.id);
});

test('usage counts every kind and place, and what the history keeps', async () => {
  const world = must(await openActive(ports, { deviceName: 'Test' }));
  const before = must(await measureUsage(world.kv, Date.now()));
  const countOf = (usage: typeof before, kind: string) =>
    usage.kinds.find((entry) => entry.kind === kind) ?? { live: 0, binned: 0, bytes: 0 };
  await write(world, 'note', { title: 'Large', text: 'x'.repeat(50_000) });
  await write(world, 'note', { title: 'Binned', binnedAt: 1 });
  await write(world, 'chat', { title: 'Talk' });
  const after = must(await measureUsage(world.kv, Date.now()));
  expect(countOf(after, 'note').live - countOf(before, 'note').live).toBe(1);
  expect(countOf(after, 'note').binned - countOf(before, 'note').binned).toBe(1);
  expect(countOf(after, 'note').bytes - countOf(before, 'note').bytes).toBeGreaterThan(100_000);
  expect(after.kinds[0]?.kind).toBe('note');
  expect(countOf(after, 'chat').live).toBe(countOf(before, 'chat').live + 1);
});
