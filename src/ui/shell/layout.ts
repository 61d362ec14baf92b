import type { App, EntitySession } from '#app/app.ts';
import { createSource, type Observable } from '#app/observable.ts';
import type { FieldsOfKind } from '#entities/index.ts';
import { openSurely } from '#ui/controllers/loaded-session.ts';
import { keepLayoutHint, readLayoutHint, readNumbers, readWords } from './layout-hint.ts';
import { keepTabs, readKeptTabs, tabsOf } from './tabs/kept-tabs.ts';
import {
  type ClosedTab,
  closeTab,
  openTab,
  parseClosedTabs,
  rememberClosed,
  reopenTab,
  type Tab,
  type Tabs,
} from './tabs/open-tabs.ts';

/** Where a person was in a document: scroll in px from the top, caret as an offset in its text. */
export type Position = {
  readonly scroll: number;
  readonly caret: number;
};

type LayoutFields = FieldsOfKind<'layout'>;

export interface LayoutView {
  readonly sidebarCollapsed: boolean;
  readonly tabs: Tabs;
  readonly activeTab: string;
  /** Newest first. */
  readonly closedTabs: readonly ClosedTab[];
  readonly panelSizes: { readonly [name: string]: number };
  /** By what the list of a kind is sorted; absent, by the last change. */
  readonly sorts: { readonly [kind: string]: string };
  readonly preview: boolean;
  readonly listHidden: boolean;
  readonly formatsHidden: boolean;
}

/** What this device remembers of its windows. Lives in the `layout` entity whose id is the device's. */
export interface Layout {
  readonly view: Observable<LayoutView>;
  /** Settles when the layout has been read, or could not be for now. */
  readonly ready: Promise<void>;
  /** Settles when it has been read: before that, no position is known. */
  readonly read: Promise<void>;
  /** This device had no layout when the app started: it may go on where another one was. */
  readonly isNew: boolean;
  change(patch: Partial<LayoutView>): void;
  changeTabs(change: (tabs: Tabs) => Tabs): void;
  /** Shows a document's tab, and makes it the one to start with. */
  openDocument(tab: Tab): void;
  /** Closes a document's tab; `reopen` brings it back. */
  closeDocument(id: string): void;
  /** Puts a closed tab back where it was. */
  reopen(tab: ClosedTab): void;
  /** Forgets a closed tab whose document is gone. */
  forgetClosed(id: string): void;
  /** Remembers the open document, for the next start. An id without a tab is not remembered. */
  changeActive(id: string): void;
  /** Goes on with the layout of another device, as its entity holds it. */
  takeOver(fields: LayoutFields): void;
  position(id: string): Position | undefined;
  setPosition(id: string, position: Position): void;
}

const initial: LayoutView = {
  sidebarCollapsed: false,
  tabs: [],
  activeTab: '',
  closedTabs: [],
  panelSizes: {},
  sorts: {},
  preview: false,
  listHidden: false,
  formatsHidden: false,
};

/** Opens the layout of this device; until it has been read, the hint of the last visit stays. What changes before it has been read is applied afterwards; defaults are never written. */
export function createLayout(opening: Promise<Pick<App, 'get' | 'open' | 'deviceId'>>): Layout {
  const view = createSource<LayoutView>({ ...initial, ...readLayoutHint() });
  let session: EntitySession<'layout'> | undefined;
  let isNew = false;
  let positions: { readonly [id: string]: Position } = {};

  const show = (fields: LayoutFields): void => {
    positions = readPositions(fields.positions);
    view.set(readView(fields));
  };

  const { promise: failed, resolve: onFailed } = Promise.withResolvers<void>();
  const load = async (): Promise<void> => {
    const app = await opening;
    const loaded = await openSurely(app, 'layout', app.deviceId, onFailed);
    session = loaded.session;
    isNew = loaded.found === null;
    show(session.fields);
    session.onIncoming(() => session && show(session.fields));
    view.subscribe(keepLayoutHint);
  };

  const read = load();
  const ready = Promise.race([read, failed]);
  const afterRead = (act: () => void): void => {
    if (session) act();
    else void read.then(act);
  };

  const change = (patch: Partial<LayoutView>): void =>
    afterRead(() => {
      view.set({ ...view.value, ...patch });
      const { tabs, ...rest } = patch;
      const kept = tabs && keepTabs(tabs, readKeptTabs(session?.fields.tabs));
      session?.set({ ...rest, ...(kept && { tabs: kept }) });
    });

  return {
    view,
    ready,
    read,
    get isNew() {
      return isNew;
    },
    change,
    changeTabs: (act) =>
      afterRead(() => {
        const tabs = act(view.value.tabs);
        if (tabs !== view.value.tabs) change({ tabs });
      }),
    openDocument: (tab) =>
      afterRead(() => {
        const tabs = openTab(view.value.tabs, tab);
        if (tabs !== view.value.tabs) change({ tabs, activeTab: tab.id });
        else if (view.value.activeTab !== tab.id) change({ activeTab: tab.id });
      }),
    closeDocument: (id) =>
      afterRead(() => {
        const { tabs, closedTabs } = view.value;
        const rest = closeTab(tabs, id);
        if (rest !== tabs) change({ tabs: rest, closedTabs: rememberClosed(closedTabs, tabs, id) });
      }),
    reopen: (tab) =>
      afterRead(() => change({ tabs: reopenTab(view.value.tabs, tab), closedTabs: withoutTab(view.value.closedTabs, tab.id) })),
    forgetClosed: (id) => afterRead(() => change({ closedTabs: withoutTab(view.value.closedTabs, id) })),
    changeActive: (id) =>
      afterRead(() => {
        const { activeTab, tabs } = view.value;
        if (id !== activeTab && tabs.some((tab) => tab.id === id)) change({ activeTab: id });
      }),
    takeOver: (fields) =>
      afterRead(() => {
        session?.set(fields);
        show(fields);
      }),
    position: (id) => positions[id],
    setPosition: (id, position) =>
      afterRead(() => {
        const known = positions[id];
        if (known?.caret === position.caret && Math.abs(known.scroll - position.scroll) < 1) return;
        positions = { ...keepOpen(positions, [...view.value.tabs, ...view.value.closedTabs]), [id]: position };
        session?.set({ positions: positions });
      }),
  };
}

const withoutTab = (closed: readonly ClosedTab[], id: string): readonly ClosedTab[] => closed.filter((tab) => tab.id !== id);

/** Positions of closed documents would pile up forever; those that can be reopened keep theirs. */
function keepOpen(positions: { readonly [id: string]: Position }, tabs: Tabs): { readonly [id: string]: Position } {
  const open = new Set(tabs.map(({ id }: Tab) => id));
  return Object.fromEntries(Object.entries(positions).filter(([id]) => open.has(id)));
}

const readView = ({ tabs, closedTabs, panelSizes, sorts, positions: _, ...read }: LayoutFields): LayoutView => ({
  ...read,
  tabs: tabsOf(readKeptTabs(tabs)),
  closedTabs: parseClosedTabs(closedTabs),
  panelSizes: readNumbers(panelSizes),
  sorts: readWords(sorts),
});

function readPositions(value: unknown): { readonly [id: string]: Position } {
  const isPosition = (entry: [string, unknown]): entry is [string, Position] => {
    const { scroll, caret } = Object(entry[1]);
    return typeof scroll === 'number' && typeof caret === 'number';
  };
  return Object.fromEntries(Object.entries(Object(value)).filter(isPosition));
}
