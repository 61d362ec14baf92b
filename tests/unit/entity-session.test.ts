import { expect, test, vi } from 'vitest';
import type { MachineWriter } from '#app/app.ts';
import { createSession, type LiveSession } from '#app/entity-session.ts';
import type { Fields } from '#core/entity.ts';
import { mintId } from '#core/ids.ts';
import type { Random } from '#core/ports.ts';
import { err, ok } from '#core/result.ts';
import { ledger } from '#entities/index.ts';
import { createStore } from '#store/create-store.ts';
import { createMemoryKv } from '#store/kv/kv-memory.ts';
import { createJournal } from '#store/save/journal.ts';
import { replayJournal } from '#store/save/replay-journal.ts';
import { workspaceSchema } from '#store/schema/schema.ts';

const random: Random = { bytes: (length) => crypto.getRandomValues(new Uint8Array(length)), fraction: () => Math.random() };
const mint = (): string => mintId(Date.now(), random);

/** A store and two pages that edit over it. Their timers fire when a test says so: saves happen at `flush`. */
function openWorld() {
  const timers: (() => void)[] = [];
  const clock = {
    now: () => Date.now(),
    setTimer(_ms: number, fire: () => void) {
      timers.push(fire);
      return () => {};
    },
  };
  const kv = createMemoryKv(workspaceSchema);
  const journal = createJournal(kv, 'tab', clock);
  const lost = { reads: 0, saves: 0 };
  const asked = { reads: 0, answers: Promise.resolve() };
  const store = createStore({
    kv,
    clock,
    random,
    ledger,
    workspaceId: mint(),
    deviceId: mint(),
    channel: { post: () => {} },
    policy: () => 'newer',
  });
  const edit = async (kind: string, id: string, initial: Fields | null, machine?: MachineWriter): Promise<LiveSession> => {
    const session = createSession({
      kind,
      id,
      initial: initial ?? {},
      fresh: initial !== null,
      async save(request) {
        if (lost.saves-- > 0) return err({ type: 'WorkerLost', reason: 'killed' });
        const { answers } = asked;
        const answer = await store.save(request);
        await answers;
        return answer;
      },
      async get(...key) {
        asked.reads += 1;
        return lost.reads-- > 0 ? err({ type: 'WorkerLost', reason: 'killed' } as const) : store.get(...key);
      },
      mintId: mint,
      clock,
      ...(machine && { machine }),
      onState: () => {},
      onClosed: () => {},
      clearJournal: (mark) => void journal.clear(mark),
    });
    if (initial) await session.flush();
    else await session.refresh();
    return session;
  };
  const everything = async (): Promise<string> => {
    const notes = await store.list({ kind: 'note', limit: 100 });
    const log = await store.list({ kind: 'merge-log', limit: 100 });
    return JSON.stringify([notes, log]);
  };
  /** The page of this session ends with what it has, and the next start replays that. */
  const replay = async (session: LiveSession): Promise<void> => {
    await journal.write([session.journalEntry() ?? expect.fail('nothing to journal')]);
    expect(await replayJournal(kv, store, { hold: async (_name, body) => body() })).toEqual(ok(0));
  };
  const rows = async (): Promise<number> => {
    const found = await kv.read({ count: { count: 'unsaved' } });
    return found.ok ? found.value.count : -1;
  };
  return { store, edit, everything, lost, asked, timers, replay, journal, rows };
}

test('typing over what came in from another tab unseen leaves it in the merge log', async () => {
  const { edit, everything } = openWorld();
  const id = mint();
  const one = await edit('note', id, { title: 'Old' });
  const two = await edit('note', id, null);
  two.set({ title: 'Mine' });
  one.set({ title: 'Theirs' });
  await one.flush();
  // The news of the other tab arrives while the typed title waits.
  await two.refresh();
  expect(two.fields.title).toBe('Mine');
  await two.flush();
  expect(two.fields.title).toBe('Mine');
  expect(await everything()).toContain('Theirs');
});

test('the news of its own save, before and after the answer, make a session read nothing; news of a later commit do', async () => {
  const { edit, asked } = openWorld();
  const id = mint();
  const one = await edit('note', id, { title: 'Old' });
  const two = await edit('note', id, null);
  const before = asked.reads;
  const { promise, resolve } = Promise.withResolvers<void>();
  asked.answers = promise;
  one.set({ title: 'New' });
  const saving = one.flush();
  await vi.waitUntil(() => one.pending === 'saving');
  await one.refresh(2);
  resolve();
  await saving;
  // The second time as after a sync: the row is as it was, and so is its localSeq.
  await one.refresh(2);
  await one.refresh(2);
  expect(one.view.value?.localSeq).toBe(2);
  expect(asked.reads).toBe(before);

  two.set({ title: 'Elsewhere' });
  await two.flush();
  await one.refresh(3);
  expect(one.fields.title).toBe('Elsewhere');
});

test('news of a later commit that come while a save is on its way are read after it', async () => {
  const { edit, asked } = openWorld();
  const id = mint();
  const one = await edit('note', id, { title: 'Old' });
  const two = await edit('note', id, null);
  const { promise, resolve } = Promise.withResolvers<void>();
  asked.answers = promise;
  one.set({ text: 'Mine' });
  const saving = one.flush();
  await vi.waitUntil(() => one.pending === 'saving');
  asked.answers = Promise.resolve();
  two.set({ title: 'Elsewhere' });
  await two.flush();
  await one.refresh(3);
  expect(one.fields.title).toBe('Old');
  resolve();
  await saving;
  await vi.waitUntil(() => one.fields.title === 'Elsewhere');
});

test('words typed into a line that another tab rewrites are merged by the store, and what loses is logged', async () => {
  const { edit, everything } = openWorld();
  const id = mint();
  const one = await edit('note', id, { text: 'alpha beta\nsecond\n' });
  const two = await edit('note', id, null);
  two.set({ text: 'alpha MINE\nsecond\n' });
  one.set({ text: 'alpha THEIRS\nsecond\nthird\n' });
  await one.flush();
  await two.refresh();
  two.set({ text: `${String(two.fields.text)}more\n` });
  await two.flush();
  expect(two.fields.text).toContain('MINE');
  expect(two.fields.text).toContain('more');
  const all = await everything();
  for (const word of ['THEIRS', 'third', 'MINE', 'more']) expect(all).toContain(word);
});

test('typed and incoming changes that do not overlap are together once they are saved', async () => {
  const { edit } = openWorld();
  const id = mint();
  const one = await edit('note', id, { text: 'one\ntwo\nthree\n' });
  const two = await edit('note', id, null);
  two.set({ text: 'one\ntwo\nTHREE\n' });
  one.set({ text: 'ONE\ntwo\nthree\n' });
  await one.flush();
  await two.refresh();
  await two.flush();
  expect(two.fields.text).toBe('ONE\ntwo\nTHREE\n');
});

test('the journal names what covered typing was made from, so that replaying it logs what loses', async () => {
  const { store, edit, everything } = openWorld();
  const id = mint();
  const one = await edit('note', id, { title: 'Old' });
  const two = await edit('note', id, null);
  two.set({ title: 'Mine' });
  one.set({ title: 'Theirs' });
  await one.flush();
  await two.refresh();
  const entry = two.journalEntry();
  expect(entry?.was.title).toBe('Old');
  if (entry) await store.save({ ...entry, base: entry.was, baseSeq: entry.builtOn });
  expect(await everything()).toContain('Theirs');
});

test('a session that was opened while the store could not be read is loaded as soon as it can', async () => {
  const { edit, lost, timers } = openWorld();
  const id = mint();
  await edit('note', id, { title: 'There' });
  timers.length = 0;
  lost.reads = 3;
  const late = await edit('note', id, null);
  expect(late.view.value).toBeNull();
  for (let tries = 0; tries < 5 && !late.view.value; tries++) {
    for (const fire of timers.splice(0)) fire();
    await new Promise((resolve) => setTimeout(resolve));
  }
  expect(late.fields.title).toBe('There');
  expect(late.pending).toBe('none');
});

test('the journal keeps what is on its way: its base is what was there before, not what was typed first', async () => {
  const { store, edit, lost, replay } = openWorld();
  const id = mint();
  const prompt = (name: string) => ({ [name]: { order: name, name, text: name } });
  // The settings do not exist yet; two pages make them at the same time.
  const page = await edit('settings', id, null);
  page.set({ savedPrompts: prompt('first') });
  lost.saves = 1;
  await page.flush();
  page.set({ savedPrompts: { ...prompt('first'), ...prompt('second') } });
  await edit('settings', id, { savedPrompts: prompt('elsewhere') });
  await replay(page);
  const view = await store.get('settings', id);
  expect(Object.keys(view.ok ? (view.value?.fields.savedPrompts ?? {}) : {}).sort()).toEqual(['elsewhere', 'first', 'second']);
});

/** A session whose entity another tab deletes permanently while something typed is only in the page and its journal. */
async function deletedUnder(writer: 'machine' | 'person', world: ReturnType<typeof openWorld>) {
  const gone = vi.fn();
  const id = mint();
  const session = await world.edit('note', id, { text: 'one' }, writer === 'machine' ? { onGone: gone } : undefined);
  session.set({ text: 'one two' });
  await world.journal.write([session.journalEntry() ?? expect.fail('nothing to journal')]);
  expect(await world.store.purge('note', [id])).toEqual(ok(1));
  const place = async () => {
    const found = await world.store.get('note', id);
    return found.ok && found.value?.lifecycle;
  };
  return { session, gone, place };
}

test.each(['learns of it', 'saves'])(
  'a machine that writes into what another tab deleted permanently stops when it %s',
  async (how) => {
    const world = openWorld();
    const { session, gone, place } = await deletedUnder('machine', world);
    await (how === 'saves' ? session.flush() : session.refresh());
    expect([session.pending, session.unsavedSince, gone.mock.calls.length]).toEqual(['none', null, 1]);
    session.set({ text: 'one two three' });
    await session.flush();
    session.retry();
    await session.close();
    await vi.waitFor(async () => expect(await world.rows(), 'rows of the journal').toBe(0));
    expect([session.pending, session.journalEntry(), gone.mock.calls.length]).toEqual(['none', null, 1]);
    expect(await place()).toBe('purged');
  },
);

test('a person who writes on in what another tab deleted permanently brings it back', async () => {
  const { session, place } = await deletedUnder('person', openWorld());
  await session.refresh();
  expect(session.pending).toBe('typed');
  await session.flush();
  expect(await place()).toBe('live');
});

test.each(['machine', 'person'] as const)(
  'what the words of a %s do from the journal to what was deleted permanently',
  async (writer) => {
    const world = openWorld();
    const { session, place } = await deletedUnder(writer, world);
    await world.replay(session);
    expect(await world.rows()).toBe(0);
    expect(await place()).toBe(writer === 'machine' ? 'purged' : 'live');
  },
);
