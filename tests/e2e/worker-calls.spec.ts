/**
 * A key in a quiet note costs the store's worker little: what the page knows already is not asked again. Three calls and two
 * summaries where one drain of less than a second follows.
 */
import { expect, type Page } from '@playwright/test';
import { expectSyncedSince, openApp, typeAtEnd, writeNote } from '#support/app-page.ts';
import { test } from '#support/test.ts';

/** A call of the store's worker, or the begin or end of a drain that the page learned of. */
interface Entry {
  readonly name: string;
  readonly atMs: number;
}

/** What the page has asked of its store worker and learned of drains, in order. */
const entriesOf = (page: Page): Promise<readonly Entry[]> =>
  page.evaluate(() => JSON.parse(document.documentElement.dataset['calls'] ?? '[]'));

/** Resolves when nothing is asked for longer than any part of the page gathers changes. */
async function quiet(page: Page): Promise<readonly Entry[]> {
  for (;;) {
    const before = await entriesOf(page);
    await page.waitForTimeout(1500);
    if ((await entriesOf(page)).length === before.length) return before;
  }
}

/**
 * How many summaries a save and what follows may cost: one for the save, one for the end of each drain, and one for each
 * whole second that a drain takes, which a slow machine makes more.
 */
function summariesAllowed(entries: readonly Entry[]): number {
  let allowed = 1;
  let startedAtMs = Infinity;
  for (const { name, atMs } of entries) {
    if (name === 'sync-started') startedAtMs = atMs;
    if (name === 'sync-ended') allowed += 1 + Math.max(0, Math.floor((atMs - startedAtMs) / 1000));
  }
  return allowed;
}

test('one key in a quiet note, its save, its sync and all that shows it make at most five calls', async ({ openBrowser }) => {
  const { context } = await openBrowser();
  await context.addInitScript(() => {
    const entries: { readonly name: string; readonly atMs: number }[] = [];
    const note = (name: string): void => {
      entries.push({ name, atMs: performance.now() });
      document.documentElement.dataset['calls'] = JSON.stringify(entries);
    };
    const post = Worker.prototype.postMessage;
    Worker.prototype.postMessage = function (this: Worker, message: { type?: string; path?: string[] }, ...rest: never[]) {
      if (message.type === 'APPLY') note(message.path?.join('.') ?? '');
      return post.call(this, message, ...rest);
    };
    window.BroadcastChannel = class extends BroadcastChannel {
      constructor(name: string) {
        super(name);
        this.addEventListener('message', ({ data }) => {
          if (data?.type === 'sync-started' || data?.type === 'sync-ended') note(data.type);
        });
      }
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
  const entries = (await quiet(page)).slice(before);
  const names = entries.map(({ name }) => name);
  const calls = names.filter((name) => !name.startsWith('sync-'));
  const summaries = calls.filter((name) => name === 'summary').length;
  expect(calls).toContain('save');
  expect(names).toContain('sync-ended');
  expect(calls.length - summaries, names.join(', ')).toBeLessThanOrEqual(3);
  expect(summaries, names.join(', ')).toBeLessThanOrEqual(summariesAllowed(entries));
});
