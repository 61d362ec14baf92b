/** The layout of two windows of one device: both write the one entity, over a real store in memory. */
import { beforeEach, expect, test, vi } from 'vitest';
import { ledger } from '#entities/index.ts';
import { type MemoryWindows, openMemoryWindows } from '#support/memory-windows.ts';
import { createLayout, type Layout } from '#ui/shell/layout.ts';
import { keepTab, moveTab } from '#ui/shell/tabs/open-tabs.ts';

const DEVICE = '0198c0de-0000-7000-8000-00000000d001';
let store: MemoryWindows['store'];
let windows: { readonly layout: Layout; flush(): Promise<void> }[];

beforeEach(() => {
  const opened = openMemoryWindows(DEVICE);
  ({ store } = opened);
  windows = [0, 1].map(() => {
    const { app, flush } = opened.openWindow();
    return { layout: createLayout(Promise.resolve(app)), flush };
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
  const saved = await store.save({ kind: 'layout', id: DEVICE, patch: migrated, base: {}, baseSeq: 0, saveId: 'save' });
  expect(saved.ok).toBe(true);
  const [one] = windows.map(({ layout }) => layout) as [Layout];
  await vi.waitUntil(() => namesOf(one).length === 2);
  expect(namesOf(one)).toEqual(['x', 'y?']);
});

test('a layout that cannot be read at first is read a moment later, with what was changed meanwhile', async () => {
  const [first] = windows as [(typeof windows)[0]];
  await first.layout.ready;
  first.layout.openDocument(note('a'));
  first.layout.setPosition('a', { scroll: 70, caret: 7 });
  await first.flush();
  const opened = openMemoryWindows(DEVICE, store);
  const { app, flush, loseReads } = opened.openWindow();
  // One lost worker is asked again at once; this one stays away.
  loseReads(4);
  const late = createLayout(Promise.resolve(app));
  await late.ready;
  expect(late.position('a')).toBeUndefined();
  late.openDocument(note('b'));
  late.setPosition('b', { scroll: 80, caret: 8 });
  await late.read;
  expect(late.position('a')).toEqual({ scroll: 70, caret: 7 });
  await vi.waitUntil(() => namesOf(late).length === 2);
  await flush();
  const kept = await store.get('layout', DEVICE);
  expect(kept.ok && kept.value?.fields['positions']).toEqual({ a: { scroll: 70, caret: 7 }, b: { scroll: 80, caret: 8 } });
});
