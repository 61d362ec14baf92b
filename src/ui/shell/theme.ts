import type { App } from '#app/app.ts';
import type { SettingSources } from '#entities/effective-settings.ts';
import { setStill } from '#ui/styles/still.ts';
import { type LookAttributes, lookAttributeNames, lookAttributes } from './look.ts';

/** Read by `theme-boot.js` before the first paint. */
const FLAG = 'holdfast-look';

/**
 * Follows the look of the settings, of this device's own ones and of the system, wherever they are changed. Until the
 * settings have been read, what the boot script has set stays.
 */
export function followTheme(app: App): () => void {
  const reducedMotion = matchMedia('(prefers-reduced-motion: reduce)');
  const moreContrast = matchMedia('(prefers-contrast: more)');
  let sources: SettingSources | null = null;
  const show = (): void => {
    if (sources) showLook(lookAttributes(sources, { reducedMotion: reducedMotion.matches, moreContrast: moreContrast.matches }));
  };
  const read = async (): Promise<void> => {
    const [settings, own] = await Promise.all([app.get('settings', app.settingsId), app.get('device-settings', app.deviceId)]);
    if (!settings.ok || !own.ok) return;
    // Nothing was ever chosen here: another account's look may have left its flag, and goes.
    sources = { settings: settings.value?.fields, deviceSettings: own.value?.fields };
    show();
  };
  setStill(document.documentElement.dataset['still'] !== undefined);
  reducedMotion.addEventListener('change', show);
  moreContrast.addEventListener('change', show);
  void read();
  const stop = app.onChange((keys) => {
    if (keys === null || keys.some(([kind]) => kind === 'settings' || kind === 'device-settings')) void read();
  });
  return () => {
    stop();
    reducedMotion.removeEventListener('change', show);
    moreContrast.removeEventListener('change', show);
  };
}

/** Shows a look at once and leaves the flag from which the next visit starts. */
function showLook(look: LookAttributes): void {
  const root = document.documentElement;
  for (const name of lookAttributeNames) {
    const value = look[name];
    if (value === undefined) delete root.dataset[name];
    else if (root.dataset[name] !== value) root.dataset[name] = value;
  }
  setStill(look.still !== undefined);
  try {
    // What the system asks for is asked again at each start.
    const { still: _, ...kept } = look;
    localStorage.setItem(FLAG, JSON.stringify(kept));
  } catch {
    // Storage is switched off: the settings still carry the look.
  }
  colourBrowserChrome();
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
