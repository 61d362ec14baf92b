/** A tab that sleeps: its process is stopped, as a phone stops that of an app in the background, and goes on later. */
import { readdir, readFile } from 'node:fs/promises';
import type { Page } from '@playwright/test';
import type { PersistentBrowser } from './browser.ts';

/** What the page does alone while its process is looked for. */
const BUSY_MS = 400;

/** Processor time of each renderer of the browser, in clock ticks, by process. */
async function rendererTimes(browserPid: number): Promise<Map<number, number>> {
  const times = new Map<number, number>();
  for (const entry of await readdir('/proc')) {
    if (!/^\d+$/.test(entry)) continue;
    const read = (name: string) => readFile(`/proc/${entry}/${name}`, 'utf8').catch(() => '');
    const [line, stat] = await Promise.all([read('cmdline'), read('stat')]);
    // proc(5): after the name in brackets come state, parent, group, and as the 12th and 13th the times in user and system mode.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    if (!line.includes('--type=renderer') || Number(fields[2]) !== browserPid) continue;
    times.set(Number(entry), Number(fields[11]) + Number(fields[12]));
  }
  return times;
}

/** The process of the page: the renderer that works while the page is kept busy. */
async function rendererOf({ browserPid }: PersistentBrowser, page: Page): Promise<number> {
  const before = await rendererTimes(browserPid);
  await page.evaluate((ms) => {
    const end = performance.now() + ms;
    while (performance.now() < end);
  }, BUSY_MS);
  let busiest = { pid: 0, ticks: -1 };
  for (const [pid, time] of await rendererTimes(browserPid)) {
    const ticks = time - (before.get(pid) ?? 0);
    if (ticks > busiest.ticks) busiest = { pid, ticks };
  }
  // 100 ticks to a second. Under load the page gets a part of the time alone.
  if (busiest.ticks * 10 < BUSY_MS / 4) throw new Error('No process of this browser did what the page was asked to do');
  return busiest.pid;
}

/**
 * Stops the page and its workers in the middle of what they do; the returned function lets them go on. Chromium's own freezing by
 * the debugger does nothing here: Playwright makes every page count as visible, and a visible page is never frozen.
 */
export async function putToSleep(browser: PersistentBrowser, page: Page): Promise<() => void> {
  const pid = await rendererOf(browser, page);
  process.kill(pid, 'SIGSTOP');
  return () => {
    process.kill(pid, 'SIGCONT');
  };
}
