/** A hand of the test in the database of the open workspace, for what no screen shows and no person can do. */
import type { Page } from '@playwright/test';

/** The kinds of the outbox rows that have been sent and have no answer yet. */
export const readSentKinds = (page: Page): Promise<string[]> =>
  page.evaluate(async () => {
    const { name } = (await indexedDB.databases()).find((database) => database.name?.startsWith('holdfast-ws-')) ?? {};
    return new Promise<string[]>((resolve, reject) => {
      const opening = indexedDB.open(name as string);
      opening.onerror = () => reject(opening.error);
      opening.onsuccess = () => {
        const transaction = opening.result.transaction('outbox');
        const rows = transaction.objectStore('outbox').getAll();
        transaction.oncomplete = () => {
          opening.result.close();
          resolve(rows.result.filter(({ state }) => state === 'sent').map(({ kind }) => kind));
        };
      };
    });
  });

/**
 * Holds a transaction open, as a frozen tab does: every save waits for it. The returned function lets it go. It belongs
 * to the page, so a reload lets it go, too.
 */
export async function holdWrites(page: Page): Promise<() => Promise<void>> {
  await page.evaluate(async () => {
    const { name } = (await indexedDB.databases()).find((database) => database.name?.startsWith('holdfast-ws-')) ?? {};
    await new Promise<void>((resolve, reject) => {
      const opening = indexedDB.open(name as string);
      opening.onerror = () => reject(opening.error);
      opening.onsuccess = () => {
        const entities = opening.result.transaction('entities', 'readwrite').objectStore('entities');
        let held = true;
        // A transaction lives as long as it has something to do.
        const goOn = (): void => {
          if (held) entities.count().onsuccess = goOn;
          else opening.result.close();
          resolve();
        };
        goOn();
        Object.assign(globalThis, { releaseWrites: () => (held = false) });
      };
    });
  });
  return () => page.evaluate(() => (globalThis as unknown as { releaseWrites: () => void }).releaseWrites());
}
