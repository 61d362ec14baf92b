/** A key in a quiet note costs the store's worker little: what the page knows already is not asked again. */
import { expect, type Page } from '@playwright/test';
import { expectSyncedSince, openApp, typeAtEnd, writeNote } from '#support/app-page.ts';
import { test } from '#support/test.ts';

/** What the page has asked of its store worker, in order. */
const callsOf = (page: Page): Promise<readonly string[]> =>
  page.evaluate(() => JSON.parse(document.documentElement.dataset['calls'] ?? '[]'));

/** Resolves when nothing is asked for longer than any part of the page gathers changes. */
async function quiet(page: Page): Promise<readonly string[]> {
  for (;;) {
    const before = await callsOf(page);
    await page.waitForTimeout(1500);
    if ((await callsOf(page)).length === before.length) return before;
  }
}

test('one key in a quiet note, its save, its sync and all that shows it make at most five calls', async ({ openBrowser }) => {
  const { context } = await openBrowser();
  await context.addInitScript(() => {
    const calls: string[] = [];
    const post = Worker.prototype.postMessage;
    Worker.prototype.postMessage = function (this: Worker, message: { type?: string; path?: string[] }, ...rest: never[]) {
      if (message.type === 'APPLY') {
        calls.push(message.path?.join('.') ?? '');
        document.documentElement.dataset['calls'] = JSON.stringify(calls);
      }
      return post.call(this, message, ...rest);
    };
  });
  const page = await openApp(context);
  await writeNote(page, { title: 'Quiet', text: 'Words.' });
  await expectSyncedSince(page, Date.now() - 1000);
  await typeAtEnd(page, '');
  const before = (await quiet(page)).length;
  const typedAtMs = Date.now();
  await page.keyboard.type('x');
  await expectSyncedSince(page, typedAtMs);
  const calls = (await quiet(page)).slice(before);
  expect(calls).toContain('save');
  expect(calls.length, calls.join(', ')).toBeLessThanOrEqual(5);
});
