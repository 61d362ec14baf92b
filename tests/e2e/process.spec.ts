/** What the other proofs rely on: a killed server and a killed browser come back with what they had. */
import { expect } from '@playwright/test';
import { test } from '#support/test.ts';

test('a killed server starts again on its port, as another process, and is ready', async ({ server }) => {
  const before = server.pid;
  await server.kill('SIGKILL');
  expect(server.pid).toBeUndefined();
  await expect(fetch(server.url)).rejects.toThrow();
  await server.restart();
  expect(server.pid).not.toBe(before);
  expect((await fetch(`${server.url}/readyz`)).status).toBe(200);
});

test('a killed browser finds in its profile what a strict transaction had committed', async ({ openBrowser }) => {
  const written: unknown[] = [];
  for (const value of ['first', 'second', 'third']) {
    const { context, kill } = await openBrowser();
    const page = await context.newPage();
    await page.goto('/rescue.html');
    written.push(
      await page.evaluate(
        (next) =>
          new Promise((resolve, reject) => {
            const opening = indexedDB.open('probe', 1);
            opening.onupgradeneeded = () => opening.result.createObjectStore('rows');
            opening.onerror = reject;
            opening.onsuccess = () => {
              const transaction = opening.result.transaction('rows', 'readwrite', { durability: 'strict' });
              const last = transaction.objectStore('rows').get('key');
              transaction.objectStore('rows').put(next, 'key');
              transaction.onabort = reject;
              transaction.oncomplete = () => resolve(last.result ?? null);
            };
          }),
        value,
      ),
    );
    await kill();
  }
  expect(written).toEqual([null, 'first', 'second']);
});
