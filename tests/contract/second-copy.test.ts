/** The second copy: what it holds of a workspace, how damage is passed over, and what a database that was lost gets back. */
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { encodeBody } from '#core/body.ts';
import type { Fields } from '#core/entity.ts';
import { hashText } from '#core/hash.ts';
import type { Kv } from '#core/ports.ts';
import type { Op, PushResult, RemoteEntity } from '#core/protocol.ts';
import { createMemoryKv } from '#store/kv/kv-memory.ts';
import { type WorkspaceTables, workspaceSchema } from '#store/schema/schema.ts';
import { nextFile } from '#store/second-copy/disk.ts';
import { createFollower } from '#store/second-copy/follower.ts';
import { openLog } from '#store/second-copy/log.ts';
import { decodeRecords, encodeRecord, replayUnsent, type UnsentRecord } from '#store/second-copy/record.ts';
import { restoreUnsent } from '#store/second-copy/restore.ts';
import { readUnsent } from '#store/second-copy/unsent.ts';
import type { StoreChange } from '#store/store.ts';
import { createMemoryCopyDisk, type MemoryCopyDisk } from '#support/memory-copy-disk.ts';
import { applied, mint, must, openWorld, position } from './store.ts';

const FOLDER = 'ws';
const memory = (): Kv<WorkspaceTables> => createMemoryKv(workspaceSchema);

let world: ReturnType<typeof openWorld>;
let disk: MemoryCopyDisk;

beforeEach(() => {
  world = openWorld(memory());
  disk = createMemoryCopyDisk();
});

/** Brings the copy up to date once. */
async function copyAll(): Promise<void> {
  const log = await openLog(disk, FOLDER);
  const clock = { setTimer: () => () => {} };
  const follower = createFollower({ kv: world.kv, log, clock, channel: { onMessage: () => () => {} }, onFailure: fail });
  await follower.flush();
  follower.stop();
  log.close();
}
const fail = (error: unknown): never => {
  throw error;
};
const held = async () => replayUnsent(await Promise.all((await disk.files(FOLDER)).map((file) => disk.read(FOLDER, file))));

/** The database is gone; a new one gets what the copy holds. */
async function loseDatabase() {
  const next = openWorld(memory());
  must(await restoreUnsent(next.kv, [...(await held()).values()]));
  return next;
}

const remote = (op: Op, title: string, seq: number, version = op.opId): RemoteEntity => {
  const body = encodeBody({ fields: { title, text: '' }, stamps: { title: op.lastUpdated, text: op.lastUpdated } });
  const { kind, id, v, lastUpdated } = op;
  return {
    kind,
    id,
    v,
    version,
    rev: seq,
    seq,
    lastUpdated,
    deviceId: mint(),
    deleted: false,
    body,
    hash: hashText(body),
    acceptedAt: 1,
  };
};

describe('the log of the second copy', () => {
  test('of a long queue that is sent meanwhile nothing is read, and what is typed then is copied all the same', async () => {
    const ids = [mint(), mint(), mint()];
    for (const id of ids) await world.save('note', id, { title: 'waits', text: '' });
    await copyAll();
    const timers = new Map<() => void, number>();
    const clock = {
      setTimer(ms: number, fire: () => void) {
        timers.set(fire, ms);
        return () => void timers.delete(fire);
      },
    };
    const fire = (ms: number): void => {
      for (const [timer, after] of [...timers]) {
        if (after !== ms || !timers.delete(timer)) continue;
        timer();
      }
    };
    const entitiesRead: string[] = [];
    const read: typeof world.kv.read = (reads) => {
      for (const one of Object.values(reads)) {
        if ('getMany' in one && one.getMany === 'entities') entitiesRead.push(...one.keys.map(String));
      }
      return world.kv.read(reads);
    };
    let hear: (message: StoreChange) => void = () => {};
    const channel = {
      onMessage(listener: (message: StoreChange) => void) {
        hear = listener;
        return () => {};
      },
    };
    const log = await openLog(disk, FOLDER);
    const follower = createFollower({ kv: { ...world.kv, read }, log, clock, channel, onFailure: fail });
    const changed = { type: 'changed', workspaceId: FOLDER, localSeq: 1 } as const;
    const ops = await world.claimAll();
    const typed = mint();
    await world.save('note', typed, { title: 'typed', text: '' });
    hear({ ...changed, keys: [['note', typed]] });
    fire(200);
    await vi.waitUntil(() => log.known.has(`note/${typed}`));
    expect(entitiesRead).toEqual([`note,${typed}`]);
    for (const [index, { opId }] of ops.entries())
      must(await world.sync.acknowledge([applied(opId, index + 1)], position(index + 1, opId)));
    hear({ ...changed, keys: null, kinds: ['note'] });
    fire(1000);
    await vi.waitUntil(() => log.known.size === 1);
    follower.stop();
    log.close();
    expect(new Set(entitiesRead)).toEqual(new Set([`note,${typed}`]));
    expect([...(await held()).keys()]).toEqual([`note/${typed}`]);
  });

  test('a line that was torn, cut or flipped is passed over, wherever the damage is, and the rest is used', async () => {
    const ids = [mint(), mint(), mint()];
    for (const [n, id] of ids.entries()) await world.save('note', id, { title: `note ${n}`, text: '' });
    const records = must(
      await readUnsent(
        world.kv,
        ids.map((id) => ['note', id] as const),
      ),
    ) as UnsentRecord[];
    const lines = records.map(encodeRecord);
    const text = lines.join('');
    expect(decodeRecords(text)).toEqual(records);
    const start = lines[0]?.length ?? 0;
    for (let at = start; at < start + (lines[1]?.length ?? 0); at++) {
      const flipped = text.slice(0, at) + String.fromCharCode(text.charCodeAt(at) ^ 1) + text.slice(at + 1);
      const left = decodeRecords(flipped);
      expect(left, `character ${at}`).toContainEqual(records[0]);
      expect(left, `character ${at}`).toContainEqual(records[2]);
      expect(left.every((record) => records.some((known) => JSON.stringify(known) === JSON.stringify(record)))).toBe(true);
      // A write that ended here, and the next one after it.
      const torn = decodeRecords(text.slice(0, at) + lines[2]);
      expect(torn).toContainEqual(records[0]);
      expect(torn).toContainEqual(records[2]);
    }
  });

  test('what is acknowledged is gone from it, and a log of which nothing is left is empty', async () => {
    const [kept, sent] = [mint(), mint()];
    await world.save('note', sent, { title: 'sent', text: '' });
    const [op] = await world.claimAll();
    await world.save('note', kept, { title: 'kept', text: '' });
    await copyAll();
    expect((await held()).size).toBe(2);
    must(await world.sync.acknowledge([applied(op?.opId ?? '', 1)], position(1, op?.opId ?? '')));
    await copyAll();
    expect([...(await held()).keys()]).toEqual([`note/${kept}`]);
    const [last] = await world.claimAll();
    must(await world.sync.acknowledge([applied(last?.opId ?? '', 2)], position(2, last?.opId ?? '')));
    await copyAll();
    expect([...disk.texts.values()]).toEqual(['']);
  });

  test('a log of a script whose characters take three bytes is compacted now and then, and not at every write', async () => {
    const { entity } = await world.save('note', mint(), { title: '語'.repeat(3000), text: '' });
    const [record] = must(await readUnsent(world.kv, [['note', entity.id]]));
    if (!record) return expect.fail('nothing waits');
    const log = await openLog(disk, FOLDER);
    const many = Array.from({ length: 400 }, () => ({ ...record, row: { ...record.row, id: mint() } }));
    for (let at = 0; at < many.length; at += 50) await log.write(many.slice(at, at + 50), []);
    const files = new Set<string>();
    for (let n = 0; n < 20; n++) {
      await log.write([{ ...record, row: { ...record.row, localSeq: n } }], []);
      for (const file of await disk.files(FOLDER)) files.add(file);
    }
    expect(files.size).toBeLessThanOrEqual(2);
    log.close();
    // The next context weighs what it finds in the same way.
    const next = await openLog(disk, FOLDER);
    for (let n = 0; n < 20; n++) {
      await next.write([{ ...record, row: { ...record.row, localSeq: n } }], []);
      for (const file of await disk.files(FOLDER)) files.add(file);
    }
    expect(files.size).toBeLessThanOrEqual(2);
    expect((await held()).size).toBe(401);
    next.close();
  });

  test('a compaction that the disk refuses keeps no other context from the log', async () => {
    const { entity } = await world.save('note', mint(), { title: 'x'.repeat(200_000), text: '' });
    const [record] = must(await readUnsent(world.kv, [['note', entity.id]]));
    if (!record) return expect.fail('nothing waits');
    const full: MemoryCopyDisk = {
      ...disk,
      async open(folder, file) {
        const opened = await disk.open(folder, file);
        const append = file === nextFile(undefined) ? opened.append : () => Promise.reject(new Error('full'));
        return {
          ...opened,
          append,
          get bytes() {
            return opened.bytes;
          },
        };
      },
    };
    const log = await openLog(full, FOLDER);
    await expect(async () => {
      for (let n = 0; n < 20; n++) await log.write([{ ...record, row: { ...record.row, localSeq: n } }], []);
    }).rejects.toThrow('full');
    log.close();
    const next = await openLog(disk, FOLDER);
    expect(next.known.size).toBe(1);
    next.close();
  });

  test('a compaction that was interrupted anywhere leaves everything readable', async () => {
    const id = mint();
    await world.save('note', id, { title: 'first', text: '' });
    await copyAll();
    const old = disk.texts.get(`${FOLDER}/${nextFile(undefined)}`) ?? '';
    const [record] = [...(await held()).values()];
    const whole = encodeRecord(record as UnsentRecord) + encodeRecord({ type: 'whole' });
    for (let end = 0; end <= whole.length; end++) {
      disk.texts.set(`${FOLDER}/${nextFile(nextFile(undefined))}`, whole.slice(0, end));
      disk.texts.set(`${FOLDER}/${nextFile(undefined)}`, old);
      expect([...(await held()).values()]).toEqual([record]);
    }
    await copyAll();
    expect(await disk.files(FOLDER)).toEqual(['00000003.log']);
    expect([...(await held()).values()]).toEqual([record]);
  });

  test('it does not grow with the edits of one note', async () => {
    const id = mint();
    let builtOn = 0;
    for (let n = 0; n < 60; n++) {
      const saved = await world.save('note', id, { text: `${n}`.padEnd(20_000, 'x') }, {}, builtOn);
      builtOn = saved.entity.localSeq;
      await copyAll();
    }
    const bytes = [...disk.texts.values()].reduce((sum, text) => sum + text.length, 0);
    expect(bytes).toBeLessThan(600_000);
    expect([...(await held()).values()][0]?.row.fields.text).toMatch(/^59x/);
  });
});

describe('a database that was lost gets back', () => {
  test('each unsent entity as it was: id, fields, stamps, base, op id', async () => {
    const [fresh, edited, gone] = [mint(), mint(), mint()];
    await world.save('note', edited, { title: 'on the server', text: '' });
    await world.save('note', gone, { title: 'to be deleted', text: '' });
    const ops = await world.claimAll();
    must(
      await world.sync.acknowledge(
        ops.map(({ opId }, n) => applied(opId, n + 1)),
        position(2, ops[1]?.opId ?? ''),
      ),
    );
    await world.save('note', edited, { title: 'edited here' }, { title: 'on the server' }, 1);
    await world.save('note', fresh, { title: 'never sent', text: 'words' });
    must(await world.store.purge('note', [gone]));
    await copyAll();
    const before = new Map(must(await world.kv.read({ rows: { list: 'entities', limit: 10 } })).rows.map((row) => [row.id, row]));
    const waiting = must(await world.kv.read({ outbox: { list: 'outbox', limit: 10 } })).outbox.map(({ opId }) => opId);

    const next = await loseDatabase();
    const { rows, outbox, bases } = must(
      await next.kv.read({
        rows: { list: 'entities', limit: 10 },
        outbox: { list: 'outbox', limit: 10 },
        bases: { list: 'bases', limit: 10 },
      }),
    );
    for (const row of rows) {
      const { fields, stamps, version, place, lastUpdated } = before.get(row.id) ?? {};
      expect(row).toMatchObject({ fields, stamps, version, place, lastUpdated });
    }
    expect(rows.map(({ id }) => id).sort()).toEqual([fresh, edited, gone].sort());
    expect(outbox.map(({ opId }) => opId).sort()).toEqual([...waiting].sort());
    expect(bases.map(({ id }) => id).sort()).toEqual([edited, gone].sort());
    const asked = must(await next.sync.unanswered());
    // A deletion passes the guard before it is sent, here as it would have there.
    const deleted = await next.claimAll();
    expect(deleted).toMatchObject([{ id: gone, deleted: true }]);
    expect(new Map([...asked, ...deleted].map(({ id, base }) => [id, base]))).toEqual(
      new Map([
        [fresh, null],
        [edited, ops[0]?.opId],
        [gone, ops[1]?.opId],
      ]),
    );
    // Put back again, after a kill half-way: nothing twice.
    expect(must(await restoreUnsent(next.kv, [...(await held()).values()]))).toBe(0);
  });

  test('what the server has acknowledged meanwhile does not come back as an edit', async () => {
    const id = mint();
    await world.save('note', id, { title: 'sent with no tab open', text: '' });
    await copyAll();
    const [op] = await world.claimAll();
    const next = await loseDatabase();
    expect(must(await next.sync.unanswered())).toEqual([op]);
    must(await next.sync.acknowledge([applied(op?.opId ?? '', 7)], position(9, mint())));
    expect(must(await next.store.summary())).toMatchObject({ pending: 0 });
    // Another device went on since.
    must(await next.sync.apply([remote(op as Op, 'newer on the server', 9, mint())], 9, position(9, mint())));
    expect(must(await next.store.get('note', id))?.fields.title).toBe('newer on the server');
    expect(must(await next.store.summary())).toMatchObject({ pending: 0 });
  });

  test('an op that the server has with a later body gives way to it', async () => {
    const id = mint();
    await world.save('note', id, { title: 'hello', text: '' });
    await copyAll();
    // The copy is behind: this was typed, sent and acknowledged in the last moment.
    await world.save('note', id, { title: 'hello world' }, { title: 'hello' }, 1);
    const [op] = await world.claimAll();
    const next = await loseDatabase();
    const [stale] = must(await next.sync.unanswered());
    expect(stale).toMatchObject({ opId: op?.opId });
    expect(stale?.hash).not.toBe(op?.hash);
    must(
      await next.sync.acknowledge([{ type: 'rejected', opId: op?.opId ?? '', reason: 'op-reused' }], position(1, op?.opId ?? '')),
    );
    must(await next.sync.apply([remote(op as Op, 'hello world', 1)], 1, position(1, op?.opId ?? '')));
    expect(must(await next.store.get('note', id))?.fields.title).toBe('hello world');
    expect(must(await next.store.summary())).toMatchObject({ pending: 0, awaitingPerson: 0 });
  });

  test('a text that was written on here after the loss keeps both, when the server had a later body', async () => {
    const id = mint();
    await world.save('note', id, { title: 't', text: 'one\n' });
    await copyAll();
    await world.save('note', id, { text: 'one\ntwo\n' }, { text: 'one\n' }, 1);
    const [op] = await world.claimAll();
    const next = await loseDatabase();
    const row = must(await next.store.get('note', id));
    await next.save('note', id, { text: 'zero\none\n' }, { text: 'one\n' }, row?.localSeq ?? 0);
    must(
      await next.sync.acknowledge([{ type: 'rejected', opId: op?.opId ?? '', reason: 'op-reused' }], position(1, op?.opId ?? '')),
    );
    const [mine] = await next.claimAll();
    const body = op?.body ?? '';
    const current = { ...remote(op as Op, '', 1), body, hash: hashText(body) };
    must(
      await next.sync.acknowledge(
        [{ type: 'conflict', opId: mine?.opId ?? '', current, lineage: [] }],
        position(1, op?.opId ?? ''),
      ),
    );
    expect(must(await next.store.get('note', id))?.fields.text).toBe('zero\none\ntwo\n');
  });

  test('an op that the server may have with a later body is not taken for contained where its past is another', async () => {
    const id = mint();
    await world.save('note', id, { title: 't', tags: ['a'] });
    await copyAll();
    await world.save('note', id, { tags: ['a', 'b'] }, { tags: ['a'] }, 1);
    const [op] = await world.claimAll();
    if (!op?.body) return expect.fail('nothing was sent');
    const next = await loseDatabase();
    must(await next.sync.beginReconcile());
    must(await next.sync.reconcile({ ...remote(op, '', 1), body: op.body, hash: op.hash }, [], null));
    expect(must(await next.store.get('note', id))?.fields.tags).toEqual(['a', 'b']);
  });

  test('what is here of an op that the server has with a later body is not given back as the version before it', async () => {
    const id = mint();
    await world.save('note', id, { title: 't', tags: ['a'] });
    const [first] = await world.claimAll();
    must(await world.sync.acknowledge([applied(first?.opId ?? '', 1)], position(1, first?.opId ?? '')));
    await world.save('note', id, { tags: ['a', 'b'] }, { tags: ['a'] }, 1);
    await copyAll();
    const next = await loseDatabase();
    const [op] = must(await next.sync.unanswered());
    const opId = op?.opId ?? '';
    must(await next.sync.acknowledge([{ type: 'rejected', opId, reason: 'op-reused' }], position(2, opId)));
    // The server was put back before it could say what it has.
    must(await next.sync.beginReconcile());
    expect(must(await next.sync.lost([{ kind: 'note', id, version: null, seq: 0 }]))).toEqual([]);
    expect(await next.claimAll()).toMatchObject([{ id, base: first?.opId }]);
  });

  test('what the server has moved on from is merged, not overwritten', async () => {
    const id = mint();
    await world.save('note', id, { title: 't', text: 'one\n' });
    const [first] = await world.claimAll();
    must(await world.sync.acknowledge([applied(first?.opId ?? '', 1)], position(1, first?.opId ?? '')));
    await world.save('note', id, { text: 'one\nmine\n' }, { text: 'one\n' }, 1);
    await copyAll();
    const next = await loseDatabase();
    const [op] = must(await next.sync.unanswered());
    const body = encodeBody({ fields: { title: 't', text: 'theirs\none\n' }, stamps: {} });
    const current = { ...remote(op as Op, '', 2, mint()), body, hash: hashText(body) };
    must(
      await next.sync.acknowledge(
        [{ type: 'conflict', opId: op?.opId ?? '', current, lineage: [first?.opId ?? ''] }],
        position(2, current.version),
      ),
    );
    expect(must(await next.store.get('note', id))?.fields.text).toBe('theirs\none\nmine\n');
  });

  test('an op on its way with a newer one behind it: both are asked about, in their order', async () => {
    const id = mint();
    await world.save('note', id, { title: 'first', text: '' });
    const [sent] = await world.claimAll();
    await world.save('note', id, { title: 'second' }, { title: 'first' }, 1);
    await copyAll();
    const next = await loseDatabase();
    const asked = must(await next.sync.unanswered());
    // The answer to the first may say that the server has it with another body: the second is not built on it before that.
    expect(asked.map(({ opId, base }) => [opId === sent?.opId, base])).toEqual([
      [true, null],
      [false, null],
    ]);
    expect(asked[0]).toEqual(sent);
    must(
      await next.sync.acknowledge(
        asked.map(({ opId }, n) => applied(opId, n + 1)),
        position(2, asked[1]?.opId ?? ''),
      ),
    );
    const { rows, n, bases } = must(
      await next.kv.read({ rows: { list: 'entities', limit: 1 }, n: { count: 'outbox' }, bases: { count: 'bases' } }),
    );
    expect([n, bases]).toEqual([0, 0]);
    expect(rows[0]).toMatchObject({ version: asked[1]?.opId, seq: 2, sent: null, queued: null, fields: { title: 'second' } });
  });

  test('the first of two ops meets a conflict, the second is known with a later body: the server’s text stays whole', async () => {
    const id = mint();
    await world.save('note', id, { title: 't', text: 'mine\n' });
    const [sent] = await world.claimAll();
    await world.save('note', id, { title: 'u' }, { title: 't' }, 1);
    await copyAll();
    const next = await loseDatabase();
    const [, last] = must(await next.sync.unanswered());
    const body = encodeBody({ fields: { title: 'u', text: 'theirs\nmine\n' }, stamps: {} });
    const current = { ...remote(last as Op, '', 2), body, hash: hashText(body) };
    const at = position(2, current.version);
    must(
      await next.sync.acknowledge(
        [
          { type: 'conflict', opId: sent?.opId ?? '', current, lineage: [] },
          { type: 'rejected', opId: last?.opId ?? '', reason: 'op-reused' },
        ],
        at,
      ),
    );
    must(await next.sync.apply([current], 2, at));
    expect(must(await next.store.get('note', id))?.fields.text).toBe('theirs\nmine\n');
    expect(must(await next.store.summary())).toMatchObject({ pending: 0, awaitingPerson: 0 });
  });

  describe('twice', () => {
    /** The first op went out with more than the copy had of it; the database was lost, written in, and lost again. */
    async function loseTwice(start: Fields, later: Fields, patch: Fields) {
      const id = mint();
      await world.save('note', id, start);
      await copyAll();
      await world.save('note', id, later, start, 1);
      const [op] = await world.claimAll();
      if (!op?.body) throw new Error('nothing was sent');
      world = await loseDatabase();
      const row = must(await world.store.get('note', id));
      await world.save('note', id, patch, start, row?.localSeq ?? 0);
      await copyAll();
      const next = await loseDatabase();
      const [first, second] = must(await next.sync.unanswered());
      if (!first || !second) throw new Error('two are asked about');
      const current: RemoteEntity = { ...remote(op, '', 1), body: op.body, hash: op.hash };
      const answer = (...results: readonly PushResult[]) => next.sync.acknowledge(results, position(1, op.opId)).then(must);
      const fields = async () => must(await next.store.get('note', id))?.fields;
      return { next, op, first, second, current, answer, fields };
    }
    const tagged = (...tags: string[]): Fields => ({ title: 't', tags });

    test('what the server has of the first op is not overwritten by the second', async () => {
      const { next, op, first, second, current, answer, fields } = await loseTwice(
        { title: 't', text: 'one\n' },
        { title: 't', text: 'one\ntwo\n' },
        { text: 'zero\none\n' },
      );
      expect(first).toMatchObject({ opId: op.opId, base: null });
      // A server that has the first with another body takes the second where it is built on that.
      expect(second.base).not.toBe(op.opId);
      await answer(
        { type: 'rejected', opId: first.opId, reason: 'op-reused' },
        { type: 'conflict', opId: second.opId, current, lineage: [] },
      );
      expect((await fields())?.text).toBe('zero\none\ntwo\n');
      expect(await next.claimAll()).toMatchObject([{ kind: 'merge-log' }, { id: op.id, base: op.opId }]);
    });

    test('what was taken out between them stays out, and what the server has more stays there', async () => {
      const { first, second, current, answer, fields } = await loseTwice(
        tagged('keep', 'drop'),
        tagged('keep', 'drop', 'more'),
        tagged('keep'),
      );
      await answer(
        { type: 'rejected', opId: first.opId, reason: 'op-reused' },
        { type: 'conflict', opId: second.opId, current, lineage: [] },
      );
      expect((await fields())?.tags).toEqual(['keep', 'more']);
    });

    test('a server that has both, or the first as it is here, ends with the second', async () => {
      for (const isLastKnown of [true, false]) {
        world = openWorld(memory());
        disk = createMemoryCopyDisk();
        const { next, op, first, second, current, answer, fields } = await loseTwice(tagged('a'), tagged('a'), tagged('a', 'b'));
        const last: PushResult = isLastKnown
          ? applied(second.opId, 2)
          : { type: 'conflict', opId: second.opId, current, lineage: [] };
        await answer(applied(first.opId, 1), last);
        expect((await fields())?.tags).toEqual(['a', 'b']);
        expect(await next.claimAll()).toMatchObject(isLastKnown ? [] : [{ base: op.opId, deleted: false }]);
        const { bases } = must(await next.kv.read({ bases: { count: 'bases' } }));
        expect(bases).toBe(isLastKnown ? 0 : 1);
      }
    });

    test('both wait as one, where the server turns out to have another past', async () => {
      const { next, current, fields } = await loseTwice(tagged('a'), tagged('a', 'more'), tagged('a', 'b'));
      must(await next.sync.beginReconcile());
      const { outbox } = must(await next.kv.read({ outbox: { list: 'outbox', limit: 5 } }));
      expect(outbox).toMatchObject([{ state: 'queued' }]);
      // Not as it is here: the server may have another body under its id.
      const { kind, id, seq } = current;
      expect(must(await next.sync.lost([{ kind, id, version: null, seq }]))).toEqual([]);
      must(await next.sync.reconcile(current, [], null));
      expect((await fields())?.tags).toEqual(['a', 'b', 'more']);
    });
  });

  test('what the server refused before waits for the person again', async () => {
    const id = mint();
    await world.save('note', id, { title: 'refused', text: '' });
    const [op] = await world.claimAll();
    must(await world.sync.acknowledge([{ type: 'rejected', opId: op?.opId ?? '', reason: 'too-big' }], position(0, mint())));
    await copyAll();
    const next = await loseDatabase();
    expect(must(await next.status.quarantined())).toMatchObject([{ id, reason: 'too-big' }]);
    expect(must(await next.store.summary())).toMatchObject({ awaitingPerson: 1 });
    must(await next.store.retryQuarantined());
    expect(await next.claimAll()).toMatchObject([{ id }]);
  });
});
