import { readOverrides } from '#entities/effective-settings.ts';
import { themes } from '#entities/settings.ts';
import { sections } from '#ui/panels/settings/sections.ts';
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

/** What a person may call what is in a section. */
const words: { readonly [section: string]: string } = {
  account: 'devices sign in out password recovery code',
  appearance: 'theme effects',
  accessibility: 'text size spacing motion contrast colours',
  sync: 'cloud conflict policy',
  'model-server': 'address endpoint provider model api key ollama openai',
  storage: 'space quota install export data erase',
  about: 'version licences',
};

/** Each section of the settings. */
export const sectionCommands: readonly Command[] = sections.map(({ id, label, icon }) => ({
  id: `settings-${id}`,
  label: `Settings: ${label}`,
  group: 'Settings',
  icon,
  words: words[id] ?? '',
  run: ({ shell }) => shell.navigate(`/settings/${id}`),
}));
