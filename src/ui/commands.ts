/**
 * The registry: everything a person can tell the app to do, once. The palette, the shortcut sheet, the keys of
 * `shortcuts.ts` and the menus read it. It comes with the first of them, not with the start.
 */
import type { Command, World } from './command.ts';
import { documentCommands } from './palette/document-commands.ts';
import { sectionCommands, themeCommands } from './palette/setting-commands.ts';
import { tabCommands } from './palette/tab-commands.ts';
import { panels } from './panels/index.ts';
import type { DialogName } from './shell.ts';

const go = (path: string) => (world: World) => world.shell.navigate(path);

const makeCommands: readonly Command[] = [
  { id: 'new-note', label: 'New note', group: 'Make', icon: 'plus', words: 'write create', run: go('/notes/new') },
  { id: 'new-chat', label: 'New chat', group: 'Make', icon: 'messages-square', words: 'ask create model', run: go('/chats/new') },
];

const placeCommands: readonly Command[] = [
  ...panels.map(
    ({ id, label, icon }): Command => ({
      id: `go-${id}`,
      label: `Go to ${label}`,
      group: 'Go to',
      icon,
      words: 'open show',
      run: go(`/${id}`),
    }),
  ),
  {
    id: 'go-note-bin',
    label: 'Go to the bin of the notes',
    group: 'Go to',
    icon: 'trash-2',
    words: 'deleted restore',
    run: go('/notes/bin'),
  },
  {
    id: 'go-chat-bin',
    label: 'Go to the bin of the chats',
    group: 'Go to',
    icon: 'trash-2',
    words: 'deleted restore',
    run: go('/chats/bin'),
  },
];

const viewCommands: readonly Command[] = [
  {
    id: 'toggle-sidebar',
    label: 'Collapse or expand the sidebar',
    group: 'View',
    icon: 'panel-left-close',
    words: 'navigation hide show',
    run: ({ shell: { layout } }) => layout.change({ sidebarCollapsed: !layout.view.value.sidebarCollapsed }),
  },
  {
    id: 'toggle-preview',
    label: 'Show or hide the preview of notes',
    group: 'View',
    icon: 'file-text',
    words: 'markdown',
    run: ({ shell: { layout } }) => layout.change({ preview: !layout.view.value.preview }),
  },
  ...themeCommands,
];

const settingsCommands: readonly Command[] = [
  ...sectionCommands,
  {
    id: 'sync-now',
    label: 'Sync now',
    group: 'Settings',
    icon: 'refresh-cw',
    words: 'save push retry',
    run: ({ app }) => app.retry(),
  },
  {
    id: 'recovery-code',
    label: 'Show the recovery code',
    group: 'Settings',
    icon: 'key-round',
    words: 'settings account words qr pair',
    run: go('/settings/account'),
  },
  {
    id: 'update',
    label: 'Update to the new version',
    group: 'Settings',
    icon: 'refresh-cw',
    words: 'reload install',
    isOffered: ({ app }) => app.update.value !== null,
    run: async ({ app }) => app.update.value?.apply(),
  },
];

const helpCommands: readonly Command[] = [
  {
    id: 'search',
    label: 'Search in all notes and chats',
    group: 'Go to',
    icon: 'search',
    words: 'find text words',
    run: openDialog('search'),
  },
  {
    id: 'palette',
    label: 'Commands and names',
    group: 'Help',
    icon: 'search',
    words: 'palette find',
    isOffered: () => false,
    run: openDialog('palette'),
  },
  {
    id: 'shortcuts',
    label: 'Keyboard shortcuts',
    group: 'Help',
    icon: 'keyboard',
    words: 'keys help',
    run: openDialog('shortcuts'),
  },
];

function openDialog(name: DialogName): Command['run'] {
  return ({ shell }) => shell.openDialog(name);
}

export const commands: readonly Command[] = [
  ...makeCommands,
  ...placeCommands,
  ...documentCommands,
  ...tabCommands,
  ...viewCommands,
  ...settingsCommands,
  ...helpCommands,
];

export const commandOf = (id: string): Command | undefined => commands.find((command) => command.id === id);
