/**
 * The server comes back without its past: wiped, or restored from an older copy of its files. Two devices, each with
 * something that only it has, bring back everything; absence is never taken for deletion.
 */
import { cp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type BrowserContext, expect, type Page } from '@playwright/test';
import { enterAsDevice, type ServerState } from '#support/api-client.ts';
import {
  enterByCode,
  expectOpenNote,
  expectSyncedSince,
  expectSyncState,
  type NoteContent,
  noteInList,
  openApp,
  openNote,
  readAccountKeys,
  readRecoveryCode,
  typeAtEnd,
  typeAtStart,
  writeNote,
} from '#support/app-page.ts';
import { test as base } from '#support/test.ts';

/** A server that was away for a few seconds is asked again after at most eight (src/sync/backoff.ts). */
const RETURN_MS = 40_000;
/** The browser opens a broken event stream again after five seconds; the next pull of an idle page may be sixty away. */
const NOTICED_MS = 25_000;

const shared = { title: 'Shared', text: 'One.\n\nTwo.\n\nThree.' };
const early = { title: 'Early', text: 'Written by the second device.' };
const late = { title: 'Late', text: 'Only the second device has this.' };

interface Device {
  readonly context: BrowserContext;
  readonly page: Page;
}

const test = base.extend<{ readonly first: Device; readonly second: Device }>({
  first: async ({ openBrowser }, use) => {
    const { context } = await openBrowser('first');
    await use({ context, page: await openApp(context) });
  },
  /** In the account of the first; both hold `shared` and `early`, and so does the server. */
  second: async ({ openBrowser, first }, use) => {
    await writeNote(first.page, shared);
    await expectSyncState(first.page, 'synced');
    const code = await readRecoveryCode(first.page);
    const { context } = await openBrowser('second');
    const page = await openApp(context);
    await enterByCode(page, code, 'Keep it apart');
    await openNote(page, shared.title);
    await writeNote(page, early);
    await first.page.goto('/notes');
    await openNote(first.page, early.title);
    await expectOpenNote(first.page, early);
    await use({ context, page });
  },
});

test.describe.configure({ timeout: 120_000 });

/** The second writes `late` while the first cannot learn of it. The server has it, and loses it. */
async function writeLate({ first, second }: { readonly first: Device; readonly second: Device }): Promise<void> {
  await first.context.setOffline(true);
  await writeNote(second.page, late);
  await expectSyncedSince(second.page, Date.now(), RETURN_MS);
  await expect(noteInList(first.page, late.title)).toHaveCount(0);
}

const contentsOf = ({ notes }: ServerState): NoteContent[] =>
  notes
    .map(({ fields }) => ({ title: String(fields.title), text: String(fields.text) }))
    .sort((one, other) => one.title.localeCompare(other.title));

/** Nothing is deleted anywhere, nothing became a conflict, and nobody sees another text than the server holds. */
async function expectEverywhere(devices: readonly Device[], state: ServerState, notes: readonly NoteContent[]): Promise<void> {
  expect(contentsOf(state)).toEqual(notes);
  expect(state.entities.filter(({ deleted }) => deleted)).toEqual([]);
  expect(state.entities.filter(({ kind }) => kind === 'conflict')).toEqual([]);
  for (const { page } of devices) {
    for (const note of notes) {
      await openNote(page, note.title);
      await expectOpenNote(page, note);
    }
    await expect(page.getByRole('list', { name: 'Notes' }).getByRole('link')).toHaveCount(notes.length);
  }
}

test('a wiped server gets everything back: what both have, what one has, and what was written meanwhile', async ({
  server,
  first,
  second,
}) => {
  const keys = await readAccountKeys(first.page);
  const before = await (await enterAsDevice(server.url, keys)).readState();
  await writeLate({ first, second });

  await server.stop();
  await rm(server.dataDir, { recursive: true });
  await openNote(first.page, shared.title);
  await typeAtEnd(first.page, ' Four, while nothing was there.');
  await server.restart();

  // The second has nothing to send, and no hint but that its event stream broke off.
  const restartedAt = Date.now();
  await expectSyncedSince(second.page, restartedAt, NOTICED_MS);
  const client = await enterAsDevice(server.url, keys);
  expect(contentsOf(await client.readState())).toEqual([early, late, shared]);
  await first.context.setOffline(false);
  await expectSyncedSince(first.page, restartedAt, RETURN_MS);
  await expect(noteInList(first.page, late.title)).toBeVisible();
  const whole = { ...shared, text: `${shared.text} Four, while nothing was there.` };
  await openNote(second.page, shared.title);
  await expectOpenNote(second.page, whole);
  const after = await client.readState();
  expect(after.epoch).not.toBe(before.epoch);
  await expectEverywhere([first, second], after, [early, late, whole]);
});

test('an older copy of the files: each device brings back what the copy lacks, and edits of both are merged', async ({
  server,
  folder,
  first,
  second,
}) => {
  const copy = join(folder, 'copy');
  const client = await enterAsDevice(server.url, await readAccountKeys(first.page));
  await server.stop();
  await cp(server.dataDir, copy, { recursive: true });
  await server.restart();
  const copied = await client.readState();

  // After the copy was made: an edit that both devices and the server have, and a note that the first has not.
  await openNote(first.page, shared.title);
  await typeAtEnd(first.page, ' Four.');
  const four = { ...shared, text: `${shared.text} Four.` };
  await expect.poll(async () => contentsOf(await client.readState()), { timeout: RETURN_MS }).toEqual([early, four]);
  await openNote(second.page, shared.title);
  await expectOpenNote(second.page, four);
  await writeLate({ first, second });
  const lost = await client.readState();

  await server.stop();
  await rm(server.dataDir, { recursive: true });
  await cp(copy, server.dataDir, { recursive: true });
  await second.context.setOffline(true);
  await server.restart();
  expect(contentsOf(await client.readState())).toEqual(contentsOf(copied));

  // The first comes alone, and works on until the counter has passed what the second last saw: other ops under old numbers.
  await first.context.setOffline(false);
  await openNote(first.page, shared.title);
  await typeAtEnd(first.page, ' Five.');
  const five = { ...shared, text: `${shared.text} Four. Five.` };
  await expect.poll(async () => contentsOf(await client.readState()), { timeout: RETURN_MS }).toEqual([early, five]);
  for (let { seq } = await client.readState(); seq <= lost.seq; { seq } = await client.readState()) {
    await first.page.getByRole('button', { name: 'Star', exact: true }).click();
    await expect.poll(async () => (await client.readState()).seq, { timeout: RETURN_MS }).toBeGreaterThan(seq);
  }

  await openNote(second.page, shared.title);
  await typeAtStart(second.page, 'Zero. ');
  const returnedAt = Date.now();
  await second.context.setOffline(false);
  await expectSyncedSince(second.page, returnedAt, RETURN_MS);
  const whole = { ...shared, text: `Zero. ${shared.text} Four. Five.` };
  await expect(noteInList(first.page, late.title)).toBeVisible();
  await openNote(first.page, shared.title);
  await expectOpenNote(first.page, whole);
  const after = await client.readState();
  expect(after.epoch, 'a device that has seen more than the copy holds begins a new epoch').not.toBe(copied.epoch);
  await expectEverywhere([first, second], after, [early, late, whole]);
});
