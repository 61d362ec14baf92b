import type { App, EntitySession } from '#app/app.ts';
import { createSource, type Observable } from '#app/observable.ts';
import type { Fields } from '#core/entity.ts';
import { openLoaded } from './loaded-session.ts';
import { openTab, parseTabs, type Tab, type Tabs } from './open-tabs.ts';

/** Where a person was in a document: scroll in px from the top, caret as an offset in its text. */
export interface Position {
  readonly scroll: number;
  readonly caret: number;
}

export interface LayoutView {
  readonly sidebarCollapsed: boolean;
  readonly tabs: Tabs;
  readonly activeTab: string;
  readonly panelSizes: { readonly [name: string]: number };
  readonly preview: boolean;
}

/** What this device remembers of its windows. Lives in the `layout` entity whose id is the device's. */
export interface Layout {
  readonly view: Observable<LayoutView>;
  /** Settles when the layout has been read, or could not be. */
  readonly ready: Promise<void>;
  change(patch: Partial<LayoutView>): void;
  changeTabs(change: (tabs: Tabs) => Tabs): void;
  /** Shows a document's tab, and makes it the one to start with. */
  openDocument(tab: Tab): void;
  /** Remembers the open document, for the next start. An id without a tab is not remembered. */
  changeActive(id: string): void;
  position(id: string): Position | undefined;
  setPosition(id: string, position: Position): void;
}

const initial: LayoutView = { sidebarCollapsed: false, tabs: [], activeTab: '', panelSizes: {}, preview: false };

/** Opens the layout of this device. What changes before it has been read is applied afterwards; defaults are never written. */
export function createLayout(app: App): Layout {
  const view = createSource(initial);
  let session: EntitySession | undefined;
  let positions: { readonly [id: string]: Position } = {};

  const load = async (): Promise<void> => {
    const loaded = await openLoaded(app, 'layout', app.deviceId);
    if (!loaded.ok) return;
    session = loaded.value.session;
    const show = (fields: Fields): void => {
      positions = readPositions(fields['positions']);
      view.set(readView(fields));
    };
    show(session.fields);
    session.onIncoming(() => session && show(session.fields));
  };

  const ready = load();
  const afterReady = (act: () => void): void => {
    if (session) act();
    else void ready.then(act);
  };

  const change = (patch: Partial<LayoutView>): void =>
    afterReady(() => {
      view.set({ ...view.value, ...patch });
      session?.set(patch as Fields);
    });

  return {
    view,
    ready,
    change,
    changeTabs: (act) =>
      afterReady(() => {
        const tabs = act(view.value.tabs);
        if (tabs !== view.value.tabs) change({ tabs });
      }),
    openDocument: (tab) =>
      afterReady(() => {
        const tabs = openTab(view.value.tabs, tab);
        if (tabs !== view.value.tabs) change({ tabs, activeTab: tab.id });
        else if (view.value.activeTab !== tab.id) change({ activeTab: tab.id });
      }),
    changeActive: (id) =>
      afterReady(() => {
        const { activeTab, tabs } = view.value;
        if (id !== activeTab && tabs.some((tab) => tab.id === id)) change({ activeTab: id });
      }),
    position: (id) => positions[id],
    setPosition: (id, position) =>
      afterReady(() => {
        const known = positions[id];
        if (known?.caret === position.caret && Math.abs(known.scroll - position.scroll) < 1) return;
        positions = { ...keepOpen(positions, view.value.tabs), [id]: position };
        session?.set({ positions: positions as unknown as Fields });
      }),
  };
}

/** Positions of closed documents would pile up for ever. */
function keepOpen(positions: { readonly [id: string]: Position }, tabs: Tabs): { readonly [id: string]: Position } {
  const open = new Set(tabs.map(({ id }: Tab) => id));
  return Object.fromEntries(Object.entries(positions).filter(([id]) => open.has(id)));
}

function readView(fields: Fields): LayoutView {
  return {
    sidebarCollapsed: fields['sidebarCollapsed'] === true,
    tabs: parseTabs(fields['tabs']),
    activeTab: typeof fields['activeTab'] === 'string' ? fields['activeTab'] : '',
    panelSizes: readNumbers(fields['panelSizes']),
    preview: fields['preview'] === true,
  };
}

function readNumbers(value: unknown): { readonly [name: string]: number } {
  const entries = Object.entries(Object(value)).filter((entry): entry is [string, number] => typeof entry[1] === 'number');
  return Object.fromEntries(entries);
}

function readPositions(value: unknown): { readonly [id: string]: Position } {
  const isPosition = (entry: [string, unknown]): entry is [string, Position] => {
    const { scroll, caret } = Object(entry[1]);
    return typeof scroll === 'number' && typeof caret === 'number';
  };
  return Object.fromEntries(Object.entries(Object(value)).filter(isPosition));
}
