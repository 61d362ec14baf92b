/** A canary key, entered as a person does: where it may appear, and that it appears nowhere else. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type BrowserContext, expect, type Page } from '@playwright/test';
import type { App } from '#app/app.ts';
import { expectSyncState, openApp, waitForServiceWorker, writeNote } from '#support/app-page.ts';
import { answers, ask, newChat, prompts, setEndpoint, setKey } from '#support/chats-page.ts';
import { startOpenAiServer } from '#support/openai-server.ts';
import { test } from '#support/test.ts';

const CANARY = 'sk-canary-7f3e91c2-never-to-be-seen';
/** As it would be in a file as UTF-16, in base64 at each of its three alignments, or in hex. */
const FORMS: readonly Buffer[] = [
  Buffer.from(CANARY),
  Buffer.from(CANARY, 'utf16le'),
  Buffer.from(Buffer.from(CANARY).toString('hex')),
  ...[0, 1, 2].map((shift) =>
    Buffer.from(
      Buffer.from(`${'x'.repeat(shift)}${CANARY}`)
        .toString('base64')
        .slice(4, -4),
    ),
  ),
];

const holdsCanary = (bytes: Buffer): boolean => FORMS.some((form) => bytes.includes(form));

test('the key goes to its own origin and is nowhere else: no request, log, database or server file', async ({
  server,
  openBrowser,
}) => {
  const own = await startOpenAiServer({ key: CANARY });
  const other = await startOpenAiServer();
  const { context } = await openBrowser();
  const logs = listen(context);
  const page = await openApp(context);
  await waitForServiceWorker(page);
  await setEndpoint(page, own.endpoint);
  await setKey(page, CANARY);

  // It is used, by the worker.
  await newChat(page);
  await ask(page, 'Hello');
  await expect(answers(page)).toContainText('You said: Hello');
  expect(own.requests.some(({ headers }) => headers.authorization === `Bearer ${CANARY}`)).toBe(true);

  // Another address never gets it: neither for the prompt, nor for a test of the connection.
  await setEndpoint(page, other.endpoint);
  await page.getByRole('button', { name: 'Test connection' }).click();
  await expect(page.getByRole('main').getByRole('alert')).toContainText('The key belongs to another address');
  await newChat(page);
  await ask(page, 'And you?');
  await expect(prompts(page)).toContainText('The key belongs to another address');
  expect(other.requests).toEqual([]);
  // The same address again works again: nothing was lost.
  await setEndpoint(page, own.endpoint);
  await page.getByRole('button', { name: 'Test connection' }).click();
  await expect(page.getByText('It works')).toBeVisible();

  // Everything is synced, and no place holds it.
  await writeNote(page, { title: 'A note', text: 'beside the key' });
  await expectSyncState(page, 'synced', 'Synced');
  expect(own.requests.filter(({ path, body }) => path.includes(CANARY) || body.includes(CANARY))).toEqual([]);
  expect(logs.filter((text) => text.includes(CANARY))).toEqual([]);
  expect(await page.content()).not.toContain(CANARY);
  const stored = await dumpStorage(page);
  expect(stored, 'the dump holds what is stored').toContain('beside the key');
  expect(stored, 'the box is there').toContain(`"origin":"${own.origin}"`);
  expect(FORMS.some((form) => stored.includes(form.toString('latin1')))).toBe(false);

  await server.stop();
  const files = await readdir(server.dataDir, { recursive: true, withFileTypes: true });
  const bytes = await Promise.all(
    files.filter((file) => file.isFile()).map((file) => readFile(join(file.parentPath, file.name))),
  );
  expect(
    bytes.some((file) => file.includes('beside the key')),
    'the server has the note',
  ).toBe(true);
  expect(bytes.some(holdsCanary)).toBe(false);
  expect(server.logs()).not.toContain(CANARY);
  await own.close();
  await other.close();
});

/** Everything that pages and workers print, and every request that any of them sends but to the key's own origin. */
function listen(context: BrowserContext): string[] {
  const heard: string[] = [];
  context.on('console', (message) => heard.push(message.text()));
  context.on('weberror', (error) => heard.push(String(error.error())));
  context.on('request', (request) => {
    if (request.url().includes('/v1/')) return;
    heard.push(`${request.url()} ${JSON.stringify(request.headers())} ${request.postData() ?? ''}`);
  });
  return heard;
}

/** All databases, local storage and caches of the origin, as one text. Bytes are read as Latin-1. */
function dumpStorage(page: Page): Promise<string> {
  return page.evaluate(async () => {
    const parts: string[] = [JSON.stringify(localStorage), JSON.stringify(sessionStorage), document.cookie];
    const show = (_key: string, value: unknown): unknown => {
      if (value instanceof CryptoKey) return `CryptoKey, extractable ${value.extractable}`;
      if (value instanceof ArrayBuffer) return new TextDecoder('latin1').decode(value);
      return ArrayBuffer.isView(value) ? new TextDecoder('latin1').decode(value) : value;
    };
    const settle = <T>(request: IDBRequest<T>): Promise<T> =>
      new Promise((resolve, reject) => {
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error);
      });
    for (const { name = '' } of await indexedDB.databases()) {
      const database = await settle(indexedDB.open(name));
      for (const store of database.objectStoreNames) {
        const rows = await settle(database.transaction(store).objectStore(store).getAll());
        parts.push(name, store, JSON.stringify(rows, show));
      }
      database.close();
    }
    for (const name of await caches.keys()) {
      const cache = await caches.open(name);
      for (const request of await cache.keys()) parts.push(request.url);
    }
    return parts.join('\n');
  });
}

test('a key in an address that was saved before is taken out of it when the settings of the model server are opened', async ({
  openBrowser,
}) => {
  const page = await openApp((await openBrowser()).context);
  await page.evaluate(async (endpoint) => {
    const { app } = document.querySelector('app-shell') as HTMLElement & { readonly app: App };
    const saved = await app.patch('device-settings', app.deviceId, { endpoint });
    if (!saved.ok) throw new Error(saved.error.type);
  }, `https://models.example/v1?api_key=${CANARY}`);
  await page.goto('/settings/model-server');
  await expect(page.getByText('The key was taken out of the address.')).toBeVisible();
  await page.reload();
  await expect(page.getByRole('textbox', { name: 'Address' })).toHaveValue('https://models.example/v1');
});

test('a key that is pasted with an address is taken out of it, and kept as keys are', async ({ openBrowser }) => {
  const models = await startOpenAiServer({ key: CANARY });
  const { context } = await openBrowser();
  const logs = listen(context);
  const page = await openApp(context);
  await page.goto('/settings/model-server');
  const field = page.getByRole('textbox', { name: 'Address' });
  await field.fill(`${models.endpoint}?api-version=1&api_key=${CANARY}`);
  await field.blur();
  await expect(page.getByText('The key was taken out of the address.')).toBeVisible();
  await expect(field).toHaveValue(`${models.endpoint}?api-version=1`);
  await page.getByRole('button', { name: 'Save key' }).click();
  await expect(page.getByText('The key is saved.')).toBeVisible();
  await page.getByRole('button', { name: 'Test connection' }).click();
  await expect(page.getByText('It works')).toBeVisible();
  await writeNote(page, { title: 'A note', text: 'beside the key' });
  await expectSyncState(page, 'synced', 'Synced');
  const stored = await dumpStorage(page);
  expect(stored).toContain('api-version=1');
  expect(FORMS.some((form) => stored.includes(form.toString('latin1')))).toBe(false);
  expect(logs.filter((text) => text.includes(CANARY))).toEqual([]);
  await models.close();
});
