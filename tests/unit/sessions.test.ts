import { expect, test } from 'vitest';
import { createSessions } from '#app/sessions.ts';
import type { StoreError } from '#core/errors.ts';
import { mintId } from '#core/ids.ts';
import type { Random } from '#core/ports.ts';
import { err, ok } from '#core/result.ts';
import { ledger } from '#entities/index.ts';
import { createStore } from '#store/create-store.ts';
import { createMemoryKv } from '#store/kv/kv-memory.ts';
import { createJournal } from '#store/save/journal.ts';
import { workspaceSchema } from '#store/schema/schema.ts';

const random: Random = { bytes: (length) => crypto.getRandomValues(new Uint8Array(length)), fraction: () => Math.random() };
const mint = (): string => mintId(Date.now(), random);
const clock = { now: () => Date.now(), setTimer: () => () => {} };

/** The sessions of one tab over a store that can be made to refuse every save. */
async function openTab() {
  const kv = createMemoryKv(workspaceSchema);
  const [workspaceId, deviceId, id] = [mint(), mint(), mint()];
  const channel = { post: () => {} };
  const store = createStore({ kv, clock, random, ledger, workspaceId, deviceId, channel, policy: () => 'newer' });
  const trouble: { error: StoreError | null } = { error: null };
  const journal = createJournal(kv, 'tab', clock);
  const sessions = createSessions({
    mintId: mint,
    clock,
    save: async (request) => (trouble.error ? err(trouble.error) : store.save(request)),
    get: (...key) => store.get(...key),
    clearJournal: (entry) => void journal.clear(entry),
  });
  await sessions.open('note', id, true, { title: 'There', text: 'first' }).flush();
  const unsaved = async () => {
    const found = await kv.read({ rows: { list: 'unsaved', limit: 10 } });
    return found.ok ? found.value.rows.map(({ patch }) => patch) : [];
  };
  return { sessions, id, trouble, journal, unsaved };
}

const full: StoreError = { type: 'QuotaExceeded' };

test('two sessions of one entity that cannot be saved each keep a row in the journal', async () => {
  const { sessions, id, trouble, journal, unsaved } = await openTab();
  trouble.error = full;
  sessions.open('note', id, false, {}).set({ text: 'typed on the left' });
  sessions.open('note', id, false, {}).set({ title: 'typed on the right' });
  await sessions.flush();
  expect(await journal.write(sessions.journalEntries())).toEqual(ok(undefined));
  expect(new Set(await unsaved())).toEqual(new Set([{ text: 'typed on the left' }, { title: 'typed on the right' }]));

  trouble.error = null;
  await sessions.flush();
  await expect.poll(unsaved, { timeout: 10_000 }).toEqual([]);
});

test('a session that was left before it could be saved is the one that is opened again', async () => {
  const { sessions, id, trouble } = await openTab();
  const left = sessions.open('note', id, false, {});
  trouble.error = full;
  left.set({ text: 'typed while the disk was full' });
  await left.close();
  expect(sessions.saveState.value).toEqual({ type: 'error', error: full });

  const back = sessions.open('note', id, false, {});
  expect(back.fields['text']).toBe('typed while the disk was full');
  trouble.error = null;
  await back.flush();
  await expect.poll(() => sessions.saveState.value.type, { timeout: 10_000 }).toBe('saved');
  back.set({ text: 'and typed on' });
  expect(sessions.journalEntries()).toHaveLength(1);
});

test('a session that is opened again while it is being closed goes on living', async () => {
  const { sessions, id } = await openTab();
  const left = sessions.open('note', id, false, {});
  left.set({ text: 'typed' });
  const closing = left.close();
  const back = sessions.open('note', id, false, {});
  expect(back).toBe(left);
  await closing;
  back.set({ text: 'typed on' });
  expect(sessions.journalEntries().map(({ patch }) => patch)).toEqual([{ text: 'typed on' }]);
});
