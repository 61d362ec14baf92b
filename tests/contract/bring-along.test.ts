/** Work of one account brought into another: nothing of it stays behind, and the way may be cut at any step. */
import { describe, expect, test } from 'vitest';
import type { Fields } from '#core/entity.ts';
import { type EntityRow, PURGED } from '#store/schema/schema.ts';
import { createStatusStore } from '#store/status/create-status-store.ts';
import { createSyncStore } from '#store/sync/create-sync-store.ts';
import { acknowledge, bring, type Cut, edit, type MemoryWorkspace, newId, pull, refuse, rowOf } from '#support/bring-world.ts';
import { must, openMemoryWorkspace } from '#support/memory-workspace.ts';

const ALL = { limit: 10_000 } as const;

const readAll = async ({ context }: MemoryWorkspace) =>
  must(
    await context.kv.read({
      entities: { list: 'entities', ...ALL },
      bases: { list: 'bases', ...ALL },
      outbox: { list: 'outbox', ...ALL },
      history: { list: 'history', ...ALL },
      quarantine: { list: 'quarantine', ...ALL },
    }),
  );

/** What there is, without what differs with each run: minted ids, counters and times. */
async function contentOf(workspace: MemoryWorkspace) {
  const { entities, bases, outbox, history, quarantine } = await readAll(workspace);
  return {
    entities: entities
      .filter(({ kind }) => kind !== 'merge-log')
      .map(({ kind, id, v, fields, stamps, raw, place, lineage, queued, sent, brought }) => {
        return { kind, id, v, fields, stamps, raw, place, lineage, isQueued: queued !== null, sent, brought };
      }),
    mergeLog: entities.filter(({ kind }) => kind === 'merge-log').map(({ fields: { at: _, ...fields } }) => fields),
    bases,
    outbox: outbox.map(({ kind, id, state }) => `${kind}/${id} ${state}`).sort(),
    history: history.map(({ at: _, order: __, ...state }) => state),
    quarantine: quarantine.map(({ at: _, ...entry }) => entry),
  };
}

const noteOf = async (workspace: MemoryWorkspace, id: string): Promise<Fields> => (await rowOf(workspace, 'note', id)).fields;
const mergeLogOf = async (workspace: MemoryWorkspace) =>
  (await readAll(workspace)).entities.filter(({ kind, place }) => kind === 'merge-log' && place !== PURGED);

/** Values that a merge decided against. */
const lostIn = async (workspace: MemoryWorkspace) =>
  (await mergeLogOf(workspace)).flatMap(({ fields }) =>
    (fields['outcomes'] as readonly Fields[]).filter(({ type }) => type === 'newer'),
  );

/** An account with one of everything that a person can leave behind. */
async function fillAccount(world: MemoryWorkspace) {
  const ids = {
    synced: newId(),
    unsent: newId(),
    fresh: newId(),
    revived: newId(),
    binned: newId(),
    deletedUnsent: newId(),
    deletedSynced: newId(),
    refused: newId(),
    chat: newId(),
    prompt: newId(),
    image: newId(),
    unknown: newId(),
    raw: newId(),
    conflict: newId(),
  };
  const { deviceId } = world.row;
  for (const id of [ids.synced, ids.unsent, ids.deletedUnsent, ids.deletedSynced]) {
    await edit(world, 'note', id, { title: id, text: 'First line.\nLast line.' });
  }
  await acknowledge(world);
  await edit(world, 'note', ids.unsent, { text: 'First line.\nUnsent line.\nLast line.' });
  must(await world.store.purge('note', [ids.deletedSynced]));
  await edit(world, 'note', ids.refused, { title: 'Refused' });
  const before = await rowOf(world, 'note', ids.unsent);
  await refuse(world);
  // The unsent note and the deletion were refused, too; they are tried again and wait.
  for (const id of [ids.unsent, ids.deletedSynced]) must(await world.store.retryQuarantined(['note', id]));
  expect(before.queued).not.toBeNull();
  must(await world.store.purge('note', [ids.deletedUnsent]));
  await edit(world, 'note', ids.fresh, { title: 'Never sent', tags: ['one'] });
  // Each deletion keeps a revision.
  for (const text of ['Kept first.', 'Kept second.']) {
    await edit(world, 'note', ids.revived, { text });
    must(await world.store.purge('note', [ids.revived]));
  }
  await edit(world, 'note', ids.revived, { text: 'Back.' });
  await edit(world, 'note', ids.binned, { title: 'In the bin', binnedAt: 5 });
  await edit(world, 'chat', ids.chat, { title: 'Talk' });
  await edit(world, 'message', ids.prompt, { chatId: ids.chat, text: 'Ask later', state: 'waiting', waitingDevice: deviceId });
  await edit(world, 'unsent-images', ids.image, { images: [{ name: 'leaf.png', data: 'data:image/png;base64,AA' }] });
  await edit(world, 'chat-desk', deviceId, {
    drafts: { [ids.chat]: 'Half a question' },
    images: { [ids.chat]: ids.image },
    waiting: [ids.prompt],
  });
  await edit(world, 'command-state', deviceId, { unsentText: 'light rea' });
  await edit(world, 'layout', deviceId, { activeTab: ids.synced });
  await edit(world, 'conflict', ids.conflict, {
    entityKind: 'note',
    entityId: ids.synced,
    field: 'text',
    mine: 'a',
    theirs: 'b',
  });
  await edit(world, 'sketch', ids.unknown, { strokes: 'of a later version' });
  await edit(world, 'secret', newId(), { origin: 'https://models.example' });
  return ids;
}

const pair = async () => [await openMemoryWorkspace(), await openMemoryWorkspace()] as const;

describe('everything comes along', () => {
  test('notes, bin, chats, conflicts and unknown kinds keep ids and stamps, and wait to be sent', async () => {
    const [from, into] = await pair();
    const ids = await fillAccount(from);
    expect((await bring(from, into)).isDone).toBe(true);
    for (const [kind, id] of [
      ['note', ids.synced],
      ['note', ids.unsent],
      ['note', ids.fresh],
      ['note', ids.binned],
      ['chat', ids.chat],
      ['conflict', ids.conflict],
      ['sketch', ids.unknown],
    ] as const) {
      const [there, here] = [await rowOf(from, kind, id), await rowOf(into, kind, id)];
      expect(here).toMatchObject({
        fields: there.fields,
        stamps: there.stamps,
        place: there.place,
        version: null,
        seq: 0,
        rev: 0,
      });
      expect(here.queued, `${kind} waits to be sent`).not.toBeNull();
    }
    expect(await mergeLogOf(into)).toEqual([]);
  });

  test('what was unsent keeps its base and lineage, and the base is not taken for a version of this server', async () => {
    const [from, into] = await pair();
    const { unsent, synced } = await fillAccount(from);
    await bring(from, into);
    const there = await rowOf(from, 'note', unsent);
    const { bases } = await readAll(into);
    const base = bases.find(({ id }) => id === unsent);
    expect(base).toMatchObject({ fields: { text: 'First line.\nLast line.' }, foreign: true });
    expect(new Set((await rowOf(into, 'note', unsent)).lineage)).toEqual(new Set([...there.lineage, there.version]));
    expect((await rowOf(into, 'note', synced)).lineage).toContain((await rowOf(from, 'note', synced)).version);
    const { ops } = must(await createSyncStore(into.context).claim({ limit: 1000, maxBytes: 1e9, force: true }));
    expect(ops.filter((op) => op.base !== null)).toEqual([]);
  });

  test('earlier revisions come along, in their order and before those that are kept here', async () => {
    const [from, into] = await pair();
    const { revived } = await fillAccount(from);
    await bring(from, into);
    const texts = async (world: MemoryWorkspace) =>
      must(await world.store.history('note', revived)).map(({ fields, at, reason }) => ({ text: fields['text'], at, reason }));
    expect((await texts(from)).length).toBe(2);
    expect(await texts(into)).toEqual(await texts(from));
    must(await into.store.purge('note', [revived]));
    expect((await texts(into)).slice(1)).toEqual(await texts(from));
  });

  test('unsent prompts with their images, and what was typed into the palette, are under the id of this device', async () => {
    const [from, into] = await pair();
    const { chat, image, prompt } = await fillAccount(from);
    await bring(from, into);
    const desk = await rowOf(into, 'chat-desk', into.row.deviceId);
    expect(desk.fields).toMatchObject({ drafts: { [chat]: 'Half a question' }, images: { [chat]: image }, waiting: [prompt] });
    expect((await rowOf(into, 'unsent-images', image)).fields['images']).toHaveLength(1);
    expect((await rowOf(into, 'command-state', into.row.deviceId)).fields['unsentText']).toBe('light rea');
    // Whoever asks a waiting prompt is known by the device's id.
    expect((await rowOf(into, 'message', prompt)).fields['waitingDevice']).toBe(into.row.deviceId);
  });

  test('layout and keys belong to the former account and stay there', async () => {
    const [from, into] = await pair();
    await fillAccount(from);
    await bring(from, into);
    const { entities } = await readAll(into);
    expect(entities.filter(({ kind }) => ['layout', 'secret'].includes(kind))).toEqual([]);
  });

  test('what the server refused stays in quarantine, and can be tried again', async () => {
    const [from, into] = await pair();
    const { refused } = await fillAccount(from);
    await bring(from, into);
    const quarantined = must(await createStatusStore(into.context).quarantined());
    expect(quarantined).toMatchObject([{ kind: 'note', id: refused, reason: 'too-big', waiting: true }]);
    expect(must(await into.store.retryQuarantined())).toBe(1);
  });

  test('a deletion that was not sent comes along; one that its server knows does not', async () => {
    const [from, into] = await pair();
    const { deletedUnsent, deletedSynced } = await fillAccount(from);
    await acknowledge(from);
    must(await from.store.purge('note', [(await rowOf(from, 'note', deletedUnsent)).id]));
    const again = newId();
    await edit(from, 'note', again, { title: 'Sent, then deleted' });
    await acknowledge(from);
    must(await from.store.purge('note', [again]));
    await bring(from, into);
    expect(await rowOf(into, 'note', again)).toMatchObject({ place: PURGED });
    const { entities } = await readAll(into);
    expect(entities.filter(({ id }) => [deletedSynced, deletedUnsent].includes(id))).toEqual([]);
  });
});

describe('what is in both is merged over the right base', () => {
  /** A note brought before, which both accounts have changed since. */
  async function broughtBefore() {
    const [from, into] = await pair();
    const id = newId();
    await edit(from, 'note', id, { title: 'Shared', text: 'One.\nTwo.\nThree.', tags: ['kept', 'removed'] });
    await acknowledge(from);
    await bring(from, into);
    await acknowledge(into);
    return { from, into, id };
  }

  test('both changed other lines: both are there, a removed line and tag stay removed, and nothing is decided', async () => {
    const { from, into, id } = await broughtBefore();
    await edit(into, 'note', id, { text: 'One here.\nTwo.\nThree.' });
    await acknowledge(into);
    await edit(from, 'note', id, { text: 'One.\nThree there.' });
    await edit(from, 'note', id, { tags: ['kept', 'added'] });
    await acknowledge(from);
    await bring(from, into);
    const fields = await noteOf(into, id);
    expect(fields['text']).toBe('One here.\nThree there.');
    expect(fields['tags']).toEqual(['kept', 'added']);
    expect(await lostIn(into)).toEqual([]);
  });

  test('what the other account has not changed since stays as it is here', async () => {
    const { from, into, id } = await broughtBefore();
    await edit(into, 'note', id, { text: 'Rewritten here.' });
    await bring(from, into);
    expect((await noteOf(into, id))['text']).toBe('Rewritten here.');
  });

  test('a deletion over there deletes here, unless it was changed here', async () => {
    const { from, into, id } = await broughtBefore();
    const other = newId();
    await edit(from, 'note', other, { title: 'Changed here' });
    await bring(from, into);
    await edit(into, 'note', other, { title: 'Changed' });
    must(await from.store.purge('note', [id, other]));
    await bring(from, into);
    expect(await rowOf(into, 'note', id)).toMatchObject({ place: PURGED });
    expect(await rowOf(into, 'note', other)).toMatchObject({ place: 0, fields: { title: 'Changed' } });
  });

  test('a deletion here holds, unless it was changed over there', async () => {
    const { from, into, id } = await broughtBefore();
    must(await into.store.purge('note', [id]));
    await bring(from, into);
    expect((await rowOf(into, 'note', id)).place).toBe(PURGED);
    await edit(from, 'note', id, { title: 'Changed there' });
    await bring(from, into);
    expect(await rowOf(into, 'note', id)).toMatchObject({ place: 0, fields: { title: 'Changed there' } });
  });

  test('brought back and forth, the later words win, whichever account they come from', async () => {
    const { from, into, id } = await broughtBefore();
    await edit(into, 'note', id, { text: 'One.\nTwo here.\nThree.' });
    await acknowledge(into);
    await bring(into, from);
    expect((await noteOf(from, id))['text']).toBe('One.\nTwo here.\nThree.');
    await edit(from, 'note', id, { text: 'One.\nTwo here.\nThree there.' });
    await bring(from, into);
    expect((await noteOf(into, id))['text']).toBe('One.\nTwo here.\nThree there.');
    expect(await lostIn(into)).toEqual([]);
  });

  test('a copy that another browser has brought is met at the next sync: every line of both stays', async () => {
    const [from, into] = await pair();
    const id = newId();
    await edit(from, 'note', id, { title: 'Shared', text: 'One.\nTwo.' });
    await acknowledge(from);
    await edit(from, 'note', id, { text: 'One.\nUnsent.\nTwo.' });
    const theirs = { ...(await rowOf(from, 'note', id)) };
    await bring(from, into);
    await pull(into, theirs, { title: 'Shared', text: 'Elsewhere.\nOne.\nTwo.' }, { ...theirs.stamps, text: laterStamp(theirs) });
    expect((await noteOf(into, id))['text']).toBe('Elsewhere.\nOne.\nUnsent.\nTwo.');
    expect((await rowOf(into, 'note', id)).queued).not.toBeNull();
  });

  test('the base of the other account counts only where a stamp proves that this account has it', async () => {
    const [from, into] = await pair();
    const id = newId();
    await edit(from, 'note', id, { title: 'Shared', text: 'One.\nTwo.\nThree.' });
    await acknowledge(from);
    const copied = await rowOf(from, 'note', id);
    await edit(from, 'note', id, { text: 'One.\nThree.' });
    await bring(from, into);
    // This account still has exactly what the other one's server had: the unsent removal of a line is a removal.
    await pull(into, copied, copied.fields);
    expect((await noteOf(into, id))['text']).toBe('One.\nThree.');

    const [again, other] = await pair();
    await edit(again, 'note', id, { title: 'Shared', text: 'One.\nAdded and sent.\nTwo.' });
    await acknowledge(again);
    await edit(again, 'note', id, { title: 'Renamed' });
    const row = await rowOf(again, 'note', id);
    await bring(again, other);
    // This account has never had the line: it is new here, not taken out here.
    await pull(other, row, { title: 'Shared', text: 'One.\nTwo.\nNew here.' }, { ...row.stamps, text: laterStamp(row) });
    expect((await noteOf(other, id))['text']).toBe('One.\nAdded and sent.\nTwo.\nNew here.');
  });

  const laterStamp = ({ lastUpdated }: EntityRow): string => `${lastUpdated.slice(0, 10)}zzzz${lastUpdated.slice(14)}`;
});

describe('while it lasts', () => {
  test('what is written over there meanwhile comes after, merged with what is written here', async () => {
    const [from, into] = await pair();
    const ids = Array.from({ length: 250 }, newId).sort();
    for (const id of ids) await edit(from, 'note', id, { title: id, text: 'One.\nTwo.\nThree.' });
    const [first, last] = [ids[0] as string, ids.at(-1) as string];
    const late = newId();
    let steps = 0;
    const { position } = await bring(from, into, {
      async onKept() {
        steps += 1;
        if (steps !== 1) return;
        // Before the first page is left behind, and in one that is still to come.
        await edit(from, 'note', first, { text: 'One.\nTwo.\nThree there.' });
        await edit(from, 'note', first, { text: 'One.\nTwo.\nThree over there.' });
        await edit(into, 'note', first, { text: 'One here.\nTwo.\nThree.' });
        await edit(from, 'note', last, { text: 'Rewritten.' });
        await edit(from, 'note', late, { title: 'Late' });
      },
    });
    expect((await noteOf(into, first))['text']).toBe('One here.\nTwo.\nThree over there.');
    expect((await noteOf(into, last))['text']).toBe('Rewritten.');
    expect((await noteOf(into, late))['title']).toBe('Late');
    // A tab of the former account that saves once more, when the other account is open already.
    await edit(from, 'note', first, { text: 'Zero.\nOne.\nTwo.\nThree over there.' });
    await bring(from, into, { start: position });
    expect((await noteOf(into, first))['text']).toBe('Zero.\nOne here.\nTwo.\nThree over there.');
  });
});

describe('cut at any step', () => {
  const build = async () => {
    const [from, into] = await pair();
    await fillAccount(from);
    const shared = newId();
    await edit(into, 'note', shared, { title: 'Shared', text: 'Here.' });
    await edit(from, 'note', shared, { title: 'Shared', text: 'There.' });
    for (let count = 0; count < 120; count++) await edit(from, 'note', newId(), { title: `note ${count}` });
    return [from, into] as const;
  };

  test.each(['before', 'after'] as const)('%s its effect, then resumed: the same as in one go', async (when) => {
    const [from] = await build();
    const whole = await openCopy(from);
    const counter: Cut = { calls: 0, at: Number.POSITIVE_INFINITY, when };
    expect((await bring(from, whole, { cut: counter })).isDone).toBe(true);
    const expected = await contentOf(whole);
    expect(counter.calls).toBeGreaterThan(15);
    for (let at = 1; at <= counter.calls; at++) {
      const into = await openCopy(from);
      const cut: Cut = { calls: 0, at, when };
      const killed = await bring(from, into, { cut });
      expect(killed.isDone, `cut at ${at}`).toBe(false);
      expect((await bring(from, into, { start: killed.position })).isDone).toBe(true);
      expect(await contentOf(into), `cut ${when} step ${at}`).toEqual(expected);
    }
  });

  /** A fresh account for each try, under the same device id, so that the results can be compared. */
  async function openCopy(from: MemoryWorkspace): Promise<MemoryWorkspace> {
    const into = await openMemoryWorkspace();
    return { ...into, context: { ...into.context, deviceId: `${from.row.deviceId.slice(0, -8)}0000ffff` } };
  }
});
