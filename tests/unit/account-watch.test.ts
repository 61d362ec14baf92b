import { expect, test } from 'vitest';
import { createAccountWatch } from '#app/account-watch.ts';
import { ok } from '#core/result.ts';
import type { AccountState } from '#store/calls/worker-api.ts';

const HERE = { workspaceId: 'mine', deviceId: 'device' } as const;
const here: AccountState = { ...HERE, isBrought: false, bringing: null, hasWork: false, isResumed: false };

/** A tab whose account may be left: `may` says whether it can move, `asked` what it was asked. */
function openTab() {
  const world = { state: here, may: true, now: 0, reads: 0, resumed: 0, asked: [] as boolean[] };
  const watch = createAccountWatch({
    ...HERE,
    now: () => world.now,
    async readState() {
      world.reads += 1;
      return ok(world.state);
    },
    resume: () => {
      world.resumed += 1;
      world.state = { ...world.state, isResumed: true };
    },
    async move(stays) {
      world.asked.push(stays);
      return world.may;
    },
  });
  return { world, watch };
}

test('a tab stays while its account is the open one', async () => {
  const { world, watch } = openTab();
  await watch.look();
  expect(world.asked).toEqual([]);
  expect(watch.isLeft.value).toBe(false);
});

test('another account is open: the tab moves; to the same place only where its work was brought there', async () => {
  const { world, watch } = openTab();
  world.state = { ...here, workspaceId: 'other' };
  await watch.look();
  world.now += 60_000;
  world.state = { ...here, workspaceId: 'other', isBrought: true };
  await watch.look();
  expect(world.asked).toEqual([false, true]);
});

test('a tab that is on its way to the other account does not set out a second time, whatever arrives meanwhile', async () => {
  const { world, watch } = openTab();
  world.state = { ...here, workspaceId: 'other' };
  await Promise.all([watch.look(), watch.look()]);
  await watch.look();
  expect(world.asked).toHaveLength(1);
});

test('the same account entered again as another device: the tab opens it again, where it is', async () => {
  const { world, watch } = openTab();
  world.state = { ...here, deviceId: 'renamed' };
  await watch.look();
  expect(world.asked).toEqual([true]);
});

test('a tab that holds what cannot be saved stops, asks once, and goes when it is asked to', async () => {
  const { world, watch } = openTab();
  world.state = { ...here, workspaceId: 'other' };
  world.may = false;
  await watch.look();
  await watch.look();
  expect(watch.isLeft.value).toBe(true);
  expect(world.asked).toHaveLength(1);
  world.may = true;
  await watch.goThere();
  expect(world.asked).toHaveLength(2);
  expect(watch.isLeft.value).toBe(false);
});

test('a tab that has stopped goes on when its account is opened again', async () => {
  const { world, watch } = openTab();
  world.state = { ...here, workspaceId: 'other' };
  world.may = false;
  await watch.look();
  world.state = here;
  await watch.look();
  expect(watch.isLeft.value).toBe(false);
});

test('whoever types is informed: the tab looks again after a while, and not with every key', async () => {
  const { world, watch } = openTab();
  await watch.look();
  for (let key = 0; key < 50; key++) watch.onTyping();
  expect(world.reads).toBe(1);
  world.now += 3000;
  world.state = { ...here, workspaceId: 'other' };
  for (let key = 0; key < 50; key++) watch.onTyping();
  await expect.poll(() => world.asked).toHaveLength(1);
  expect(world.reads).toBeLessThanOrEqual(3);
});

test('work on its way is shown, and each tab offers once to go on with it', async () => {
  const { world, watch } = openTab();
  const bringing = { from: 'mine', done: 1, total: 9, problem: null };
  world.state = { ...here, hasWork: true, bringing };
  await watch.look();
  world.state = { ...world.state, bringing: { ...bringing, done: 5 } };
  await watch.look();
  expect(watch.bringing.value).toEqual({ ...bringing, done: 5 });
  expect(world.resumed).toBe(1);
  world.state = here;
  await watch.look();
  expect(watch.bringing.value).toBeNull();
});

test('work on its way goes on after the store worker that copied it was lost', async () => {
  const { world, watch } = openTab();
  world.state = { ...here, hasWork: true, bringing: { from: 'mine', done: 1, total: 9, problem: null } };
  await watch.look();
  await watch.look();
  expect(world.resumed).toBe(1);
  world.state = { ...world.state, isResumed: false };
  await watch.look();
  expect(world.resumed).toBe(2);
});
