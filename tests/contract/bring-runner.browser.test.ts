/** Real IndexedDB: work on its way into another account, whoever copies it and however often it is cut off. */
import { afterAll, beforeEach, expect, test } from 'vitest';
import type { Fields } from '#core/entity.ts';
import { err, ok } from '#core/result.ts';
import { openChannel, systemClock, systemRandom, webLocks } from '#platform/system.ts';
import { adoptDeviceId } from '#store/accounts/adopt-device-id.ts';
import type { OpenFormer } from '#store/accounts/bring-files-runner.ts';
import { createBringRunner } from '#store/accounts/bring-runner.ts';
import { eraseDatabases } from '#store/accounts/erase.ts';
import { joinAccount } from '#store/accounts/join-account.ts';
import { forgetLocalAccount, listLocalAccounts } from '#store/accounts/local-accounts.ts';
import type { Registry } from '#store/accounts/registry.ts';
import { openActive, openRegistry, openWorkspace, type Workspace } from '#store/workspace.ts';
import { acknowledge, edit, newId, rowOf } from '#support/bring-world.ts';
import { must } from '#support/memory-workspace.ts';

const ports = { clock: systemClock, random: systemRandom, locks: webLocks, openChannel };
const opened: { close(): void }[] = [];

/** A browser in which nothing was ever opened. */
async function startAnew(): Promise<void> {
  for (const one of opened.splice(0)) one.close();
  const { registry } = must(await openRegistry(ports));
  must(await eraseDatabases(must(await registry.list()).map(({ id }) => id)));
}

beforeEach(startAnew);
afterAll(startAnew);

async function open(workspaceId: string | null = null): Promise<Workspace & { readonly registry: Registry }> {
  const active = must(await openActive(ports, { deviceName: 'Test' }, workspaceId));
  opened.push(active);
  return active;
}

const account = (change = {}) => ({
  accountId: newId(),
  accountKey: '11'.repeat(16),
  deviceId: newId(),
  entered: false,
  loginName: null,
  ...change,
});

/** The former account's server is out of reach. */
const former: OpenFormer = async () => ok(async () => err({ type: 'Network', reason: 'away' } as const));

/** Until nothing goes on any more. */
async function idle(): Promise<void> {
  for (const lock of ['holdfast-bring', 'holdfast-bring-files']) await navigator.locks.request(lock, () => {});
}

/** Runs until nothing goes on any more. Gives the problem that is left. */
async function run(registry: Registry, from: string) {
  const runner = createBringRunner(ports, registry, former, () => {});
  runner.resume();
  await idle();
  return runner.problem(from);
}

/** A registry that is cut off at its n-th call of `moveBring`. */
const cutOff = (registry: Registry, at: number): Registry => {
  let calls = 0;
  return {
    ...registry,
    async moveBring(...args) {
      calls += 1;
      return calls >= at ? err({ type: 'QuotaExceeded' }) : registry.moveBring(...args);
    },
  };
};

async function fill(world: Workspace, count: number): Promise<readonly string[]> {
  const ids = Array.from({ length: count }, newId);
  for (const id of ids) await edit(world, 'note', id, { title: id, text: 'One.\nTwo.' });
  return ids;
}

test('cut off again and again, it stays visible where it is, and opens the account when all of it is there', async () => {
  const from = await open();
  const ids = await fill(from, 250);
  expect(must(await joinAccount(ports, from.registry, from.row, account(), 'bring'))).toBe('bringing');
  for (const at of [1, 2, 1]) {
    expect(await run(cutOff(from.registry, at), from.row.id)).toEqual({ type: 'QuotaExceeded' });
    expect(must(await from.registry.state())).toMatchObject({ activeId: from.row.id, brings: [{ state: 'copying' }] });
    const accounts = must(await listLocalAccounts(ports, from.registry, from, false));
    expect(
      accounts.filter(({ mayForget }) => mayForget),
      'neither side of it may be removed',
    ).toEqual([]);
  }
  expect(await run(from.registry, from.row.id)).toBeNull();
  const into = await open();
  expect(into.row.id).not.toBe(from.row.id);
  expect(must(await into.store.count('note', 'live'))).toBe(ids.length);
});

test('what a tab saves into the former account later still comes, and the copy may go when the server has all of it', async () => {
  const from = await open();
  const [id = ''] = await fill(from, 3);
  must(await joinAccount(ports, from.registry, from.row, account(), 'bring'));
  expect(await run(from.registry, from.row.id)).toBeNull();
  const into = await open();
  await edit(into, 'note', id, { text: 'One here.\nTwo.' });
  await edit(from, 'note', id, { text: 'One.\nTwo there.' });
  await acknowledge(into);
  const forget = () => forgetLocalAccount(ports, into.registry, into, from.row.id);
  expect((await forget()).ok, 'not all of it is there').toBe(false);
  expect(await run(into.registry, from.row.id)).toBeNull();
  expect((await rowOf(into, 'note', id)).fields['text']).toBe('One here.\nTwo there.');
  expect((await forget()).ok, 'not all of it is on the server').toBe(false);
  await acknowledge(into);
  must(await forget());
  expect(must(await into.registry.state()).brings).toEqual([]);
});

test('an account that this browser has already is opened again, with its unsent work', async () => {
  const first = await open();
  const [id = ''] = await fill(first, 1);
  must(await first.registry.leave(first.row.id, { deviceName: 'Test' }));
  const second = await open();
  const [other = ''] = await fill(second, 1);
  const keys = { accountId: first.row.accountId, accountKey: first.row.accountKey };
  must(await joinAccount(ports, second.registry, second.row, account(keys), 'bring'));
  expect(await run(second.registry, second.row.id)).toBeNull();
  const again = await open();
  expect(again.row).toMatchObject({ id: first.row.id, deviceId: first.row.deviceId });
  expect((await rowOf(again, 'note', id)).queued).not.toBeNull();
  expect((await rowOf(again, 'note', other)).queued).not.toBeNull();
});

test('signed out from another device and entered again: everything stays where it is, under the new device id', async () => {
  const world = await open();
  const [id = ''] = await fill(world, 1);
  await acknowledge(world);
  await edit(world, 'note', id, { text: 'One.\nUnsent.\nTwo.' });
  const before = await rowOf(world, 'note', id);
  const prompt = newId();
  const drafts: Fields = { new: 'Half a question' };
  await edit(world, 'chat-desk', world.row.deviceId, { drafts, waiting: [prompt] });
  await edit(world, 'layout', world.row.deviceId, { activeTab: id });
  await edit(world, 'message', prompt, { text: 'Ask later', state: 'waiting', waitingDevice: world.row.deviceId });
  const { accountId, accountKey } = world.row;
  const deviceId = newId();
  expect(must(await joinAccount(ports, world.registry, world.row, account({ accountId, accountKey, deviceId }), 'bring'))).toBe(
    'open',
  );
  const again = await open();
  expect(again.row).toMatchObject({ id: world.row.id, deviceId, isRenamed: true });
  must(await adoptDeviceId(again.context, again.store, again.row));
  must(await adoptDeviceId(again.context, again.store, again.row));
  expect(await rowOf(again, 'note', id)).toEqual(before);
  expect((await rowOf(again, 'chat-desk', deviceId)).fields).toMatchObject({ drafts, waiting: [prompt] });
  expect((await rowOf(again, 'layout', deviceId)).fields).toMatchObject({ activeTab: id });
  expect((await rowOf(again, 'message', prompt)).fields).toMatchObject({ waitingDevice: deviceId });
});

test('a workspace that is asked for by its id is opened, whichever is active; one that is gone is said to be gone', async () => {
  const first = await open();
  must(await first.registry.leave(first.row.id, { deviceName: 'Test' }));
  expect((await open(first.row.id)).row.id).toBe(first.row.id);
  expect((await open()).row.id).not.toBe(first.row.id);
  expect(await openActive(ports, { deviceName: 'Test' }, newId())).toMatchObject({ ok: false });
  expect(await openWorkspace(ports, first.row, false)).toMatchObject({ ok: true });
});

test('where the code that fetches files does not load, it is asked for again later', async () => {
  const world = await open();
  await fill(world, 1);
  must(await joinAccount(ports, world.registry, world.row, account(), 'bring'));
  const timers: (() => void)[] = [];
  const clock = {
    now: () => systemClock.now(),
    setTimer(_ms: number, fire: () => void) {
      timers.push(fire);
      return () => {};
    },
  };
  let asked = 0;
  const unloaded: OpenFormer = async (...args) => {
    asked += 1;
    return asked === 1 ? err({ type: 'ConnectionLost', reason: 'a part did not load' } as const) : former(...args);
  };
  const runner = createBringRunner({ ...ports, clock }, world.registry, unloaded, () => {});
  runner.resume();
  await idle();
  expect(asked).toBe(1);
  timers.at(-1)?.();
  await idle();
  expect(asked).toBe(2);
  expect(must(await world.registry.state()).brings).toMatchObject([{ files: { left: 0 } }]);
});
