/** The panel of a kind that this test alone registers, in a real browser: from a new document to one that is deleted permanently. */
import { beforeAll, expect, test, vi } from 'vitest';
import { page } from 'vitest/browser';
import type { App } from '#app/app.ts';
import { createSource } from '#app/observable.ts';
import { createSessions } from '#app/sessions.ts';
import { typedReads, typedSessions } from '#app/typed-views.ts';
import { mintId } from '#core/ids.ts';
import { err, ok } from '#core/result.ts';
import { ledger } from '#entities/index.ts';
import { systemClock, systemRandom } from '#platform/system.ts';
import { createStore } from '#store/create-store.ts';
import { createMemoryKv } from '#store/kv/kv-memory.ts';
import { workspaceSchema } from '#store/schema/schema.ts';
import type { StoreChange } from '#store/store.ts';
import { flashcard } from '#support/flashcards/flashcard.ts';
import { panel } from '#support/flashcards/flashcards-panel.ts';
import { panels } from '#ui/panels/index.ts';
import type { PanelElement } from '#ui/panels/panel.ts';
import { createLayout } from '#ui/shell/layout.ts';
import { parsePath } from '#ui/shell/router.ts';
import type { Notice, Question, Shell } from '#ui/shell/shell.ts';

const mint = () => mintId(Date.now(), systemRandom);

beforeAll(async () => {
  // Room for the list beside the document.
  await page.viewport(1280, 800);
  if (ledger instanceof Map) ledger.set(flashcard.kind, flashcard);
  if (Array.isArray(panels)) panels.push(panel);
  await panel.load();
});

/** How far the store's clock is ahead: the history keeps one revision a minute. */
let laterMs = 0;

/** What a panel uses of the app, over a real store. */
function createApp(): App {
  const listeners = new Set<(keys: StoreChange['keys']) => void>();
  const deviceId = mint();
  const store = createStore({
    kv: createMemoryKv(workspaceSchema),
    clock: { ...systemClock, now: () => systemClock.now() + laterMs },
    random: systemRandom,
    ledger,
    workspaceId: mint(),
    deviceId,
    channel: {
      post: ({ keys }) => {
        sessions.refresh(keys);
        for (const listener of listeners) listener(keys);
      },
    },
    policy: () => 'newer',
  });
  const sessions = createSessions({
    mintId: mint,
    clock: systemClock,
    save: store.save,
    get: store.get,
    clearJournal: () => {},
  });
  const app: Partial<App> = {
    ...typedReads(store),
    getChanged: typedReads(store).get,
    ...typedSessions(sessions, mint),
    count: store.count,
    purge: store.purge,
    async patch(kind, id, patch) {
      const before = await store.get(kind, id);
      const fields = before.ok ? (before.value?.fields ?? {}) : {};
      const previous = Object.fromEntries(Object.keys(patch).map((field) => [field, fields[field] ?? null]));
      const builtOn = before.ok ? (before.value?.localSeq ?? 0) : 0;
      const saved = await store.save({ kind, id, patch: { ...patch }, base: previous, baseSeq: builtOn, saveId: mint() });
      return saved.ok ? ok({ previous }) : err(saved.error);
    },
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    search: () => Promise.reject(new Error('no index in this test')),
    deviceId,
    status: () => Promise.reject(new Error('no log in this test')),
    summary: createSource(null),
    sendingFile: createSource(null),
    syncState: createSource({ type: 'unasked' }),
  };
  return app as App;
}

/** Shows the panel, with a shell that goes where it is sent. */
function show(path: string) {
  const app = createApp();
  const route = createSource(parsePath(path));
  const notices: Notice[] = [];
  const asked: Question[] = [];
  const view = document.createElement(panel.element) as PanelElement;
  const shell: Partial<Shell> = {
    route,
    layout: createLayout(Promise.resolve(app)),
    navigate(to) {
      route.set(parsePath(to));
      view.route = route.value;
    },
    notify: (notice) => notices.push(notice),
    ask: async (question) => {
      asked.push(question);
      return true;
    },
    closeTab(id) {
      if (route.value.rest[0] === id) shell.navigate?.(`/${panel.id}`);
    },
  };
  Object.assign(view, { app, shell, route: route.value });
  document.body.append(view);
  return { app, view, route, notices, asked, go: (to: string) => shell.navigate?.(to) };
}

/** Every element in the shadow trees below. */
function everything(root: ParentNode): readonly HTMLElement[] {
  return [...root.querySelectorAll<HTMLElement>('*')].flatMap((element) => [
    element,
    ...(element.shadowRoot ? everything(element.shadowRoot) : []),
  ]);
}

test('the panel of a new kind: made, listed, narrowed, thrown away, restored, deleted permanently', async () => {
  const { app, view, route, notices, asked, go } = show('/flashcards');
  const find = <E extends HTMLElement>(selector: string, text = ''): Promise<E> =>
    vi.waitUntil(() =>
      everything(view.shadowRoot ?? view).find(
        (element): element is E => element.matches(selector) && (element.textContent ?? '').includes(text),
      ),
    );
  const type = async (selector: string, words: string): Promise<void> => {
    const field = await find<HTMLInputElement | HTMLTextAreaElement>(selector);
    field.value = words;
    field.dispatchEvent(new InputEvent('input', { bubbles: true, composed: true }));
  };
  const choose = async (entry: string): Promise<void> => {
    (await find('[aria-label="Flashcard actions"]')).click();
    (await find('[role="menuitem"]', entry)).click();
  };
  await find('p', 'No flashcards yet. Begin with New flashcard');
  (await find('button', 'New flashcard')).click();
  await type('[aria-label="Front"]', 'Calvin cycle');
  await type('.field textarea', 'In the stroma');
  await find('a .title', 'Calvin cycle');
  await find('a .excerpt', 'In the stroma');
  const [, id = ''] = route.value.path.split('/').slice(1);
  expect(id).toHaveLength(36);
  expect(document.title).toBe('Calvin cycle – Holdfast');

  laterMs = 120_000;
  await type('.field textarea', 'In the thylakoid');
  await find('a .excerpt', 'In the thylakoid');
  await app.patch('flashcard', id, { level: 'known', tags: ['exam'] });
  await find('li', 'exam');
  await choose('History');
  await find('h2', 'History of Calvin cycle');
  // Every field that a person writes is compared, not title and text alone.
  const changes = await find('[aria-label="Changes"]', 'Tags');
  expect([...changes.querySelectorAll('h3')].map(({ textContent }) => textContent)).toEqual(['Back', 'Level', 'Tags']);
  const added = [...changes.querySelectorAll('diff-view')].map(
    ({ shadowRoot }) => shadowRoot?.querySelector('.added')?.textContent,
  );
  expect(added).toEqual(['New since: In the thylakoid', 'New since: known', 'New since: exam']);
  (await find('button', 'Restore')).click();
  const back = await find<HTMLTextAreaElement>('.field textarea');
  await vi.waitUntil(() => back.value === 'In the stroma');
  notices.pop()?.undo?.();
  await vi.waitUntil(() => back.value === 'In the thylakoid');
  await find('a .excerpt', 'In the thylakoid');

  await type('[aria-label="Search flashcards"]', 'nothing of the kind');
  await find('p', 'No flashcard fits.');
  (await find('button', 'Show all flashcards')).click();
  await find('a .title', 'Calvin cycle');

  await choose('Move to bin');
  await vi.waitUntil(async () => {
    const count = await app.count('flashcard', 'binned');
    return count.ok && count.value === 1;
  });
  go('/flashcards/bin');
  await find('p', '1 flashcard. It stays');
  (await find('button', 'Restore')).click();
  await find('p', 'The bin is empty. Flashcards you move here');
  expect(notices.map(({ text }) => text)).toEqual(['Moved “Calvin cycle” to the bin', 'Restored “Calvin cycle”']);

  await app.patch('flashcard', id, { binnedAt: 1000 });
  (await find('button', 'Empty bin')).click();
  await find('p', 'The bin is empty.');
  expect(asked.map(({ title }) => title)).toEqual(['Delete 1 flashcard permanently?']);
  expect(await app.count('flashcard', 'binned')).toEqual(ok(0));
  go(`/flashcards/${id}`);
  await find('h2', 'This flashcard was deleted permanently');
  go(`/flashcards/${mint()}`);
  await find('h2', 'This flashcard is not on this device');
});
