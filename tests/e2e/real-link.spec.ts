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
import { createRealLink, type RealLink, whyNoRealLink } from '#support/real-link.ts';
import { type ServerProcess, startServer } from '#support/server-process.ts';
import { test } from '#support/test.ts';

const ROUNDS = Number(process.env['HOLDFAST_LINK_ROUNDS'] ?? 1);
const MAX_MS = 60_000;

async function closeTab(context: BrowserContext, page: Page): Promise<void> {
  const closed = page.waitForEvent('close');
  await page.close({ runBeforeUnload: true });
  await closed;
  expect(context.pages().map((open) => open.url())).toEqual(['about:blank']);
}

const why = whyNoRealLink();

interface Way {
  readonly link: RealLink;
  readonly server: ServerProcess;
}

/** What is away, and for how long: from the first to the last round. */
const RETURNS = [
  {
    what: 'network',
    name: 'what waits is on the server within a minute of the return of the network',
    awayMs: [2000, 9000],
    cut: ({ link }: Way) => link.down(),
    mend: ({ link }: Way) => link.up(),
  },
  {
    what: 'server',
    name: 'what waits is on the server within a minute of the return of the server',
    awayMs: [5000, 40_000],
    cut: ({ server }: Way) => server.kill('SIGKILL'),
    mend: ({ server }: Way) => server.restart(),
  },
] as const;

test.describe('over a real link, with no tab open', () => {
  test.skip(why !== null, why ?? '');
  test.setTimeout(180_000 + ROUNDS * 240_000);

  for (const { what, name, awayMs, cut, mend } of RETURNS)
    test(name, async ({ folder }) => {
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

        const measure = async (title: string, away: number): Promise<number> => {
          await cut({ link, server });
          await writeNote(page, { title, text: 'Written without a way to the server.' });
          // In the very moment in which it is saved.
          await closeTab(context, page);
          await sleep(away);
          await mend({ link, server });
          const since = performance.now();
          await expect.poll(() => hasArrived(title), { timeout: 2 * MAX_MS, intervals: [100] }).toBe(true);
          const ms = Math.round(performance.now() - since);
          if (ROUNDS > 1) process.stdout.write(`${title} after ${Math.round(away)} ms away: ${ms} ms\n`);
          expect(context.pages().map((open) => open.url())).toEqual(['about:blank']);
          page = await openApp(context);
          await expectSyncedSince(page, Date.now() - ms, MAX_MS);
          return ms;
        };

        const [least, most] = awayMs;
        const times: number[] = [];
        for (let round = 0; round < ROUNDS; round++) {
          const away = ROUNDS === 1 ? 5000 : least + (round * (most - least)) / (ROUNDS - 1);
          times.push(await measure(`${what} ${round}`, away));
        }
        for (const ms of times) expect(ms).toBeLessThan(MAX_MS);
      } finally {
        await test.info().attach('server.log', { body: server.logs() });
        await context.close();
        await server.stop();
        link.remove();
      }
    });
});
