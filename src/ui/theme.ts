import type { App } from '#app/app.ts';
import { themes } from '#entities/settings.ts';

export type Theme = (typeof themes)[number];

/** Read by `theme-boot.js` before the first paint. */
const FLAG = 'holdfast-theme';

/** Shows a theme at once and leaves the flag from which the next visit starts. */
export function applyTheme(theme: Theme): void {
  const root = document.documentElement;
  if (theme === 'system') delete root.dataset['theme'];
  else root.dataset['theme'] = theme;
  try {
    localStorage.setItem(FLAG, theme);
  } catch {
    // Storage is switched off: the settings entity still carries the theme.
  }
  colourBrowserChrome();
}

/** Follows the theme of the settings entity, wherever it was changed. Until there is one, the boot flag's theme stands. */
export function followTheme(app: App): () => void {
  const read = async (): Promise<void> => {
    const settings = await app.get('settings', app.settingsId);
    if (settings.ok && settings.value) applyTheme(parseTheme(settings.value.fields['theme']));
  };
  void read();
  return app.onChange((keys) => {
    if (keys === null || keys.some(([kind]) => kind === 'settings')) void read();
  });
}

export function parseTheme(value: unknown): Theme {
  return themes.find((theme) => theme === value) ?? 'system';
}

/** The browser's own bars take the colour of ours. */
function colourBrowserChrome(): void {
  const colour = getComputedStyle(document.body).backgroundColor;
  for (const meta of document.querySelectorAll<HTMLMetaElement>('meta[name="theme-color"]')) {
    if (meta.media) meta.remove();
    else meta.content = colour;
  }
  if (document.querySelector('meta[name="theme-color"]')) return;
  const meta = document.createElement('meta');
  meta.name = 'theme-color';
  meta.content = colour;
  document.head.append(meta);
}
