import type { PanelSection } from '#ui/parts/section-panel.ts';

/** Every section of the settings in its order. Light, so that whoever lists them need not load them. */
export const sections = [
  { id: 'account', label: 'Account', icon: 'user-round' },
  { id: 'appearance', label: 'Appearance', icon: 'palette' },
  { id: 'accessibility', label: 'Accessibility', icon: 'eye' },
  { id: 'sync', label: 'Sync', icon: 'refresh-cw' },
  { id: 'model-server', label: 'Model server', icon: 'plug' },
  { id: 'storage', label: 'Storage', icon: 'hard-drive' },
  { id: 'install', label: 'Install', icon: 'monitor-down' },
  { id: 'data', label: 'Data', icon: 'download' },
  { id: 'about', label: 'About', icon: 'info' },
] as const satisfies readonly PanelSection[];

export type SectionId = (typeof sections)[number]['id'];
