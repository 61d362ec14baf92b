import * as v from 'valibot';
import { describe, expect, test } from 'vitest';
import { hashText } from '#core/hash.ts';
import { manifestBuckets } from '#core/manifest-digest.ts';
import {
  historyAnswerSchema,
  type ManifestEntry,
  manifestAnswerSchema,
  type Op,
  pullAnswerSchema,
  type RemoteEntity,
} from '#core/protocol.ts';
import {
  createServerWorld,
  expectErr,
  expectOk,
  makeOp,
  makePull,
  makePush,
  newId,
  type ServerWorld,
} from '#support/server-world.ts';

async function push(world: ServerWorld, ops: readonly Op[]): Promise<void> {
  const answer = expectOk(await world.api.push(world.accountId, world.deviceId, makePush(ops)));
  expect(answer.results.map((result) => result.type)).toEqual(ops.map(() => 'applied'));
}

async function pull(world: ServerWorld, request: Parameters<typeof makePull>[0]) {
  const answer = expectOk(await world.api.pull(world.accountId, makePull(request)));
  expect(v.parse(pullAnswerSchema, answer)).toEqual(answer);
  return answer;
}

const versions = (entities: readonly { readonly version: string }[]) => entities.map((entity) => entity.version);

/** Five notes; the second was changed after all others, the third deleted after that. */
async function createFiveNotes() {
  const world = await createServerWorld();
  const made = Array.from({ length: 5 }, () => makeOp());
  await push(world, made);
  const [first, second, third, fourth, fifth] = made as [Op, Op, Op, Op, Op];
  const changed = makeOp({ id: second.id, base: second.opId });
  const gone = makeOp({ id: third.id, base: third.opId, body: null });
  await push(world, [changed, gone]);
  return { world, inOrder: [first, fourth, fifth, changed, gone].map((op) => op.opId), made };
}

describe('pull after a cursor', () => {
  test('gives the latest state of each entity once, in the order of commits, tombstones too', async () => {
    const { world, inOrder } = await createFiveNotes();
    const answer = await pull(world, { cursor: 0 });
    expect(versions(answer.changes)).toEqual(inOrder);
    expect(answer).toMatchObject({ seq: 7, more: false, seen: { seq: 7, opId: inOrder.at(-1) } });
    expect(answer.changes.at(-1)).toMatchObject({ deleted: true, body: null });
    expect(versions((await pull(world, { cursor: 5 })).changes)).toEqual(inOrder.slice(3));
    expect((await pull(world, { cursor: 7 })).changes).toEqual([]);
  });

  test.each([1, 2, 3, 4, 5, 6])('pages of %i bring everything once', async (limit) => {
    const { world, inOrder } = await createFiveNotes();
    const all: RemoteEntity[] = [];
    let more = true;
    for (let round = 0; more && round < 10; round++) {
      const answer = await pull(world, { cursor: all.at(-1)?.seq ?? 0, limit });
      expect(answer.changes.length).toBeLessThanOrEqual(limit);
      all.push(...answer.changes);
      more = answer.more;
    }
    expect(versions(all)).toEqual(inOrder);
    expect(more).toBe(false);
  });

  test('a page ends before it grows beyond maxBytes, but never before its first change', async () => {
    const world = await createServerWorld();
    const ops = ['x'.repeat(500), 'y'.repeat(400), 'z'.repeat(200), 'w'].map((body) => makeOp({ body }));
    await push(world, ops);
    const ids = ops.map((op) => op.opId);
    expect(await pull(world, { cursor: 0, maxBytes: 1 })).toMatchObject({ changes: [{ version: ids[0] }], more: true });
    expect(versions((await pull(world, { cursor: 0, maxBytes: 900 })).changes)).toEqual(ids.slice(0, 2));
    expect(versions((await pull(world, { cursor: 0, maxBytes: 1101 })).changes)).toEqual(ids);
  });

  test("the server's own limit of bytes holds, whatever is asked for", async () => {
    const world = await createServerWorld({ limits: { maxAnswerBytes: 100 } });
    await push(world, [makeOp({ body: 'x'.repeat(80) }), makeOp({ body: 'y'.repeat(80) })]);
    expect(await pull(world, { cursor: 0, maxBytes: 1_000_000 })).toMatchObject({ changes: [{ seq: 1 }], more: true });
  });
});

describe('pull before a position', () => {
  test('walks backwards, newest first, to the end', async () => {
    const { world, inOrder } = await createFiveNotes();
    const all: RemoteEntity[] = [];
    let more = true;
    for (let round = 0; more && round < 10; round++) {
      const answer = await pull(world, { before: all.at(-1)?.seq ?? Number.MAX_SAFE_INTEGER, limit: 2 });
      all.push(...answer.changes);
      more = answer.more;
    }
    expect(versions(all)).toEqual([...inOrder].reverse());
  });
});

describe('pull by keys', () => {
  test('gives exactly those that exist', async () => {
    const { world, made } = await createFiveNotes();
    const keys = [made[4], made[0]].map((op): [string, string] => ['note', op?.id ?? '']);
    const answer = await pull(world, { keys: [...keys, ['note', newId()], ['chat', made[1]?.id ?? '']] });
    expect(answer.changes.map((change) => change.id)).toEqual([made[0]?.id, made[4]?.id]);
    expect(answer.more).toBe(false);
    expect((await pull(world, { keys: [] })).changes).toEqual([]);
  });

  test('ends at maxBytes and says so', async () => {
    const { world, made } = await createFiveNotes();
    const keys = made.map((op): [string, string] => ['note', op.id]);
    expect(await pull(world, { keys, maxBytes: 1 })).toMatchObject({ changes: [{ seq: 1 }], more: true });
  });
});

test('a pull that asks for nothing, or for two things, is malformed', async () => {
  const world = await createServerWorld();
  for (const request of [{}, { cursor: 0, before: 5 }, { cursor: 0, keys: [] }]) {
    expect(expectErr(await world.api.pull(world.accountId, makePull(request)))).toMatchObject({
      status: 400,
      error: { type: 'malformed' },
    });
  }
});

describe('manifest', () => {
  async function readManifest(world: ServerWorld, limit: number) {
    const entries: ManifestEntry[] = [];
    let digest: readonly string[] | undefined;
    for (let round = 0; round < 20; round++) {
      const last = entries.at(-1);
      const answer = expectOk(await world.api.manifest(world.accountId, { after: last ? [last.kind, last.id] : null, limit }));
      expect(v.parse(manifestAnswerSchema, answer)).toEqual(answer);
      expect(answer.digest).toBeNull();
      expect(answer.buckets === undefined).toBe(round > 0);
      digest ??= answer.buckets;
      entries.push(...answer.entries);
      if (!answer.more) return { entries, digest, answer };
    }
    throw new Error('the manifest does not end');
  }

  test('lists every entity with version, hash and lineage; its digest is that of the entries', async () => {
    const { world, made } = await createFiveNotes();
    await push(world, [makeOp({ kind: 'note-board' }), makeOp({ kind: 'chat' })]);
    for (const limit of [1, 3, 7, 5000]) {
      const { entries, digest, answer } = await readManifest(world, limit);
      expect(entries.map((entry) => entry.kind)).toEqual(['chat', 'note', 'note', 'note', 'note', 'note', 'note-board']);
      expect(digest).toEqual(manifestBuckets(entries, hashText));
      expect(answer).toMatchObject({ count: 7, seq: 9 });
      expect(entries.find((entry) => entry.id === made[1]?.id)?.lineage).toEqual([made[1]?.opId]);
      expect(entries.find((entry) => entry.id === made[2]?.id)).toMatchObject({ deleted: true, lineage: [made[2]?.opId] });
    }
  });

  test('an empty account has an empty manifest', async () => {
    const { entries, digest, answer } = await readManifest(await createServerWorld(), 10);
    expect([entries, digest, answer.count]).toEqual([[], manifestBuckets([], hashText), 0]);
  });

  test('any change of any entity changes the digest', async () => {
    const { world, made } = await createFiveNotes();
    const before = (await readManifest(world, 10)).digest;
    await push(world, [makeOp({ id: made[0]?.id ?? '', base: made[0]?.opId ?? '', body: made[0]?.body ?? '' })]);
    expect((await readManifest(world, 10)).digest).not.toEqual(before);
  });
});

describe('history', () => {
  test('gives the kept versions with their bodies, newest first, twenty at most', async () => {
    const world = await createServerWorld();
    const id = newId();
    const ops: Op[] = [];
    for (let index = 0; index < 25; index++) ops.push(makeOp({ id, base: ops.at(-1)?.opId ?? null, body: `text ${index}` }));
    await push(world, ops);
    const answer = expectOk(await world.api.history(world.accountId, 'note', id));
    expect(v.parse(historyAnswerSchema, answer)).toEqual(answer);
    expect(answer.versions.map((version) => version.body)).toEqual(
      Array.from({ length: 20 }, (_, index) => `text ${24 - index}`),
    );
  });

  test('ends at the limit of bytes, and is empty for what is not there', async () => {
    const world = await createServerWorld({ limits: { maxAnswerBytes: 150 } });
    const first = makeOp({ body: 'x'.repeat(100) });
    await push(world, [first, makeOp({ id: first.id, base: first.opId, body: 'y'.repeat(100) })]);
    expect(expectOk(await world.api.history(world.accountId, 'note', first.id)).versions).toMatchObject([{ rev: 2 }]);
    expect(expectOk(await world.api.history(world.accountId, 'chat', first.id)).versions).toEqual([]);
  });
});
