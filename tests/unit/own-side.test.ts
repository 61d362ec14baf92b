/** A document that two devices have written differently, as one of them shows and edits it. */
import { expect, test } from 'vitest';
import { createSource } from '#app/observable.ts';
import { showOwnSide } from '#app/own-side.ts';
import { createSessions } from '#app/sessions.ts';
import type { Conflict } from '#app/status/conflict.ts';
import { mintId } from '#core/ids.ts';
import type { Random } from '#core/ports.ts';
import { ledger } from '#entities/index.ts';
import { createStore } from '#store/create-store.ts';
import { createMemoryKv } from '#store/kv/kv-memory.ts';
import { workspaceSchema } from '#store/schema/schema.ts';

const random: Random = { bytes: (length) => crypto.getRandomValues(new Uint8Array(length)), fraction: () => Math.random() };
const mint = (): string => mintId(Date.now(), random);
const clock = { now: () => Date.now(), setTimer: () => () => {} };

/** A note that holds "theirs was taken", and a conflict in which this device wrote "own words". */
async function openDisputed(writer: 'mine' | 'theirs' | 'neither') {
  const kv = createMemoryKv(workspaceSchema);
  const [workspaceId, deviceId, elsewhere, id] = [mint(), mint(), mint(), mint()];
  const store = createStore({
    ...{ kv, clock, random, ledger, workspaceId, deviceId },
    channel: { post: () => {} },
    policy: () => 'ask',
  });
  const sessions = createSessions({
    mintId: mint,
    clock,
    save: (request) => store.save(request),
    get: (...key) => store.get(...key),
    clearJournal: () => {},
  });
  await sessions.open('note', id, true, { title: 'Plan', text: 'in the note' }).flush();
  const conflicts = createSource<readonly Conflict[]>([]);
  const ask = async (at: number, kept: string): Promise<string> => {
    const conflictId = mint();
    const devices = {
      mine: writer === 'mine' ? deviceId : elsewhere,
      theirs: writer === 'theirs' ? deviceId : mint(),
    };
    const values = { mine: 'in the note', theirs: kept };
    await sessions.open('conflict', conflictId, true, { entityKind: 'note', entityId: id, field: 'text', ...values }).flush();
    const asked = {
      id: conflictId,
      entityKind: 'note',
      entityId: id,
      field: 'text',
      at,
      base: '',
      values,
      devices,
      isOpen: true,
    };
    conflicts.set([asked, ...conflicts.value]);
    return conflictId;
  };
  const openConflict = (conflictId: string) => sessions.open('conflict', conflictId, false, {});
  const session = showOwnSide(sessions.open('note', id, false, {}), { conflicts, deviceId, openConflict });
  await expect.poll(() => session.view.value).not.toBeNull();
  const stored = async (kind: string, key: string) => {
    const found = await store.get(kind, key);
    return found.ok ? found.value?.fields : undefined;
  };
  return { id, session, conflicts, ask, stored };
}

test('what this device wrote is shown and edited where it is kept, and the document shows again what it holds once it is decided', async () => {
  const { id, session, conflicts, ask, stored } = await openDisputed('theirs');
  /** What a field that follows the session shows, one after the other. */
  const heard: unknown[] = [];
  session.onIncoming(({ text }) => {
    if (text !== undefined && text !== heard.at(-1)) heard.push(text);
  });
  expect(session.fields['text']).toBe('in the note');
  const conflictId = await ask(1, 'own words');
  expect(session.view.value?.fields).toMatchObject({ title: 'Plan', text: 'own words' });

  session.set({ text: 'own words, more', title: 'Plan B' });
  expect(session.fields).toMatchObject({ title: 'Plan B', text: 'own words, more' });
  await expect
    .poll(() => session.flush().then(() => stored('conflict', conflictId)))
    .toMatchObject({ theirs: 'own words, more' });
  expect(await stored('note', id)).toMatchObject({ title: 'Plan B', text: 'in the note' });

  session.sides.show('other');
  expect(session.view.value).toMatchObject({ readOnly: true, fields: { text: 'in the note' } });
  session.sides.show('own');
  expect(session.view.value).toMatchObject({ readOnly: false, fields: { text: 'own words, more' } });
  expect(session.sides.own()).toMatchObject([{ side: 'theirs', value: 'own words, more' }]);

  conflicts.set([]);
  expect(session.view.value?.fields['text']).toBe('in the note');
  expect(heard).toEqual(['own words', 'own words, more', 'in the note', 'own words, more', 'in the note']);
  session.set({ text: 'in the note, more' });
  await session.flush();
  expect(await stored('note', id)).toMatchObject({ text: 'in the note, more' });
  expect(await stored('conflict', conflictId)).toMatchObject({ theirs: 'own words, more' });
});

test('the device whose words the document holds edits the document, and can look at the other side', async () => {
  const { id, session, ask, stored } = await openDisputed('mine');
  await ask(1, 'words from elsewhere');
  expect(session.fields['text']).toBe('in the note');
  session.set({ text: 'in the note, more' });
  await session.flush();
  expect(await stored('note', id)).toMatchObject({ text: 'in the note, more' });
  session.sides.show('other');
  expect(session.view.value).toMatchObject({ readOnly: true, fields: { text: 'words from elsewhere' } });
  expect(session.sides.own()).toMatchObject([{ side: 'mine', value: 'in the note, more' }]);
});

test('of two questions about one field the newest is shown; a device that wrote neither side shows the document', async () => {
  const twice = await openDisputed('theirs');
  await twice.ask(1, 'older words');
  await twice.ask(2, 'newer words');
  expect(twice.session.fields['text']).toBe('newer words');
  const third = await openDisputed('neither');
  await third.ask(1, 'words from elsewhere');
  expect(third.session.fields['text']).toBe('in the note');
  expect(third.session.sides.own()).toEqual([]);
});
