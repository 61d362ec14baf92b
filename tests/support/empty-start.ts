/** A browser that has deleted what the app kept in it. */
import type { Page } from '@playwright/test';

/** As when the browser has deleted what it kept: the databases, the second copy and, unless they stay, the cookies, but not the files in these folders. */
export async function loseAll(page: Page, url: string, kept: readonly string[], keepCookies = false): Promise<void> {
  const devtools = await page.context().newCDPSession(page);
  await page.goto(`${url}/rescue.html`);
  if (!keepCookies) await page.context().clearCookies();
  await devtools.send('Storage.clearDataForOrigin', { origin: url, storageTypes: 'indexeddb,cache_storage,service_workers' });
  await page.evaluate(async (names) => {
    const origin = await navigator.storage.getDirectory();
    const all: string[] = [];
    for await (const handle of origin.values()) all.push(handle.name);
    for (const name of all) if (!names.includes(name)) await origin.removeEntry(name, { recursive: true });
  }, kept);
}
