/** Invariant 22, over whichever database: a new child brings its deleted parent back (`src/store/draft/family.ts`). */
import { beforeEach, describe, expect, test } from 'vitest';
import type { Kv } from '#core/ports.ts';
import type { Op } from '#core/protocol.ts';
import type { WorkspaceTables } from '#store/schema/schema.ts';
import { applied, mint, must, openWorld, position, remote } from './store.ts';

export function describeFamilies(name: string, open: () => Promise<Kv<WorkspaceTables>>, bulkFrom?: number): void {
  describe(`families over ${name}`, () => {
    let world: ReturnType<typeof openWorld>;
    let seq: number;

    beforeEach(async () => {
      world = openWorld(await open(), bulkFrom);
      seq = 0;
    });

    /** Everything that waits is taken by the server, or those of a kind alone. */
    const push = async () => {
      const ops = await world.claimAll();
      const results = ops.map(({ opId }) => applied(opId, ++seq));
      must(await world.sync.acknowledge(results, position(seq, ops.at(-1)?.opId ?? '')));
      return ops;
    };
    const chat = async () => {
      const id = mint();
      await world.save('chat', id, { title: 'Plan' });
      return id;
    };
    const purge = async (id: string) => must(await world.store.purge('chat', [id]));
    const look = async (id: string) => must(await world.store.get('chat', id));

    test.each(['unsent', 'on its way', 'taken by the server'])(
      'a message saved into a deleted chat brings it back: the deletion is %s',
      async (state) => {
        const id = await chat();
        await push();
        await purge(id);
        const ops = state === 'unsent' ? [] : await world.claimAll();
        if (state === 'taken by the server')
          must(await world.sync.acknowledge([applied(ops[0]?.opId ?? '', ++seq)], position(seq, mint())));
        await world.save('message', mint(), { chatId: id, text: 'wait' });
        expect(await look(id)).toMatchObject({ lifecycle: 'live', fields: { title: 'Plan' }, pending: true });
        if (state === 'on its way')
          must(await world.sync.acknowledge([applied(ops[0]?.opId ?? '', ++seq)], position(seq, mint())));
        expect((await push()).find((op) => op.id === id)).toMatchObject({ deleted: false });
        expect(await look(id)).toMatchObject({ lifecycle: 'live', pending: false });
      },
    );

    test('an edit of a message that was there before the deletion brings the chat back, too', async () => {
      const [id, message] = [await chat(), mint()];
      await world.save('message', message, { chatId: id, text: 'one' });
      await push();
      const before = must(await world.store.get('message', message));
      await purge(id);
      // The patch does not say whose message it is.
      await world.save('message', message, { text: 'one two' }, { text: 'one' }, before?.localSeq ?? 0);
      expect(await look(id)).toMatchObject({ lifecycle: 'live', fields: { title: 'Plan' } });
    });

    test('a chat that no server knows comes back, too, and its deletion is not sent', async () => {
      const id = await chat();
      await purge(id);
      await world.save('message', mint(), { chatId: id, text: 'wait' });
      expect(await look(id)).toMatchObject({ lifecycle: 'live', fields: { title: 'Plan' } });
      expect((await push()).filter(({ deleted }) => deleted)).toEqual([]);
    });

    test('what was in the bin comes back into the bin', async () => {
      const id = await chat();
      await world.save('chat', id, { binnedAt: world.time.ms }, {}, (await look(id))?.localSeq ?? 0);
      await purge(id);
      await world.save('message', mint(), { chatId: id, text: 'wait' });
      expect(await look(id)).toMatchObject({ lifecycle: 'binned', fields: { title: 'Plan' } });
    });

    test('a message that the server took after the deletion brings the chat back, one that it took before does not', async () => {
      for (const isLater of [true, false]) {
        const id = await chat();
        await push();
        await world.save('message', mint(), { chatId: id, text: 'paced' });
        await purge(id);
        const ops = await world.claimAll();
        const grave = ops.find((op) => op.id === id)?.opId ?? '';
        const child = ops.find((op) => op.kind === 'message')?.opId ?? '';
        const [first, second] = isLater ? [grave, child] : [child, grave];
        const results = [applied(first, seq + 1), applied(second, seq + 2)];
        seq += 2;
        must(await world.sync.acknowledge(results, position(seq, second)));
        expect((await look(id))?.lifecycle).toBe(isLater ? 'live' : 'purged');
        expect((await push()).filter((op) => op.id === id)).toHaveLength(isLater ? 1 : 0);
      }
    });

    test('a message that waits for its pace when its chat is deleted goes before the deletion, and does not bring the chat back', async () => {
      const id = await chat();
      await push();
      const typed = { kind: 'message', id: mint(), patch: { chatId: id, text: 'paced' }, base: {}, baseSeq: 0, saveId: mint() };
      must(await world.store.save({ ...typed, editing: true }));
      await purge(id);
      const ops: (Op & { readonly seq: number })[] = [];
      for (let force = false; ops.length < 2; force = true) {
        const claimed = must(await world.sync.claim({ limit: 100, maxBytes: 1e9, force })).ops;
        const taken = claimed.map((op) => ({ ...op, seq: ++seq }));
        must(
          await world.sync.acknowledge(
            taken.map((op) => applied(op.opId, op.seq)),
            position(seq, taken.at(-1)?.opId ?? ''),
          ),
        );
        ops.push(...taken);
      }
      expect(ops.map(({ kind }) => kind)).toEqual(['message', 'chat']);
      expect((await look(id))?.lifecycle).toBe('purged');
    });

    test('a message that has no room in a push with the deletion of its chat is not left behind it', async () => {
      const id = await chat();
      await push();
      await world.save('note', mint(), { text: 'x'.repeat(100) });
      await world.save('message', mint(), { chatId: id, text: 'x'.repeat(10_000) });
      await purge(id);
      const kinds: string[][] = [];
      for (let round = 0; round < 4; round++) {
        const { ops } = must(await world.sync.claim({ limit: 100, maxBytes: 5000, force: false }));
        must(
          await world.sync.acknowledge(
            ops.map(({ opId }) => applied(opId, ++seq)),
            position(seq, ops.at(-1)?.opId ?? ''),
          ),
        );
        kinds.push(ops.map(({ kind }) => kind));
      }
      const sent = kinds.flat();
      expect(sent.indexOf('message')).toBeLessThan(sent.indexOf('chat'));
      expect((await look(id))?.lifecycle).toBe('purged');
    });

    test.each(['the chat', 'the message itself'])(
      'words of a machine bring nothing back: %s was deleted permanently',
      async (which) => {
        const [id, message] = [await chat(), mint()];
        await push();
        const piece = (text: string) => ({ kind: 'message', id: message, patch: { chatId: id, text }, base: {}, saveId: mint() });
        const first = must(await world.store.save({ ...piece('one'), baseSeq: 0, editing: true, machine: true }));
        const gone = which === 'the chat' ? { kind: 'chat', id } : { kind: 'message', id: message };
        must(await world.store.purge(gone.kind, [gone.id]));
        const later = { kind: 'message', id: message, patch: { text: 'one two' }, base: { text: 'one' } };
        const request = { ...later, baseSeq: first.entity.localSeq, saveId: mint(), machine: true } as const;
        expect(await world.store.save(request)).toEqual({ ok: false, error: { type: 'NotFound', ...gone } });
        expect(await world.store.save({ ...piece('anew'), id: mint(), baseSeq: 0, machine: true })).toMatchObject(
          which === 'the chat' ? { ok: false, error: { type: 'NotFound', ...gone } } : { ok: true },
        );
        await push();
        expect(must(await world.store.get(gone.kind, gone.id))?.lifecycle).toBe('purged');
        // The same from a person does.
        must(await world.store.save({ ...later, baseSeq: first.entity.localSeq, saveId: mint() }));
        expect(must(await world.store.get(gone.kind, gone.id))?.lifecycle).toBe('live');
      },
    );

    test('a device that has never had a chat gets it with a message that is newer than its deletion', async () => {
      const [id, message] = [mint(), mint()];
      const grave = remote('chat', id, null, 5, world.time.ms);
      const child = remote('message', message, { chatId: id, text: 'wait' }, 6, world.time.ms);
      must(await world.sync.apply([grave, child], 6, position(6, child.version)));
      must(await world.sync.weighDeletions());
      expect(await look(id)).toMatchObject({ lifecycle: 'live', pending: true });
      expect(must(await world.store.get('message', message))).toMatchObject({ lifecycle: 'live', pending: false });
      expect((await world.claimAll()).find((op) => op.id === id)).toMatchObject({ base: grave.version, deleted: false });
    });

    test('an older message of a deleted chat does not bring it to a device that has never had it', async () => {
      const id = mint();
      const child = remote('message', mint(), { chatId: id, text: 'wait' }, 5, world.time.ms);
      const grave = remote('chat', id, null, 6, world.time.ms);
      must(await world.sync.apply([child, grave], 6, position(6, grave.version)));
      must(await world.sync.weighDeletions());
      expect((await look(id))?.lifecycle).toBe('purged');
    });

    test('a message of another device that was not known here brings a chat back whose deletion is not sent', async () => {
      const id = await chat();
      await push();
      await purge(id);
      const child = remote('message', mint(), { chatId: id, text: 'wait' }, ++seq, world.time.ms);
      must(await world.sync.apply([child], seq, position(seq, child.version)));
      expect(await look(id)).toMatchObject({ lifecycle: 'live', fields: { title: 'Plan' }, pending: true });
      expect((await push()).filter(({ deleted }) => deleted)).toEqual([]);
    });

    test.each(['was not', 'was'])(
      'a message that a pull brings again does not take back the deletion of its chat: it %s acknowledged before',
      async (which) => {
        const id = await chat();
        await push();
        await world.save('message', mint(), { chatId: id, text: 'wait' });
        const [op] = await world.claimAll();
        const message = op?.opId ?? '';
        if (which === 'was') must(await world.sync.acknowledge([applied(message, seq + 1)], position(seq + 1, message)));
        await purge(id);
        const again = remote('message', op?.id ?? '', { chatId: id, text: 'wait' }, ++seq, world.time.ms, message);
        must(await world.sync.apply([again], seq, position(seq, message)));
        expect((await look(id))?.lifecycle).toBe('purged');
        // What another device has added to it since does.
        const edited = remote('message', again.id, { chatId: id, text: 'wait here' }, ++seq, world.time.ms);
        must(await world.sync.apply([edited], seq, position(seq, edited.version)));
        expect((await look(id))?.lifecycle).toBe('live');
      },
    );

    test('a deletion that waits behind an earlier message is not taken back by that message', async () => {
      const id = await chat();
      await world.save('message', mint(), { chatId: id, text: 'first' });
      const ops = await world.claimAll();
      await purge(id);
      const results = ops.map(({ opId }) => applied(opId, ++seq));
      must(await world.sync.acknowledge(results, position(seq, ops.at(-1)?.opId ?? '')));
      expect((await look(id))?.lifecycle).toBe('purged');
    });
  });
}
