import { expect, test } from 'vitest';
import { createSessions } from '#app/sessions.ts';
import { createTabGuard } from '#app/tab-guard.ts';
import type { StoreError } from '#core/errors.ts';
import { mintId } from '#core/ids.ts';
import type { Random } from '#core/ports.ts';
import { err } from '#core/result.ts';
import { ledger } from '#entities/index.ts';
import { createStore } from '#store/create-store.ts';
import { createMemoryKv } from '#store/kv/kv-memory.ts';
import { createJournal } from '#store/save/journal.ts';
import { workspaceSchema } from '#store/schema/schema.ts';

const random: Random = { bytes: (length) => crypto.getRandomValues(new Uint8Array(length)), fraction: () => Math.random() };
const mint = (): string => mintId(Date.now(), random);

/** A tab whose saves and journal can be refused, or left without an answer, with what it did in its place. */
function openTab() {
  const timers: (() => void)[] = [];
  const clock = {
    now: () => Date.now(),
    setTimer(_ms: number, fire: () => void) {
      timers.push(fire);
      return () => {};
    },
  };
  const kv = createMemoryKv(workspaceSchema);
  const [workspaceId, deviceId, id] = [mint(), mint(), mint()];
  const store = createStore({
    kv,
    clock,
    random,
    ledger,
    workspaceId,
    deviceId,
    channel: { post: () => {} },
    policy: () => 'newer',
  });
  const trouble: { save: StoreError | 'hangs' | null; journal: StoreError | null } = { save: null, journal: null };
  const journal = createJournal(kv, 'tab', clock);
  const sessions = createSessions({
    mintId: mint,
    clock,
    save: async (request) => {
      if (trouble.save === 'hangs') return new Promise(() => {});
      return trouble.save ? err(trouble.save) : store.save(request);
    },
    get: (...key) => store.get(...key),
    clearJournal: (entry) => void journal.clear(entry),
  });
  const state = () => sessions.saveState.value;
  const saveError = (): StoreError | null => {
    const now = state();
    return now.type === 'error' ? now.error : null;
  };
  const guard = createTabGuard({
    clock,
    flush: () => sessions.flush(),
    writeJournal: async () => !trouble.journal && (await journal.write(sessions.journalEntries())).ok,
    unsaved: async () => sessions.unsaved(),
    saveError,
    isAllInMemory: () => false,
  });
  const journaled = async () => {
    const found = await kv.read({ rows: { list: 'unsaved', limit: 10 } });
    return found.ok ? found.value.rows.map(({ patch }) => patch['text']) : [];
  };
  return { guard, session: sessions.open('note', id, true, {}), store, id, trouble, timers, journaled };
}

const full: StoreError = { type: 'QuotaExceeded' };
const settled = () => new Promise((resolve) => setTimeout(resolve));

test('what is typed is committed before the page is replaced, and nothing is asked', async () => {
  const { guard, session, store, id } = openTab();
  session.set({ text: 'just typed' });
  expect(await guard.mayReplace()).toBe(true);
  const saved = await store.get('note', id);
  expect(saved.ok && saved.value?.fields['text']).toBe('just typed');
});

test('words that cannot be saved go into the journal, and the page is replaced without a question', async () => {
  const { guard, session, trouble, journaled } = openTab();
  trouble.save = full;
  session.set({ text: 'on a full disk' });
  let went = 0;
  expect(await guard.replace(() => went++)).toBe(true);
  expect(went).toBe(1);
  expect(await journaled()).toEqual(['on a full disk']);
});

test('words that are nowhere on the disk are asked about: whoever stays loses nothing, whoever goes on has been asked', async () => {
  const { guard, session, trouble } = openTab();
  trouble.save = full;
  trouble.journal = { type: 'NewerDatabase' };
  session.set({ title: 'Draft', text: 'nowhere else' });
  let went = 0;
  const staying = guard.replace(() => went++);
  await settled();
  const question = guard.question.value;
  expect(question?.documents.map(({ fields }) => fields)).toEqual([{ title: 'Draft', text: 'nowhere else' }]);
  expect(guard.mustWarn(), 'the browser asks as well, should the page end by another way').toBe(true);
  question?.answer(false);
  expect(await staying).toBe(false);
  expect(went).toBe(0);
  expect(guard.question.value).toBeNull();

  const deciding = guard.mayReplace();
  await settled();
  guard.question.value?.answer(true);
  expect(await deciding).toBe(true);
  expect(await guard.replace(() => went++), 'nobody is asked twice about the same words').toBe(true);
  expect(went).toBe(1);
  expect(guard.mustWarn()).toBe(false);
});

test('words typed after the answer are asked about anew', async () => {
  const { guard, session, trouble } = openTab();
  trouble.save = full;
  trouble.journal = { type: 'NewerDatabase' };
  session.set({ text: 'given up' });
  const deciding = guard.mayReplace();
  await settled();
  guard.question.value?.answer(true);
  expect(await deciding).toBe(true);
  session.set({ text: 'given up, and not these' });
  const again = guard.mayReplace();
  await settled();
  expect(guard.question.value).not.toBeNull();
  guard.question.value?.answer(false);
  expect(await again).toBe(false);
});

test('a store that does not answer is not waited for: the journal takes what is on its way', async () => {
  const { guard, session, trouble, timers, journaled } = openTab();
  trouble.save = 'hangs';
  session.set({ text: 'on its way' });
  const answer = guard.mayReplace();
  for (const fire of timers.splice(0)) fire();
  expect(await answer).toBe(true);
  expect(await journaled()).toEqual(['on its way']);
});
