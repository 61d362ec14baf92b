/** `npm run dev`: the app from its sources, on ports of one's own, with the service worker where one asks for it. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { expect } from '@playwright/test';
import { expectOpenNote, expectSyncState, openApp, openNote, waitForServiceWorker, writeNote } from '#support/app-page.ts';
import { findFreePort } from '#support/free-port.ts';
import { test } from '#support/test.ts';

const NOTE = { title: 'From the sources', text: 'Synced through the proxy of the development server.' };

interface DevServer {
  readonly url: string;
  stop(): Promise<void>;
}

async function startDevServer(dataDir: string, args: readonly string[]): Promise<DevServer> {
  const [port, devPort] = [await findFreePort(), await findFreePort()];
  const env = {
    ...process.env,
    HOLDFAST_PORT: String(port),
    HOLDFAST_DEV_PORT: String(devPort),
    HOLDFAST_DATA_DIR: dataDir,
    HOLDFAST_DEV_CACHE_DIR: `${dataDir}-cache`,
  };
  const child: ChildProcess = spawn(process.execPath, ['.ci/dev.mjs', ...args], { env, stdio: 'ignore' });
  const url = `http://localhost:${devPort}`;
  const isThere = async (path: string): Promise<boolean> => {
    const answer = await fetch(url + path).catch(() => null);
    return answer?.ok ?? false;
  };
  await expect.poll(() => isThere('/'), { timeout: 60_000 }).toBe(true);
  await expect.poll(async () => (await fetch(`http://localhost:${port}/readyz`).catch(() => null))?.ok).toBe(true);
  return {
    url,
    async stop() {
      const ended = once(child, 'exit');
      child.kill('SIGTERM');
      await ended;
    },
  };
}

for (const { name, args } of [
  { name: 'without a service worker', args: [] },
  { name: 'with the service worker', args: ['--service-worker'] },
]) {
  test(`${name}, a note is saved and synced by the server on HOLDFAST_PORT`, async ({ folder, openBrowser }) => {
    const dev = await startDevServer(join(folder, 'dev-data'), args);
    try {
      const { context } = await openBrowser('first', [], { baseURL: dev.url });
      const page = await openApp(context);
      if (args.length > 0) await waitForServiceWorker(page);
      await writeNote(page, NOTE);
      await expectSyncState(page, 'synced', 'Synced', 60_000);
      await page.reload();
      await openNote(page, NOTE.title);
      await expectOpenNote(page, NOTE);
      const isControlled = await page.evaluate(() => navigator.serviceWorker.controller !== null);
      expect(isControlled).toBe(args.length > 0);
    } finally {
      await dev.stop();
    }
  });
}
