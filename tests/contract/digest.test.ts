/** The digest and the count of an account: kept with each push, and brought up where an older server has written. */
import { copyFileSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import SqliteDatabase from 'better-sqlite3';
import { afterEach, expect, test } from 'vitest';
import { hashText } from '#core/hash.ts';
import { manifestBuckets } from '#core/manifest-digest.ts';
import type { SqliteStorage } from '#server/storage/sqlite.ts';
import { createServerWorld, expectOk, makeOp, makePush, openTestStorage, type ServerWorld } from '#support/server-world.ts';

const open: SqliteStorage[] = [];
afterEach(async () => {
  for (const storage of open.splice(0)) await storage.close();
});

const newPath = (): string => join(mkdtempSync(join(tmpdir(), 'holdfast-digest-')), 'holdfast.db');

async function openStorage(path: string): Promise<SqliteStorage> {
  const storage = await openTestStorage({ path });
  open.push(storage);
  return storage;
}

/** As a server before the digest leaves a database: the log, and nothing beside it. */
function forgetDigests(path: string): void {
  const raw = new SqliteDatabase(path);
  raw.exec('drop table digests; drop table purges; drop table damages; drop table pulse');
  raw.exec(`delete from migrations where name = '0002-upkeep'`);
  raw.close();
}

async function push(world: ServerWorld, ops: readonly ReturnType<typeof makeOp>[]): Promise<void> {
  const { results } = expectOk(await world.api.push(world.accountId, world.deviceId, makePush(ops)));
  expect(results.every((result) => result.type === 'applied')).toBe(true);
}

/** New entities, then half of them changed, then some deleted. */
async function fill(world: ServerWorld, count: number): Promise<void> {
  const made = Array.from({ length: count }, () => makeOp());
  const changed = made.slice(0, count / 2).map(({ id, opId }) => makeOp({ id, base: opId }));
  const deleted = changed.slice(0, count / 10).map(({ id, opId }) => makeOp({ id, base: opId, body: null }));
  const ops = [...made, ...changed, ...deleted];
  for (let start = 0; start < ops.length; start += 500) await push(world, ops.slice(start, start + 500));
}

/** What is kept against what a whole reading gives. */
async function expectTrueDigest(storage: SqliteStorage, accountId: string): Promise<void> {
  const [heads, digest] = expectOk(
    await storage.read(async (reader) => [await reader.headsByKey(accountId, null, 100_000), await reader.digest(accountId)]),
  );
  expect(digest.buckets).toEqual(manifestBuckets(heads, hashText));
  expect(digest.entities).toBe(heads.length);
}

const purges = (path: string): unknown[] => {
  const raw = new SqliteDatabase(path, { readonly: true });
  const rows = raw.prepare('select account_id, kind, id, purged_at from purges order by account_id, kind, id').all();
  raw.close();
  return rows;
};

test('a database of an older server is brought up in steps, each of which lasts', async () => {
  const path = newPath();
  const storage = await openStorage(path);
  const worlds = [await createServerWorld({ storage }), await createServerWorld({ storage })];
  for (const world of worlds) await fill(world, 2500);
  const kept = purges(path);
  expect(kept).toHaveLength(500);
  await storage.close();
  open.length = 0;
  forgetDigests(path);

  // Ended after each step, by whatever: the next start goes on where it was.
  let starts = 0;
  for (let ended = false; !ended; starts++) {
    const again = await openStorage(path);
    const caught = again.catchUp((done, total) => {
      expect(done).toBeLessThanOrEqual(total);
      throw new Error('killed');
    });
    ended = await caught.then(
      () => true,
      (error: Error) => {
        expect(error.message).toBe('killed');
        return false;
      },
    );
    if (ended) for (const { accountId } of worlds) await expectTrueDigest(again, accountId);
  }
  expect(starts).toBeGreaterThan(3);
  expect(purges(path)).toEqual(kept);
});

test('a push brings in what an older server wrote meanwhile on the same database, and the manifest says nothing false until then', async () => {
  const path = newPath();
  const storage = await openStorage(path);
  const world = await createServerWorld({ storage });
  await fill(world, 20);
  const raw = new SqliteDatabase(path);
  const digests = raw.prepare<[], { seq: number; entities: number; sums: Buffer }>('select * from digests').get();
  await fill(world, 30);
  raw
    .prepare('update digests set seq = ?, entities = ?, sums = ?')
    .run(digests?.seq ?? 0, digests?.entities ?? 0, digests?.sums ?? Buffer.alloc(0));
  raw.close();
  expect(expectOk(await world.api.manifest(world.accountId, { after: null, limit: 10 })).buckets).toBeUndefined();
  await fill(world, 10);
  expect(expectOk(await world.api.manifest(world.accountId, { after: null, limit: 10 })).buckets).toHaveLength(64);
  await expectTrueDigest(storage, world.accountId);
});

test('bringing up an account does not disturb what is pushed between two steps', async () => {
  const path = newPath();
  const storage = await openStorage(path);
  const world = await createServerWorld({ storage });
  await fill(world, 2500);
  const copy = join(mkdtempSync(join(tmpdir(), 'holdfast-digest-')), 'holdfast.db');
  await storage.close();
  open.length = 0;
  forgetDigests(path);
  copyFileSync(path, copy);

  const one = await openStorage(copy);
  const two = await openStorage(copy);
  const beside = { ...world, api: (await createServerWorld({ storage: two })).api };
  const pushes: Promise<void>[] = [];
  expectOk(await one.catchUp(() => void pushes.push(fill(beside, 50))));
  await Promise.all(pushes);
  expect(pushes.length).toBeGreaterThan(1);
  await fill(beside, 10);
  await expectTrueDigest(two, world.accountId);
});
