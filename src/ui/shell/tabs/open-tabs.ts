/** The tabs as data: each function answers with the next list, and with the same one where nothing changes. */

/** An open document. A preview tab was only looked at: the next one looked at takes its place, the first edit keeps it. */
export type Tab = {
  readonly panel: string;
  readonly id: string;
  readonly preview?: boolean;
};

export type Tabs = readonly Tab[];

/** Opens a document, or finds it already open. A kept tab never becomes a preview again. */
export function openTab(tabs: Tabs, tab: Tab): Tabs {
  const open = tabs.find(({ id }) => id === tab.id);
  if (open) return open.preview && !tab.preview ? keepTab(tabs, tab.id) : tabs;
  const previewAt = tab.preview ? tabs.findIndex(({ preview }) => preview) : -1;
  return previewAt < 0 ? [...tabs, tab] : tabs.with(previewAt, tab);
}

/** Turns a preview into a tab that stays. */
export function keepTab(tabs: Tabs, id: string): Tabs {
  const at = tabs.findIndex((tab) => tab.id === id);
  const tab = tabs[at];
  return tab?.preview ? tabs.with(at, { panel: tab.panel, id }) : tabs;
}

export function closeTab(tabs: Tabs, id: string): Tabs {
  return tabs.some((tab) => tab.id === id) ? tabs.filter((tab) => tab.id !== id) : tabs;
}

/** Moves a tab to a position, counted in the list without it. */
export function moveTab(tabs: Tabs, id: string, to: number): Tabs {
  const at = tabs.findIndex((tab) => tab.id === id);
  const tab = tabs[at];
  const target = Math.max(0, Math.min(to, tabs.length - 1));
  return tab && target !== at ? tabs.toSpliced(at, 1).toSpliced(target, 0, tab) : tabs;
}

/** A closed tab with the place it had. */
export type ClosedTab = Tab & {
  readonly at: number;
};

/** As many closed tabs as are worth going back to. */
const MAX_CLOSED = 20;

/** The closed tabs, newest first, with one more. A tab that was only looked at is as good as a kept one here. */
export function rememberClosed(closed: readonly ClosedTab[], tabs: Tabs, id: string): readonly ClosedTab[] {
  const at = tabs.findIndex((tab) => tab.id === id);
  const tab = tabs[at];
  if (!tab) return closed;
  return [{ panel: tab.panel, id, at }, ...closed.filter((other) => other.id !== id)].slice(0, MAX_CLOSED);
}

/** Puts a closed tab back where it was. */
export function reopenTab(tabs: Tabs, { panel, id, at }: ClosedTab): Tabs {
  return tabs.some((tab) => tab.id === id) ? tabs : tabs.toSpliced(at, 0, { panel, id });
}

/** The tab to show after one is closed: its right neighbour, else its left one. */
export function neighbourOf(tabs: Tabs, id: string): Tab | undefined {
  const at = tabs.findIndex((tab) => tab.id === id);
  return at < 0 ? undefined : (tabs[at + 1] ?? tabs[at - 1]);
}

function parseTabs(value: unknown): Tabs {
  if (!Array.isArray(value)) return [];
  return value.filter(
    (tab): tab is Tab => typeof tab === 'object' && tab !== null && typeof tab.panel === 'string' && typeof tab.id === 'string',
  );
}

/** Reads the closed tabs from a layout, leaving out whatever is not one. */
export function parseClosedTabs(value: unknown): readonly ClosedTab[] {
  return parseTabs(value).map((tab) => {
    const { at } = tab as { readonly at?: unknown };
    return { panel: tab.panel, id: tab.id, at: typeof at === 'number' ? at : Number.MAX_SAFE_INTEGER };
  });
}
