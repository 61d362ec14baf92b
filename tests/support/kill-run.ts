/**
 * Types the real session into a note while the browser, and the server, are killed at random moments, and judges after
 * each restart what is there. The seed decides when; the machine's speed decides where in the program it hits.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, type Page } from '@playwright/test';
import { createPrng } from '#simulation/prng.ts';
import { enterAsDevice } from './api-client.ts';
import {
  expectSaveState,
  expectSyncState,
  newNoteButton,
  openApp,
  readAccountKeys,
  textField,
  titleField,
  waitForServiceWorker,
} from './app-page.ts';
import type { PersistentBrowser } from './browser.ts';
import { reportShownAsSaved } from './saved-report.ts';
import type { ServerProcess } from './server-process.ts';
import { createTypingRecord, type TypingRecord } from './typing-record.ts';
import { readTypingSession } from './typing-session.ts';
import { createTypist, readText } from './typist.ts';

export interface KillReport {
  readonly kills: number;
  readonly serverKills: number;
  readonly strokes: number;
  /** How often the status turned to "Saved", each time with a text that was then looked for. */
  readonly saves: number;
  /** The longest stretch of typing that a kill took along. */
  readonly mostMissingMs: number;
  readonly losses: readonly string[];
}

export interface KillRun {
  readonly report: KillReport;
  /** Starts the browser, judges, types on, and kills it. */
  kill(): Promise<void>;
  /** Starts both once more, judges, and compares the device with the server. */
  finish(): Promise<void>;
}

export interface KillRunOptions {
  readonly seed: string;
  readonly server: ServerProcess;
  readonly openBrowser: () => Promise<PersistentBrowser>;
}

interface TypedNote {
  readonly title: string;
  readonly url: string;
  readonly record: TypingRecord;
}

const { strokes, endContent } = readTypingSession();
const SYNC_LIMIT_MS = 60_000;

/** Begins with one visit in peace, after which the app needs no server to start. */
export async function startKillRun({ seed, server, openBrowser }: KillRunOptions): Promise<KillRun> {
  const chance = createPrng(seed);
  const report = { kills: 0, serverKills: 0, strokes: 0, saves: 0, mostMissingMs: 0, losses: [] as string[] };
  const finished: TypedNote[] = [];
  /** The time of the kill that has not been judged yet. */
  let killedAt: number | null = null;

  const startNote = async (page: Page): Promise<TypedNote> => {
    const title = `Session ${finished.length + 1}`;
    await newNoteButton(page).click();
    await expect(titleField(page)).toHaveValue('');
    await titleField(page).fill(title);
    await expectSaveState(page, 'saved');
    return { title, url: page.url(), record: createTypingRecord(strokes) };
  };

  const visit = await openBrowser();
  const first = await openApp(visit.context);
  let note = await startNote(first);
  await waitForServiceWorker(first);
  await expectSyncState(first, 'synced');
  const keys = await readAccountKeys(first);
  await visit.context.close();

  const judge = async (page: Page): Promise<void> => {
    await textField(page).waitFor();
    if (killedAt === null) return;
    const { missingMs, losses } = note.record.judge(await readText(page), killedAt);
    killedAt = null;
    report.mostMissingMs = Math.max(report.mostMissingMs, missingMs);
    report.losses.push(...losses.map((loss) => `after kill ${report.kills} of "${note.title}": ${loss}`));
  };

  /** Bursts of keys with pauses between them: quick ones, thinking ones, and some in which everything is saved. */
  const typeOn = async (page: Page, count: number): Promise<void> => {
    let typist = await createTypist(page);
    let burst = chance.between(1, 25);
    for (let typed = 0; typed < count; typed++) {
      const stroke = strokes[note.record.position];
      if (stroke === undefined) {
        await expectSaveState(page, 'saved');
        finished.push(note);
        note = await startNote(page);
        typist = await createTypist(page);
        continue;
      }
      note.record.onPress();
      const tookMs = await typist.press(stroke);
      note.record.onTyped(performance.now(), tookMs);
      report.strokes += 1;
      burst -= 1;
      if (burst > 0) continue;
      burst = chance.between(1, 25);
      await sleep(chance.pick([10, 60, 200, 350, 700]));
    }
  };

  /** The server dies now and then, stays away for a moment, and comes back with its files. */
  const stopping = new AbortController();
  const killServer = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      await sleep(chance.between(1500, 6000), undefined, { signal: stopping.signal }).catch(() => {});
      if (stopping.signal.aborted) return;
      await server.kill('SIGKILL');
      report.serverKills += 1;
      await sleep(chance.between(0, 2500));
      await server.restart();
    }
  };
  const serverLife = killServer();
  // It is awaited at the end; a failure before that must not end the process.
  serverLife.catch(() => {});

  return {
    report,
    async kill() {
      const browser = await openBrowser();
      await reportShownAsSaved(browser.context, (text) => {
        report.saves += 1;
        note.record.onShownAsSaved(text);
      });
      const page = await browser.context.newPage();
      const opening = page.goto(note.url);
      // Some die while they start, some in a pause, most with a key on its way.
      const moment = chance.weighted({ start: 1, pause: 3, typing: 6 });
      let last: Promise<unknown> = opening;
      if (moment !== 'start') {
        await opening;
        await judge(page);
        await typeOn(page, chance.between(1, 50));
        last = moment === 'typing' ? typeOn(page, Number.POSITIVE_INFINITY) : Promise.resolve();
      }
      // Up to a little longer than it takes until what was typed last is saved. Only the kill may end the last act.
      await Promise.race([sleep(chance.between(0, 400)), last.then(() => sleep(400))]);
      last.catch(() => {});
      killedAt ??= performance.now();
      report.kills += 1;
      await browser.kill();
    },
    async finish() {
      stopping.abort();
      await serverLife;
      const { context } = await openBrowser();
      const page = await context.newPage();
      await page.goto(note.url);
      await judge(page);
      await expect(page.getByRole('status').and(page.locator('[data-sync-state=synced]'))).toBeVisible({
        timeout: SYNC_LIMIT_MS,
      });
      const text = await readText(page);
      const { entities } = await (await enterAsDevice(server.url, keys)).readState();
      const onServer = entities.filter(({ kind }) => kind === 'note').map(({ fields }) => [fields.title, fields.text ?? '']);
      const onDevice = [...finished.map(({ title }) => [title, endContent]), [note.title, text]];
      expect(onServer.sort()).toEqual(onDevice.sort());
      // One person on one device never disagrees with anyone.
      expect(entities.filter(({ kind }) => kind === 'conflict' || kind === 'merge-log')).toEqual([]);
    },
  };
}
