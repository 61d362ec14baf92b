/** The memory of a browser's processes while something goes on: a page with all of its workers is one process. */
import { readFileSync } from 'node:fs';
import type { Browser } from 'playwright';

const PAUSE_MS = 250;
const KB_PER_MB = 1000;

/** What belongs to a process alone, in MB; 0 where it has ended. Linux only. */
function privateOf(pid: number): number {
  try {
    const rollup = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8');
    const sizes = [...rollup.matchAll(/^Private_(?:Clean|Dirty):\s+(\d+) kB$/gm)].map(([, size]) => Number(size));
    return sizes.reduce((sum, size) => sum + size, 0) / KB_PER_MB;
  } catch {
    return 0;
  }
}

/** Runs it, and gives by how many MB its pages (renderers) and the browser's other processes have grown at most, read four times a second. */
export async function growthDuring<V>(
  browser: Browser,
  run: () => Promise<V>,
): Promise<{ readonly value: V; readonly pagesMb: number; readonly othersMb: number }> {
  const session = await browser.newBrowserCDPSession();
  const look = async (): Promise<{ readonly pages: number; readonly others: number }> => {
    const { processInfo } = await session.send('SystemInfo.getProcessInfo');
    const sum = (isPage: boolean): number =>
      processInfo.filter(({ type }) => (type === 'renderer') === isPage).reduce((all, { id }) => all + privateOf(id), 0);
    return { pages: sum(true), others: sum(false) };
  };
  const before = await look();
  const most = { ...before };
  let isRunning = true;
  const looking = (async () => {
    while (isRunning) {
      const now = await look();
      most.pages = Math.max(most.pages, now.pages);
      most.others = Math.max(most.others, now.others);
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    }
  })();
  try {
    const value = await run();
    return { value, pagesMb: most.pages - before.pages, othersMb: most.others - before.others };
  } finally {
    isRunning = false;
    await looking;
    await session.detach();
  }
}
