/** Pictures and files: on the device and on the server, in a list that one scrolls, and on their way while one types. */
import { constants, setPriority } from 'node:os';
import type { Page } from 'playwright';
import { BENCH_PATH, buildSite, launch, makeFolder, startPeerServer, startProductServer } from './browser-world.ts';
import { recordKeys } from './key-times.ts';
import { launchPlain, type PlainBrowser, type PlainPage } from './plain-browser.ts';
import { type Figure, limitTarget, ratioTarget, sized, writeSection } from './report.ts';
import { summarize } from './statistics.ts';
import { peerVersions } from './versions.ts';

const ROUNDS = sized(15, 3);
const WARM_UP = 2;
const FILE_BYTES = 10_000_000;
const NOTES = sized(10_000, 500);
const PICTURES = sized(1000, 100);
const SCROLLS = sized(200, 40);
const SCROLL_PX = 700;
const SCROLL_PAUSE_MS = 30;
const LARGE_BYTES = sized(99_000_000, 20_000_000);
const KEYS = 75;
const KEY_PAUSE_MS = 40;

const site = await buildSite();
const browser = await launch(['--disable-frame-rate-limit', '--disable-gpu-vsync']);
const version = browser.version();

interface Samples {
  readonly here: readonly number[];
  readonly there: readonly number[];
  readonly bare: readonly number[];
}

async function openPlain(plain: PlainBrowser, origin: string): Promise<PlainPage> {
  const page = await plain.open(origin + BENCH_PATH);
  while (!(await page.evaluate(() => window.bench !== undefined, null))) await new Promise((resolve) => setTimeout(resolve, 20));
  return page;
}

async function compareUploads(): Promise<Samples> {
  const [data, peerData] = [makeFolder('files'), makeFolder('bare')];
  const [server, peers] = [await startProductServer(site.folder, data.path), await startPeerServer(site.folder, peerData.path)];
  const plain = await launchPlain();
  const [ours, theirs] = [await openPlain(plain, server.url), await openPlain(plain, peers.url)];
  await ours.evaluate(() => window.bench.makeAccount(), null);
  const [here, there, bare]: [number[], number[], number[]] = [[], [], []];
  for (let round = -WARM_UP; round < ROUNDS; round++) {
    const kept = await ours.evaluate((size) => window.bench.keepFile(size), FILE_BYTES);
    const ms = await theirs.evaluate((size) => window.bench.sendBare(size), FILE_BYTES);
    if (round < 0) continue;
    here.push(kept.here);
    there.push(kept.there);
    bare.push(ms);
  }
  await plain.close();
  await Promise.all([server.stop(), peers.stop()]);
  for (const folder of [data, peerData]) folder.remove();
  return { here, there, bare };
}

declare global {
  interface Window {
    longTasks: number[];
  }
}

/** Runs in the page: tasks of 50 ms and more, as browsers report them. */
function watchLongTasks(): void {
  window.longTasks = [];
  new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) window.longTasks.push(duration);
  }).observe({ type: 'longtask' });
}

/** The list from the top, in steps of the wheel. Gives the long tasks, and how many small pictures were drawn. */
async function scrollList(): Promise<{ readonly long: readonly number[]; readonly drawn: number }> {
  const data = makeFolder('files-list');
  const server = await startProductServer(site.folder, data.path);
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
  await page.goto(server.url + BENCH_PATH);
  await page.waitForFunction(() => window.bench !== undefined);
  await page.evaluate((count) => window.bench.fill(count, { pending: false }), NOTES - PICTURES);
  await page.reload();
  await page.waitForFunction(() => window.bench !== undefined);
  await page.evaluate((count) => window.bench.fillPictures(count), PICTURES);
  await page.goto(`${server.url}/notes`);
  await page.locator('document-picture img').first().waitFor();
  await page.waitForTimeout(5000);
  await page.evaluate(watchLongTasks);
  await page.mouse.move(300, 400);
  let drawn = 0;
  for (let step = 0; step < SCROLLS; step++) {
    await page.mouse.wheel(0, SCROLL_PX);
    await page.waitForTimeout(SCROLL_PAUSE_MS);
    if (step % 20 === 19) {
      await page.waitForTimeout(300);
      drawn += await page.locator('document-picture img').count();
    }
  }
  const long = await page.evaluate(() => window.longTasks);
  await page.context().close();
  await server.stop();
  data.remove();
  return { long, drawn };
}

async function typeKeys(page: Page): Promise<readonly number[]> {
  await page.keyboard.type('word '.repeat(KEYS / 5), { delay: KEY_PAUSE_MS });
  await page.waitForTimeout(300);
  return page.evaluate(() => window.keyTimes.splice(0));
}

/** Keys while nothing moves, and while a large file that was just dropped into the note is hashed, kept and sent. */
async function typeBesideUpload(): Promise<{ readonly quiet: readonly number[]; readonly busy: readonly number[] }> {
  const data = makeFolder('files-typing');
  const server = await startProductServer(site.folder, data.path);
  // People's servers are on other machines: here it takes what the browser leaves, so that it is not measured as well.
  if (server.pid !== undefined) setPriority(server.pid, constants.priority.PRIORITY_LOW);
  const page = await browser.newPage();
  await page.goto(`${server.url}/notes/new`);
  const text = page.getByRole('textbox', { name: 'Note text' });
  await text.click();
  await page.keyboard.type('The first words make the account. ');
  await page.waitForTimeout(5000);
  await page.evaluate(recordKeys);
  const [quiet, busy]: [number[], number[]] = [[], []];
  for (let turn = 0; turn < sized(3, 1); turn++) {
    quiet.push(...(await typeKeys(page)));
    await text.evaluate((element, size) => {
      const bytes = new Uint8Array(size);
      for (let at = 0; at < size; at += 65_536) crypto.getRandomValues(bytes.subarray(at, Math.min(size, at + 65_536)));
      const files = new DataTransfer();
      files.items.add(new File([bytes], 'recording.bin'));
      element.dispatchEvent(new ClipboardEvent('paste', { bubbles: true, cancelable: true, clipboardData: files }));
    }, LARGE_BYTES);
    busy.push(...(await typeKeys(page)));
    await page.waitForTimeout(10_000);
  }
  await page.context().close();
  await server.stop();
  data.remove();
  return { quiet, busy };
}

const uploads = await compareUploads();
const { long, drawn } = await scrollList();
const typing = await typeBesideUpload();
await browser.close();
site.remove();

const MB = (bytes: number): string => `${Math.round(bytes / 1_000_000)} MB`;
const file = MB(FILE_BYTES);
const here: Figure = { what: `Holdfast: a file of ${file}, on the device`, durability: 'strict', samples: uploads.here };
const there: Figure = {
  what: `Holdfast: the same, on the device and on the server`,
  durability: 'strict',
  samples: uploads.there,
};
const bare: Figure = {
  what: `a bare fetch of ${file} to a server that writes and flushes a file`,
  durability: 'strict',
  samples: uploads.bare,
};
const quiet: Figure = { what: 'key to paint, nothing moves', durability: '–', samples: typing.quiet };
const busy: Figure = { what: `key to paint, while ${MB(LARGE_BYTES)} are added and sent`, durability: '–', samples: typing.busy };

writeSection({
  name: 'files',
  title: 'Pictures and files',
  versions: peerVersions(version).slice(0, 1),
  targets: [
    ratioTarget(`${file} on the device and on the server, against a bare fetch`, there, bare, 3),
    limitTarget(
      `longest task while ${NOTES.toLocaleString('en')} notes are scrolled, ${PICTURES.toLocaleString('en')} of them with a picture`,
      Math.max(0, ...long),
      50,
    ),
    limitTarget(`key to paint while ${MB(LARGE_BYTES)} are added and sent (p95)`, summarize(typing.busy).p95, 16),
    ratioTarget('the same, against a quiet page (p50)', busy, quiet, 1.1),
  ],
  figures: [here, there, bare, quiet, busy],
  notes: [
    'On the device: hashed, written, flushed and named by a row. On the server: in parts, hashed again, flushed, renamed, and named by a row.',
    `The list: ${SCROLLS} steps of the wheel, ${SCROLL_PX} px each ${SCROLL_PAUSE_MS} ms; at every twentieth the drawn small pictures were counted (${drawn} in all). Tasks under 50 ms are not reported by browsers and count as 0.`,
    'Keys are timed as in *Key to paint*. Meanwhile the server, which is elsewhere for most people, has the lowest priority on this machine.',
  ],
});
