/** Fields as panels read them, over a real store in memory that holds what another version or an import has written. */
import { beforeEach, expect, expectTypeOf, test } from 'vitest';
import type { App } from '#app/app.ts';
import { createSessions, type Sessions } from '#app/sessions.ts';
import { typedReads, typedSessions } from '#app/typed-views.ts';
import type { EntityDeclaration, Fields } from '#core/entity.ts';
import { json } from '#core/fields.ts';
import { mintId } from '#core/ids.ts';
import { note } from '#entities/note.ts';
import { systemClock, systemRandom } from '#platform/system.ts';
import { createStore } from '#store/create-store.ts';
import { createMemoryKv } from '#store/kv/kv-memory.ts';
import { workspaceSchema } from '#store/schema/schema.ts';

const mint = (): string => mintId(Date.now(), systemRandom);
const ODD = { title: 7, text: null, tags: ['exam', 1], starred: 'yes', notebook: 'Plants', mood: 'calm' };
const READ = {
  title: '',
  text: '',
  tags: ['exam'],
  starred: false,
  pinned: false,
  notebook: 'Plants',
  mood: 'calm',
  binnedAt: null,
};

/** Another version of the note, whose fields may hold anything. */
const laterNote: EntityDeclaration = {
  ...note,
  fields: Object.fromEntries(Object.entries(note.fields).map(([field, { initial }]) => [field, json(initial)])),
};

let store: ReturnType<typeof createStore>;
let app: Pick<App, 'get' | 'list' | 'history' | 'create' | 'open'>;
let sessions: Sessions;
let id: string;

async function save(kind: string, patch: Fields): Promise<string> {
  const saved = await store.save({ kind, id: mint(), patch, base: {}, baseSeq: 0, saveId: mint() });
  if (!saved.ok) throw new Error(saved.error.type);
  return saved.value.entity.id;
}

beforeEach(async () => {
  store = createStore({
    kv: createMemoryKv(workspaceSchema),
    clock: systemClock,
    random: systemRandom,
    ledger: new Map([
      ['note', laterNote],
      ['exam-paper', { ...laterNote, kind: 'exam-paper' }],
    ]),
    workspaceId: mint(),
    deviceId: mint(),
    channel: { post: () => {} },
    policy: () => 'newer',
  });
  sessions = createSessions({
    save: (request) => store.save(request),
    get: (kind, entity) => store.get(kind, entity),
    mintId: mint,
    clock: systemClock,
    clearJournal: () => {},
  });
  app = { ...typedReads(store), ...typedSessions(sessions, mint) };
  id = await save('note', ODD);
});

async function stored(): Promise<Fields | undefined> {
  const found = await store.get('note', id);
  return found.ok ? found.value?.fields : undefined;
}

test('what is malformed reads as initial, and the store keeps it', async () => {
  const [found, page] = [await app.get('note', id), await app.list({ kind: 'note', limit: 10 })];
  if (!found.ok || !page.ok || !found.value) throw new Error('not read');
  expectTypeOf(found.value.fields.tags).toEqualTypeOf<readonly string[]>();
  expectTypeOf(page.value.items[0]?.fields.title).toEqualTypeOf<string | undefined>();
  expect(found.value.fields).toEqual(READ);
  expect(page.value.items.map(({ fields }) => fields)).toEqual([READ]);
  expect(await stored()).toMatchObject(ODD);
});

test('a session reads as well, and writes only what is edited', async () => {
  const session = app.open('note', id);
  expect(session.isUntouched).toBe(true);
  await new Promise<void>((resolve) => session.view.subscribe((view) => view && resolve()));
  expect([session.fields, session.view.value?.fields]).toEqual([READ, READ]);
  expect(session.view.value).toBe(session.view.value);
  session.set({ notebook: 'Animals' });
  await session.close();
  expect(await stored()).toMatchObject({ ...ODD, notebook: 'Animals' });
  const neverRun = () => {
    // @ts-expect-error A value that the field does not take.
    session.set({ title: 7 });
    // @ts-expect-error A field of another kind.
    session.set({ systemPrompt: '' });
  };
  expect(neverRun).toBeTypeOf('function');
});

test('what comes from elsewhere is read, and names only what has come', async () => {
  const session = app.open('note', id);
  await new Promise<void>((resolve) => session.view.subscribe((view) => view && resolve()));
  const heard = new Promise((resolve) => session.onIncoming(resolve));
  await store.save({ kind: 'note', id, patch: { title: 'Plants', tags: 'exam' }, base: {}, baseSeq: 0, saveId: mint() });
  sessions.refresh([['note', id]]);
  expect(await heard).toEqual({ title: 'Plants', tags: [] });
  await session.close();
});

test('a new session is untouched until it has a field', () => {
  expect([app.create('note').isUntouched, app.create('note', { title: 'New' }).isUntouched]).toEqual([true, false]);
});

test('kept revisions read like the present one', async () => {
  await store.purge('note', [id]);
  const kept = await app.history('note', id);
  expect(kept.ok && kept.value[0]?.fields).toMatchObject(READ);
});

test('a kind of a newer version is as it came', async () => {
  const odd = await save('exam-paper', { title: 7 });
  const found = await app.get('exam-paper', odd);
  expect(found.ok && found.value?.fields).toMatchObject({ title: 7 });
});
