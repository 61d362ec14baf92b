import { describe, expect, test } from 'vitest';
import { keepTabs, readKeptTabs, tabsOf } from '#ui/shell/tabs/kept-tabs.ts';
import {
  closeTab,
  keepTab,
  moveTab,
  neighbourOf,
  openTab,
  parseClosedTabs,
  rememberClosed,
  reopenTab,
  type Tabs,
} from '#ui/shell/tabs/open-tabs.ts';

const tabs = (...ids: readonly string[]): Tabs =>
  ids.map((id) => (id.endsWith('?') ? { panel: 'notes', id: id.slice(0, -1), preview: true } : { panel: 'notes', id }));
const names = (list: Tabs): readonly string[] => list.map(({ id, preview }) => (preview ? `${id}?` : id));

describe('tabs', () => {
  test('what is only looked at takes the place of what was looked at before', () => {
    expect(names(openTab(tabs('a', 'b?', 'c'), { panel: 'notes', id: 'd', preview: true }))).toEqual(['a', 'd?', 'c']);
  });

  test('a kept document opens at the end and leaves the preview alone', () => {
    expect(names(openTab(tabs('a', 'b?'), { panel: 'notes', id: 'c' }))).toEqual(['a', 'b?', 'c']);
  });

  test('looking again at a kept tab does not make it a preview', () => {
    const open = tabs('a', 'b');
    expect(openTab(open, { panel: 'notes', id: 'a', preview: true })).toBe(open);
  });

  test('the first edit keeps a preview, in its place', () => {
    expect(names(openTab(tabs('a?', 'b'), { panel: 'notes', id: 'a' }))).toEqual(['a', 'b']);
    expect(names(keepTab(tabs('a?', 'b'), 'a'))).toEqual(['a', 'b']);
  });

  test('closing leads to the right neighbour, at the end to the left one', () => {
    expect(neighbourOf(tabs('a', 'b', 'c'), 'b')?.id).toBe('c');
    expect(neighbourOf(tabs('a', 'b', 'c'), 'c')?.id).toBe('b');
    expect(neighbourOf(tabs('a'), 'a')).toBeUndefined();
    expect(names(closeTab(tabs('a', 'b'), 'a'))).toEqual(['b']);
  });

  test('moving stops at both ends and changes nothing when there is nothing to change', () => {
    const open = tabs('a', 'b', 'c');
    expect(names(moveTab(open, 'a', 2))).toEqual(['b', 'c', 'a']);
    expect(names(moveTab(open, 'c', -5))).toEqual(['c', 'a', 'b']);
    expect(moveTab(open, 'c', 9)).toBe(open);
    expect(moveTab(open, 'unknown', 0)).toBe(open);
  });

  test('a layout written by another version gives only what are tabs', () => {
    const kept = readKeptTabs({ a: { panel: 'notes', at: 1 }, b: null, c: 7, d: { at: 2 }, e: { panel: 'chats', at: 'x' } });
    expect(tabsOf(kept)).toEqual([{ panel: 'notes', id: 'a' }]);
    for (const other of [[{ panel: 'notes', id: 'a' }], null, 'a', undefined]) expect(readKeptTabs(other)).toEqual({});
  });

  test('are kept in their order, and only what moved gets another place', () => {
    const places = (kept: ReturnType<typeof keepTabs>) =>
      Object.fromEntries(Object.entries(kept).map(([id, { at }]) => [id, at]));
    const first = keepTabs(tabs('a', 'b', 'c', 'd'), {});
    expect(names(tabsOf(first))).toEqual(['a', 'b', 'c', 'd']);
    const moved = keepTabs(tabs('c', 'a', 'b', 'd', 'e?'), first);
    expect(names(tabsOf(moved))).toEqual(['c', 'a', 'b', 'd', 'e?']);
    const { a, b, d } = places(first);
    expect(places(moved)).toMatchObject({ a, b, d });
    expect(names(tabsOf(keepTabs(tabs('x', 'a', 'y', 'z', 'b'), moved)))).toEqual(['x', 'a', 'y', 'z', 'b']);
    expect(keepTabs([], moved)).toEqual({});
  });

  test('a closed tab comes back where it was, the latest first, and each once', () => {
    const open = tabs('a', 'b', 'c');
    const once = rememberClosed([], open, 'b');
    const twice = rememberClosed(once, closeTab(open, 'b'), 'a');
    expect(twice).toEqual([
      { panel: 'notes', id: 'a', at: 0 },
      { panel: 'notes', id: 'b', at: 1 },
    ]);
    expect(names(reopenTab(tabs('a', 'c'), { panel: 'notes', id: 'b', at: 1 }))).toEqual(['a', 'b', 'c']);
    expect(names(reopenTab(tabs('a'), { panel: 'notes', id: 'b', at: 9 }))).toEqual(['a', 'b']);
    expect(reopenTab(open, { panel: 'notes', id: 'b', at: 0 })).toBe(open);
    expect(rememberClosed(twice, open, 'b').map(({ id }) => id)).toEqual(['b', 'a']);
    expect(rememberClosed(twice, open, 'unknown')).toBe(twice);
  });

  test('the closed tabs do not pile up, and survive another version', () => {
    let closed = rememberClosed([], tabs('first'), 'first');
    for (let index = 0; index < 40; index++) closed = rememberClosed(closed, tabs(`n${index}`), `n${index}`);
    expect(closed).toHaveLength(20);
    expect(parseClosedTabs([{ panel: 'notes', id: 'a' }, 7])).toEqual([{ panel: 'notes', id: 'a', at: Number.MAX_SAFE_INTEGER }]);
  });
});
