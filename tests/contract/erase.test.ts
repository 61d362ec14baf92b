/** What was deleted permanently, and what was thinned, is gone from the database's files, and its space is used again. */
import { existsSync, mkdtempSync, readFileSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import SqliteDatabase from 'better-sqlite3';
import { afterEach, describe, expect, test } from 'vitest';
import type { SqliteStorage } from '#server/storage/sqlite.ts';
import { startEraser } from '#server/upkeep/eraser.ts';
import {
  createServerWorld,
  createTestClock,
  expectOk,
  makeOp,
  makePull,
  makePush,
  newId,
  openTestStorage,
  type ServerWorld,
  START_MS,
} from '#support/server-world.ts';

const DAY_MS = 86_400_000;

const open: SqliteStorage[] = [];
afterEach(async () => {
  for (const storage of open.splice(0)) await storage.close();
});

async function createFileWorld() {
  const path = join(mkdtempSync(join(tmpdir(), 'holdfast-erase-')), 'holdfast.db');
  const storage = await openTestStorage({ path });
  open.push(storage);
  const world = await createServerWorld({ storage });
  const holds = (text: string): boolean =>
    ['', '-wal'].some((suffix) => existsSync(path + suffix) && readFileSync(path + suffix).includes(text));
  return { path, storage, world, holds };
}

async function push(world: ServerWorld, ops: readonly ReturnType<typeof makeOp>[]): Promise<void> {
  const { results } = expectOk(await world.api.push(world.accountId, world.deviceId, makePush(ops)));
  expect(results.map(({ type }) => type)).toEqual(ops.map(() => 'applied'));
}

/** A note with some versions, the last of which deletes it. */
function makeDeleted(secret: string, versions = 5) {
  const id = newId();
  const ops: ReturnType<typeof makeOp>[] = [];
  for (let index = 0; index < versions; index++)
    ops.push(makeOp({ id, base: ops.at(-1)?.opId ?? null, body: `${secret} ${index} ${'x'.repeat(index * 3000)}` }));
  ops.push(makeOp({ id, base: ops.at(-1)?.opId ?? null, body: null }));
  return { id, ops };
}

const history = async (world: ServerWorld, id: string) =>
  expectOk(await world.api.history(world.accountId, 'note', id)).versions.map(({ body }) => body);

describe('what was deleted permanently', () => {
  test('stays for the time that is set, and is then gone from the history and from the files', async () => {
    const { world, storage, holds } = await createFileWorld();
    const { id, ops } = makeDeleted('a very private line');
    await push(world, ops);
    expect(await history(world, id)).toHaveLength(6);
    expect(expectOk(await storage.eraseDeleted(START_MS - 1, 100))).toBe(0);
    expect(await history(world, id)).toHaveLength(6);
    expect(holds('a very private line')).toBe(true);

    expect(expectOk(await storage.eraseDeleted(START_MS, 100))).toBe(1);
    expect(await storage.emptyLog()).toBe(true);
    expect(await history(world, id)).toEqual([null]);
    expect(holds('a very private line')).toBe(false);
    expect(expectOk(await storage.eraseDeleted(START_MS, 100))).toBe(0);

    // What others need to know of it is still there: the tombstone, the lineage, and the answers to repeated ops.
    const { entries } = expectOk(await world.api.manifest(world.accountId, { after: null, limit: 10 }));
    expect(entries).toMatchObject([{ id, deleted: true, lineage: ops.slice(0, -1).map(({ opId }) => opId) }]);
    await push(world, ops);
    expect(await history(world, id)).toEqual([null]);
    expect(holds('a very private line')).toBe(false);
    expect(expectOk(await world.api.pull(world.accountId, makePull({ cursor: 0 }))).changes).toMatchObject([{ deleted: true }]);
  });

  test('and brought back meanwhile keeps its history', async () => {
    const { world, storage } = await createFileWorld();
    const { id, ops } = makeDeleted('words', 2);
    await push(world, [...ops, makeOp({ id, base: ops.at(-1)?.opId ?? null, body: 'words again' })]);
    expect(expectOk(await storage.eraseDeleted(START_MS, 100))).toBe(1);
    expect(await history(world, id)).toHaveLength(4);
    expect(expectOk(await storage.eraseDeleted(START_MS, 100))).toBe(0);
  });

  test('of several accounts goes in steps of the size that is asked for, and leaves everything else alone', async () => {
    const { world, storage, holds } = await createFileWorld();
    const other = await createServerWorld({ storage });
    for (const each of [world, other]) {
      for (let note = 0; note < 5; note++) await push(each, makeDeleted('to be erased', 2).ops);
      await push(each, [makeOp({ body: 'to be kept' })]);
    }
    const steps: number[] = [];
    for (let done = -1; done !== 0; ) {
      done = expectOk(await storage.eraseDeleted(START_MS, 3));
      steps.push(done);
    }
    expect(steps).toEqual([3, 2, 3, 2, 0]);
    await storage.emptyLog();
    expect([holds('to be erased'), holds('to be kept')]).toEqual([false, true]);
  });

  test('is erased by the server itself when its time has come', async () => {
    const { world, storage } = await createFileWorld();
    const { id, ops } = makeDeleted('words');
    await push(world, ops);
    const clock = createTestClock();
    const timers: (() => void)[] = [];
    const errors: unknown[] = [];
    const stop = startEraser({
      storage,
      clock: {
        now: clock.now,
        setTimer(_ms, fire) {
          timers.push(fire);
          return () => undefined;
        },
      },
      keepDays: 30,
      onError: (error) => errors.push(error),
    });
    const fire = async () => {
      timers.shift()?.();
      while (timers.length === 0) await nextTurn();
    };
    clock.advance(30 * DAY_MS - 1);
    await fire();
    expect(await history(world, id)).toHaveLength(6);
    clock.advance(1);
    await fire();
    expect(await history(world, id)).toEqual([null]);
    await fire();
    expect(errors).toEqual([]);
    stop();
  });
});

describe('versions that are no longer kept', () => {
  /** Edits one note so often, 2,000 characters each. */
  async function edit(world: ServerWorld, times: number, id: string, base: string | null): Promise<string | null> {
    let last = base;
    for (let done = 0; done < times; done += 100) {
      const ops: ReturnType<typeof makeOp>[] = [];
      for (let index = 0; index < 100; index++) {
        ops.push(makeOp({ id, base: last, body: `version ${done + index}. ${'text '.repeat(400)}` }));
        last = ops.at(-1)?.opId ?? null;
      }
      await push(world, ops);
    }
    return last;
  }

  test('leave a row of their ids, less than 900 bytes with its indexes, and no text', async () => {
    const { path, world, storage, holds } = await createFileWorld();
    const id = newId();
    const last = await edit(world, 500, id, null);
    await storage.emptyLog();
    const before = statSync(path).size;
    await edit(world, 2000, id, last);
    await storage.emptyLog();
    expect((statSync(path).size - before) / 2000).toBeLessThan(900);
    expect(holds('version 1200. text')).toBe(false);
    expect(holds('version 1999. text')).toBe(true);
    const raw = new SqliteDatabase(path, { readonly: true });
    expect(raw.pragma('integrity_check', { simple: true })).toBe('ok');
    raw.close();
  });
});
