import type { Panel } from './panel.ts';

/** Every `*-panel.ts` in this folder is a surface: its declaration is bundled here, its code comes when it is opened. */
const declarations = import.meta.glob<Panel>('./*-panel.ts', { eager: true, import: 'panel' });

export const panels: readonly Panel[] = Object.values(declarations).sort((a, b) => a.order - b.order);

/** The panel of a path's first segment. */
export function panelOf(id: string): Panel | undefined {
  return panels.find((panel) => panel.id === id);
}

/** The panel in which entities of a kind are opened. */
export function panelOfKind(kind: string): Panel | undefined {
  return panels.find(({ documents }) => documents === kind);
}

/** The panel in which the app opens when nothing else is asked for. */
export const homePanel = (): Panel | undefined => panels.find(({ isHome }) => isHome);

/** Its address. */
export const homePath = `/${homePanel()?.id ?? ''}`;
