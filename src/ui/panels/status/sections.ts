import type { PanelSection } from '#ui/parts/section-panel.ts';

/** Every section of the status panel in its order. Light, so that whoever lists them need not load them. */
export const sections = [
  { id: '', label: 'Overview', icon: 'activity' },
  { id: 'conflicts', label: 'Conflicts', icon: 'git-compare', words: 'decide both sides mine theirs' },
  { id: 'quarantine', label: 'Quarantine', icon: 'shield-alert', words: 'refused rejected too large' },
  { id: 'merge-log', label: 'Merge log', icon: 'git-merge', words: 'lost overwritten undo merged' },
  { id: 'log', label: 'Event log', icon: 'file-text', words: 'errors problems what happened' },
] as const satisfies readonly PanelSection[];

export type SectionId = (typeof sections)[number]['id'];
