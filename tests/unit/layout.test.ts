/** The layout of two windows of one device: both write the one entity, over a real store in memory. */
import { beforeEach, expect, test, vi } from 'vitest';
import { createSessions } from '#app/sessions.ts';
import { typedReads, typedSessions } from '#app/typed-views.ts';
import { mintId } from '#core/ids.ts';
import { ledger } from '#entities/index.ts';
import { createStore } from '#store/create-store.ts';
import { createMemoryKv } from '#store/kv/kv-memory.ts';
import { workspaceSchema } from '#store/schema/schema.ts';
import { createLayout, type Layout } from '#ui/shell/layout.ts';
import { keepTab, moveTab } from '#ui/shell/tabs/open-tabs.ts';

const DEVICE = '0198c0de-0000-7000-8000-00000000d001';
const clock = {
  now: () => Date.now(),
  setTimer(ms: number, fire: () => void) {
    const timer = setTimeout(fire, ms);
    return () => clearTimeout(timer);
  },
};
const random = { bytes: (length: number) => crypto.getRandomValues(new Uint8Array(length)), fraction: () => 0.5 };
const mint = (): string => mintId(Date.now(), random);

let windows: { readonly layout: Layout; flush(): Promise<void> }[];
let store: ReturnType<typeof createStore>;

beforeEach(() => {
  const refreshers: ReturnType<typeof createSessions>['refresh'][] = [];
  store = createStore({
    kv: createMemoryKv(workspaceSchema),
    clock,
    random,
    ledger,
    workspaceId: mint(),
    deviceId: DEVICE,
    channel: { post: ({ keys }) => refreshers.forEach((refresh) => void refresh(keys)) },
    policy: () => 'newer',
  });
  windows = [0, 1].map(() => {
    const sessions = createSessions({
      autosaveMs: 5,
      save: (request) => store.save(request),
      get: (kind, id) => store.get(kind, id),
      mintId: mint,
      clock,
      clearJournal: () => {},
    });
    refreshers.push(sessions.refresh);
    const layout = createLayout(
      Promise.resolve({
        ...typedReads(store),
        ...typedSessions(sessions, mint),
        deviceId: DEVICE,
      }),
    );
    return { layout, flush: sessions.flush };
  });
});

const namesOf = (layout: Layout): readonly string[] => layout.view.value.tabs.map(({ id, preview }) => (preview ? `${id}?` : id));

/** Both windows have written what they had, and show the same. */
async function settled(): Promise<readonly string[]> {
  await Promise.all(windows.map(({ layout }) => layout.ready));
  const [one, two] = windows as [(typeof windows)[0], (typeof windows)[0]];
  for (let calm = 0; calm < 3; ) {
    await Promise.all(windows.map(({ flush }) => flush()));
    await new Promise((resolve) => setTimeout(resolve, 10));
    calm = namesOf(one.layout).join() === namesOf(two.layout).join() ? calm + 1 : 0;
  }
  return namesOf(one.layout);
}

const note = (id: string) => ({ panel: 'notes', id });

test('each window opens, closes, keeps and moves tabs at the same moment: nothing of either is lost', async () => {
  const [one, two] = windows.map(({ layout }) => layout) as [Layout, Layout];
  for (const id of ['a', 'b', 'c']) one.openDocument(note(id));
  expect(await settled()).toEqual(['a', 'b', 'c']);

  one.openDocument(note('d'));
  two.openDocument(note('e'));
  expect([...(await settled())].sort()).toEqual(['a', 'b', 'c', 'd', 'e']);

  one.closeDocument('b');
  two.changeTabs((tabs) => moveTab(tabs, 'c', 0));
  expect((await settled()).filter((id) => 'abc'.includes(id))).toEqual(['c', 'a']);

  one.openDocument({ ...note('f'), preview: true });
  expect(await settled()).toContain('f?');
  one.changeTabs((tabs) => keepTab(tabs, 'f'));
  two.closeDocument('a');
  const names = await settled();
  expect(names).toContain('f');
  expect(names).not.toContain('a');
});

test('an order that was made by many moves stays the order', async () => {
  const [one] = windows.map(({ layout }) => layout) as [Layout];
  const ids = Array.from({ length: 12 }, (_, index) => `t${index}`);
  for (const id of ids) one.openDocument(note(id));
  let expected = [...ids];
  // Always between the same two: halving alone would run out of numbers.
  for (let round = 0; round < 200; round++) {
    const id = expected[round % 2 === 0 ? 11 : 5] as string;
    one.changeTabs((tabs) => moveTab(tabs, id, 3));
    expected = expected.toSpliced(expected.indexOf(id), 1).toSpliced(3, 0, id);
  }
  expect(await settled()).toEqual(expected);
});

test('the layout of an older version opens with its tabs', async () => {
  const fields = { tabs: [note('x'), { ...note('y'), preview: true }], activeTab: 'y' };
  expect(ledger.get('layout')?.migrations[3]?.(fields)).toMatchObject({ activeTab: 'y' });
  const migrated = ledger.get('layout')?.migrations[3]?.(fields) ?? {};
  const saved = await store.save({ kind: 'layout', id: DEVICE, patch: migrated, base: {}, baseSeq: 0, saveId: mint() });
  expect(saved.ok).toBe(true);
  const [one] = windows.map(({ layout }) => layout) as [Layout];
  await vi.waitUntil(() => namesOf(one).length === 2);
  expect(namesOf(one)).toEqual(['x', 'y?']);
});
