import { panelOf } from '#ui/panels/index.ts';
import type { Command, World } from '#ui/shell/command.ts';
import type { Shell } from '#ui/shell/shell.ts';
import { moveTab, type Tab, type Tabs } from '#ui/shell/tabs/open-tabs.ts';

const tabsOf = ({ shell }: World): Tabs => shell.layout.view.value.tabs;

const currentIn = (world: World): number => {
  const [id] = world.shell.route.value.rest;
  return tabsOf(world).findIndex((tab) => tab.id === id);
};

const isOnTab = (world: World): boolean => currentIn(world) >= 0;

/** Goes round at both ends. From a place without a tab it leads to the first or the last one. */
const goBy =
  (step: 1 | -1): Command['run'] =>
  (world) => {
    const tabs = tabsOf(world);
    const at = currentIn(world);
    const next = at < 0 ? (step > 0 ? 0 : tabs.length - 1) : (at + step + tabs.length) % tabs.length;
    const tab = tabs[next];
    if (tab) goTo(world.shell, tab);
  };

const moveBy =
  (step: 1 | -1): Command['run'] =>
  (world) => {
    const at = currentIn(world);
    const tab = tabsOf(world)[at];
    if (tab) world.shell.layout.changeTabs((tabs) => moveTab(tabs, tab.id, at + step));
  };

function goTo(shell: Shell, { panel, id }: Tab): void {
  shell.navigate(`/${panel}/${id}`);
  shell.focusDocument();
}

/** Brings the latest closed tab back whose document is still there. */
async function reopen({ app, shell }: World): Promise<void> {
  const { layout } = shell;
  for (const tab of layout.view.value.closedTabs) {
    const kind = panelOf(tab.panel)?.documents;
    const found = kind === undefined ? null : await app.get(kind, tab.id);
    if (found?.ok && found.value?.lifecycle === 'live') {
      layout.reopen(tab);
      return goTo(shell, tab);
    }
    // What could not be read just now may be there the next time.
    if (!found || found.ok) layout.forgetClosed(tab.id);
  }
}

/** What can be done with the open tabs. */
export const tabCommands: readonly Command[] = [
  {
    id: 'close-tab',
    label: 'Close this tab',
    group: 'Tabs',
    icon: 'x',
    isOffered: isOnTab,
    run(world) {
      const tab = tabsOf(world)[currentIn(world)];
      if (!tab) return;
      world.shell.closeTab(tab.id);
      world.shell.focusDocument();
    },
  },
  {
    id: 'close-other-tabs',
    label: 'Close all other tabs',
    group: 'Tabs',
    icon: 'x',
    isOffered: (world) => isOnTab(world) && tabsOf(world).length > 1,
    run(world) {
      const current = tabsOf(world)[currentIn(world)];
      for (const { id } of tabsOf(world)) if (id !== current?.id) world.shell.layout.closeDocument(id);
    },
  },
  {
    id: 'reopen-tab',
    label: 'Reopen closed tab',
    group: 'Tabs',
    icon: 'undo-2',
    words: 'restore last undo',
    isOffered: ({ shell }) => shell.layout.view.value.closedTabs.length > 0,
    run: reopen,
  },
  { id: 'next-tab', label: 'Next tab', group: 'Tabs', icon: 'arrow-right', isOffered: hasTabs, run: goBy(1) },
  { id: 'previous-tab', label: 'Previous tab', group: 'Tabs', icon: 'arrow-left', isOffered: hasTabs, run: goBy(-1) },
  {
    id: 'move-tab-left',
    label: 'Move this tab to the left',
    group: 'Tabs',
    icon: 'arrow-left',
    words: 'reorder',
    isOffered: isOnTab,
    run: moveBy(-1),
  },
  {
    id: 'move-tab-right',
    label: 'Move this tab to the right',
    group: 'Tabs',
    icon: 'arrow-right',
    words: 'reorder',
    isOffered: isOnTab,
    run: moveBy(1),
  },
];

function hasTabs(world: World): boolean {
  return tabsOf(world).length > 0;
}
