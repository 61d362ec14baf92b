import { expect, test } from 'vitest';
import { createPatches } from '#app/patches.ts';
import { createSessions } from '#app/sessions.ts';
import { BINNED_AT } from '#core/entity.ts';
import type { StoreError } from '#core/errors.ts';
import { mintId } from '#core/ids.ts';
import { err, ok } from '#core/result.ts';
import { ledger } from '#entities/index.ts';
import { systemRandom } from '#platform/system.ts';
import { createStore } from '#store/create-store.ts';
import { createMemoryKv } from '#store/kv/kv-memory.ts';
import { createJournal } from '#store/save/journal.ts';
import { replayJournal } from '#store/save/replay-journal.ts';
import { type UnsavedRow, workspaceSchema } from '#store/schema/schema.ts';
import type { Store } from '#store/store.ts';

const mint = (): string => mintId(Date.now(), systemRandom);
const clock = { now: () => Date.now(), setTimer: () => () => {} };
const full: StoreError = { type: 'QuotaExceeded' };

/** A tab with one note that nobody has open, over a store that hangs or refuses when it is asked to. */
async function openTab() {
  const kv = createMemoryKv(workspaceSchema);
  const [workspaceId, deviceId, id] = [mint(), mint(), mint()];
  const channel = { post: () => {} };
  const store = createStore({ kv, clock, random: systemRandom, ledger, workspaceId, deviceId, channel, policy: () => 'newer' });
  await store.save({ kind: 'note', id, patch: { title: 'There', starred: true }, base: {}, baseSeq: 0, saveId: mint() });
  const trouble: { hangs: 'get' | 'save' | null; error: StoreError | null } = { hangs: null, error: null };
  const never = (): Promise<never> => new Promise(() => {});
  const get: Store['get'] = (...key) => (trouble.hangs === 'get' ? never() : store.get(...key));
  const save: Store['save'] = async (request) => {
    if (trouble.hangs === 'save') return never();
    return trouble.error ? err(trouble.error) : store.save(request);
  };
  const journal = createJournal(kv, 'tab', clock);
  const sessions = createSessions({
    mintId: mint,
    clock,
    save,
    get,
    clearJournal: (mark) => void journal.clear(mark),
  });
  const patches = createPatches({ store: { get, save }, sessions, mintId: mint, clock });
  return {
    id,
    trouble,
    sessions,
    patches,
    hide: () => journal.write(sessions.journalEntries()),
    /** The start after the page has ended. */
    replay: () => replayJournal(kv, store, { hold: async (_name, body) => body() }),
    fields: async () => {
      const found = await store.get('note', id);
      return found.ok ? found.value?.fields : null;
    },
    rows: async () => {
      const found = await kv.read({ rows: { list: 'unsaved', limit: 10 } });
      return found.ok ? found.value.rows : [];
    },
    /** As where the page ended before its row was cleared. */
    leaveBehind: (left: readonly UnsavedRow[]) =>
      kv.transact({}, () => ({ writes: left.map((row) => ({ put: 'unsaved', row }) as const), value: undefined })),
    merges: async () => {
      const found = await store.list({ kind: 'merge-log', limit: 10 });
      return found.ok ? found.value.items : [];
    },
    store,
  };
}

test.each(['get', 'save'] as const)(
  'a change whose page ends before the store has answered to "%s" is made at the next start',
  async (hangs) => {
    const { id, trouble, patches, hide, replay, fields, merges } = await openTab();
    trouble.hangs = hangs;
    void patches.patch('note', id, { [BINNED_AT]: 5, starred: false });
    expect(await hide()).toEqual(ok(undefined));
    expect(await replay()).toEqual(ok(0));
    expect(await fields()).toMatchObject({ title: 'There', [BINNED_AT]: 5, starred: false });
    expect(await merges(), 'nothing was in conflict').toEqual([]);
  },
);

test('what is made from the fields is in the journal as soon as they are read', async () => {
  const { id, trouble, patches, sessions, hide, replay, fields } = await openTab();
  trouble.hangs = 'save';
  void patches.patchBy('note', id, ({ title }) => ({ title: `${String(title)} and more` }));
  expect(sessions.journalEntries()).toEqual([]);
  await expect.poll(() => sessions.journalEntries()).toHaveLength(1);
  await hide();
  await replay();
  expect(await fields()).toMatchObject({ title: 'There and more' });
});

test('typed words of the same note are saved with it, in whichever order they are replayed', async () => {
  const { id, trouble, patches, sessions, hide, replay, fields } = await openTab();
  const session = sessions.open('note', id, false, {});
  await expect.poll(() => session.view.value?.fields['title']).toBe('There');
  trouble.hangs = 'save';
  session.set({ text: 'typed just before' });
  void patches.patch('note', id, { [BINNED_AT]: 5 });
  await hide();
  await replay();
  expect(await fields()).toMatchObject({ text: 'typed just before', [BINNED_AT]: 5 });
});

test('a change that is committed after all leaves no row, and is not made twice', async () => {
  const { id, patches, store, hide, replay, rows, leaveBehind, fields } = await openTab();
  const patching = patches.patch('note', id, { starred: false });
  await hide();
  const left = await rows();
  expect(left).toHaveLength(1);
  expect(await patching).toEqual(ok({ previous: { starred: true } }));
  await expect.poll(rows).toEqual([]);
  const now = await store.get('note', id);
  const seq = now.ok ? (now.value?.localSeq ?? 0) : 0;
  await store.save({ kind: 'note', id, patch: { starred: true }, base: { starred: false }, baseSeq: seq, saveId: mint() });
  await leaveBehind(left);
  await replay();
  expect(await fields()).toMatchObject({ starred: true });
  expect(await rows()).toEqual([]);
});

test('a change that was refused, and said so, does not come back', async () => {
  const { id, trouble, patches, hide, replay, rows, fields } = await openTab();
  trouble.error = full;
  const patching = patches.patch('note', id, { starred: false });
  await hide();
  expect(await patching).toEqual(err(full));
  await expect.poll(rows).toEqual([]);
  await replay();
  expect(await fields()).toMatchObject({ starred: true });
});

test("a machine's change is in no journal", async () => {
  const { id, trouble, patches, sessions } = await openTab();
  trouble.hangs = 'save';
  void patches.patch('note', id, { starred: false }, 'machine');
  expect(sessions.journalEntries()).toEqual([]);
});

/** The next change has a later time. */
const aMoment = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 5));

test.each(['get', 'save'] as const)(
  'what was changed after it, before it is made, stays as it was changed (%s hangs)',
  async (hangs) => {
    const { id, trouble, patches, store, hide, replay, fields } = await openTab();
    trouble.hangs = hangs;
    void patches.patch('note', id, { starred: false, title: 'Renamed' });
    await aMoment();
    const found = await store.get('note', id);
    const view = found.ok ? found.value : null;
    const base = { title: 'There' };
    await store.save({ kind: 'note', id, patch: { title: 'Renamed since' }, base, baseSeq: view?.localSeq ?? 0, saveId: mint() });
    await aMoment();
    await hide();
    await replay();
    expect(await fields()).toMatchObject({ title: 'Renamed since', starred: false });
  },
);

test.each(['get', 'save'] as const)('what was deleted permanently after it stays deleted (%s hangs)', async (hangs) => {
  const { id, trouble, patches, store, hide, replay, rows } = await openTab();
  trouble.hangs = hangs;
  void patches.patch('note', id, { starred: false });
  await aMoment();
  await store.purge('note', [id]);
  await aMoment();
  await hide();
  expect(await replay()).toEqual(ok(0));
  const found = await store.get('note', id);
  expect(found.ok && found.value?.lifecycle).toBe('purged');
  expect(await rows()).toEqual([]);
});

test('one of a message brings no chat back that was deleted permanently after it', async () => {
  const { trouble, patches, store, hide, replay } = await openTab();
  const [chat, message] = [mint(), mint()];
  await store.save({ kind: 'chat', id: chat, patch: { title: 'A chat' }, base: {}, baseSeq: 0, saveId: mint() });
  await store.save({
    kind: 'message',
    id: message,
    patch: { chatId: chat, text: 'Words' },
    base: {},
    baseSeq: 0,
    saveId: mint(),
  });
  trouble.hangs = 'get';
  void patches.patch('message', message, { chatId: chat, text: 'Other words' });
  await aMoment();
  await store.purge('chat', [chat]);
  await hide();
  expect(await replay()).toEqual(ok(0));
  expect(await store.get('chat', chat)).toMatchObject({ value: { lifecycle: 'purged' } });
});

test('what is typed after it into a note that was put into the bin takes it out again', async () => {
  const { id, trouble, patches, sessions, hide, replay, fields } = await openTab();
  trouble.hangs = 'save';
  void patches.patch('note', id, { [BINNED_AT]: 5 });
  await aMoment();
  const session = sessions.open('note', id, false, {});
  await expect.poll(() => session.view.value?.fields['title']).toBe('There');
  session.set({ text: 'typed just after' });
  await aMoment();
  await hide();
  await replay();
  expect(await fields()).toMatchObject({ text: 'typed just after', [BINNED_AT]: null });
});
