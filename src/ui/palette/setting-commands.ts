import { readOverrides } from '#entities/effective-settings.ts';
import { themes } from '#entities/settings.ts';
import { sections as settingsSections } from '#ui/panels/settings/sections.ts';
import { sections as statusSections } from '#ui/panels/status/sections.ts';
import type { PanelSection } from '#ui/parts/section-panel.ts';
import type { Command, World } from '#ui/shell/command.ts';

/** Changes the theme where it counts: for this device if it has one of its own, else for all. */
async function setTheme({ app }: World, theme: (typeof themes)[number]): Promise<void> {
  const own = await app.get('device-settings', app.deviceId);
  const overrides = own.ok ? readOverrides(own.value?.fields) : {};
  if ('theme' in overrides) await app.patch('device-settings', app.deviceId, { overrides: { ...overrides, theme } });
  else await app.patch('settings', app.settingsId, { theme });
}

/** The looks, from the palette. */
export const themeCommands: readonly Command[] = themes.map((theme) => ({
  id: `theme-${theme}`,
  label: `Theme: ${theme === 'system' ? 'as the device is set' : theme}`,
  group: 'View',
  icon: 'palette',
  words: 'colours appearance dark light',
  run: (world) => setTheme(world, theme),
}));

/** Each section of a panel that has sections. */
const commandsOf = (
  panel: string,
  title: string,
  group: Command['group'],
  sections: readonly PanelSection[],
): readonly Command[] =>
  sections
    .filter(({ id }) => id !== '')
    .map(({ id, label, icon, words = '' }) => ({
      id: `${panel}-${id}`,
      label: `${title}: ${label}`,
      group,
      icon,
      words,
      run: ({ shell }) => shell.navigate(`/${panel}/${id}`),
    }));

export const sectionCommands: readonly Command[] = [
  ...commandsOf('settings', 'Settings', 'Settings', settingsSections),
  ...commandsOf('status', 'Status', 'Go to', statusSections),
];
