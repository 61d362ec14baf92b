/** A disk that gives back something else than what was written: the rows are changed behind the server's back. */
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import SqliteDatabase from 'better-sqlite3';
import * as v from 'valibot';
import { afterEach, describe, expect, test } from 'vitest';
import { hashText } from '#core/hash.ts';
import { historyAnswerSchema, type Op, pullAnswerSchema, pushAnswerSchema } from '#core/protocol.ts';
import type { SqliteStorage } from '#server/storage/sqlite.ts';
import {
  createServerWorld,
  expectOk,
  makeOp,
  makePull,
  makePush,
  newId,
  openTestStorage,
  type ServerWorld,
} from '#support/server-world.ts';

const open: SqliteStorage[] = [];
afterEach(async () => {
  for (const storage of open.splice(0)) await storage.close();
});

/** A world whose database can be damaged: `break` runs SQL on a connection of its own. */
async function createBreakableWorld() {
  const path = join(mkdtempSync(join(tmpdir(), 'holdfast-damage-')), 'holdfast.db');
  const storage = await openTestStorage({ path });
  open.push(storage);
  const met: number[] = [];
  const world = await createServerWorld({ storage, onDamaged: (_accountId, seqs) => met.push(...seqs) });
  const damage = (sql: string, ...values: (string | number)[]) => {
    const raw = new SqliteDatabase(path);
    raw.pragma('foreign_keys = OFF');
    raw.prepare(sql).run(...values);
    raw.close();
  };
  return { world, met, damage };
}

/** One bit of one character. */
const flipBody = `update versions set body = replace(body, 'o', 'n') where op_id = ?`;

async function push(world: ServerWorld, ops: readonly Op[]) {
  const answer = expectOk(await world.api.push(world.accountId, world.deviceId, makePush(ops)));
  expect(v.parse(pushAnswerSchema, answer)).toEqual(answer);
  return answer;
}

async function pull(world: ServerWorld, request: Parameters<typeof makePull>[0]) {
  const answer = expectOk(await world.api.pull(world.accountId, makePull(request)));
  expect(v.parse(pullAnswerSchema, answer)).toEqual(answer);
  return answer;
}

async function history(world: ServerWorld, id: string) {
  const answer = expectOk(await world.api.history(world.accountId, 'note', id));
  expect(v.parse(historyAnswerSchema, answer)).toEqual(answer);
  return answer;
}

const named = (op: Op, seq: number) => ({ kind: 'note', id: op.id, version: op.opId, seq, hash: op.hash });
const versions = (changes: readonly { readonly version: string }[]) => changes.map((change) => change.version);

describe('a body that no longer matches its hash', () => {
  test('is left out of a pull, named as damaged, and reported; the others come', async () => {
    const { world, met, damage } = await createBreakableWorld();
    const ops = [makeOp(), makeOp(), makeOp()] as const;
    await push(world, ops);
    damage(flipBody, ops[1].opId);
    const answer = await pull(world, { cursor: 0 });
    expect(versions(answer.changes)).toEqual([ops[0].opId, ops[2].opId]);
    expect(answer).toMatchObject({ seq: 3, more: false, damaged: [named(ops[1], 2)] });
    expect(met).toEqual([2]);
  });

  test('is never served, whatever of its row was damaged', async () => {
    const lies: readonly string[] = [
      flipBody,
      `update versions set body = null where op_id = ?`,
      `update versions set body = '' where op_id = ?`,
      `update versions set body = x'00ff' where op_id = ?`,
      `update versions set deleted = 1 where op_id = ?`,
      `update versions set deleted = 1, body = null where op_id = ?`,
      `update versions set last_updated = 'x' where op_id = ?`,
      `update versions set device_id = 'x' where op_id = ?`,
      `update versions set v = -1 where op_id = ?`,
      `update versions set kind = 'n\u0001te' where op_id = ?`,
      `update versions set id = 'x' where op_id = ?`,
      `delete from versions where op_id = ?`,
    ];
    for (const lie of lies) {
      const { world, damage } = await createBreakableWorld();
      const ops = [makeOp(), makeOp()] as const;
      await push(world, ops);
      damage(lie, ops[0].opId);
      const answer = await pull(world, { cursor: 0 });
      expect([lie, versions(answer.changes)]).toEqual([lie, [ops[1].opId]]);
      expect([lie, answer.damaged]).toEqual([lie, [named(ops[0], 1)]]);
      // The device that has it brings it back, or, where the row itself is gone, can at least write on.
      if (!lie.startsWith('delete')) continue;
      const later = makeOp({ id: ops[0].id, base: ops[0].opId });
      expect((await push(world, [later])).results).toMatchObject([{ type: 'applied' }]);
    }
  });

  test('whose hash alone was damaged is served with the hash that it has', async () => {
    for (const table of ['versions', 'entities']) {
      const { world, damage } = await createBreakableWorld();
      const op = makeOp();
      await push(world, [op]);
      damage(`update ${table} set hash = ?`, hashText('another'));
      const answer = await pull(world, { cursor: 0 });
      expect(answer.changes).toMatchObject([{ version: op.opId, hash: op.hash, body: op.body }]);
      expect(answer.damaged).toBeUndefined();
    }
  });

  test('does not stop a pull by pages: each page with more has a change, and none is lost', async () => {
    const { world, damage } = await createBreakableWorld();
    const ops = Array.from({ length: 9 }, () => makeOp());
    await push(world, ops);
    for (const at of [0, 1, 2, 4, 7, 8]) damage(flipBody, ops[at]?.opId ?? '');
    const sound = [3, 5, 6].map((at) => ops[at]?.opId);
    for (const limit of [1, 2, 3, 9]) {
      const all: string[] = [];
      let cursor = 0;
      for (let more = true; more; ) {
        const answer = await pull(world, { cursor, limit });
        expect(answer.more && answer.changes.length === 0).toBe(false);
        all.push(...versions(answer.changes));
        expect(answer.damaged?.length).toBeGreaterThan(0);
        cursor = answer.changes.at(-1)?.seq ?? answer.seq;
        ({ more } = answer);
      }
      expect(all).toEqual(sound);
      expect((await pull(world, { before: 4, limit })).changes).toEqual([]);
      const keys = ops.map((op): [string, string] => ['note', op.id]);
      expect((await pull(world, { keys, limit: limit + 100 })).changes).toHaveLength(3);
    }
  });

  test('is asked for in every later answer until a device has pushed its copy, and then served again', async () => {
    const { world, met, damage } = await createBreakableWorld();
    const ops = [makeOp(), makeOp()] as const;
    await push(world, ops);
    damage(flipBody, ops[0].opId);
    await pull(world, { cursor: 0 });
    // Also where the damaged version is not in the page, and after a push of something else.
    expect((await pull(world, { cursor: 2 })).damaged).toEqual([named(ops[0], 1)]);
    expect((await push(world, [makeOp()])).damaged).toEqual([named(ops[0], 1)]);
    const again = await push(world, [ops[0]]);
    expect(again.results).toMatchObject([{ type: 'applied', opId: ops[0].opId, rev: 1, seq: 1 }]);
    expect(again.damaged).toBeUndefined();
    const healed = await pull(world, { cursor: 0 });
    expect(healed.changes[0]).toMatchObject({ version: ops[0].opId, body: ops[0].body, deviceId: world.deviceId, seq: 1 });
    expect(healed.damaged).toBeUndefined();
    expect((await push(world, [ops[0]])).results).toEqual(again.results);
    expect(met).toEqual([1]);
  });

  test('is not replaced by another body under the same id, nor a good one by a second copy', async () => {
    const { world, damage } = await createBreakableWorld();
    const op = makeOp();
    await push(world, [op]);
    const other = { ...op, body: 'another', hash: hashText('another') };
    expect((await push(world, [other])).results).toMatchObject([{ type: 'rejected', reason: 'op-reused' }]);
    damage(flipBody, op.opId);
    expect((await push(world, [other])).results).toMatchObject([{ type: 'rejected', reason: 'op-reused' }]);
    expect((await push(world, [{ ...op, body: 'another' }])).results).toMatchObject([{ reason: 'hash-mismatch' }]);
    expect((await pull(world, { cursor: 0 })).changes).toEqual([]);
  });

  test('in conflict with an op is not said to be missing: the op is rejected, and names what is damaged', async () => {
    const { world, met, damage } = await createBreakableWorld();
    const [first, second] = [makeOp(), makeOp()];
    await push(world, [first, second]);
    damage(flipBody, first.opId);
    const [late, fine] = [makeOp({ id: first.id, base: null }), makeOp({ id: second.id, base: newId() })];
    const { results } = await push(world, [late, fine]);
    expect(results).toMatchObject([
      { type: 'rejected', opId: late.opId, reason: 'hash-mismatch', damaged: named(first, 1) },
      { type: 'conflict', current: { version: second.opId } },
    ]);
    expect(met).toEqual([1]);
    await push(world, [first]);
    expect((await push(world, [late])).results).toMatchObject([{ type: 'conflict', current: { body: first.body } }]);
  });

  test('built on by the device that has it makes room for the new version', async () => {
    const { world, damage } = await createBreakableWorld();
    const op = makeOp();
    await push(world, [op]);
    damage(flipBody, op.opId);
    await pull(world, { cursor: 0 });
    const next = await push(world, [makeOp({ id: op.id, base: op.opId })]);
    expect(next).toMatchObject({ results: [{ type: 'applied', rev: 2 }] });
    expect(next.damaged).toBeUndefined();
  });

  test('is left out of a history, and named there', async () => {
    const { world, damage } = await createBreakableWorld();
    const first = makeOp();
    const second = makeOp({ id: first.id, base: first.opId });
    await push(world, [first, second]);
    damage(flipBody, first.opId);
    const answer = await history(world, first.id);
    expect(versions(answer.versions)).toEqual([second.opId]);
    expect(answer.damaged).toEqual([named(first, 1)]);
    await push(world, [first]);
    expect(versions((await history(world, first.id)).versions)).toEqual([second.opId, first.opId]);
  });
});

test('a body that was let go stays gone when its op is pushed again', async () => {
  const { world } = await createBreakableWorld();
  const ops: Op[] = [];
  const id = newId();
  for (let index = 0; index < 25; index++) ops.push(makeOp({ id, base: ops.at(-1)?.opId ?? null, body: `text ${index}` }));
  await push(world, ops);
  expect((await push(world, ops.slice(0, 1))).results).toMatchObject([{ type: 'applied', seq: 1 }]);
  expect((await history(world, id)).versions).toHaveLength(20);
});
