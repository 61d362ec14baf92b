/**
 * The registry: everything a person can tell the app to do, once. The palette, the shortcut sheet, the keys of
 * `shortcuts.ts` and the menus read it. It comes with the first of them, not with the start.
 */
import { documentKinds, documentNouns } from '#entities/documents.ts';
import { FOLDED_REM, isNarrower } from '#ui/controllers/narrow.ts';
import { documentCommands } from '#ui/palette/document-commands.ts';
import { sectionCommands, themeCommands } from '#ui/palette/setting-commands.ts';
import { tabCommands } from '#ui/palette/tab-commands.ts';
import { panelOfKind, panels } from '#ui/panels/index.ts';
import { panelCommands } from '#ui/panels/own-commands.ts';
import { iconNamed } from '#ui/parts/icon.ts';
import type { Command, World } from './command.ts';
import type { DialogName } from './shell.ts';

const go = (path: string) => (world: World) => world.shell.navigate(path);

/** The kinds of document that have a panel. */
const opened = documentKinds().flatMap((declaration) => {
  const panel = panelOfKind(declaration.kind);
  return panel ? [{ declaration, panel }] : [];
});

const makeCommands: readonly Command[] = opened.map(({ declaration: { kind, nouns, document }, panel }) => ({
  id: `new-${kind}`,
  label: `New ${nouns.one}`,
  group: 'Make',
  icon: panel.action?.icon ?? iconNamed(document.icon),
  words: `create ${panel.newWords ?? ''}`,
  run: go(`/${panel.id}/new`),
}));

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
  ...opened.map(
    ({ declaration: { kind, nouns }, panel }): Command => ({
      id: `go-${kind}-bin`,
      label: `Go to the bin of the ${nouns.many}`,
      group: 'Go to',
      icon: 'trash-2',
      words: 'deleted removed trash restore',
      run: go(`/${panel.id}/bin`),
    }),
  ),
];

const nameCommands: readonly Command[] = opened.flatMap(({ declaration: { kind, nouns, document } }) =>
  (document.facets ?? []).map(
    (facet): Command => ({
      id: `names-${kind}-${facet.field}`,
      label: `Manage the ${facet.nouns.many} of your ${nouns.many}`,
      group: 'View',
      icon: 'pencil',
      words: `rename merge remove ${facet.nouns.one}`,
      run: ({ shell }) => shell.openDialog('names', `${kind}/${facet.field}`),
    }),
  ),
);

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
    id: 'toggle-list',
    label: 'Show or hide the list',
    group: 'View',
    icon: 'panel-left-close',
    words: 'focus mode full width sidebar',
    isOffered: () => !isNarrower(FOLDED_REM),
    run: ({ shell: { layout } }) => layout.change({ listHidden: !layout.view.value.listHidden }),
  },
  ...panelCommands,
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
    id: 'export',
    label: 'Export everything as one file',
    group: 'Settings',
    icon: 'download',
    words: 'back up backup download save zip',
    run: go('/settings/data'),
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
    label: `Search in all ${documentNouns('many')}`,
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
    words: 'keys hotkeys help',
    run: openDialog('shortcuts'),
  },
];

function openDialog(name: DialogName): Command['run'] {
  return ({ shell }) => shell.openDialog(name);
}

export const commands: readonly Command[] = [
  ...makeCommands,
  ...placeCommands,
  ...documentCommands(),
  ...tabCommands,
  ...nameCommands,
  ...viewCommands,
  ...settingsCommands,
  ...helpCommands,
];

export const commandOf = (id: string): Command | undefined => commands.find((command) => command.id === id);
