import type { IconName } from '#ui/icon.ts';

/** A part of the settings, at `/settings/<id>`. */
export interface Section {
  readonly id: string;
  readonly label: string;
  readonly icon: IconName;
}

/** Every section in its order. Light, so that whoever lists them need not load them. */
export const sections = [
  { id: 'account', label: 'Account', icon: 'user-round' },
  { id: 'appearance', label: 'Appearance', icon: 'palette' },
  { id: 'accessibility', label: 'Accessibility', icon: 'eye' },
  { id: 'sync', label: 'Sync', icon: 'refresh-cw' },
  { id: 'provider', label: 'Provider', icon: 'plug' },
  { id: 'storage', label: 'Storage', icon: 'hard-drive' },
  { id: 'install', label: 'Install', icon: 'monitor-down' },
  { id: 'data', label: 'Data', icon: 'download' },
  { id: 'about', label: 'About', icon: 'info' },
] as const satisfies readonly Section[];

export type SectionId = (typeof sections)[number]['id'];
