/** What the store of a workspace promises, over whichever database. The memory and the IndexedDB adapter pass the same list. */
import { beforeEach, describe, expect, test } from 'vitest';
import { encodeBody } from '#core/body.ts';
import { formatStamp } from '#core/clock.ts';
import type { Fields } from '#core/entity.ts';
import { hashText } from '#core/hash.ts';
import { mintId } from '#core/ids.ts';
import type { Kv, Random } from '#core/ports.ts';
import type { PushResult, RemoteEntity } from '#core/protocol.ts';
import { err, type Result } from '#core/result.ts';
import { ledger } from '#entities/index.ts';
import { createStore } from '#store/create-store.ts';
import { EDIT_PACE_MS } from '#store/draft/draft.ts';
import { openHistories } from '#store/save/history.ts';
import { replayJournal } from '#store/save/replay-journal.ts';
import { journalWithin } from '#store/schema/journal-database.ts';
import type { UnsavedRow, WorkspaceTables } from '#store/schema/schema.ts';
import { createStatusStore } from '#store/status/create-status-store.ts';
import type { StoreChange } from '#store/store.ts';
import { createSyncStore } from '#store/sync/create-sync-store.ts';

const random: Random = { bytes: (length) => crypto.getRandomValues(new Uint8Array(length)), fraction: () => Math.random() };
export const mint = (): string => mintId(Date.now(), random);

export function must<T>(result: Result<T, unknown>): T {
  if (!result.ok) throw new Error(JSON.stringify(result.error));
  return result.value;
}

export function openWorld(kv: Kv<WorkspaceTables>, bulkFrom?: number) {
  const time = { ms: 1_790_000_000_000 };
  const changes: StoreChange[] = [];
  const context = {
    kv,
    clock: { now: () => time.ms },
    random,
    ledger,
    workspaceId: mint(),
    deviceId: mint(),
    channel: { post: (change: StoreChange) => changes.push(change) },
    policy: () => 'newer' as const,
    ...(bulkFrom === undefined ? {} : { bulkFrom }),
  };
  const store = createStore(context);
  const sync = createSyncStore(context);
  const status = createStatusStore(context);
  const save = async (kind: string, id: string, patch: Fields, was: Fields = {}, builtOn = 0, saveId = mint()) =>
    must(await store.save({ kind, id, patch, base: was, baseSeq: builtOn, saveId }));
  const claimAll = async () => must(await sync.claim({ limit: 100, maxBytes: 1e9, force: true })).ops;
  return { kv, time, changes, store, sync, status, save, claimAll, context };
}

const EPOCH = mint();
export const position = (seq: number, opId: string) => ({ epoch: EPOCH, seen: { seq, opId }, now: 1_790_000_000_000 });

export const applied = (opId: string, seq: number): PushResult => ({
  type: 'applied',
  opId,
  rev: 1,
  seq,
  acceptedAt: 1,
  missingBlobs: [],
});

/** A version that another device made and the server took. */
export function remote(kind: string, id: string, fields: Fields | null, seq: number, ms: number, version = mint()): RemoteEntity {
  const stamp = formatStamp({ ms, counter: 0, tag: 'feedbeef' });
  const body = fields && encodeBody({ fields, stamps: Object.fromEntries(Object.keys(fields).map((field) => [field, stamp])) });
  return {
    kind,
    id,
    v: ledger.get(kind)?.version ?? 1,
    version,
    rev: seq,
    seq,
    lastUpdated: stamp,
    deviceId: mint(),
    deleted: body === null,
    body,
    hash: hashText(body ?? ''),
    acceptedAt: ms,
  };
}

/** `open` gives an empty workspace database at every call. With `bulkFrom` 1 every push is a bulk. */
export function describeStore(name: string, open: () => Promise<Kv<WorkspaceTables>>, bulkFrom?: number): void {
  describe(`the store over ${name}`, () => {
    let world: ReturnType<typeof openWorld>;
    beforeEach(async () => {
      world = openWorld(await open(), bulkFrom);
    });

    test('a save is there for every reader, and waits in the outbox', async () => {
      const id = mint();
      const { entity, merged } = await world.save('note', id, { title: 'One', text: 'first' });
      expect(merged).toBe(false);
      expect(entity).toMatchObject({ kind: 'note', id, lifecycle: 'live', pending: true, readOnly: false });
      expect(must(await world.store.get('note', id))?.fields).toMatchObject({
        title: 'One',
        text: 'first',
        tags: [],
        starred: false,
      });
      expect(must(await world.store.summary())).toMatchObject({ pending: 1, lastSavedAt: world.time.ms });
      expect(world.changes.at(-1)).toMatchObject({ type: 'changed', keys: [['note', id]] });
    });

    test('initial values are never written', async () => {
      const id = mint();
      await world.save('note', id, { title: 'One' });
      const { row } = must(await world.kv.read({ row: { get: 'entities', key: ['note', id] } }));
      expect(Object.keys(row?.fields ?? {})).toEqual(['title']);
    });

    test('a save repeated with its saveId changes nothing', async () => {
      const id = mint();
      const saveId = mint();
      const first = await world.save('note', id, { text: 'first' }, {}, 0, saveId);
      const again = await world.save('note', id, { text: 'first' }, {}, 0, saveId);
      expect(again.entity.localSeq).toBe(first.entity.localSeq);
      await world.save('note', id, { text: 'second' }, { text: 'first' }, first.entity.localSeq);
      const late = await world.save('note', id, { text: 'first' }, {}, 0, saveId);
      expect(late.entity.fields.text).toBe('second');
    });

    test('a save built on an older row is merged in, and nothing of either is lost', async () => {
      const id = mint();
      const first = await world.save('note', id, { text: 'one\ntwo\nthree\n' });
      const was = { text: 'one\ntwo\nthree\n' };
      await world.save('note', id, { text: 'ONE\ntwo\nthree\n' }, was, first.entity.localSeq);
      const { entity, merged } = await world.save('note', id, { text: 'one\ntwo\nTHREE\n' }, was, first.entity.localSeq);
      expect(merged).toBe(true);
      expect(entity.fields.text).toBe('ONE\ntwo\nTHREE\n');
    });

    test('two tabs that fill a field which neither has seen keep what both wrote', async () => {
      const id = mint();
      const prompt = (name: string) => ({ savedPrompts: { [name]: { order: name, name, text: name } } });
      await world.save('settings', id, prompt('a'));
      const { entity, merged } = await world.save('settings', id, prompt('b'));
      expect(merged).toBe(true);
      expect(Object.keys(entity.fields.savedPrompts as object)).toEqual(['a', 'b']);
      await world.save('note', id, { text: 'from A' });
      const { entity: note } = await world.save('note', id, { text: 'from B' });
      const log = must(await world.store.list({ kind: 'merge-log', limit: 10 })).items;
      expect(JSON.stringify([note.fields, log.map(({ fields }) => fields.outcomes)])).toContain('from A');
    });

    test('what loses in a merge of two tabs is in the merge log', async () => {
      const id = mint();
      const first = await world.save('note', id, { title: 'Old' });
      await world.save('note', id, { title: 'From A' }, { title: 'Old' }, first.entity.localSeq);
      const { entity } = await world.save('note', id, { title: 'From B' }, { title: 'Old' }, first.entity.localSeq);
      expect(entity.fields.title).toBe('From B');
      const log = must(await world.store.list({ kind: 'merge-log', limit: 10 })).items;
      expect(JSON.stringify(log.map(({ fields }) => fields.outcomes))).toContain('From A');
    });

    test('many entities are read in the order asked, with null for what has never been', async () => {
      const ids = [mint(), mint(), mint()];
      for (const id of ids) await world.save('note', id, { title: id });
      const keys = [ids[2], mint(), ids[0], ids[2], ids[1]].map((id) => ['note', String(id)] as const);
      const answer = must(await world.store.getMany(keys));
      expect(answer.map((view) => view?.fields.title ?? null)).toEqual([ids[2], null, ids[0], ids[2], ids[1]]);
      expect(must(await world.store.getMany([]))).toEqual([]);
    });

    test('a patch of the wrong shape is refused and writes nothing', async () => {
      const id = mint();
      const result = await world.store.save({ kind: 'note', id, patch: { text: 7 }, base: {}, baseSeq: 0, saveId: mint() });
      expect(result).toEqual({ ok: false, error: { type: 'InvalidPatch', field: 'text' } });
      expect(must(await world.store.get('note', id))).toBeNull();
    });

    test('lists come newest first, in pages that neither repeat nor skip', async () => {
      for (let i = 0; i < 25; i++) {
        world.time.ms += 10;
        await world.save('note', mint(), { title: `n${i}` });
      }
      const titles: unknown[] = [];
      let after: string | undefined;
      do {
        const page = must(await world.store.list({ kind: 'note', limit: 10, ...(after === undefined ? {} : { after }) }));
        titles.push(...page.items.map(({ fields }) => fields.title));
        after = page.next ?? undefined;
      } while (after !== undefined);
      expect(titles).toEqual(Array.from({ length: 25 }, (_, i) => `n${24 - i}`));
      expect(must(await world.store.count('note', 'live'))).toBe(25);
    });

    test('what changed since a localSeq comes once each, in the order of its last change, in pages, purged ones included', async () => {
      const [a, b, c] = [mint(), mint(), mint()] as const;
      const first = await world.save('note', a, { title: 'a' });
      const second = await world.save('note', b, { title: 'b' });
      await world.save('chat', c, { title: 'c' });
      await world.save('note', a, { title: 'a again' }, { title: 'a' }, first.entity.localSeq);
      must(await world.store.purge('note', [b]));
      const { localSeq } = must(await world.store.summary());

      const seen: (readonly [string, string, unknown])[] = [];
      const lefts: number[] = [];
      for (let since = 0; ; ) {
        const page = must(await world.store.changedSince(since, 2));
        expect(page.head).toBe(localSeq);
        seen.push(...page.items.map(({ id, lifecycle: place, fields }) => [id, place, fields.title] as const));
        lefts.push(page.left);
        since = page.next;
        if (page.left === 0) break;
      }
      expect(seen).toEqual([
        [c, 'live', 'c'],
        [a, 'live', 'a again'],
        [b, 'purged', ''],
      ]);
      expect(lefts).toEqual([1, 0]);
      expect(must(await world.store.changedSince(localSeq, 10))).toEqual({ items: [], next: localSeq, left: 0, head: localSeq });
      expect(must(await world.store.changedSince(second.entity.localSeq, 10)).items).toHaveLength(3);
    });

    test('an acknowledgement is no change, what comes from the server is one', async () => {
      await world.save('note', mint(), { text: 'a' });
      const { localSeq } = must(await world.store.summary());
      const [op] = await world.claimAll();
      must(await world.sync.acknowledge([applied(op?.opId ?? '', 1)], position(1, op?.opId ?? '')));
      expect(must(await world.store.changedSince(localSeq, 10)).items).toEqual([]);
      const id = mint();
      must(await world.sync.apply([remote('note', id, { text: 'from elsewhere' }, 2, world.time.ms)], 2, position(2, mint())));
      expect(must(await world.store.changedSince(localSeq, 10)).items.map((item) => item.id)).toEqual([id]);
    });

    test('children are listed under their parent in the order in which they were made', async () => {
      const chat = mint();
      const made: string[] = [];
      for (let i = 0; i < 5; i++) {
        world.time.ms += 1;
        made.push(mintId(world.time.ms, random));
      }
      for (const id of [...made].reverse()) await world.save('message', id, { chatId: chat, text: id });
      await world.save('message', mint(), { chatId: mint(), text: 'elsewhere' });
      const page = must(await world.store.list({ kind: 'message', parent: chat, limit: 10 }));
      expect(page.items.map(({ id }) => id)).toEqual(made);
    });

    test('the bin is a place of its own, and an edit takes an entity out of it', async () => {
      const id = mint();
      const first = await world.save('note', id, { text: 'one' });
      const binned = await world.save('note', id, { binnedAt: world.time.ms }, { binnedAt: null }, first.entity.localSeq);
      expect(must(await world.store.list({ kind: 'note', limit: 10 })).items).toEqual([]);
      expect(must(await world.store.list({ kind: 'note', lifecycle: 'binned', limit: 10 })).items.map((item) => item.id)).toEqual(
        [id],
      );
      const edited = await world.save('note', id, { text: 'one more' }, { text: 'one', binnedAt: null }, first.entity.localSeq);
      expect(edited.entity).toMatchObject({ lifecycle: 'live', fields: { text: 'one more', binnedAt: null } });
      expect(binned.entity.lifecycle).toBe('binned');
    });

    test('a purge leaves a tombstone to send, keeps the content in the history, and a late save brings it back', async () => {
      const id = mint();
      const first = await world.save('note', id, { title: 'Keep', text: 'me' });
      expect(must(await world.store.purge('note', [id]))).toBe(1);
      expect(must(await world.store.get('note', id))?.lifecycle).toBe('purged');
      expect(must(await world.store.history('note', id))[0]).toMatchObject({ reason: 'delete', fields: { text: 'me' } });
      const [op] = await world.claimAll();
      expect(op).toMatchObject({ id, deleted: true, body: null });
      const back = await world.save('note', id, { text: 'me too' }, { text: 'me' }, first.entity.localSeq);
      expect(back.entity).toMatchObject({ lifecycle: 'live', fields: { title: 'Keep', text: 'me too' } });
    });

    test('a key in an address is in no revision, and is taken out of those that an earlier version has kept', async () => {
      const id = world.context.deviceId;
      const address = (path: string) => `https://ann:canary@models.example/${path}?api-version=1&api_key=canary`;
      await world.save('device-settings', id, { endpoint: address('a') });
      world.time.ms += 120_000;
      const { entity } = await world.save('device-settings', id, { endpoint: address('b') }, { endpoint: address('a') });
      const { localSeq } = entity;
      const read = async () => must(await world.store.history('device-settings', id)).map(({ fields }) => fields.endpoint);
      expect(await read()).toEqual(['https://models.example/a?api-version=1']);
      const old = { kind: 'device-settings', at: 1, stamp: '', reason: 'edit', of: 1, v: 3 } as const;
      const rows = Array.from({ length: 120 }, (_, at) => ({
        ...{ ...old, id, order: localSeq + 10 + at },
        fields: { endpoint: address(`${at}`), cloudSync: false },
      }));
      const note = { ...old, kind: 'note', id: mint(), order: localSeq + 200, fields: { text: address('n') } };
      const writes = [...rows, note].map((row) => ({ put: 'history', row }) as const);
      must(await world.kv.transact({}, () => ({ writes, value: undefined })));
      must(await openHistories(world.context));
      expect(await read()).toHaveLength(121);
      expect(JSON.stringify(await read())).not.toContain('canary');
      expect(await read()).toContain('https://models.example/119?api-version=1');
      // A person's words stay as they are, whatever they look like.
      expect(must(await world.store.history('note', note.id))[0]).toMatchObject({ fields: { text: address('n') } });
    });

    test('the history keeps at most one revision a minute', async () => {
      const id = mint();
      let { entity } = await world.save('note', id, { text: '0' });
      for (let i = 1; i <= 12; i++) {
        world.time.ms += 10_000;
        ({ entity } = await world.save('note', id, { text: `${i}` }, { text: `${i - 1}` }, entity.localSeq));
      }
      expect(must(await world.store.history('note', id)).map(({ fields }) => fields.text)).toEqual(['11', '5']);
    });

    test('a kept revision names the device that made it', async () => {
      const id = mint();
      const theirs = remote('note', id, { text: 'theirs' }, 1, world.time.ms);
      must(await world.sync.apply([theirs], 1, position(1, theirs.version)));
      const view = must(await world.store.get('note', id));
      const { entity } = await world.save('note', id, { text: 'mine' }, { text: 'theirs' }, view?.localSeq ?? 0);
      world.time.ms += 120_000;
      await world.save('note', id, { text: 'mine, too' }, { text: 'mine' }, entity.localSeq);
      const kept = must(await world.store.history('note', id));
      expect(kept.map(({ fields }) => fields.text)).toEqual(['mine', 'theirs']);
      expect(kept[1]?.deviceId).toBe(theirs.deviceId);
      expect(kept[0]?.deviceId).toMatch(/^[0-9a-f-]{36}$/);
      expect(kept[0]?.deviceId).not.toBe(theirs.deviceId);
    });

    test('an old history is thinned to the newest revision of each hour, then of each day', async () => {
      const id = mint();
      let { entity } = await world.save('note', id, { text: '0' });
      for (let i = 1; i <= 150; i++) {
        world.time.ms += 60_000;
        ({ entity } = await world.save('note', id, { text: `${i}` }, { text: `${i - 1}` }, entity.localSeq));
      }
      await expect.poll(async () => must(await world.store.history('note', id)).length).toBeLessThan(95);
      const texts = must(await world.store.history('note', id)).map(({ fields }) => Number(fields.text));
      // The last hour is whole.
      expect(texts.slice(0, 59)).toEqual(Array.from({ length: 59 }, (_, i) => 149 - i));
    });

    test('changes are counted as a person counts: a chat with its messages and its draft is one, the layout is none', async () => {
      const changes = async () => must(await world.store.summary()).changes;
      await world.save('layout', mint(), { tabs: {} });
      await world.save('device-settings', mint(), { cloudSync: true });
      expect(await changes()).toBe(0);
      const chatId = mint();
      await world.save('chat-desk', mint(), { drafts: { [chatId]: 'Not sent' } });
      expect(await changes()).toBe(1);
      await world.save('chat', chatId, { title: 'Plants' });
      for (const text of ['What', 'about', 'the dark']) await world.save('message', mint(), { chatId, text });
      expect(await changes()).toBe(1);
      await world.save('note', mint(), { title: 'A note' });
      expect(await changes()).toBe(2);
      // On its way, edited again, and refused: still the same documents.
      const ops = await world.claimAll();
      expect(await changes()).toBe(2);
      await world.save('chat', chatId, { title: 'Plants at night' }, { title: 'Plants' });
      expect(await changes()).toBe(2);
      await world.sync.acknowledge(
        ops.map(({ opId }) => ({ type: 'rejected', opId, reason: 'too-big' })),
        position(1, mint()),
      );
      expect(await changes()).toBe(2);
    });

    test('of a long queue the rows that were not looked at count one by one', async () => {
      for (let note = 0; note < 230; note++) await world.save('note', mint(), { title: `Note ${note}` });
      expect(must(await world.store.summary())).toMatchObject({ pending: 230, changes: 230 });
    });

    test('the summary says when the first of what waits may go', async () => {
      expect(must(await world.store.summary()).dueAt).toBeNull();
      const save = async (editing: boolean) =>
        must(
          await world.store.save({
            kind: 'note',
            id: mint(),
            patch: { text: 'x' },
            base: {},
            baseSeq: 0,
            saveId: mint(),
            editing,
          }),
        );
      await save(true);
      world.time.ms += 1000;
      await save(true);
      expect(must(await world.store.summary()).dueAt).toBe(world.time.ms - 1000 + EDIT_PACE_MS);
      await save(false);
      expect(must(await world.store.summary()).dueAt).toBe(0);
      await world.claimAll();
      expect(must(await world.store.summary()).dueAt).toBeNull();
    });

    test('an entity under edit is held back, until it is due or released', async () => {
      const id = mint();
      must(
        await world.store.save({ kind: 'note', id, patch: { text: 'a' }, base: {}, baseSeq: 0, saveId: mint(), editing: true }),
      );
      const held = must(await world.sync.claim({ limit: 10, maxBytes: 1e6, force: false }));
      expect(held).toEqual({ ops: [], nextDueAt: world.time.ms + EDIT_PACE_MS });
      expect(must(await world.store.release())).toBe(1);
      expect(must(await world.sync.claim({ limit: 10, maxBytes: 1e6, force: false })).ops).toHaveLength(1);
    });

    test('a claimed op is frozen: later edits wait in a row of their own, with another opId', async () => {
      const id = mint();
      const first = await world.save('note', id, { text: 'a' });
      const [op] = await world.claimAll();
      await world.save('note', id, { text: 'ab' }, { text: 'a' }, first.entity.localSeq);
      expect(must(await world.sync.unanswered())).toEqual([op]);
      expect(await world.claimAll()).toEqual([]);
      must(
        await world.sync.acknowledge(
          [{ type: 'applied', opId: op?.opId ?? '', rev: 1, seq: 1, acceptedAt: 1, missingBlobs: [] }],
          position(1, op?.opId ?? ''),
        ),
      );
      const [next] = await world.claimAll();
      expect(next).toMatchObject({ id, base: op?.opId });
      expect(next?.opId).not.toBe(op?.opId);
      expect(next?.body).toContain('"ab"');
    });

    test('an acknowledgement empties the outbox, and editors built on the row stay current', async () => {
      const id = mint();
      const first = await world.save('note', id, { text: 'a' });
      const [op] = await world.claimAll();
      must(
        await world.sync.acknowledge(
          [{ type: 'applied', opId: op?.opId ?? '', rev: 1, seq: 1, acceptedAt: 1, missingBlobs: [] }],
          position(1, op?.opId ?? ''),
        ),
      );
      expect(must(await world.store.summary()).pending).toBe(0);
      expect(must(await world.store.get('note', id))).toMatchObject({ pending: false, localSeq: first.entity.localSeq });
      expect(must(await world.sync.position())).toMatchObject({ epoch: EPOCH, seen: { seq: 1, opId: op?.opId } });
    });

    test('a push that nobody came between moves the cursor; one that others came between does not', async () => {
      await world.save('note', mint(), { text: 'a' });
      const [a] = await world.claimAll();
      must(await world.sync.acknowledge([applied(a?.opId ?? '', 1)], position(1, a?.opId ?? '')));
      expect(must(await world.sync.position()).cursor).toBe(1);
      await world.save('note', mint(), { text: 'b' });
      const [b] = await world.claimAll();
      must(await world.sync.acknowledge([applied(b?.opId ?? '', 3)], position(3, b?.opId ?? '')));
      expect(must(await world.sync.position())).toMatchObject({ cursor: 1, seen: { seq: 3 } });
    });

    test('a conflict is merged with the base, and offered again under a new opId', async () => {
      const id = mint();
      const first = await world.save('note', id, { title: 'T', text: 'one\ntwo\n' });
      const [op] = await world.claimAll();
      must(
        await world.sync.acknowledge(
          [{ type: 'applied', opId: op?.opId ?? '', rev: 1, seq: 1, acceptedAt: 1, missingBlobs: [] }],
          position(1, op?.opId ?? ''),
        ),
      );
      await world.save('note', id, { text: 'ONE\ntwo\n' }, { text: 'one\ntwo\n' }, first.entity.localSeq);
      const [mine] = await world.claimAll();
      const theirs = remote('note', id, { title: 'T', text: 'one\nTWO\n' }, 2, world.time.ms);
      must(
        await world.sync.acknowledge(
          [{ type: 'conflict', opId: mine?.opId ?? '', current: theirs, lineage: [op?.opId ?? ''] }],
          position(2, theirs.version),
        ),
      );
      expect(must(await world.store.get('note', id))?.fields.text).toBe('ONE\nTWO\n');
      const ops = await world.claimAll();
      const again = ops.find((one) => one.kind === 'note');
      expect(again).toMatchObject({ id, base: theirs.version });
      expect(again?.opId).not.toBe(mine?.opId);
      expect(ops.some(({ kind }) => kind === 'merge-log')).toBe(true);
    });

    test.each(['an answer', 'a pull'])('what has lost in a merge with %s is sent before what won', async (by) => {
      const id = mint();
      const first = await world.save('note', id, { title: 'Old' });
      const [op] = await world.claimAll();
      must(await world.sync.acknowledge([applied(op?.opId ?? '', 1)], position(1, op?.opId ?? '')));
      const theirs = remote('note', id, { title: 'Theirs' }, 2, world.time.ms - 1000);
      const at = position(2, theirs.version);
      const save = () => world.save('note', id, { title: 'Mine' }, { title: 'Old' }, first.entity.localSeq);
      if (by === 'a pull') must(await world.sync.apply([theirs], 2, at));
      await save();
      if (by === 'an answer') {
        const [mine] = await world.claimAll();
        const [opId, lineage] = [mine?.opId ?? '', [op?.opId ?? '']];
        must(await world.sync.acknowledge([{ type: 'conflict', opId, current: theirs, lineage }], at));
      }
      expect(must(await world.store.get('note', id))?.fields.title).toBe('Mine');
      const next = must(await world.sync.claim({ limit: 1, maxBytes: 1e9, force: true })).ops;
      expect(next).toMatchObject([{ kind: 'merge-log' }]);
      expect(next[0]?.body).toContain('Theirs');
    });

    test('a refused op parks its entity in quarantine with the op, and the others pass', async () => {
      const [bad, good] = [mint(), mint()];
      const first = await world.save('note', bad, { text: 'bad' });
      await world.save('note', good, { text: 'good' });
      const ops = await world.claimAll();
      const opOf = (id: string) => ops.find((op) => op.id === id)?.opId ?? '';
      must(
        await world.sync.acknowledge(
          [
            { type: 'rejected', opId: opOf(bad), reason: 'malformed' },
            { type: 'applied', opId: opOf(good), rev: 1, seq: 1, acceptedAt: 1, missingBlobs: [] },
          ],
          position(1, opOf(good)),
        ),
      );
      const { row } = must(await world.kv.read({ row: { get: 'quarantine', key: ['note', bad] } }));
      expect(row).toMatchObject({ reason: 'malformed', op: { id: bad } });
      await world.save('note', bad, { text: 'bad, edited' }, { text: 'bad' }, first.entity.localSeq);
      expect(await world.claimAll()).toEqual([]);
      expect(must(await world.store.summary())).toMatchObject({ quarantined: 1, pending: 1 });
      expect(must(await world.store.retryQuarantined())).toBe(1);
      const [again] = await world.claimAll();
      expect(again?.opId).not.toBe(opOf(bad));
      expect(again?.body).toContain('bad, edited');
      expect(must(await world.store.summary()).quarantined).toBe(0);
    });

    test('pulled entities appear, and the cursor moves with them', async () => {
      const entities = Array.from({ length: 120 }, (_, i) => remote('note', mint(), { title: `n${i}` }, i + 1, world.time.ms));
      must(await world.sync.apply(entities, 120, position(120, entities.at(-1)?.version ?? '')));
      expect(must(await world.store.count('note', 'live'))).toBe(120);
      expect(must(await world.sync.position()).cursor).toBe(120);
    });

    test('the first pull of a device stops at the part that was not written: the cursor is before it', async () => {
      const entities = Array.from({ length: 100 }, (_, i) => remote('note', mint(), { title: `n${i}` }, i + 1, world.time.ms));
      const end = position(100, entities.at(-1)?.version ?? '');
      let commits = 0;
      const kv: Kv<WorkspaceTables> = {
        ...world.kv,
        async transact(reads, body, durability) {
          commits += 1;
          return commits === 2 ? err({ type: 'QuotaExceeded' } as const) : world.kv.transact(reads, body, durability);
        },
      };
      const failing = createSyncStore({ ...world.context, kv, applyBatch: 30 });
      expect(await failing.apply(entities, 100, end)).toEqual(err({ type: 'QuotaExceeded' }));
      expect(must(await world.sync.position()).cursor).toBe(30);
      expect(must(await world.store.count('note', 'live'))).toBe(30);
      must(await failing.apply(entities.slice(30), 100, end));
      expect(must(await world.sync.position()).cursor).toBe(100);
      expect(must(await world.store.count('note', 'live'))).toBe(100);
    });

    test('a first pull meets what is here already: an edit stays, and the rest arrives', async () => {
      const entities = Array.from({ length: 100 }, (_, i) => remote('note', mint(), { title: `n${i}` }, i + 1, world.time.ms));
      const known = entities[45]?.id ?? '';
      await world.save('note', known, { title: 'mine', text: 'written here' });
      const sync = createSyncStore({ ...world.context, applyBatch: 30 });
      must(await sync.apply(entities, 100, position(100, entities.at(-1)?.version ?? '')));
      expect(must(await world.store.count('note', 'live'))).toBe(100);
      expect(must(await sync.position()).cursor).toBe(100);
      expect(must(await world.store.get('note', known))).toMatchObject({ pending: true, fields: { text: 'written here' } });
    });

    // Invariant 11
    test('an unknown kind and a newer version are kept whole, and sent on unchanged', async () => {
      const unknown = remote('flashcard', mint(), { front: 'Q', back: { deep: [1, 2] } }, 1, world.time.ms);
      const newer = { ...remote('note', mint(), { title: 'T', holograms: [3] }, 2, world.time.ms), v: 9 };
      must(await world.sync.apply([unknown, newer], 2, position(2, newer.version)));
      const view = must(await world.store.get('note', newer.id));
      expect(view).toMatchObject({ readOnly: true, fields: { holograms: [3] } });
      const refused = await world.store.save({
        kind: 'note',
        id: newer.id,
        patch: { title: 'x' },
        base: {},
        baseSeq: 0,
        saveId: mint(),
      });
      expect(refused).toMatchObject({ ok: false, error: { type: 'NewerEntity' } });
      must(await world.sync.requeueAbsent(new Set()));
      const ops = await world.claimAll();
      expect(ops.find(({ kind }) => kind === 'flashcard')?.body).toBe(unknown.body);
      expect(ops.find(({ kind }) => kind === 'note')).toMatchObject({ v: 9, body: newer.body });
    });

    test('a body that cannot be read is kept raw; the rest of the page loads', async () => {
      const broken = {
        ...remote('note', mint(), { title: 'T' }, 1, world.time.ms),
        body: '{"fields":',
        hash: hashText('{"fields":'),
      };
      const fine = remote('note', mint(), { title: 'fine' }, 2, world.time.ms);
      must(await world.sync.apply([broken, fine], 2, position(2, fine.version)));
      const { row } = must(await world.kv.read({ row: { get: 'quarantine', key: ['note', broken.id] } }));
      expect(row).toMatchObject({ reason: 'unreadable', raw: '{"fields":' });
      expect(must(await world.store.get('note', fine.id))?.fields.title).toBe('fine');
      must(await world.sync.requeueAbsent(new Set()));
      expect((await world.claimAll()).find(({ id }) => id === broken.id)?.body).toBe('{"fields":');
    });

    test('a content edit beats a tombstone from elsewhere; an unedited entity follows it into the history', async () => {
      const [edited, untouched] = [mint(), mint()];
      const versions = [
        remote('note', edited, { text: 'a' }, 1, world.time.ms),
        remote('note', untouched, { text: 'b' }, 2, world.time.ms),
      ];
      must(await world.sync.apply(versions, 2, position(2, versions[1]?.version ?? '')));
      const view = must(await world.store.get('note', edited));
      await world.save('note', edited, { text: 'a, edited' }, { text: 'a' }, view?.localSeq ?? 0);
      const graves = [remote('note', edited, null, 3, world.time.ms), remote('note', untouched, null, 4, world.time.ms)];
      must(await world.sync.apply(graves, 4, position(4, graves[1]?.version ?? '')));
      must(await world.sync.weighDeletions());
      expect(must(await world.store.get('note', edited))).toMatchObject({
        lifecycle: 'live',
        pending: true,
        fields: { text: 'a, edited' },
      });
      expect(must(await world.store.get('note', untouched))?.lifecycle).toBe('purged');
      expect(must(await world.store.history('note', untouched))[0]).toMatchObject({ reason: 'delete', fields: { text: 'b' } });
      expect((await world.claimAll()).find(({ id }) => id === edited)?.base).toBe(graves[0]?.version);
    });

    test('a child newer than the tombstone of its parent brings the parent back', async () => {
      const [chat, child] = [mint(), mint()];
      const parent = remote('chat', chat, { title: 'Plan' }, 1, world.time.ms);
      must(await world.sync.apply([parent], 1, position(1, parent.version)));
      const grave = remote('chat', chat, null, 2, world.time.ms);
      must(await world.sync.apply([grave], 2, position(2, grave.version)));
      must(await world.sync.weighDeletions());
      expect(must(await world.store.get('chat', chat))?.lifecycle).toBe('purged');
      const late = remote('message', child, { chatId: chat, text: 'wait' }, 3, world.time.ms);
      must(await world.sync.apply([late], 3, position(3, late.version)));
      expect(must(await world.store.get('chat', chat))).toMatchObject({
        lifecycle: 'live',
        pending: true,
        fields: { title: 'Plan' },
      });
      expect((await world.claimAll()).find(({ id }) => id === chat)).toMatchObject({ base: grave.version, deleted: false });
    });

    test('a parent with unsent children, or with a child in the same page, outlives its tombstone', async () => {
      for (const childIsLocal of [true, false]) {
        const chat = mint();
        const at = must(await world.sync.position()).cursor;
        const parent = remote('chat', chat, { title: 'Plan' }, at + 1, world.time.ms);
        must(await world.sync.apply([parent], at + 1, position(at + 1, parent.version)));
        if (childIsLocal) await world.save('message', mint(), { chatId: chat, text: 'mine' });
        const grave = remote('chat', chat, null, at + 2, world.time.ms);
        const theirs = remote('message', mint(), { chatId: chat, text: 'theirs' }, at + 3, world.time.ms);
        must(await world.sync.apply(childIsLocal ? [grave] : [grave, theirs], at + 3, position(at + 3, theirs.version)));
        expect(must(await world.store.get('chat', chat))).toMatchObject({ lifecycle: 'live', pending: true });
      }
    });

    test('a reconcile pushes again what the server lost, and deletes nothing that it does not know', async () => {
      const [kept, gone] = [mint(), mint()];
      await world.save('note', kept, { text: 'v1' });
      await world.save('note', gone, { text: 'only here' });
      const ops = await world.claimAll();
      const [first, second] = [kept, gone].map((id) => ops.find((op) => op.id === id)?.opId ?? '');
      must(await world.sync.acknowledge([applied(first ?? '', 1), applied(second ?? '', 2)], position(2, second ?? '')));
      const view = must(await world.store.get('note', kept));
      await world.save('note', kept, { text: 'v2' }, { text: 'v1' }, view?.localSeq ?? 0);
      const [later] = await world.claimAll();
      must(await world.sync.acknowledge([applied(later?.opId ?? '', 3)], position(3, later?.opId ?? '')));

      must(await world.sync.beginReconcile());
      const regressed = remote('note', kept, { text: 'v1' }, 1, world.time.ms, first);
      must(await world.sync.reconcile(regressed, [], null));
      must(await world.sync.requeueAbsent(new Set([`note/${kept}`])));
      must(await world.sync.endReconcile(mint(), 1, null));
      const again = await world.claimAll();
      expect(again.find(({ id }) => id === kept)).toMatchObject({ base: first });
      expect(again.find(({ id }) => id === kept)?.body).toContain('"v2"');
      expect(again.find(({ id }) => id === gone)).toMatchObject({ base: null });
      expect(must(await world.store.get('note', gone))?.fields.text).toBe('only here');
    });

    test('a row that differs from the regressed server in its stamps alone is pushed: both hold the same bytes again', async () => {
      const id = mint();
      await world.save('note', id, { text: 'same' });
      const [first] = await world.claimAll();
      must(await world.sync.acknowledge([applied(first?.opId ?? '', 1)], position(1, first?.opId ?? '')));
      world.time.ms += 1000;
      for (const [text, was] of [
        ['other', 'same'],
        ['same', 'other'],
      ] as const) {
        const view = must(await world.store.get('note', id));
        await world.save('note', id, { text }, { text: was }, view?.localSeq ?? 0);
      }
      const [second] = await world.claimAll();
      must(await world.sync.acknowledge([applied(second?.opId ?? '', 2)], position(2, second?.opId ?? '')));

      must(await world.sync.beginReconcile());
      const fields = { text: 'same' };
      const regressed = remote('note', id, fields, 1, world.time.ms, first?.opId);
      must(await world.sync.reconcile({ ...regressed, body: first?.body ?? null, hash: first?.hash ?? '' }, [], null));
      expect((await world.claimAll()).map(({ body }) => body)).toEqual([second?.body]);
    });

    test('the journal of a closed tab is replayed once; that of a living tab is left alone', async () => {
      const id = mint();
      const first = await world.save('note', id, { text: 'a' });
      const row = (tab: string, patch: Fields, saveId: string): UnsavedRow => ({
        key: `${tab}/note/${id}`,
        tab,
        kind: 'note',
        id,
        patch,
        was: { text: 'a' },
        builtOn: first.entity.localSeq,
        saveId,
        at: world.time.ms,
      });
      const [dead, alive] = [mint(), mint()];
      const rows = [row(dead, { text: 'a, typed before the end' }, mint()), row(alive, { title: 'alive' }, mint())];
      must(
        await world.kv.transact({}, () => ({ writes: rows.map((one) => ({ put: 'unsaved', row: one }) as const), value: null })),
      );
      const locks = {
        hold: async <V>(name: string, body: () => Promise<V>) => (name.includes(alive) ? undefined : await body()),
      };
      expect(must(await replayJournal(journalWithin(world.kv), world.store, locks)), 'rows that stay').toBe(1);
      expect(must(await world.store.get('note', id))?.fields).toMatchObject({ text: 'a, typed before the end', title: '' });
      expect(must(await replayJournal(journalWithin(world.kv), world.store, locks)), 'rows that stay').toBe(1);
      const left = must(await world.kv.read({ rows: { list: 'unsaved', limit: 10 } })).rows;
      expect(left.map(({ tab }) => tab)).toEqual([alive]);
    });
  });
}
