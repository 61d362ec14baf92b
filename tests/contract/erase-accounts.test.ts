/** Accounts are deleted one after the other: none waits for another one's erasure. */
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { PROTOCOL } from '#core/protocol-parts.ts';
import { err } from '#core/result.ts';
import { createFileBlobs } from '#server/blobs/file-blobs.ts';
import { eraseAccounts } from '#server/upkeep/account-eraser.ts';
import { createServerWorld, expectErr, expectOk, makeEnter, makeOp, makePush } from '#support/server-world.ts';

const MINUTE_MS = 60_000;

async function openWorld() {
  const world = await createServerWorld();
  const { api, storage, clock } = world;
  const blobs = createFileBlobs(join(mkdtempSync(join(tmpdir(), 'holdfast-erase-')), 'blobs'));
  /** An account with some words. */
  const enter = async () => {
    const request = makeEnter();
    expectOk(await api.enter(request));
    expectOk(await api.push(request.accountId, request.deviceId, makePush([makeOp(), makeOp()])));
    return request;
  };
  const remove = async ({ accountId, accountKey }: Awaited<ReturnType<typeof enter>>) =>
    expectOk(await api.deleteAccount(accountId, { protocol: PROTOCOL, accountKey }));
  const headsOf = async (accountId: string) =>
    expectOk(await storage.read((reader) => reader.headsAfter(accountId, 0, 10))).length;
  const erase = (places: Partial<Parameters<typeof eraseAccounts>[0]> = {}) =>
    eraseAccounts({ storage, blobs, clock, pause: () => Promise.resolve(), ...places });
  return { storage, clock, blobs, enter, remove, headsOf, erase };
}

test('one that was deleted minutes after another is erased with the next look', async () => {
  const { clock, enter, remove, headsOf, erase } = await openWorld();
  const [first, second] = [await enter(), await enter()];
  await remove(first);
  expect(expectOk(await erase())).toBe(1);
  clock.advance(5 * MINUTE_MS);
  await remove(second);
  expect(await headsOf(second.accountId)).toBe(2);
  expect(expectOk(await erase())).toBe(2);
  expect(await headsOf(second.accountId)).toBe(0);
  clock.advance(30 * MINUTE_MS);
  expect(expectOk(await erase()), 'each is looked at until the last request has ended').toBe(2);
  expect(expectOk(await erase())).toBe(0);
});

test('one whose files cannot be removed keeps no other from being erased', async () => {
  const { clock, blobs, enter, remove, headsOf, erase } = await openWorld();
  const [first, second] = [await enter(), await enter()];
  await remove(first);
  clock.advance(MINUTE_MS);
  await remove(second);
  const broken = err({ type: 'BlobsUnavailable', reason: 'EIO' } as const);
  const failing = { ...blobs, clear: async (id: string) => (id === first.accountId ? broken : blobs.clear(id)) };
  expectErr(await erase({ blobs: failing }));
  expect(await headsOf(second.accountId)).toBe(0);
});

test('a clock that was ahead when one was deleted keeps nobody waiting', async () => {
  const { clock, enter, remove, headsOf, erase } = await openWorld();
  const [first, second] = [await enter(), await enter()];
  clock.advance(400 * 86_400_000);
  await remove(first);
  clock.advance(-400 * 86_400_000);
  await remove(second);
  expectOk(await erase());
  expect([await headsOf(first.accountId), await headsOf(second.accountId)]).toEqual([0, 0]);
  clock.advance(30 * MINUTE_MS);
  expectOk(await erase());
  expect(expectOk(await erase())).toBe(0);
});
