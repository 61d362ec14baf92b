/** What the store promises the Status panel, over whichever database. */
import { beforeEach, describe, expect, test } from 'vitest';
import { hashText } from '#core/hash.ts';
import type { Kv } from '#core/ports.ts';
import type { PushResult, RejectReason } from '#core/protocol.ts';
import { MAX_EVENTS } from '#store/draft/event-log.ts';
import type { WorkspaceTables } from '#store/schema/schema.ts';
import type { LocalVersion } from '#store/status-store.ts';
import { applied, mint, must, openWorld, position, remote } from './store.ts';

/** `open` gives an empty workspace database at every call. */
export function describeStatusStore(name: string, open: () => Promise<Kv<WorkspaceTables>>): void {
  describe(`the status side of the store over ${name}`, () => {
    let world: ReturnType<typeof openWorld>;
    beforeEach(async () => {
      world = openWorld(await open());
    });

    /** Pushes everything that waits; the server refuses what `refused` names and takes the rest. */
    const push = async (refused: readonly string[], reason: RejectReason = 'over-quota'): Promise<void> => {
      const ops = await world.claimAll();
      let { cursor } = must(await world.sync.position());
      const results = ops.map(({ opId, id }) =>
        refused.includes(id) ? ({ type: 'rejected', opId, reason } as const) : applied(opId, ++cursor),
      );
      must(await world.sync.acknowledge(results, position(cursor, ops.at(-1)?.opId ?? mint())));
    };

    const edit = async (id: string, text: string): Promise<void> => {
      const view = must(await world.store.get('note', id));
      await world.save('note', id, { text }, { text: view?.fields.text ?? '' }, view?.localSeq ?? 0);
    };

    describe('the summary', () => {
      test('counts what the server is to get: layout too, since it is sent; a private key never', async () => {
        await world.save('layout', world.context.deviceId, { sidebarCollapsed: true });
        await world.save('secret', mint(), { origin: 'https://models.example', box: '1.x' });
        expect(must(await world.store.summary()).pending).toBe(1);
        expect((await world.claimAll()).map(({ kind }) => kind)).toEqual(['layout']);
      });

      test('what is in quarantine is counted apart, with an age of its own', async () => {
        const [bad, good] = [mint(), mint()];
        await world.save('note', bad, { text: 'bad' });
        await push([bad]);
        const refusedAt = world.time.ms;
        expect(must(await world.store.summary())).toMatchObject({
          pending: 1,
          awaitingPerson: 1,
          quarantined: 1,
          oldestPendingAt: null,
          oldestQuarantinedAt: refusedAt,
        });
        world.time.ms += 60_000;
        await world.save('note', good, { text: 'good' });
        expect(must(await world.store.summary())).toMatchObject({
          pending: 2,
          awaitingPerson: 1,
          oldestPendingAt: world.time.ms,
        });
        await push([]);
        expect(must(await world.store.summary())).toMatchObject({
          pending: 1,
          oldestPendingAt: null,
          lastPushedAt: world.time.ms,
        });
      });

      test('a body that cannot be read is in quarantine, but nothing of it waits', async () => {
        const broken = { ...remote('note', mint(), { title: 'T' }, 1, world.time.ms), body: '{', hash: hashText('{') };
        must(await world.sync.apply([broken], 1, position(1, broken.version)));
        expect(must(await world.store.summary())).toMatchObject({ pending: 0, awaitingPerson: 0, quarantined: 1 });
      });
    });

    describe('the quarantine', () => {
      test('an export has no key that was in an address, neither in the fields nor in the body', async () => {
        const id = world.context.deviceId;
        await world.save('device-settings', id, { endpoint: 'https://ann:canary@models.example/v1?api-version=1&key=canary' });
        await push([id]);
        const exported = must(await world.status.exportQuarantined([['device-settings', id]]));
        expect(exported.entries[0]?.fields).toMatchObject({ endpoint: 'https://models.example/v1?api-version=1' });
        expect(exported.entries[0]?.body).toContain('https://models.example/v1?api-version=1');
        expect(JSON.stringify(exported)).not.toContain('canary');
      });

      test('names what was refused, why and when, and what the server still has', async () => {
        const [old, fresh] = [mint(), mint()];
        await world.save('note', old, { title: 'Old', text: 'on the server' });
        await push([]);
        await edit(old, 'grown too large');
        await push([old]);
        world.time.ms += 1000;
        await world.save('note', fresh, { title: 'Fresh', text: 'never there' });
        await push([fresh], 'malformed');
        const [newer, older] = must(await world.status.quarantined());
        expect(newer).toMatchObject({ id: fresh, reason: 'malformed', at: world.time.ms, waiting: true, onServer: null });
        expect(older).toMatchObject({ id: old, reason: 'over-quota', waiting: true, deletion: false });
        expect(older?.entity?.fields).toMatchObject({ title: 'Old', text: 'grown too large' });
        expect(older?.onServer).toMatchObject({ text: 'on the server' });
      });

      test('one entry is tried again by itself, with what was edited meanwhile', async () => {
        const [first, second] = [mint(), mint()];
        for (const id of [first, second]) await world.save('note', id, { text: 'too large' });
        await push([first, second]);
        await edit(first, 'short');
        expect(must(await world.store.retryQuarantined(['note', first]))).toBe(1);
        const ops = await world.claimAll();
        expect(ops.map(({ id }) => id)).toEqual([first]);
        expect(ops[0]?.body).toContain('"short"');
        expect(must(await world.status.quarantined()).map(({ id }) => id)).toEqual([second]);
      });

      test('discarding brings back what the server holds; what was here is in the history and in the answer', async () => {
        const id = mint();
        await world.save('note', id, { title: 'T', text: 'on the server' });
        await push([]);
        await edit(id, 'refused');
        await push([id]);
        const { previous } = must(await world.status.discardQuarantined('note', id));
        expect(previous).toMatchObject({ title: 'T', text: 'refused' });
        expect(must(await world.store.get('note', id))).toMatchObject({ pending: false, fields: { text: 'on the server' } });
        expect(must(await world.store.history('note', id))[0]).toMatchObject({ reason: 'restore', fields: { text: 'refused' } });
        expect(must(await world.store.summary())).toMatchObject({ pending: 0, quarantined: 0 });
        expect(await world.claimAll()).toEqual([]);
        // Undo is an ordinary edit: built on what the server holds, it goes out again.
        await edit(id, 'refused');
        const [again] = await world.claimAll();
        const { row } = must(await world.kv.read({ row: { get: 'entities', key: ['note', id] } }));
        expect(again).toMatchObject({ id, base: row?.version });
      });

      test('discarding what the server never had deletes it as a purge does, and an edit brings it back whole', async () => {
        const id = mint();
        await world.save('note', id, { title: 'New', text: 'refused' });
        await push([id]);
        must(await world.status.discardQuarantined('note', id));
        expect(must(await world.store.get('note', id))?.lifecycle).toBe('purged');
        expect(must(await world.store.summary())).toMatchObject({ awaitingPerson: 0, quarantined: 0, pending: 1 });
        const [grave] = await world.claimAll();
        expect(grave).toMatchObject({ id, deleted: true, base: null });
        await world.save('note', id, { text: 'back' });
        expect(must(await world.store.get('note', id))).toMatchObject({
          lifecycle: 'live',
          fields: { title: 'New', text: 'back' },
        });
      });

      test('a refused tombstone of what the server never had ends here', async () => {
        const id = mint();
        await world.save('note', id, { text: 'refused' });
        await push([id]);
        must(await world.status.discardQuarantined('note', id));
        await push([id], 'malformed');
        expect(must(await world.status.quarantined())).toMatchObject([{ id, deletion: true, waiting: true }]);
        must(await world.status.discardQuarantined('note', id));
        expect(must(await world.store.summary())).toMatchObject({ pending: 0, quarantined: 0 });
        expect(must(await world.store.history('note', id))[0]).toMatchObject({ fields: { text: 'refused' } });
      });

      test('a refused deletion, discarded, brings the entity back', async () => {
        const id = mint();
        await world.save('note', id, { text: 'stays' });
        await push([]);
        must(await world.store.purge('note', [id]));
        await push([id], 'forbidden');
        must(await world.status.discardQuarantined('note', id));
        expect(must(await world.store.get('note', id))).toMatchObject({
          lifecycle: 'live',
          pending: false,
          fields: { text: 'stays' },
        });
      });

      test('an unreadable body is only noted: discarding the note touches no entity', async () => {
        const id = mint();
        await world.save('note', id, { text: 'mine' });
        await push([]);
        const broken = { ...remote('note', id, { text: 'x' }, 2, world.time.ms), body: '{', hash: hashText('{') };
        must(await world.sync.apply([broken], 2, position(2, broken.version)));
        expect(must(await world.status.quarantined())).toMatchObject([{ id, reason: 'unreadable', waiting: false }]);
        must(await world.status.discardQuarantined('note', id));
        expect(must(await world.status.quarantined())).toEqual([]);
        expect(must(await world.store.get('note', id))?.fields.text).toBe('mine');
      });

      test('a conflict with a body that cannot be read parks the change: it waits, and is sent again at a word', async () => {
        const id = mint();
        await world.save('note', id, { text: 'one' });
        await push([]);
        await edit(id, 'mine');
        const [op] = await world.claimAll();
        const broken = { ...remote('note', id, { text: 'x' }, 9, world.time.ms), body: '{', hash: hashText('{') };
        const answer: PushResult = { type: 'conflict', opId: op?.opId ?? '', current: broken, lineage: [] };
        must(await world.sync.acknowledge([answer], position(9, broken.version)));
        expect(must(await world.status.quarantined())).toMatchObject([{ id, reason: 'unreadable', waiting: true }]);
        expect(must(await world.store.summary())).toMatchObject({ pending: 1, awaitingPerson: 1 });
        expect(await world.claimAll()).toEqual([]);
        await edit(id, 'mine, edited');
        must(await world.store.retryQuarantined());
        const [again] = await world.claimAll();
        expect(again?.body).toContain('mine, edited');
        expect(again?.opId).not.toBe(op?.opId);
      });

      test('what is not in quarantine cannot be discarded', async () => {
        const id = mint();
        await world.save('note', id, { text: 'mine' });
        expect(await world.status.discardQuarantined('note', id)).toMatchObject({ ok: false, error: { type: 'NotFound' } });
        expect(must(await world.store.summary()).pending).toBe(1);
      });

      test('a refused change that a pull overtakes leaves the quarantine with its outbox row', async () => {
        const id = mint();
        await world.save('note', id, { title: 'same' });
        await push([id]);
        const theirs = remote('note', id, { title: 'newer' }, 1, world.time.ms + 60_000);
        must(await world.sync.apply([theirs], 1, position(1, theirs.version)));
        const view = must(await world.store.get('note', id));
        expect(view).toMatchObject({ pending: false, fields: { title: 'newer' } });
        expect(must(await world.store.summary())).toMatchObject({ awaitingPerson: 0, quarantined: 0 });
        // What lost is in the merge log.
        const log = must(await world.store.list({ kind: 'merge-log', limit: 10 })).items;
        expect(JSON.stringify(log.map(({ fields }) => fields.outcomes))).toContain('same');
      });

      test('the export holds the fields as they are and the body as it was refused', async () => {
        const [id, other] = [mint(), mint()];
        await world.save('note', id, { title: 'T', text: 'refused' });
        await world.save('note', other, { text: 'not asked for' });
        await push([id, other]);
        await edit(id, 'edited since');
        const file = must(await world.status.exportQuarantined([['note', id]]));
        expect(file.entries).toHaveLength(1);
        expect(file.entries[0]).toMatchObject({ kind: 'note', id, reason: 'over-quota', fields: { text: 'edited since' } });
        expect(file.entries[0]?.body).toContain('"refused"');
        expect(JSON.parse(JSON.stringify(file))).toEqual(file);
      });
    });

    describe('the inventory', () => {
      test('counts live, binned and purged entities of every kind, unknown kinds too', async () => {
        const [binned, purged] = [mint(), mint()];
        for (const id of [mint(), mint(), binned, purged])
          await world.save('note', id, { text: 'x', binnedAt: id === binned ? 1 : null });
        must(await world.store.purge('note', [purged]));
        await world.save('chat', mint(), { title: 'c' });
        const foreign = remote('flashcard', mint(), { front: 'Q' }, 1, world.time.ms);
        must(await world.sync.apply([foreign], 1, position(1, foreign.version)));
        expect(must(await world.status.countKinds())).toEqual([
          { kind: 'chat', live: 1, binned: 0, purged: 0 },
          { kind: 'flashcard', live: 1, binned: 0, purged: 0 },
          { kind: 'note', live: 2, binned: 1, purged: 1 },
        ]);
      });

      test('pages of versions come in the order of the manifest, each entity once, without private kinds', async () => {
        await world.save('secret', mint(), { origin: 'https://models.example', box: '1.x' });
        const entities = Array.from({ length: 600 }, (_, at) =>
          remote(at % 3 === 0 ? 'chat' : 'chat-desk', mint(), { title: `n${at}` }, at + 1, world.time.ms),
        );
        must(await world.sync.apply(entities, 600, position(600, entities.at(-1)?.version ?? '')));
        await world.save('note', mint(), { text: 'waits' });
        const all: LocalVersion[] = [];
        let after: readonly [string, string] | null = null;
        do {
          const page: { versions: readonly LocalVersion[]; next: readonly [string, string] | null } = must(
            await world.status.versions(after),
          );
          all.push(...page.versions);
          after = page.next;
        } while (after);
        const expected = entities
          .map(({ kind, id, version }) => ({ kind, id, version, deleted: false, pending: false }))
          .sort((a, b) => (a.kind === b.kind ? (a.id < b.id ? -1 : 1) : a.kind < b.kind ? -1 : 1));
        expect(all.slice(0, -1)).toEqual(expected);
        expect(all.at(-1)).toMatchObject({ kind: 'note', version: null, pending: true });
      });
    });

    describe('the event log', () => {
      test('the newest comes first; the same event again is counted in its line', async () => {
        const failure = { type: 'sync-failed', error: { type: 'Network', reason: 'TypeError' } } as const;
        must(await world.status.logEvent({ type: 'started', detail: '1' }));
        const first = world.time.ms;
        for (let times = 0; times < 3; times++) {
          must(await world.status.logEvent(failure));
          world.time.ms += 1000;
        }
        must(await world.status.logEvent({ type: 'synced' }));
        must(await world.status.logEvent(failure));
        const events = must(await world.status.events());
        expect(events.map(({ event, times }) => [event.type, times])).toEqual([
          ['sync-failed', 1],
          ['synced', 1],
          ['sync-failed', 3],
          ['started', 1],
        ]);
        expect(events[2]).toMatchObject({ event: failure, at: first, until: first + 2000 });
      });

      test('is bounded, and emptied at a word', async () => {
        for (let at = 0; at < MAX_EVENTS + 20; at++) must(await world.status.logEvent({ type: 'failed', detail: `${at}` }));
        const events = must(await world.status.events());
        expect(events).toHaveLength(MAX_EVENTS);
        expect(events[0]?.event).toEqual({ type: 'failed', detail: `${MAX_EVENTS + 19}` });
        const { rows } = must(await world.kv.read({ rows: { count: 'meta', lower: 'event/', upper: 'event/\uffff' } }));
        expect(rows).toBe(MAX_EVENTS);
        must(await world.status.clearEvents());
        expect(must(await world.status.events())).toEqual([]);
        await world.save('note', mint(), { text: 'counters are kept' });
        expect(must(await world.store.summary()).lastSavedAt).toBe(world.time.ms);
      });

      test('drains and refusals log themselves, in the words of the sync', async () => {
        const id = mint();
        await world.save('note', id, { text: 'x' });
        must(await world.sync.noteOutcome({ type: 'RateLimited', retryAfterMs: 1000 }, 1));
        must(await world.sync.noteOutcome({ type: 'RateLimited', retryAfterMs: 7000 }, 1));
        await push([id]);
        must(await world.sync.noteOutcome(null, 0));
        expect(must(await world.status.events()).map(({ event, times }) => ({ ...event, times }))).toEqual([
          { type: 'synced', times: 1 },
          { type: 'quarantined', kind: 'note', detail: 'over-quota', times: 1 },
          { type: 'sync-failed', error: { type: 'RateLimited', retryAfterMs: null }, times: 2 },
        ]);
        expect(must(await world.store.summary()).failure).toBeNull();
      });
    });
  });
}
