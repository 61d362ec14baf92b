import type { PanelSection } from '#ui/parts/section-panel.ts';

/** Every section of the settings in its order. Light, so that whoever lists them need not load them. */
export const sections = [
  {
    id: 'account',
    label: 'Account',
    icon: 'user-round',
    words: 'devices rename device sign in log out password recovery code pair',
  },
  { id: 'appearance', label: 'Appearance', icon: 'palette', words: 'theme effects dark light colours skin' },
  { id: 'accessibility', label: 'Accessibility', icon: 'eye', words: 'text size font zoom spacing motion contrast colours' },
  { id: 'sync', label: 'Sync', icon: 'refresh-cw', words: 'cloud offline conflict policy' },
  { id: 'model-server', label: 'Model server', icon: 'plug', words: 'address endpoint provider model api key ollama openai' },
  { id: 'files', label: 'Files', icon: 'image', words: 'pictures photos attachments location size offline keep' },
  { id: 'backups', label: 'Backups', icon: 'archive', words: 'backup restore schedule download export copy drill' },
  { id: 'storage', label: 'Storage', icon: 'hard-drive', words: 'space quota full disk size' },
  { id: 'install', label: 'Install', icon: 'monitor-down', words: 'app desktop home screen' },
  { id: 'data', label: 'Data', icon: 'download', words: 'download zip erase delete everything sign out' },
  { id: 'about', label: 'About', icon: 'info', words: 'version licences' },
] as const satisfies readonly PanelSection[];

export type SectionId = (typeof sections)[number]['id'];
