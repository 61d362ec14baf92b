import { describe, expect, test } from 'vitest';
import { defineEntity, type EntityDeclaration, type Fields, type Ledger } from '#core/entity.ts';
import { set, string, text } from '#core/fields.ts';
import { mintId } from '#core/ids.ts';
import { systemRandom } from '#platform/system.ts';
import { createStore } from '#store/create-store.ts';
import { createMemoryKv } from '#store/kv/kv-memory.ts';
import { createJournal } from '#store/save/journal.ts';
import { replayJournal } from '#store/save/replay-journal.ts';
import { type UnsavedRow, workspaceSchema } from '#store/schema/schema.ts';
import { createEditingWorld, type EditingPage, type EditingWorld } from '#support/editing-world.ts';

const DAY_MS = 24 * 60 * 60_000;

/** A world with one note in it that is saved, and an open page. */
async function openNote(text: string, title = 'Title'): Promise<{ readonly world: EditingWorld; readonly page: EditingPage }> {
  const world = createEditingWorld();
  const page = await world.openPage({ title, text });
  await save(page);
  return { world, page };
}

async function save(page: EditingPage): Promise<void> {
  await page.fireTimers();
  await page.handed[0]?.answer();
}

/** Deletes on the way, brought back by undo, and the page ends: `arrives` says whether the deletion reached the store. */
async function undoAndReload(before: string, changed: string, after: string, arrives: boolean): Promise<unknown> {
  const { world, page } = await openNote(before);
  page.session.set({ text: changed });
  await page.fireTimers();
  if (arrives) await page.handed[0]?.arrive();
  page.session.set({ text: after });
  await page.writeJournal();
  page.end();
  await world.replay();
  expect(await world.rows()).toEqual([]);
  return (await world.fields())['text'];
}

const undone: readonly (readonly [what: string, before: string, changed: string, after: string])[] = [
  [
    'a paragraph deleted and brought back by undo is there',
    'first\n\nsecond\n\nthird',
    'first\n\nthird',
    'first\n\nsecond\n\nthird',
  ],
  ['what was pasted in the wrong place and then in the right one is there once', 'a\nb\nc', 'new\na\nb\nc', 'a\nb\nnew\nc'],
  ['a letter typed and taken back is not there', 'abc', 'abcd', 'abc'],
];

test.each(undone)(
  'reload while a save is on its way: %s, whether or not the save arrived',
  async (_what, before, changed, after) => {
    expect(await undoAndReload(before, changed, after, true)).toBe(after);
    expect(await undoAndReload(before, changed, after, false)).toBe(after);
  },
);

test('the row of a tab that is still being closed when the next starts is replayed as soon as it is gone', async () => {
  const { world, page } = await openNote('abc');
  page.session.set({ text: 'abcd' });
  await page.writeJournal();
  expect(await world.replay()).toBe(1);
  let end = (): void => {};
  const ended = new Promise<void>((resolve) => {
    end = resolve;
  });
  const waiting = world.replayWhenGone(ended);
  page.end();
  end();
  await waiting;
  expect(await world.rows()).toEqual([]);
  expect(await world.fields()).toMatchObject({ text: 'abcd' });
});

test('a replay whose answers are lost with the connection is tried again before anything is shown, and changes the text once', async () => {
  const { world, page } = await openNote('abc');
  page.session.set({ text: 'abcd' });
  await page.fireTimers();
  page.session.set({ text: 'abcde' });
  await page.writeJournal();
  page.end();
  expect(await world.replay({ unheard: 2 })).toBe(0);
  expect(await world.rows()).toEqual([]);
  expect(await world.fields()).toMatchObject({ text: 'abcde' });
});

test('a save that arrives after its row was replayed changes nothing', async () => {
  const { world, page } = await openNote('abc');
  page.session.set({ text: 'abcd' });
  await page.fireTimers();
  const late = page.handed[0];
  page.session.set({ text: 'ab' });
  await page.writeJournal();
  page.end();
  await world.replay();
  await late?.arrive();
  expect((await world.fields())['text']).toBe('ab');
});

test('a title typed a week ago in a tab that died does not beat the rename of yesterday', async () => {
  const { world, page } = await openNote('text', 'Old');
  page.session.set({ title: 'Typed a week ago' });
  await page.writeJournal();
  world.wait(6 * DAY_MS);
  const other = await world.openPage();
  other.session.set({ title: 'Renamed yesterday' });
  await save(other);
  world.wait(DAY_MS);
  page.end();
  await world.replay();
  expect((await world.fields())['title']).toBe('Renamed yesterday');
  expect(await world.everything(), 'what lost is in the merge log').toContain('Typed a week ago');
});

test('what was typed a week ago is stamped so, for the devices that learn of it only now', async () => {
  const { world, page } = await openNote('text', 'Old');
  world.wait(1000);
  page.session.set({ title: 'Typed a week ago' });
  const typedAt = world.now();
  await page.writeJournal();
  page.end();
  world.wait(7 * DAY_MS);
  await world.replay();
  const view = await world.store.get('note', world.id);
  expect(view.ok && view.value?.fields['title']).toBe('Typed a week ago');
  expect(view.ok && view.value?.updatedAt).toBe(typedAt);
});

test('a save that failed for hours ranks by its typing, too', async () => {
  const { world, page } = await openNote('text', 'Old');
  page.session.set({ title: 'On a full disk' });
  await page.fireTimers();
  await page.handed[0]?.lose({ type: 'QuotaExceeded' });
  world.wait(DAY_MS / 2);
  const other = await world.openPage();
  other.session.set({ title: 'Renamed since' });
  await save(other);
  world.wait(DAY_MS / 2);
  await save(page);
  expect((await world.fields())['title']).toBe('Renamed since');
  expect(page.session.fields['title'], 'the editor shows it').toBe('Renamed since');
});

test('a row does not outlive the saves that hold its words, however long typing goes on without a pause', async () => {
  const { world, page } = await openNote('word');
  let text = 'word';
  for (let n = 0; n < 40; n++) {
    text += ` w${n}`;
    page.session.set({ text });
    if (n === 3) await page.writeJournal();
    await page.fireTimers();
    // More is typed before the answer comes, every time.
    text += ` v${n}`;
    page.session.set({ text });
    await page.handed[0]?.answer();
    if (n === 8) expect(await world.rows()).toEqual([]);
  }
  page.end();
  await world.replay();
  const saved = String((await world.fields())['text']);
  expect(
    text.startsWith(saved) && saved.endsWith('w38 v38'),
    `the last save that was handed over, not an earlier word: ${saved}`,
  ).toBe(true);
});

test('a row that was left behind is known after any number of later saves of its page', async () => {
  const { world, page } = await openNote('The whole');
  page.session.set({ text: 'The whole sentence' });
  await page.writeJournal();
  const left = await world.rows();
  let text = 'The whole sentence';
  for (let n = 0; n < 40; n++) {
    text += ` ${n}`;
    page.session.set({ text });
    await save(page);
  }
  // As a power cut leaves it, which takes back a deletion that had not reached the disk.
  await world.kv.transact({}, () => ({ writes: left.map((row) => ({ put: 'unsaved', row }) as const), value: null }));
  page.end();
  await world.replay();
  expect((await world.fields())['text']).toBe(text);
});

test('a row is cleared only as the one whose words are committed: one written since stays', async () => {
  const { world, page } = await openNote('abc');
  page.session.set({ text: 'abcd' });
  await page.fireTimers();
  await page.writeJournal();
  page.session.set({ text: 'abcde' });
  const mark = { kind: 'note', id: world.id, session: 'other', saveId: 'other/1' };
  const entry = { ...mark, patch: { text: 'x' }, was: {}, builtOn: 0 };
  const journal = createJournal(world.kv, 'tab', { now: () => 0 });
  await journal.write([{ ...entry, saveId: 'other/2' }]);
  // IndexedDB runs them in this order; the rule does not lean on it.
  await journal.clear(mark);
  expect((await world.rows()).map(({ saveId }) => saveId)).toContain('other/2');
  await journal.clear({ ...mark, saveId: 'other/2' });
  expect((await world.rows()).map(({ saveId }) => saveId)).not.toContain('other/2');
});

test('a row that is written once more while it is replayed stays, and is replayed at the next turn', async () => {
  const { world, page } = await openNote('abc');
  page.session.set({ text: 'abcd' });
  await page.writeJournal();
  page.end();
  let rewritten = false;
  await world.replay({
    async beforeSave() {
      if (rewritten) return;
      rewritten = true;
      world.wait(50);
      // The last moment of the page: its transaction comes after its lock has fallen open.
      page.session.set({ text: 'abcde' });
      await page.writeJournal();
    },
  });
  expect(await world.rows()).toHaveLength(1);
  await world.replay();
  expect(await world.rows()).toEqual([]);
  expect((await world.fields())['text']).toBe('abcde');
});

test('a row that was listed before its tab wrote it for the last time is read again under the lock', async () => {
  const { world, page } = await openNote('abc');
  page.session.set({ text: 'abcd' });
  await page.writeJournal();
  page.session.set({ text: 'abcdef' });
  await world.replay({
    async beforeLock() {
      await page.writeJournal();
      page.end();
    },
  });
  expect((await world.fields())['text']).toBe('abcdef');
  expect(await world.rows()).toEqual([]);
});

test('what was typed after a save that cannot be replayed yet waits with it', async () => {
  const { world, page } = await openNote('abc');
  page.session.set({ text: 'abcd' });
  await page.fireTimers();
  page.session.set({ text: 'abcdef' });
  await page.writeJournal();
  page.end();
  await world.replay({ refuse: true });
  expect(await world.rows()).toHaveLength(1);
  expect((await world.fields())['text']).toBe('abc');
  await world.replay();
  expect((await world.fields())['text']).toBe('abcdef');
});

test('a row for a note that was purged brings it back, with what was typed last', async () => {
  const { world, page } = await openNote('abc');
  page.session.set({ text: 'abcd' });
  await page.fireTimers();
  page.session.set({ text: 'abcdef' });
  await page.writeJournal();
  page.end();
  world.wait(1000);
  await world.store.purge('note', [world.id]);
  await world.replay();
  const view = await world.store.get('note', world.id);
  expect(view.ok && view.value).toMatchObject({ lifecycle: 'live', fields: { title: 'Title', text: 'abcdef' } });
});

test('a row of an earlier version is replayed: its words, by the time at which it was written', async () => {
  const { world } = await openNote('abc', 'Old');
  const view = await world.store.get('note', world.id);
  const at = world.now();
  const row = { key: `dead/note/${world.id}/s`, tab: 'dead', kind: 'note', id: world.id, saveId: 'a-uuid', at };
  const builtOn = view.ok ? (view.value?.localSeq ?? 0) : 0;
  await world.kv.transact({}, () => ({
    writes: [
      {
        put: 'unsaved',
        row: { ...row, patch: { title: 'Typed then', text: 'abcd' }, was: { title: 'Old', text: 'abc' }, builtOn },
      },
    ],
    value: null,
  }));
  world.wait(DAY_MS);
  const other = await world.openPage();
  other.session.set({ title: 'Renamed since' });
  await save(other);
  await world.replay();
  expect(await world.fields()).toMatchObject({ title: 'Renamed since', text: 'abcd' });
  expect(await world.rows()).toEqual([]);
});

const cardAt = (version: number): EntityDeclaration =>
  defineEntity({
    kind: 'card',
    version,
    scope: 'synced',
    nouns: { one: 'card', many: 'cards' },
    fields:
      version === 1
        ? { front: string(''), back: text(''), tags: set([]) }
        : { question: string(''), back: text(''), labels: set([]) },
    // A field under another name, and one that it adds to whatever it is given.
    migrations:
      version === 1
        ? {}
        : {
            2: ({ front, tags = [], ...rest }) => ({
              labels: tags,
              ...rest,
              ...(front === undefined ? {} : { question: front }),
            }),
          },
    sample: () => ({ back: '' }) as never,
  });
const ledgerAt = (version: number): Ledger => new Map([['card', cardAt(version)]]);

/** A card of an app of `cardAt(1)`, over one database, and what another version of the app makes of its journal. */
async function openCards() {
  const kv = createMemoryKv(workspaceSchema);
  const clock = { now: () => Date.now() };
  const mint = () => mintId(Date.now(), systemRandom);
  const [workspaceId, deviceId, id] = [mint(), mint(), mint()];
  const storeAt = (version: number) =>
    createStore({
      ...{ kv, clock, random: systemRandom, ledger: ledgerAt(version), workspaceId, deviceId },
      channel: { post: () => {} },
      policy: () => 'newer',
    });
  const read = async (version: number): Promise<Fields> => {
    const found = await storeAt(version).get('card', id);
    return found.ok ? (found.value?.fields ?? {}) : {};
  };
  return {
    kv,
    read,
    journalOf: (version: number) => createJournal(kv, 'tab', clock, ledgerAt(version)),
    async replay(version: number): Promise<number> {
      const left = await replayJournal(kv, storeAt(version), { hold: async (_name, body) => body() });
      return left.ok ? left.value : -1;
    },
    save: (version: number, patch: Fields, was: Fields = {}, builtOn = 0) =>
      storeAt(version).save({ kind: 'card', id, patch, base: was, baseSeq: builtOn, saveId: mint() }),
    entry: (patch: Fields, was: Fields, builtOn: number) => ({
      kind: 'card',
      id,
      session: 's',
      patch,
      was,
      builtOn,
      saveId: 's:2',
    }),
  };
}

describe('a journal row of an earlier version of the app', () => {
  test.each<[string, Fields, Fields, Fields]>([
    ['a field that has another name now', { front: 'Where?' }, { front: 'What?' }, { question: 'Where?', back: 'There.' }],
    ['one that has kept its name', { back: 'Here.' }, { back: 'There.' }, { question: 'What?', back: 'Here.' }],
    ['both', { front: 'Where?', back: 'Here.' }, { front: 'What?', back: 'There.' }, { question: 'Where?', back: 'Here.' }],
    ['one that was empty', { front: '' }, { front: 'What?' }, { question: '', back: 'There.' }],
  ])('is replayed under the names of now: %s', async (_, patch, was, expected) => {
    for (const moved of [false, true]) {
      const world = await openCards();
      const saved = await world.save(1, { front: 'What?', back: 'There.' });
      const builtOn = saved.ok ? saved.value.entity.localSeq : -1;
      const written = {
        ...world.entry(patch, was, builtOn),
        typedAt: Object.fromEntries(Object.keys(patch).map((field) => [field, 5])),
      };
      await world.journalOf(1).write([{ ...written, inFlight: { ...written, saveId: 's:1' } }]);
      // The later app may have been there before.
      if (moved) await world.save(2, { labels: ['exam'] }, { labels: [] }, builtOn);
      expect(await world.replay(2)).toBe(0);
      expect(await world.read(2)).toEqual({ labels: moved ? ['exam'] : [], ...expected });
      const stored = await world.kv.read({ rows: { list: 'entities', limit: 9 } });
      const row = stored.ok ? stored.value.rows.find(({ kind }) => kind === 'card') : undefined;
      expect(Object.keys(row?.fields ?? {}), 'earlier fields').not.toContain('front');
    }
  });

  test('that does not name its version is read as one of the version from before', async () => {
    const world = await openCards();
    await world.save(1, { front: 'What?' });
    await world.journalOf(1).write([world.entry({ front: 'Where?' }, { front: 'What?' }, 1)]);
    const found = await world.kv.read({ rows: { list: 'unsaved', limit: 9 } });
    const [row] = found.ok ? found.value.rows : [];
    const { v, ...unnamed } = row as UnsavedRow;
    expect(v).toBe(1);
    await world.kv.transact({}, () => ({ writes: [{ put: 'unsaved', row: unnamed }], value: null }));
    expect(await world.replay(2)).toBe(0);
    expect(await world.read(2)).toMatchObject({ question: 'Where?' });
  });

  test('adds to what a later version has put into a field that it did not show', async () => {
    const world = await openCards();
    const saved = await world.save(2, { question: 'What?', labels: ['exam'] });
    // The newer app's card had come in when the tab ended: it was what the words were built on.
    const builtOn = saved.ok ? saved.value.entity.localSeq : -1;
    await world.journalOf(1).write([world.entry({ tags: ['soon'] }, {}, builtOn)]);
    expect(await world.replay(2)).toBe(0);
    expect(await world.read(2)).toMatchObject({ question: 'What?', labels: ['exam', 'soon'] });
  });

  test('makes a card that was new then, without the values that the migration adds to anything', async () => {
    const world = await openCards();
    await world.journalOf(1).write([world.entry({ front: 'Where?' }, {}, 0)]);
    expect(await world.replay(2)).toBe(0);
    const stored = await world.kv.read({ rows: { list: 'entities', limit: 9 } });
    expect(stored.ok && stored.value.rows[0]).toMatchObject({ v: 2, fields: { question: 'Where?' } });
  });
});

test('a journal row of a later version of the app stays until that version is here', async () => {
  const world = await openCards();
  await world.save(1, { front: 'What?' });
  await world.journalOf(2).write([world.entry({ question: 'Where?' }, { question: 'What?' }, 1)]);
  expect(await world.replay(1)).toBe(1);
  expect(await world.read(1)).toMatchObject({ front: 'What?' });
  expect(await world.replay(2)).toBe(0);
  expect(await world.read(2)).toMatchObject({ question: 'Where?' });
});
