/** From the address to the first note: first load, warm reload, a new browser without a server, ten thousand notes. */
import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { type BrowserContext, chromium, type Page } from 'playwright';
import { BROWSER_ARGS, findBrowser } from '#ci/browser.mjs';
import type { ServerProcess } from '#support/server-process.ts';
import { BENCH_PATH, buildSite, makeFolder, startProductServer } from './browser-world.ts';
import { type Figure, limitTarget, median, ratioTarget, round, sized, type Target, writeSection } from './report.ts';
import { watchUsable } from './usable.ts';
import { peerVersions } from './versions.ts';

const ROUNDS = sized(7, 2);
const NOTES = sized(10_000, 500);
const SLOW = 4;
const PLACE = '/notes';

interface Start {
  readonly ms: number;
  readonly bytes: { readonly js: number; readonly css: number };
  readonly heapMb: number;
}

async function openProfile(folder: string): Promise<BrowserContext> {
  const executablePath = await findBrowser();
  const context = await chromium.launchPersistentContext(folder, {
    args: BROWSER_ARGS,
    ...(executablePath && { executablePath }),
  });
  await context.addInitScript(watchUsable, 'New note');
  return context;
}

const firstPage = (context: BrowserContext): Page => context.pages()[0] as Page;

/** Waits until the page is usable, and tells when that was, what it had loaded by then, and what its heap holds. */
async function readStart(page: Page): Promise<Start> {
  await page.waitForFunction(() => window.usableAt !== undefined, undefined, { polling: 20, timeout: 30_000 });
  const { ms, bytes } = await page.evaluate(() => {
    const at = window.usableAt ?? Number.NaN;
    const loaded = (performance.getEntriesByType('resource') as PerformanceResourceTiming[]).filter(
      ({ responseEnd }) => responseEnd <= at,
    );
    const sum = (ending: string): number =>
      loaded.filter(({ name }) => name.endsWith(ending)).reduce((total, { encodedBodySize }) => total + encodedBodySize, 0);
    return { ms: at, bytes: { js: sum('.js'), css: sum('.css') } };
  });
  const session = await page.context().newCDPSession(page);
  await session.send('HeapProfiler.collectGarbage');
  const { usedSize } = await session.send('Runtime.getHeapUsage');
  await session.detach();
  return { ms, bytes, heapMb: usedSize / 2 ** 20 };
}

/** The service worker answers for this page, and everything is in its cache. */
const waitForCache = (page: Page): Promise<unknown> =>
  page.waitForFunction(() => navigator.serviceWorker.controller?.state === 'activated', undefined, { timeout: 30_000 });

async function slowDown(page: Page): Promise<void> {
  const session = await page.context().newCDPSession(page);
  await session.send('Emulation.setCPUThrottlingRate', { rate: SLOW });
}

async function firstLoad(url: string, slow: boolean): Promise<Start> {
  const profile = makeFolder('fresh');
  const context = await openProfile(profile.path);
  const page = firstPage(context);
  if (slow) await slowDown(page);
  await page.goto(url + PLACE, { waitUntil: 'commit' });
  const start = await readStart(page);
  await context.close();
  profile.remove();
  return start;
}

async function reload(page: Page): Promise<Start> {
  await page.reload({ waitUntil: 'commit' });
  return readStart(page);
}

/** A profile that has the whole app in its cache and `notes` notes. */
async function prepare(url: string, notes: number): Promise<{ readonly path: string; remove(): void }> {
  const profile = makeFolder('profile');
  const context = await openProfile(profile.path);
  const page = firstPage(context);
  if (notes > 0) {
    await page.goto(url + BENCH_PATH);
    await page.waitForFunction(() => window.bench !== undefined);
    await page.evaluate((count) => window.bench.fill(count, { pending: false }), notes);
  }
  await page.goto(url + PLACE);
  await readStart(page);
  await waitForCache(page);
  await context.close();
  return profile;
}

/** A new browser process on that profile; the server may be dead. */
async function freshBrowser(profile: string, url: string): Promise<Start> {
  const context = await openProfile(profile);
  const page = firstPage(context);
  await page.goto(url + PLACE, { waitUntil: 'commit' });
  const start = await readStart(page);
  await context.close();
  return start;
}

const site = await buildSite();
const data = makeFolder('start');
const server: ServerProcess = await startProductServer(site.folder, data.path);
const starts = {
  first: [] as Start[],
  firstSlow: [] as Start[],
  warm: [] as Start[],
  warmSlow: [] as Start[],
  warmMany: [] as Start[],
  dead: [] as Start[],
  deadMany: [] as Start[],
};
let version = '';
const [empty, full] = [await prepare(server.url, 0), await prepare(server.url, NOTES)];
try {
  const [small, large] = [await openProfile(empty.path), await openProfile(full.path)];
  version = small.browser()?.version() ?? '';
  for (const context of [small, large]) await firstPage(context).goto(server.url + PLACE);
  for (let turn = 0; turn < ROUNDS; turn++) {
    starts.first.push(await firstLoad(server.url, false));
    starts.warm.push(await reload(firstPage(small)));
    starts.warmMany.push(await reload(firstPage(large)));
  }
  await slowDown(firstPage(small));
  for (let turn = 0; turn < ROUNDS; turn++) {
    starts.firstSlow.push(await firstLoad(server.url, true));
    starts.warmSlow.push(await reload(firstPage(small)));
  }
  await Promise.all([small.close(), large.close()]);
  await server.stop();
  for (let turn = 0; turn < ROUNDS; turn++) {
    starts.dead.push(await freshBrowser(empty.path, server.url));
    starts.deadMany.push(await freshBrowser(full.path, server.url));
  }
} finally {
  await server.stop();
  for (const folder of [site, data, empty, full]) folder.remove();
}

const count = NOTES.toLocaleString('en');
const time = (what: string, of: readonly Start[]): Figure => ({ what, durability: '–', samples: of.map(({ ms }) => ms) });
const figures = {
  first: time('first load: empty cache, empty device', starts.first),
  warm: time('warm reload, empty device', starts.warm),
  warmMany: time(`warm reload, ${count} notes`, starts.warmMany),
  dead: time('new browser, server dead, empty device', starts.dead),
  deadMany: time(`new browser, server dead, ${count} notes`, starts.deadMany),
  firstSlow: time(`first load, processor slowed ${SLOW} ×`, starts.firstSlow),
  warmSlow: time(`warm reload, processor slowed ${SLOW} ×`, starts.warmSlow),
};
const heap = (what: string, of: readonly Start[]): Figure => {
  return { what, durability: '–', unit: 'MB', samples: of.map(({ heapMb }) => heapMb) };
};
const heaps = { empty: heap('page heap, empty device', starts.warm), many: heap(`page heap, ${count} notes`, starts.warmMany) };

/** What `index.html` names, as it goes over the wire. */
function shellBytes(): { readonly js: number; readonly css: number } {
  const dist = join(process.cwd(), 'dist');
  const html = readFileSync(join(dist, 'index.html'), 'utf8');
  const names = [...html.matchAll(/(?:src|href)="\/([^"]+\.(?:js|css))"/g)].map(([, name]) => join(dist, String(name)));
  const size = (path: string): number => statSync(existsSync(`${path}.br`) ? `${path}.br` : path).size;
  const sum = (ending: string): number =>
    names.filter((name) => name.endsWith(ending)).reduce((all, name) => all + size(name), 0);
  return { js: sum('.js'), css: sum('.css') };
}

const shell = shellBytes();
const loaded = starts.first[0]?.bytes ?? { js: 0, css: 0 };
const KB = 1000;
const kb = (what: string, bytes: number, most: number): Target => limitTarget(what, bytes / KB, most, 'kB');

writeSection({
  name: 'start',
  title: 'Start to usable',
  versions: peerVersions(version).slice(0, 1),
  targets: [
    kb('initial JavaScript of the shell, brotli', shell.js, 40),
    kb('JS and CSS fetched by the page until it is usable (its store worker included), brotli', loaded.js + loaded.css, 60),
    limitTarget('first load (p50)', median(figures.first), 400),
    limitTarget('warm reload (p50)', median(figures.warm), 150),
    limitTarget('new browser, server dead (p50)', median(figures.dead), 400),
    ratioTarget(`warm reload with ${count} notes, against the empty start`, figures.warmMany, figures.warm, 1.1),
    limitTarget(`page heap with ${count} notes`, median(heaps.many), 25, 'MB'),
  ],
  figures: [
    ...Object.values(figures),
    ...Object.values(heaps),
    { what: 'initial JavaScript of the shell, brotli', durability: '–', unit: 'kB', samples: [shell.js / KB] },
    { what: 'initial CSS of the shell, brotli', durability: '–', unit: 'kB', samples: [shell.css / KB] },
  ],
  notes: [
    `Usable: the button “New note” of \`${PLACE}\` is in the layout and a click at its middle would reach it; looked at in every frame, counted from the start of the navigation.`,
    'Over HTTP/1.1 on loopback, real server, real build; each first load in a new profile, each start with a dead server in a new browser process, whose own start is not counted.',
    `Elsewhere on such a machine, earlier, by the same idea of usable: Excalidraw 685 kB and 819/284/792 ms (first, warm, new browser offline), tldraw 515 kB and 698/331 ms with 255 MB at 10,000 shapes, super-productivity 1.3 MB and 1585/497/1461 ms.`,
    `The throttle is the browser’s own (CPU × ${SLOW}); it slows the page, not its workers. In the table ${round(median(figures.warmSlow))} ms is the warm reload under it.`,
  ],
});
