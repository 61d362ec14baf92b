/** What the registry says at every step of switching, joining and leaving. */
import { expect, test } from 'vitest';
import { systemClock, systemRandom } from '#platform/system.ts';
import { createRegistry } from '#store/accounts/registry.ts';
import { createMemoryKv } from '#store/kv/kv-memory.ts';
import { registrySchema } from '#store/schema/registry-schema.ts';
import { newId } from '#support/bring-world.ts';
import { must } from '#support/memory-workspace.ts';

async function openBrowser() {
  const registry = createRegistry(createMemoryKv(registrySchema), systemClock, systemRandom);
  const first = must(await registry.active({ deviceName: 'Test' }));
  const state = async () => must(await registry.state());
  const join = async (bring: boolean, known: Parameters<typeof registry.join>[0]['known'] = null, change = {}) => {
    const { activeId } = await state();
    const account = { accountId: newId(), accountKey: '11'.repeat(16), deviceId: newId(), entered: false, loginName: null };
    const from = activeId ?? '';
    return must(await registry.join({ from, account: { ...account, ...change }, deviceName: 'Test', bring, known }));
  };
  return { registry, first, state, join };
}

test('kept apart: the other account is open at once, and the former one is still there', async () => {
  const { first, state, join } = await openBrowser();
  const other = await join(false);
  const { activeId, rows, brings } = await state();
  expect(activeId).toBe(other.id);
  expect(rows.map(({ id }) => id).sort()).toEqual([first.id, other.id].sort());
  expect(brings).toEqual([]);
});

test('brought along: the present account stays open until all of it is there, then the other one is', async () => {
  const { registry, first, state, join } = await openBrowser();
  const other = await join(true);
  expect(await state()).toMatchObject({
    activeId: first.id,
    brings: [{ from: first.id, into: other.id, state: 'copying', seq: null }],
  });
  expect(must(await registry.moveBring(first.id, { seq: 7, after: ['note', 'x'], done: 3, total: 9 }))).toBe(true);
  expect((await state()).brings).toMatchObject([{ seq: 7, after: ['note', 'x'], done: 3, total: 9 }]);
  must(await registry.finishBring(first.id, 12));
  const { activeId, rows, brings } = await state();
  expect(activeId).toBe(other.id);
  expect(brings).toMatchObject([{ from: first.id, state: 'following', seq: 12, after: null }]);
  expect(rows.find(({ id }) => id === first.id)).toMatchObject({ retired: true });
});

test('asked for twice, it goes on where it is; stopped, nothing opens', async () => {
  const { registry, first, state, join } = await openBrowser();
  const account = { accountId: newId(), accountKey: '22'.repeat(16) };
  const other = await join(true, null, account);
  must(await registry.moveBring(first.id, { seq: 7 }));
  await join(true, { id: other.id, keepsDeviceId: true }, account);
  expect((await state()).brings).toMatchObject([{ seq: 7, into: other.id }]);
  must(await registry.stopBring(first.id));
  expect(must(await registry.moveBring(first.id, { seq: 8 }))).toBe(false);
  must(await registry.finishBring(first.id, 8));
  expect(await state()).toMatchObject({ activeId: first.id, brings: [] });
});

test('a third account that is opened meanwhile stays open when the work has arrived', async () => {
  const { registry, first, state, join } = await openBrowser();
  const other = await join(true);
  const third = await join(false);
  must(await registry.finishBring(first.id, 3));
  expect((await state()).activeId).toBe(third.id);
  must(await registry.open(other.id));
  expect((await state()).activeId).toBe(other.id);
});

test('an account that is opened again is its own: nothing that is written there goes elsewhere any more', async () => {
  const { registry, first, state, join } = await openBrowser();
  await join(true);
  must(await registry.finishBring(first.id, 3));
  must(await registry.open(first.id));
  const { activeId, rows, brings } = await state();
  expect(activeId).toBe(first.id);
  expect(brings).toEqual([]);
  expect(rows.find(({ id }) => id === first.id)?.retired).toBe(false);
});

test('two tabs that sign out at once make one fresh account', async () => {
  const { registry, first, state } = await openBrowser();
  await Promise.all([registry.leave(first.id, { deviceName: 'Test' }), registry.leave(first.id, { deviceName: 'Test' })]);
  const { activeId, rows } = await state();
  expect(rows).toHaveLength(2);
  expect(activeId).not.toBe(first.id);
});

test('the open account, entered again after it was signed out, keeps its workspace under a new device id', async () => {
  const { registry, first, state, join } = await openBrowser();
  const deviceId = newId();
  await join(true, { id: first.id, keepsDeviceId: false }, { accountId: first.accountId, deviceId });
  const { activeId, rows, brings } = await state();
  expect(activeId).toBe(first.id);
  expect(rows).toMatchObject([{ deviceId, formerDeviceIds: [first.deviceId], isRenamed: true, recoverable: true }]);
  expect(brings).toEqual([]);
  must(await registry.confirmDeviceId(first.id));
  expect((await state()).rows[0]).not.toHaveProperty('isRenamed');
  const again = newId();
  await join(true, { id: first.id, keepsDeviceId: false }, { accountId: first.accountId, deviceId: again });
  expect((await state()).rows).toMatchObject([{ deviceId: again, formerDeviceIds: [first.deviceId, deviceId] }]);
});
