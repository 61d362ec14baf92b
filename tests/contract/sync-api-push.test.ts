import * as v from 'valibot';
import { describe, expect, test } from 'vitest';
import { hashText } from '#core/hash.ts';
import { MAX_LINEAGE, tailOf } from '#core/lineage.ts';
import { errorAnswerSchema, type Op, type PushResult, pushAnswerSchema, type RemoteEntity } from '#core/protocol.ts';
import type { Result } from '#core/result.ts';
import { createSyncApi } from '#server/api/sync-api.ts';
import { defaultLimits } from '#server/limits.ts';
import type { Refusal } from '#server/refusal.ts';
import { rotateEpochs } from '#server/upkeep/restored.ts';
import {
  createServerWorld,
  createTestRandom,
  expectErr,
  expectOk,
  makeEnter,
  makeOp,
  makePull,
  makePush,
  newId,
  openTestStorage,
  type ServerWorld,
  START_MS,
} from '#support/server-world.ts';

const NIL = '00000000-0000-0000-0000-000000000000';

async function pushAll(world: ServerWorld, ops: readonly unknown[], past = {}): Promise<readonly PushResult[]> {
  const answer = expectOk(await world.api.push(world.accountId, world.deviceId, makePush(ops, past)));
  // Everything that goes out is what the protocol says.
  expect(v.parse(pushAnswerSchema, answer)).toEqual(answer);
  return answer.results;
}

/** `count` versions of one note, each built on the one before. */
function makeChain(count: number, first: Partial<Op> = {}): readonly Op[] {
  const id = newId();
  const ops: Op[] = [];
  for (let index = 0; index < count; index++)
    ops.push(makeOp({ id, body: `version ${index}`, ...first, base: ops.at(-1)?.opId ?? null }));
  return ops;
}

async function pullAll(world: ServerWorld) {
  return expectOk(await world.api.pull(world.accountId, makePull({ cursor: 0 }))).changes;
}

describe('applying', () => {
  test('an op on a new entity becomes its first version, stamped with device, order and time', async () => {
    const world = await createServerWorld();
    const op = makeOp({ blobs: [hashText('picture')] });
    const results = await pushAll(world, [op]);
    expect(results).toEqual([{ type: 'applied', opId: op.opId, rev: 1, seq: 1, acceptedAt: START_MS, missingBlobs: op.blobs }]);
    const { opId, base: _base, blobs: _blobs, ...entity } = op;
    const expected = { ...entity, version: opId, rev: 1, seq: 1, deviceId: world.deviceId, acceptedAt: START_MS };
    expect(await pullAll(world)).toEqual([expected]);
  });

  test('what a body refers to is named, also where the op of an earlier app does not say so', async () => {
    const world = await createServerWorld();
    const [said, unsaid] = [hashText('said'), hashText('unsaid')];
    const body = `{"fields":{"text":"![](files/${unsaid}.png) files/${said}"},"stamps":{}}`;
    const [result] = await pushAll(world, [makeOp({ body, blobs: [said] })]);
    expect(result).toMatchObject({ missingBlobs: [said, unsaid] });
    const named = expectOk(await world.storage.read((reader) => reader.namedBlobs(world.accountId, 0, 10)));
    expect(named).toEqual([{ seq: 1, hashes: [said, unsaid] }]);
  });

  test('ops built on each other apply in one push and in several alike', async () => {
    const world = await createServerWorld();
    const [first, second, third] = makeChain(3);
    expect((await pushAll(world, [first, second])).map((result) => result.type)).toEqual(['applied', 'applied']);
    expect(await pushAll(world, [third])).toMatchObject([{ type: 'applied', rev: 3, seq: 3 }]);
    expect(await pullAll(world)).toMatchObject([{ version: third?.opId, rev: 3, seq: 3 }]);
  });

  test('a tombstone is a version like any other: it stays, and can be built on', async () => {
    const world = await createServerWorld();
    const [first] = makeChain(1);
    const gone = makeOp({ id: first?.id ?? '', base: first?.opId ?? '', body: null });
    expect(await pushAll(world, [first, gone])).toMatchObject([{ type: 'applied' }, { type: 'applied', rev: 2 }]);
    expect(await pullAll(world)).toMatchObject([{ deleted: true, body: null, version: gone.opId }]);
    const back = makeOp({ id: gone.id, base: gone.opId, body: 'back again' });
    expect(await pushAll(world, [back])).toMatchObject([{ type: 'applied', rev: 3 }]);
    expect(await pullAll(world)).toMatchObject([{ deleted: false, body: 'back again' }]);
  });

  test('the answer carries the epoch, the newest position and the time', async () => {
    const world = await createServerWorld();
    const op = makeOp();
    world.clock.advance(1234);
    const answer = expectOk(await world.api.push(world.accountId, world.deviceId, makePush([op])));
    expect(answer).toMatchObject({ seen: { seq: 1, opId: op.opId }, now: START_MS + 1234 });
    const empty = expectOk(await world.api.push(world.accountId, world.deviceId, makePush([])));
    expect(empty).toEqual({ ...answer, results: [] });
  });

  test('the commit is announced once per push that moved the counter', async () => {
    const commits: unknown[] = [];
    const world = await createServerWorld({ onCommit: (...commit) => commits.push(commit) });
    const [first, second] = makeChain(2);
    await pushAll(world, [first, second]);
    await pushAll(world, [makeOp({ id: first?.id ?? '' }), { not: 'an op' }]);
    expect(commits).toEqual([[world.accountId, 2]]);
  });

  test('a kind that nobody knows, and members that this server does not know, are taken', async () => {
    const world = await createServerWorld();
    const op = { ...makeOp({ kind: 'from-the-future', v: 99 }), unheardOf: { of: 1 } };
    expect(await pushAll(world, [op])).toMatchObject([{ type: 'applied' }]);
    expect(await pullAll(world)).toMatchObject([{ kind: 'from-the-future', v: 99, body: op.body }]);
  });
});

describe('repeating', () => {
  test('an op that was applied is answered as then, and changes nothing', async () => {
    const world = await createServerWorld();
    const [first, second] = makeChain(2, { blobs: [hashText('b')] });
    const before = await pushAll(world, [first]);
    await pushAll(world, [second]);
    world.clock.advance(60_000);
    expect(await pushAll(world, [first])).toEqual(before);
    expect(await pullAll(world)).toMatchObject([{ version: second?.opId, rev: 2 }]);
  });

  test('the same op twice in one push has one effect', async () => {
    const world = await createServerWorld();
    const op = makeOp();
    const [one, two] = await pushAll(world, [op, op]);
    expect(one).toEqual(two);
    expect(await pullAll(world)).toHaveLength(1);
  });

  test('an op that was a conflict is tried again, for the answer to that was not kept', async () => {
    const world = await createServerWorld();
    const [first, second] = makeChain(2);
    expect(await pushAll(world, [second])).toMatchObject([{ type: 'conflict', current: null }]);
    expect(await pushAll(world, [first, second])).toMatchObject([{ type: 'applied' }, { type: 'applied' }]);
  });

  test.each([
    ['another body', { body: 'other', hash: hashText('other') }],
    ['another entity', { id: newId() }],
    ['another kind', { kind: 'chat' }],
  ])('an op id never names %s', async (_what, change) => {
    const world = await createServerWorld();
    const op = makeOp();
    await pushAll(world, [op]);
    expect(await pushAll(world, [{ ...op, ...change }])).toEqual([{ type: 'rejected', opId: op.opId, reason: 'op-reused' }]);
    expect(await pullAll(world)).toMatchObject([{ body: op.body, rev: 1 }]);
  });

  test('an empty body and a tombstone share their hash, but not an op id', async () => {
    const world = await createServerWorld();
    const op = makeOp({ body: '' });
    await pushAll(world, [op]);
    expect(await pushAll(world, [{ ...op, body: null, deleted: true }])).toMatchObject([{ reason: 'op-reused' }]);
  });
});

describe('conflicts', () => {
  test('an op on an older version is answered with what is current and its ancestors', async () => {
    const world = await createServerWorld();
    const chain = makeChain(3);
    await pushAll(world, chain);
    const late = makeOp({ id: chain[0]?.id ?? '', base: chain[0]?.opId ?? '' });
    const [pulled] = await pullAll(world);
    // The lineage beside a conflict says whole what a pull names in short.
    const { ancestors, ...current } = pulled as RemoteEntity;
    const lineage = chain.slice(0, 2).map((op) => op.opId);
    expect(ancestors).toBe(lineage.map(tailOf).join(''));
    expect(await pushAll(world, [late])).toEqual([{ type: 'conflict', opId: late.opId, current, lineage }]);
    expect(await pullAll(world)).toEqual([pulled]);
  });

  test('the lineage goes back twenty versions, oldest first', async () => {
    const world = await createServerWorld();
    const chain = makeChain(30);
    await pushAll(world, chain);
    const [result] = await pushAll(world, [makeOp({ id: chain[0]?.id ?? '' })]);
    const expected = chain.slice(29 - MAX_LINEAGE, 29).map((op) => op.opId);
    expect(result).toMatchObject({ type: 'conflict', lineage: expected });
  });

  test('a base for an entity that the server does not have is a conflict with nothing', async () => {
    const world = await createServerWorld();
    const op = makeOp({ base: newId() });
    expect(await pushAll(world, [op])).toEqual([{ type: 'conflict', opId: op.opId, current: null, lineage: [] }]);
    expect(await pullAll(world)).toEqual([]);
  });

  test('a conflict names what is current when the push has committed', async () => {
    const world = await createServerWorld();
    const [first, second] = makeChain(2);
    await pushAll(world, [first]);
    const late = makeOp({ id: first?.id ?? '' });
    expect(await pushAll(world, [late, second])).toMatchObject([
      { type: 'conflict', current: { version: second?.opId, rev: 2 }, lineage: [first?.opId] },
      { type: 'applied' },
    ]);
  });

  test('conflicts whose answers together would be too large ask for smaller pushes; one alone is answered', async () => {
    const world = await createServerWorld({ limits: { maxAnswerBytes: 1000 } });
    const theirs = [makeOp({ body: 'x'.repeat(800) }), makeOp({ body: 'y'.repeat(800) })];
    await pushAll(world, theirs);
    const mine = theirs.map((op) => makeOp({ id: op.id }));
    const refused = expectErr(await world.api.push(world.accountId, world.deviceId, makePush([...mine, makeOp()])));
    expect(refused).toMatchObject({ status: 413, error: { type: 'too-large' } });
    expect(await pullAll(world)).toHaveLength(1);
    for (const op of mine) expect(await pushAll(world, [op])).toMatchObject([{ type: 'conflict' }]);
  });
});

describe('rejecting one op and taking the rest', () => {
  const good = makeOp();
  const bad: readonly (readonly [what: string, op: unknown, expected: Partial<PushResult>])[] = [
    ['no op at all', 7, { opId: NIL, reason: 'malformed' }],
    ['null', null, { opId: NIL, reason: 'malformed' }],
    ['an unreadable op id', { ...good, opId: 'ABC' }, { opId: NIL, reason: 'malformed' }],
    ['an upper-case op id', { ...good, opId: good.opId.toUpperCase() }, { opId: NIL, reason: 'malformed' }],
    ['a missing member', { ...good, hash: undefined }, { opId: good.opId, reason: 'malformed' }],
    ['a path for a kind', { ...good, kind: '../note' }, { opId: good.opId, reason: 'malformed' }],
    ['an id that is no UUID', { ...good, id: "1' or 1=1" }, { opId: good.opId, reason: 'malformed' }],
    ['a base that is no UUID', { ...good, base: 'x' }, { opId: good.opId, reason: 'malformed' }],
    ['a stamp that is none', { ...good, lastUpdated: '2026-01-01' }, { opId: good.opId, reason: 'malformed' }],
    ['a body without its hash', { ...good, body: 'other' }, { opId: good.opId, reason: 'hash-mismatch' }],
    ['a deleted body', { ...good, deleted: true }, { opId: good.opId, reason: 'malformed' }],
    ['no body, not deleted', { ...good, body: null, hash: hashText('') }, { opId: good.opId, reason: 'malformed' }],
    [
      'half a surrogate pair',
      { ...good, body: 'a\ud800b', hash: hashText('a\ud800b') },
      { opId: good.opId, reason: 'malformed' },
    ],
    ['a body that is too long', { ...good, body: 'x'.repeat(2001) }, { opId: good.opId, reason: 'too-big' }],
    ['a fractional version', { ...good, v: 1.5 }, { opId: good.opId, reason: 'malformed' }],
    ['a nested body', { ...good, body: { fields: {} } }, { opId: good.opId, reason: 'malformed' }],
    ['a list of things that are no hashes', { ...good, blobs: ['x'] }, { opId: good.opId, reason: 'malformed' }],
  ];

  test.each(bad)('%s', async (_what, op, expected) => {
    const world = await createServerWorld({ limits: { maxBodyChars: 2000 } });
    const [before, after] = [makeOp(), makeOp()];
    const results = await pushAll(world, [before, op, after]);
    expect(results).toMatchObject([
      { type: 'applied', seq: 1 },
      { type: 'rejected', ...expected },
      { type: 'applied', seq: 2 },
    ]);
    expect((await pullAll(world)).map((entity) => entity.version)).toEqual([before.opId, after.opId]);
    // The id was not used up: the right op by that id is applied.
    expect(await pushAll(world, [good])).toMatchObject([{ type: 'applied', seq: 3 }]);
  });
});

describe('quota', () => {
  test('what would go over it is rejected, what shrinks or deletes passes, and room made is room', async () => {
    const world = await createServerWorld({ limits: { quotaBytes: 1000 } });
    const big = makeOp({ body: 'x'.repeat(900) });
    const more = makeOp({ body: 'y'.repeat(101) });
    expect(await pushAll(world, [big, more])).toMatchObject([{ type: 'applied' }, { type: 'rejected', reason: 'over-quota' }]);

    const same = makeOp({ id: big.id, base: big.opId, body: 'z'.repeat(900) });
    const shrunk = makeOp({ id: big.id, base: same.opId, body: 'z'.repeat(899) });
    const exact = makeOp({ body: 'y'.repeat(101) });
    expect(await pushAll(world, [same, shrunk, exact])).toMatchObject([
      { type: 'applied' },
      { type: 'applied' },
      { type: 'applied' },
    ]);
    expect(await pushAll(world, [makeOp({ body: 'y' })])).toMatchObject([{ reason: 'over-quota' }]);

    const gone = makeOp({ id: big.id, base: shrunk.opId, body: null });
    expect(await pushAll(world, [gone, makeOp({ body: 'y'.repeat(800) })])).toMatchObject([
      { type: 'applied' },
      { type: 'applied' },
    ]);
  });

  test('an account above a quota that was lowered may still delete and shrink, and push what is no larger', async () => {
    const before = await createServerWorld();
    const [one, two] = [makeOp({ body: 'x'.repeat(900) }), makeOp({ body: 'y'.repeat(900) })];
    await pushAll(before, [one, two]);
    const { storage, clock } = before;
    const api = createSyncApi({ storage, clock, random: createTestRandom(), limits: { ...defaultLimits, quotaBytes: 100 } });
    const world = { ...before, api };
    const shrunk = makeOp({ id: one.id, base: one.opId, body: 'x'.repeat(800) });
    const same = makeOp({ id: one.id, base: shrunk.opId, body: 'z'.repeat(800) });
    const gone = makeOp({ id: two.id, base: two.opId, body: null });
    const grown = makeOp({ id: one.id, base: same.opId, body: 'x'.repeat(801) });
    const results = await pushAll(world, [shrunk, same, gone, grown]);
    expect(results).toMatchObject([{ type: 'applied' }, { type: 'applied' }, { type: 'applied' }, { reason: 'over-quota' }]);
  });

  test('bytes are counted, not characters', async () => {
    const world = await createServerWorld({ limits: { quotaBytes: 1000 } });
    expect(await pushAll(world, [makeOp({ body: 'ß'.repeat(501) })])).toMatchObject([{ reason: 'over-quota' }]);
    expect(await pushAll(world, [makeOp({ body: 'ß'.repeat(500) })])).toMatchObject([{ type: 'applied' }]);
  });

  test('a growing op on a full account is rejected, and a repeated applied op is not', async () => {
    const world = await createServerWorld({ limits: { quotaBytes: 1000 } });
    const big = makeOp({ body: 'x'.repeat(1000) });
    await pushAll(world, [big]);
    const grown = makeOp({ id: big.id, base: big.opId, body: 'x'.repeat(1001) });
    expect(await pushAll(world, [grown, big])).toMatchObject([{ reason: 'over-quota' }, { type: 'applied', seq: 1 }]);
  });

  test('a full disk refuses the push whole', async () => {
    const storage = await openTestStorage({ path: ':memory:' }, { maxBytes: 400_000 });
    const world = await createServerWorld({ storage });
    const [kept, lost] = [makeOp(), makeOp({ body: 'x'.repeat(1_000_000) })];
    await pushAll(world, [kept]);
    const refused = expectErr(await world.api.push(world.accountId, world.deviceId, makePush([makeOp(), lost])));
    expect(refused).toMatchObject({ status: 507, error: { type: 'over-quota' } });
    expect(await pullAll(world)).toHaveLength(1);
  });
});

describe('another past', () => {
  const calls: { readonly [name: string]: (world: ServerWorld, past: object) => Promise<Result<unknown, Refusal>> } = {
    push: (world, past) => world.api.push(world.accountId, world.deviceId, makePush([makeOp()], past)),
    pull: (world, past) => world.api.pull(world.accountId, makePull({ cursor: 0, ...past })),
  };

  describe.each(Object.entries(calls))('%s', (_name, call) => {
    async function worldWithOps() {
      const world = await createServerWorld();
      const ops = makeChain(3);
      const answer = expectOk(await world.api.push(world.accountId, world.deviceId, makePush(ops)));
      return { world, ops, epoch: answer.epoch };
    }

    test('what the device saw is in the log: it goes on', async () => {
      const { world, ops, epoch } = await worldWithOps();
      for (const seq of [1, 2, 3]) expectOk(await call(world, { epoch, seen: { seq, opId: ops[seq - 1]?.opId } }));
      expectOk(await call(world, { epoch: null, seen: null }));
      expectOk(await call(world, { epoch, seen: null }));
    });

    test.each([
      ['another epoch', 'epoch', { epoch: newId(), seen: null }],
      ['a position ahead of the log', 'ahead', { seen: { seq: 4, opId: newId() } }],
      ['another op at the newest position', 'diverged', { seen: { seq: 3, opId: newId() } }],
      ['another op at an older position', 'diverged', { seen: { seq: 2, opId: newId() } }],
      ['a position before the first', 'diverged', { seen: { seq: 0, opId: newId() } }],
    ])('%s asks for reconcile, names the epoch, and has no effect', async (_what, reason, past) => {
      const { world, epoch } = await worldWithOps();
      const refused = expectErr(await call(world, { epoch, ...past }));
      expect(refused).toMatchObject({ status: 409, error: { type: 'reconcile', reason } });
      expect(v.is(errorAnswerSchema, refused.error)).toBe(true);
      // Who knew this epoch and has seen more than it holds begins a new one; who knew another learns of this one.
      const now = expectOk(await world.api.manifest(world.accountId, { after: null, limit: 1 })).epoch;
      expect(refused.error.epoch).toBe(now);
      expect(now === epoch).toBe(reason === 'epoch');
      expect(await pullAll(world)).toHaveLength(1);
    });
  });

  test('a server put back to an older copy notices each device that had seen more', async () => {
    const storage = await openTestStorage();
    const world = await createServerWorld({ storage });
    const [first, second, third] = makeChain(3);
    await pushAll(world, [first]);
    const copy = storage.serialize();
    const { seen, epoch } = expectOk(await world.api.push(world.accountId, world.deviceId, makePush([second])));

    const restored = await createServerWorld({ storage: await openTestStorage({ from: copy }) });
    const again = { ...restored, accountId: world.accountId };
    const refused = expectErr(await again.api.push(world.accountId, world.deviceId, makePush([third], { epoch, seen })));
    expect(refused).toMatchObject({ status: 409, error: { type: 'reconcile', reason: 'ahead' } });
    // So is another one that had seen as much, also when what it saw has come to the same place again behind other changes.
    await pushAll(again, [second]);
    const late = expectErr(await again.api.push(world.accountId, world.deviceId, makePush([third], { epoch, seen })));
    expect(late.error).toMatchObject({ type: 'reconcile', reason: 'epoch', epoch: refused.error.epoch });
  });

  test('a server put back to an older copy is noticed when another device has meanwhile moved the counter as far', async () => {
    const storage = await openTestStorage();
    const world = await createServerWorld({ storage });
    const [first, second, third] = makeChain(3);
    await pushAll(world, [first]);
    const copy = storage.serialize();
    const { seen, epoch } = expectOk(await world.api.push(world.accountId, world.deviceId, makePush([second])));
    const restored = await createServerWorld({ storage: await openTestStorage({ from: copy }) });
    const again = { ...restored, accountId: world.accountId };
    // A device that had seen no more than the copy holds goes on.
    expectOk(await again.api.pull(world.accountId, makePull({ cursor: 1, epoch, seen: { seq: 1, opId: first?.opId ?? '' } })));
    await pushAll(again, [makeOp()]);
    const late = expectErr(await again.api.push(world.accountId, world.deviceId, makePush([third], { epoch, seen })));
    expect(late.error).toMatchObject({ type: 'reconcile', reason: 'diverged' });
  });

  test('a rotated epoch is noticed by all', async () => {
    const world = await createServerWorld();
    const { seen, epoch } = expectOk(await world.api.push(world.accountId, world.deviceId, makePush([makeOp()])));
    await rotateEpochs({ ...world, random: createTestRandom() });
    const refused = expectErr(await world.api.pull(world.accountId, makePull({ cursor: 1, epoch, seen })));
    expect(refused.error).toMatchObject({ type: 'reconcile', reason: 'epoch' });
    expect(refused.error.epoch).not.toBe(epoch);
    expectOk(await world.api.pull(world.accountId, makePull({ cursor: 1, epoch: refused.error.epoch ?? null, seen })));
  });
});

test('accounts do not meet: the same op under another account is another op', async () => {
  const world = await createServerWorld();
  const other = makeEnter();
  expectOk(await world.api.enter(other));
  const op = makeOp();
  await pushAll(world, [op]);
  const stranger = { ...world, accountId: other.accountId, deviceId: other.deviceId };
  expect(await pullAll(stranger)).toEqual([]);
  expect(await pushAll(stranger, [{ ...op, body: 'theirs', hash: hashText('theirs') }])).toMatchObject([
    { type: 'applied', seq: 1 },
  ]);
  expect(await pullAll(world)).toMatchObject([{ body: op.body }]);
});

test('a push to an account that is not there is refused', async () => {
  const world = await createServerWorld();
  expect(expectErr(await world.api.push(newId(), world.deviceId, makePush([makeOp()])))).toMatchObject({ status: 401 });
});

test('push, pull, manifest and enter run on microtasks only, so that a simulation can schedule them', async () => {
  const world = await createServerWorld();
  let turned = false;
  setImmediate(() => {
    turned = true;
  });
  await pushAll(world, makeChain(30));
  await pullAll(world);
  expectOk(await world.api.manifest(world.accountId, { after: null, limit: 100 }));
  expectOk(await world.api.enter(makeEnter()));
  expectOk(await world.api.authenticate(world.accountId, world.token));
  expect(turned).toBe(false);
});
