/**
 * What is left when the tab closes goes out with no tab open, within a minute of the return of a real network, or of the
 * server, with the browser's own times. `HOLDFAST_LINK_ROUNDS=10` tries ten times each and prints how long each took.
 */
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type BrowserContext, expect, type Page } from '@playwright/test';
import { browserOptions } from '#ci/browser.mjs';
import { enterAsDevice } from '#support/api-client.ts';
import { expectSyncedSince, openApp, readAccountKeys, waitForServiceWorker, writeNote } from '#support/app-page.ts';
import { launchPersistent } from '#support/browser.ts';
import { createRealLink, whyNoRealLink } from '#support/real-link.ts';
import { startServer } from '#support/server-process.ts';
import { test } from '#support/test.ts';

const ROUNDS = Number(process.env['HOLDFAST_LINK_ROUNDS'] ?? 1);
const MOST_MS = 60_000;

async function closeTab(context: BrowserContext, page: Page): Promise<void> {
  const closed = page.waitForEvent('close');
  await page.close({ runBeforeUnload: true });
  await closed;
  expect(context.pages().map((open) => open.url())).toEqual(['about:blank']);
}

const why = whyNoRealLink();

test.describe('over a real link, with no tab open', () => {
  test.skip(why !== null, why ?? '');
  test.setTimeout(180_000 + ROUNDS * 240_000);

  test('what waits is on the server within a minute of the return of the network, and of the server', async ({ folder }) => {
    const link = createRealLink(test.info().parallelIndex);
    const server = await startServer({
      dataDir: join(folder, 'data'),
      host: link.host,
      env: { HOLDFAST_REGISTRATION: 'open' },
    });
    const { executablePath = '' } = await browserOptions('full');
    const { context } = await launchPersistent(
      join(folder, 'profile'),
      'full',
      // Only a secure context has service workers, and this address is none.
      [`--unsafely-treat-insecure-origin-as-secure=${server.url}`],
      { executablePath: link.wrap(executablePath, folder), baseURL: server.url },
    );
    try {
      let page = await openApp(context);
      await waitForServiceWorker(page);
      await writeNote(page, { title: 'First', text: 'Written while everything works.' });
      await expectSyncedSince(page, 0);
      const client = await enterAsDevice(server.url, await readAccountKeys(page));
      const hasArrived = async (title: string): Promise<boolean> =>
        (await client.readState()).notes.some(({ fields }) => fields['title'] === title);

      const measure = async (title: string, cut: () => unknown, mend: () => unknown, awayMs: number): Promise<number> => {
        await cut();
        await writeNote(page, { title, text: 'Written without a way to the server.' });
        await closeTab(context, page);
        await sleep(awayMs);
        await mend();
        const since = performance.now();
        await expect.poll(() => hasArrived(title), { timeout: 2 * MOST_MS, intervals: [100] }).toBe(true);
        const ms = Math.round(performance.now() - since);
        if (ROUNDS > 1) process.stdout.write(`${title} after ${Math.round(awayMs)} ms away: ${ms} ms\n`);
        expect(context.pages().map((open) => open.url())).toEqual(['about:blank']);
        page = await openApp(context);
        await expectSyncedSince(page, Date.now() - ms, MOST_MS);
        return ms;
      };

      const times: { readonly what: string; readonly awayMs: number; readonly ms: number }[] = [];
      for (let round = 0; round < ROUNDS; round++) {
        const awayMs = ROUNDS === 1 ? 5000 : 2000 + (round * 7000) / (ROUNDS - 1);
        times.push({ what: 'network', awayMs, ms: await measure(`Network ${round}`, link.down, link.up, awayMs) });
        times.push({
          what: 'server',
          awayMs,
          ms: await measure(
            `Server ${round}`,
            () => server.kill('SIGKILL'),
            () => server.restart(),
            awayMs,
          ),
        });
      }
      for (const { ms } of times) expect(ms).toBeLessThan(MOST_MS);
    } finally {
      await test.info().attach('server.log', { body: server.logs() });
      await context.close();
      await server.stop();
      link.remove();
    }
  });
});
