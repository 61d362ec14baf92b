/** Accounts are deleted: none waits for another one's erasure, and the record beside the database says of those that were deleted, and of no other. */
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import SqliteDatabase from 'better-sqlite3';
import { expect, test } from 'vitest';
import { PROTOCOL } from '#core/protocol-parts.ts';
import { err } from '#core/result.ts';
import { openAccessRecord, readAccessRecord } from '#server/access-record.ts';
import { deleteAccount } from '#server/api/delete-account.ts';
import { createFileBlobs } from '#server/blobs/file-blobs.ts';
import { defaultLimits } from '#server/limits.ts';
import type { Storage } from '#server/storage/storage.ts';
import { eraseAccounts } from '#server/upkeep/account-eraser.ts';
import { adoptCopy } from '#server/upkeep/restored.ts';
import { createServerWorld, createTestRandom, expectErr, expectOk, makeEnter, makeOp, makePush } from '#support/server-world.ts';

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
  return { ...world, blobs, enter, remove, headsOf, erase };
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

const newRecord = (): string => join(mkdtempSync(join(tmpdir(), 'holdfast-record-')), 'access.log');

test('a deletion that the disk has refused is none: no restore of a copy makes it one', async () => {
  const { storage, clock, enter, headsOf } = await openWorld();
  const { accountId, accountKey } = await enter();
  const full: Storage = {
    ...storage,
    write: (id, body) =>
      storage.write(id, (writer, account) =>
        body({ ...writer, deleteAccount: () => Promise.reject(new SqliteDatabase.SqliteError('full', 'SQLITE_FULL')) }, account),
      ),
  };
  const path = newRecord();
  const random = createTestRandom();
  const deps = { storage: full, clock, random, limits: defaultLimits, access: openAccessRecord(path) };
  expectErr(await deleteAccount(deps, accountId, { protocol: PROTOCOL, accountKey }));
  await adoptCopy({ storage, clock, random }, path);
  expect(await storage.read((reader) => reader.deletedAt(accountId))).toEqual({ ok: true, value: undefined });
  expect(await headsOf(accountId)).toBe(2);
});

test('a deletion after which the process ended before it was recorded is recorded before it counts as erased', async () => {
  const { clock, enter, remove, erase } = await openWorld();
  const { accountId, ...request } = await enter();
  await remove({ accountId, ...request });
  const path = newRecord();
  clock.advance(30 * MINUTE_MS);
  expectOk(await erase({ access: openAccessRecord(path) }));
  expect(readAccessRecord(path)?.entries).toMatchObject([{ type: 'deleted', accountId }]);
});
