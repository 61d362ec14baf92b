/** What the store of a workspace keeps right about clocks, orders and versions, over whichever database. */
import { beforeEach, describe, expect, test } from 'vitest';
import { parseStamp } from '#core/clock.ts';
import type { EntityDeclaration, Fields, Ledger } from '#core/entity.ts';
import type { Kv } from '#core/ports.ts';
import type { PushResult } from '#core/protocol.ts';
import { numberedSaveId } from '#core/save-id.ts';
import { ledger as todaysLedger } from '#entities/index.ts';
import { createStore } from '#store/create-store.ts';
import type { WorkspaceTables } from '#store/schema/schema.ts';
import { createSyncStore } from '#store/sync/create-sync-store.ts';
import { applied, mint, must, openWorld, position, remote } from './store.ts';

const DAY_MS = 86_400_000;
const YEAR_MS = 365 * DAY_MS;
/** Where the clock of a world begins. */
const NOW = 1_790_000_000_000;

export function describePositions(name: string, open: () => Promise<Kv<WorkspaceTables>>): void {
  describe(`positions over ${name}`, () => {
    let world: ReturnType<typeof openWorld>;
    beforeEach(async () => {
      world = openWorld(await open());
    });
    const rowOf = async (id: string) => {
      const { row } = must(await world.kv.read({ row: { get: 'entities', key: ['note', id] } }));
      return row ?? expect.fail('there is no row');
    };
    const syncRow = async () => {
      const { row } = must(await world.kv.read({ row: { get: 'meta', key: 'sync' } }));
      return row?.key === 'sync' ? row : expect.fail('there is no sync row');
    };

    test('an op that no limit lets through waits in quarantine, and nothing is taken for an answer of the server', async () => {
      const id = mint();
      await world.save('note', id, { title: 'Known' });
      const [first] = await world.claimAll();
      must(await world.sync.acknowledge([applied(first?.opId ?? '', 1)], position(1, first?.opId ?? '')));
      const before = await syncRow();
      const built = (await rowOf(id)).localSeq;
      await world.save('note', id, { title: 'Too big' }, { title: 'Known' }, built);
      const [op] = await world.claimAll();
      must(await world.sync.refuse(op?.opId ?? '', 'too-big'));
      expect(await syncRow()).toEqual(before);
      expect(must(await world.store.summary())).toMatchObject({ pending: 1, awaitingPerson: 1, quarantined: 1 });
      expect(must(await world.sync.unanswered())).toEqual([]);
    });

    test('an op that no limit lets through leaves a bulk alone, and the others of it pass', async () => {
      const bulks = openWorld(world.kv, 1);
      for (const title of ['One', 'Two']) await bulks.save('note', mint(), { title });
      const [large, small] = await bulks.claimAll();
      must(await bulks.sync.refuse(large?.opId ?? '', 'too-big'));
      expect(must(await bulks.sync.unanswered()).map(({ opId }) => opId)).toEqual([small?.opId]);
      must(await bulks.sync.acknowledge([applied(small?.opId ?? '', 1)], position(1, small?.opId ?? '')));
      expect(must(await bulks.store.summary())).toMatchObject({ pending: 1, awaitingPerson: 1 });
    });

    test('an answer that was overtaken moves neither what was seen nor the cursor back, and one of a server without a clock no time', async () => {
      const [late, early] = [position(5, mint()), position(3, mint())];
      must(await world.sync.apply([], 5, late));
      const before = must(await world.kv.read({ state: { get: 'meta', key: 'state' } })).state;
      must(await world.sync.apply([], 3, { ...early, now: 0 }));
      expect(await syncRow()).toMatchObject({ seen: late.seen, cursor: 5 });
      expect(must(await world.kv.read({ state: { get: 'meta', key: 'state' } })).state).toEqual(before);
    });

    test('the acknowledgement moves the base: what another device then took out of it stays out', async () => {
      const id = mint();
      let { entity } = await world.save('note', id, { tags: [], text: 'one' });
      const [first] = await world.claimAll();
      must(await world.sync.acknowledge([applied(first?.opId ?? '', 1)], position(1, first?.opId ?? '')));
      ({ entity } = await world.save('note', id, { tags: ['x'] }, { tags: [] }, entity.localSeq));
      const [second] = await world.claimAll();
      await world.save('note', id, { text: 'two' }, { text: 'one' }, entity.localSeq);
      must(await world.sync.acknowledge([applied(second?.opId ?? '', 2)], position(2, second?.opId ?? '')));
      const current = remote('note', id, { tags: [], text: 'one' }, 3, world.time.ms + 1000);
      must(await world.sync.apply([current], 3, position(3, current.version)));
      expect((await rowOf(id)).fields).toMatchObject({ tags: [], text: 'two' });
    });

    /** A note with a title that the server has, and a later title of another device: typed a minute after it. */
    const openTitled = async () => {
      const id = mint();
      const { entity } = await world.save('note', id, { title: 'Old' });
      const [first] = await world.claimAll();
      must(await world.sync.acknowledge([applied(first?.opId ?? '', 1)], position(1, first?.opId ?? '')));
      const theirs = { title: 'Theirs', starred: true };
      const other = remote('note', id, theirs, 2, world.time.ms + 60_000);
      world.time.ms += 120_000;
      const pull = async () => must(await world.sync.apply([other], 2, position(2, other.version)));
      return { id, built: entity.localSeq, pull };
    };

    test('what was changed and put back before it was sent was chosen last', async () => {
      const { id, built, pull } = await openTitled();
      const changed = await world.save('note', id, { title: 'New', starred: true }, { title: 'Old', starred: false }, built);
      const was = { title: 'New', starred: true };
      await world.save('note', id, { title: 'Old', starred: false }, was, changed.entity.localSeq);
      await pull();
      expect((await rowOf(id)).fields).toMatchObject({ title: 'Old', starred: false });
      const [op] = await world.claimAll();
      expect(op?.body).toContain('"title":"Old"');
    });

    test('a save that names a value as it is, among others that it changes, does not choose it', async () => {
      const { id, built, pull } = await openTitled();
      await world.save('note', id, { title: 'Old', text: 'word' }, { title: 'Old', text: '' }, built);
      await pull();
      expect((await rowOf(id)).fields).toMatchObject({ title: 'Theirs', text: 'word', starred: true });
    });

    test('a save of an editor that names a value as it had it takes back nothing that came in between', async () => {
      const { id, built, pull } = await openTitled();
      await pull();
      const typedAt = { title: world.time.ms, text: world.time.ms };
      const save = { kind: 'note', id, patch: { title: 'Old', text: 'word' }, base: { title: 'Old', text: '' }, baseSeq: built };
      must(await world.store.save({ ...save, saveId: mint(), typedAt, editing: true }));
      expect((await rowOf(id)).fields).toMatchObject({ title: 'Theirs', text: 'word' });
    });

    test('a reconcile merges over the nearest version that both sides know', async () => {
      const id = mint();
      const versions: string[] = [];
      let localSeq = 0;
      let was: Fields = {};
      for (const tags of [[], ['x'], []]) {
        ({ localSeq } = (await world.save('note', id, { tags }, was, localSeq)).entity);
        was = { tags };
        const [op] = await world.claimAll();
        versions.push(op?.opId ?? '');
        const seq = versions.length;
        must(await world.sync.acknowledge([applied(op?.opId ?? '', seq)], position(seq, op?.opId ?? '')));
      }
      const [oldest = '', nearest = ''] = versions;
      const there = remote('note', id, { tags: ['x'], text: 'there' }, 3, world.time.ms);
      const { kind, version, hash, deleted, seq } = there;
      const entry = { kind, id, version, hash, deleted, seq, lineage: [oldest, nearest] };
      expect(must(await world.sync.shared(entry))).toMatchObject({ common: nearest });
      const common = remote('note', id, { tags: ['x'] }, 2, world.time.ms, nearest);
      must(await world.sync.reconcile(there, [oldest, nearest], common));
      expect((await rowOf(id)).fields).toEqual({ tags: [], text: 'there' });
    });

    test('an edit of what the server does not have is offered again, built on nothing', async () => {
      const id = mint();
      const { entity } = await world.save('note', id, { text: 'one' });
      const [first] = await world.claimAll();
      must(await world.sync.acknowledge([applied(first?.opId ?? '', 1)], position(1, first?.opId ?? '')));
      await world.save('note', id, { text: 'two' }, { text: 'one' }, entity.localSeq);
      const [op] = await world.claimAll();
      const absent: PushResult = { type: 'conflict', opId: op?.opId ?? '', current: null, lineage: [] };
      must(await world.sync.acknowledge([absent], position(1, first?.opId ?? '')));
      const [again] = await world.claimAll();
      expect(again).toMatchObject({ id, base: null });
      expect(again?.body).toContain('two');
    });

    test('in a reconcile a row contains what was sent of it, whether or not the answer came', async () => {
      const id = mint();
      let { entity } = await world.save('note', id, { tags: ['x'], text: 'one' });
      const [sent] = await world.claimAll();
      ({ entity } = await world.save('note', id, { tags: [] }, { tags: ['x'] }, entity.localSeq));
      must(await world.sync.beginReconcile());
      const stored = remote('note', id, { tags: ['x'], text: 'one' }, 1, world.time.ms, sent?.opId);
      must(await world.sync.reconcile(stored, [], null));
      expect((await rowOf(id)).fields).toMatchObject({ tags: [], text: 'one' });
      expect(entity.fields.tags).toEqual([]);
    });

    test('what was remembered beyond the lineage outlives a change of another device', async () => {
      const id = mint();
      const versions: string[] = [];
      let seq = 0;
      let builtOn = 0;
      for (let n = 0; n < 60; n++) {
        builtOn = (await world.save('note', id, { title: `t${n}` }, { title: `t${n - 1}` }, builtOn)).entity.localSeq;
        const [op] = await world.claimAll();
        versions.push(op?.opId ?? '');
        seq += 1;
        must(await world.sync.acknowledge([applied(op?.opId ?? '', seq)], position(seq, op?.opId ?? '')));
      }
      const entry = { kind: 'note', id, version: versions[2] ?? '', hash: '', deleted: false, lineage: versions.slice(0, 2) };
      const elsewhere = remote('note', id, { title: 'elsewhere' }, ++seq, world.time.ms);
      must(await world.sync.apply([elsewhere], seq, position(seq, elsewhere.version)));
      expect(must(await world.store.get('note', id))?.fields.title).toBe('elsewhere');
      // The server comes back from a copy of the first hour.
      must(await world.sync.beginReconcile());
      const old = remote('note', id, { title: 't2' }, 3, world.time.ms, entry.version);
      must(await world.sync.reconcile(old, entry.lineage, null));
      expect(must(await world.store.get('note', id))?.fields.title).toBe('elsewhere');
      expect((await world.claimAll()).map((op) => op.base)).toEqual([entry.version]);
    });

    test('revisions are kept, and thinned, after the clock was set back by a day', async () => {
      const id = mint();
      let { entity } = await world.save('note', id, { text: '0' });
      const type = async (text: string) => {
        const was = { text: entity.fields.text ?? '' };
        ({ entity } = await world.save('note', id, { text }, was, entity.localSeq));
      };
      world.time.ms += 60_000;
      await type('1');
      world.time.ms -= DAY_MS;
      for (let i = 2; i <= 150; i++) {
        world.time.ms += 60_000;
        await type(`${i}`);
      }
      await expect.poll(async () => must(await world.store.history('note', id)).length).toBeLessThan(95);
      const texts = must(await world.store.history('note', id)).map(({ fields }) => Number(fields.text));
      expect(texts.slice(0, 59)).toEqual(Array.from({ length: 59 }, (_, i) => 149 - i));
    });

    test('a save under a clock a year ahead makes no later save suspect: newer wins, and nobody is asked', async () => {
      const [early, late] = [mint(), mint()];
      world.time.ms += YEAR_MS;
      const first = await world.save('note', early, { title: 'Ahead', text: 'ahead' });
      world.time.ms -= YEAR_MS - 60_000;
      await world.save('note', late, { title: 'Here', text: 'one' });
      const back = await world.save('note', early, { text: 'right' }, { text: 'ahead' }, first.entity.localSeq);
      const now = world.time.ms;
      const stampsOf = async (id: string) =>
        Object.fromEntries(Object.entries((await rowOf(id)).stamps).map(([field, stamp]) => [field, parseStamp(stamp).ms]));
      expect(await stampsOf(late)).toEqual({ title: now, text: now });
      expect(await stampsOf(early)).toEqual({ title: NOW + YEAR_MS, text: now });

      // Another device wrote the same texts a moment before, and a moment after.
      const ops = await world.claimAll();
      world.time.ms += 120_000;
      const results = ops.map(({ opId, kind, id }, index): PushResult => {
        const text = id === late ? 'two' : 'three';
        const fields = { text, title: 'There' };
        const current = remote(kind, id, fields, index + 1, id === late ? now - 30_000 : now + 30_000);
        return { type: 'conflict', opId, current, lineage: [] };
      });
      must(await world.sync.acknowledge(results, { ...position(2, mint()), now: world.time.ms }));
      expect((await rowOf(late)).fields.text).toBe('one');
      expect((await rowOf(early)).fields.text).toBe('three');
      expect(must(await world.store.summary()).openConflicts).toBe(0);
      expect(back.merged).toBe(false);
    });

    test('what was stamped ahead and accepted becomes the time of acceptance with the next change of its entity', async () => {
      const id = mint();
      world.time.ms += YEAR_MS;
      const { entity } = await world.save('note', id, { title: 'Ahead', text: 'ahead' });
      const [op] = await world.claimAll();
      const answer = { ...applied(op?.opId ?? '', 1), acceptedAt: NOW + 1000 } as PushResult;
      must(await world.sync.acknowledge([answer], { ...position(1, op?.opId ?? ''), now: NOW + 1000 }));
      // The clock is still wrong; the server's answer says by how much.
      world.time.ms += 60_000;
      await world.save('note', id, { text: 'more' }, { text: 'ahead' }, entity.localSeq);
      const { stamps, lastUpdated } = await rowOf(id);
      expect(parseStamp(stamps.title ?? '').ms).toBe(NOW + 1000);
      expect(parseStamp(stamps.text ?? '').ms).toBe(NOW + 61_000);
      expect(lastUpdated).toBe(stamps.text);
    });

    test('a save repeated after hundreds of others of its editor changes nothing', async () => {
      const id = mint();
      const session = mint();
      const first = await world.save('note', id, { text: 'first' }, {}, 0, numberedSaveId(session, 1));
      let { entity } = first;
      for (let i = 2; i <= 300; i++) {
        const was = { text: entity.fields.text ?? '' };
        ({ entity } = await world.save('note', id, { text: `${i}` }, was, entity.localSeq, numberedSaveId(session, i)));
      }
      for (const number of [1, 2, 299, 300]) {
        const late = await world.save('note', id, { text: 'first' }, {}, 0, numberedSaveId(session, number));
        expect(late.entity).toMatchObject({ localSeq: entity.localSeq, fields: { text: '300' } });
      }
      expect((await rowOf(id)).saves).toHaveLength(1);
    });

    test('a save of one of several editors, repeated after a hundred others, changes nothing', async () => {
      const id = mint();
      const single = mint();
      let { entity } = await world.save('note', id, { text: '0' }, {}, 0, single);
      const sessions = Array.from({ length: 20 }, mint);
      for (let i = 1; i <= 100; i++) {
        const saveId = i % 2 ? mint() : numberedSaveId(sessions[i % 20] ?? '', i);
        ({ entity } = await world.save('note', id, { text: `${i}` }, { text: `${i - 1}` }, entity.localSeq, saveId));
      }
      for (const saveId of [single, numberedSaveId(sessions[2] ?? '', 2)]) {
        const late = await world.save('note', id, { text: '0' }, {}, 0, saveId);
        expect(late.entity.fields.text).toBe('100');
      }
    });

    describe('a field that a newer app has renamed', () => {
      const today = todaysLedger.get('note') ?? expect.fail('there are no notes');
      const { title: renamed, ...others } = today.fields;
      const note: EntityDeclaration = {
        ...today,
        version: today.version + 1,
        fields: { ...others, name: renamed ?? expect.fail('notes have no title') },
        migrations: {
          ...today.migrations,
          [today.version + 1]: ({ title, ...rest }) => (title === undefined ? rest : { ...rest, name: title }),
        },
      };
      const newer: Ledger = new Map([...todaysLedger, ['note', note]]);
      const updated = () => {
        const context = { ...world.context, ledger: newer };
        return { store: createStore(context), sync: createSyncStore(context) };
      };
      const fieldsOf = (entity: { readonly body: string | null } | undefined) =>
        (JSON.parse(entity?.body ?? '{}') as { fields: Fields }).fields;
      const newerRemote = (id: string, fields: Fields, ms: number) => ({ ...remote('note', id, fields, 2, ms), v: note.version });

      test.each(['pulled', 'met by a push'])(
        'waits as it is until the update where it is %s, and is then merged whole',
        async (way) => {
          const id = mint();
          const { entity } = await world.save('note', id, { title: 'Old', text: 'one' });
          const [first] = await world.claimAll();
          must(await world.sync.acknowledge([applied(first?.opId ?? '', 1)], position(1, first?.opId ?? '')));
          world.time.ms += 60_000;
          await world.save('note', id, { title: 'Mine' }, { title: 'Old' }, entity.localSeq);
          const current = newerRemote(id, { name: 'Old', text: 'two' }, NOW + 30_000);
          const conflict = (opId: string): PushResult => ({ type: 'conflict', opId, current, lineage: [first?.opId ?? ''] });
          if (way === 'pulled') must(await world.sync.apply([current], 2, position(2, current.version)));
          else {
            const [op] = await world.claimAll();
            must(await world.sync.acknowledge([conflict(op?.opId ?? '')], position(2, current.version)));
          }
          expect((await rowOf(id)).fields).toEqual({ title: 'Mine', text: 'one' });
          expect(must(await world.store.summary())).toMatchObject({ pending: 1, awaitingPerson: 1 });
          expect(must(await world.status.quarantined())).toMatchObject([{ reason: 'newer-app', waiting: true }]);
          // Editing goes on, and an old app that starts again changes nothing.
          const { localSeq } = await rowOf(id);
          await world.save('note', id, { title: 'Mine, later' }, { title: 'Mine' }, localSeq);
          must(await createSyncStore(world.context).unanswered());
          expect(await world.claimAll()).toEqual([]);

          const { store, sync } = updated();
          must(await sync.unanswered());
          const [op] = must(await sync.claim({ limit: 10, maxBytes: 1e9, force: true })).ops;
          must(await sync.acknowledge([conflict(op?.opId ?? '')], position(2, current.version)));
          expect((await rowOf(id)).fields).toEqual({ name: 'Mine, later', text: 'two' });
          expect(must(await store.get('note', id))?.fields).toMatchObject({ name: 'Mine, later', text: 'two' });
          const [merged] = must(await sync.claim({ limit: 10, maxBytes: 1e9, force: true })).ops;
          expect(merged).toMatchObject({ base: current.version, v: note.version });
          expect(fieldsOf({ body: merged?.body ?? null })).toEqual({ name: 'Mine, later', text: 'two' });
          expect(must(await store.summary())).toMatchObject({ awaitingPerson: 0, quarantined: 0 });
        },
      );

      test('is taken over unchanged where nothing waits, shown and not edited', async () => {
        const id = mint();
        await world.save('note', id, { title: 'Old' });
        const [first] = await world.claimAll();
        must(await world.sync.acknowledge([applied(first?.opId ?? '', 1)], position(1, first?.opId ?? '')));
        const current = newerRemote(id, { name: 'New' }, NOW + 30_000);
        must(await world.sync.apply([current], 2, position(2, current.version)));
        expect(await rowOf(id)).toMatchObject({
          v: note.version,
          fields: { name: 'New' },
          version: current.version,
          queued: null,
        });
        expect(must(await world.store.get('note', id))?.readOnly).toBe(true);
      });

      test('keeps its stamp under the new name: what was typed later still wins', async () => {
        const id = mint();
        world.time.ms += 60_000;
        await world.save('note', id, { title: 'Later', text: 'x' });
        const { sync } = updated();
        const older = newerRemote(id, { name: 'Earlier', text: 'x' }, NOW + 30_000);
        must(await sync.apply([older], 2, position(2, older.version)));
        expect((await rowOf(id)).fields).toEqual({ name: 'Later', text: 'x' });
      });

      test('is found again in revisions from before the update, and in what comes back after a deletion', async () => {
        const id = mint();
        const { entity } = await world.save('note', id, { title: 'Kept', text: 'x' });
        must(await world.store.purge('note', [id]));
        const { store } = updated();
        expect(must(await store.history('note', id))[0]?.fields).toEqual({ name: 'Kept', text: 'x' });
        const back = { kind: 'note', id, patch: { text: 'y' }, base: { text: 'x' }, baseSeq: entity.localSeq, saveId: mint() };
        expect(must(await store.save(back)).entity.fields).toMatchObject({ name: 'Kept', text: 'y' });
      });
    });

    test('an op whose id the server knows with another body is merged with that, never laid over it', async () => {
      const id = mint();
      const { entity } = await world.save('note', id, { text: 'one\ntwo\nthree\n' });
      const [first] = await world.claimAll();
      must(await world.sync.acknowledge([applied(first?.opId ?? '', 1)], position(1, first?.opId ?? '')));
      await world.save('note', id, { text: 'one\ntwo\nTHREE\n' }, { text: 'one\ntwo\nthree\n' }, entity.localSeq);
      const [reused] = await world.claimAll();
      const opId = reused?.opId ?? '';
      must(await world.sync.acknowledge([{ type: 'rejected', opId, reason: 'op-reused' }], position(2, opId)));
      expect(must(await world.store.summary())).toMatchObject({ pending: 1, awaitingPerson: 0, quarantined: 0 });

      const [again] = await world.claimAll();
      expect(again?.opId).not.toBe(opId);
      expect(again?.base).toBe(first?.opId);
      // What the id named in the life that the disk does not know.
      const current = remote('note', id, { text: 'ONE\ntwo\nthree\n' }, 2, world.time.ms + 1000, opId);
      const lineage = [first?.opId ?? ''];
      must(await world.sync.acknowledge([{ type: 'conflict', opId: again?.opId ?? '', current, lineage }], position(2, opId)));
      expect((await rowOf(id)).fields.text).toBe('ONE\ntwo\nTHREE\n');
      const merged = (await world.claimAll()).find(({ kind }) => kind === 'note');
      expect(merged?.base).toBe(opId);
    });

    test('a server that calls every id used is asked twice; after the person’s "Try again" its body is merged, too', async () => {
      const id = mint();
      const { entity } = await world.save('note', id, { text: 'one\ntwo\nthree\n' });
      const [first] = await world.claimAll();
      must(await world.sync.acknowledge([applied(first?.opId ?? '', 1)], position(1, first?.opId ?? '')));
      await world.save('note', id, { text: 'one\ntwo\nTHREE\n' }, { text: 'one\ntwo\nthree\n' }, entity.localSeq);
      let opId = '';
      for (const waiting of [0, 1]) {
        const [op] = await world.claimAll();
        opId = op?.opId ?? '';
        must(await world.sync.acknowledge([{ type: 'rejected', opId, reason: 'op-reused' }], position(2, opId)));
        expect(must(await world.store.summary()).awaitingPerson).toBe(waiting);
      }
      must(await world.store.retryQuarantined());
      const [again] = await world.claimAll();
      expect(again?.opId).not.toBe(opId);
      const current = remote('note', id, { text: 'ONE\ntwo\nthree\n' }, 2, world.time.ms + 1000, opId);
      must(
        await world.sync.acknowledge([{ type: 'conflict', opId: again?.opId ?? '', current, lineage: [] }], position(2, opId)),
      );
      expect((await rowOf(id)).fields.text).toBe('ONE\ntwo\nTHREE\n');
    });

    test('an acknowledgement of a restored server, whose seqs are lower, sets the version', async () => {
      const id = mint();
      const { entity } = await world.save('note', id, { title: 'Old life' });
      const [first] = await world.claimAll();
      must(await world.sync.acknowledge([applied(first?.opId ?? '', 500)], position(500, first?.opId ?? '')));
      await world.save('note', id, { title: 'New life' }, { title: 'Old life' }, entity.localSeq);
      const [second] = await world.claimAll();
      must(await world.sync.acknowledge([applied(second?.opId ?? '', 7)], position(7, second?.opId ?? '')));
      expect(await rowOf(id)).toMatchObject({ version: second?.opId, seq: 7, sent: null });
      expect(must(await world.kv.read({ base: { get: 'bases', key: ['note', id] } })).base).toBeUndefined();
    });
  });
}
