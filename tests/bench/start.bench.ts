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
/** A page with one button, from the same server, with a service worker of four lines. */
const FLOOR = '/bench/floor.html';
const WATCHED = { button: 'New note', list: 'ul[aria-label="Notes"] > li a, .welcome button' };

interface Start {
  readonly ms: number;
  /** Until the first row of the list is shown, or what is in its place on an empty device. NaN for the floor. */
  readonly listMs: number;
  /** JS and CSS fetched by then, as on the wire. */
  readonly bytes: number;
  readonly listBytes: number;
  readonly heapMb: number;
}

async function openProfile(folder: string): Promise<BrowserContext> {
  const executablePath = await findBrowser();
  const context = await chromium.launchPersistentContext(folder, {
    args: BROWSER_ARGS,
    ...(executablePath && { executablePath }),
  });
  await context.addInitScript(watchUsable, WATCHED);
  return context;
}

const firstPage = (context: BrowserContext): Page => context.pages()[0] as Page;

/** Waits until the page is usable, and tells when that was, what it had loaded by then, and what its heap holds. */
async function readStart(page: Page): Promise<Start> {
  await page.waitForFunction(
    (floor) => window.usableAt !== undefined && (window.listAt !== undefined || location.pathname === floor),
    FLOOR,
    { polling: 20, timeout: 30_000 },
  );
  const times = await page.evaluate(() => {
    const [ms, listMs] = [window.usableAt ?? Number.NaN, window.listAt ?? Number.NaN];
    const code = (performance.getEntriesByType('resource') as PerformanceResourceTiming[]).filter(({ name }) =>
      /\.(js|css)$/.test(name),
    );
    const sumUntil = (at: number): number =>
      code.filter(({ responseEnd }) => responseEnd <= at).reduce((total, { encodedBodySize }) => total + encodedBodySize, 0);
    return { ms, listMs, bytes: sumUntil(ms), listBytes: sumUntil(listMs) };
  });
  const session = await page.context().newCDPSession(page);
  await session.send('HeapProfiler.collectGarbage');
  const { usedSize } = await session.send('Runtime.getHeapUsage');
  await session.detach();
  return { ...times, heapMb: usedSize / 2 ** 20 };
}

/** The service worker answers for this page, and everything is in its cache. */
const waitForCache = (page: Page): Promise<unknown> =>
  page.waitForFunction(() => navigator.serviceWorker.controller?.state === 'activated', undefined, { timeout: 30_000 });

async function slowDown(page: Page): Promise<void> {
  const session = await page.context().newCDPSession(page);
  await session.send('Emulation.setCPUThrottlingRate', { rate: SLOW });
}

async function firstLoad(address: string, slow: boolean): Promise<Start> {
  const profile = makeFolder('fresh');
  const context = await openProfile(profile.path);
  const page = firstPage(context);
  if (slow) await slowDown(page);
  await page.goto(address, { waitUntil: 'commit' });
  const start = await readStart(page);
  await context.close();
  profile.remove();
  return start;
}

async function reload(page: Page): Promise<Start> {
  await page.reload({ waitUntil: 'commit' });
  return readStart(page);
}

/** A profile that has the whole app in its cache and `notes` notes; the floor's page where `place` is that. */
async function prepare(url: string, notes: number, place = PLACE): Promise<{ readonly path: string; remove(): void }> {
  const profile = makeFolder('profile');
  const context = await openProfile(profile.path);
  const page = firstPage(context);
  if (notes > 0) {
    await page.goto(url + BENCH_PATH);
    await page.waitForFunction(() => window.bench !== undefined);
    await page.evaluate((count) => window.bench.fill(count, { pending: false }), notes);
  }
  await page.goto(url + place);
  await readStart(page);
  await waitForCache(page);
  await context.close();
  return profile;
}

/** A new browser process on that profile; the server may be dead. */
async function freshBrowser(profile: string, address: string): Promise<Start> {
  const context = await openProfile(profile);
  const page = firstPage(context);
  await page.goto(address, { waitUntil: 'commit' });
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
  floorFirst: [] as Start[],
  floorWarm: [] as Start[],
  floorDead: [] as Start[],
};
let version = '';
const [app, floor] = [server.url + PLACE, server.url + FLOOR];
const [empty, full] = [await prepare(server.url, 0), await prepare(server.url, NOTES)];
const bare = await prepare(server.url, 0, FLOOR);
try {
  const [small, large, blank] = [await openProfile(empty.path), await openProfile(full.path), await openProfile(bare.path)];
  version = small.browser()?.version() ?? '';
  for (const context of [small, large]) await firstPage(context).goto(app);
  await firstPage(blank).goto(floor);
  for (let turn = 0; turn < ROUNDS; turn++) {
    starts.first.push(await firstLoad(app, false));
    starts.floorFirst.push(await firstLoad(floor, false));
    starts.warm.push(await reload(firstPage(small)));
    starts.warmMany.push(await reload(firstPage(large)));
    starts.floorWarm.push(await reload(firstPage(blank)));
  }
  await slowDown(firstPage(small));
  for (let turn = 0; turn < ROUNDS; turn++) {
    starts.firstSlow.push(await firstLoad(app, true));
    starts.warmSlow.push(await reload(firstPage(small)));
  }
  await Promise.all([small.close(), large.close(), blank.close()]);
  await server.stop();
  for (let turn = 0; turn < ROUNDS; turn++) {
    starts.dead.push(await freshBrowser(empty.path, app));
    starts.deadMany.push(await freshBrowser(full.path, app));
    starts.floorDead.push(await freshBrowser(bare.path, floor));
  }
} finally {
  await server.stop();
  for (const folder of [site, data, empty, full, bare]) folder.remove();
}

const count = NOTES.toLocaleString('en');
const time = (what: string, of: readonly Start[]): Figure => ({ what, durability: '–', samples: of.map(({ ms }) => ms) });
const figures = {
  first: time('first load: empty cache, empty device', starts.first),
  warm: time('warm reload, empty device', starts.warm),
  warmMany: time(`warm reload, ${count} notes`, starts.warmMany),
  dead: time('new browser, server dead, empty device', starts.dead),
  deadMany: time(`new browser, server dead, ${count} notes`, starts.deadMany),
  floorFirst: time('floor: first load of a page with one button', starts.floorFirst),
  floorWarm: time('floor: its warm reload', starts.floorWarm),
  floorDead: time('floor: in a new browser, server dead', starts.floorDead),
  firstSlow: time(`first load, processor slowed ${SLOW} ×`, starts.firstSlow),
  warmSlow: time(`warm reload, processor slowed ${SLOW} ×`, starts.warmSlow),
};
const listTime = (what: string, of: readonly Start[]): Figure => {
  return { what, durability: '–', samples: of.map(({ listMs }) => listMs) };
};
const lists = [
  listTime('first load until the empty list says what to do', starts.first),
  listTime('warm reload until that', starts.warm),
  listTime(`warm reload until the first of ${count} notes is shown`, starts.warmMany),
  listTime('new browser, server dead, until the empty list says what to do', starts.dead),
  listTime(`new browser, server dead, until the first of ${count} notes is shown`, starts.deadMany),
];
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
const KB = 1000;
const bytes = (what: string, of: readonly number[]): Figure => {
  return { what, durability: '–', unit: 'kB', samples: of.map((each) => each / KB) };
};
const fetched = bytes(
  'JS and CSS that had come when a first load was usable',
  starts.first.map((start) => start.bytes),
);
const fetchedForList = bytes(
  'JS and CSS that had come when its list was shown, its store worker included',
  starts.first.map((start) => start.listBytes),
);
const kb = (what: string, bytes: number, most: number): Target => limitTarget(what, bytes / KB, most, 'kB');

writeSection({
  name: 'start',
  title: 'Start to usable',
  versions: peerVersions(version).slice(0, 1),
  targets: [
    kb('initial JavaScript of the shell, brotli', shell.js, 40),
    limitTarget('JS and CSS that had come when a first load was usable, brotli (p50)', median(fetched), 60, 'kB'),
    limitTarget('first load (p50)', median(figures.first), 400),
    limitTarget('warm reload (p50)', median(figures.warm), 150),
    limitTarget('new browser, server dead (p50)', median(figures.dead), 400),
    ratioTarget(`warm reload with ${count} notes, against the empty start`, figures.warmMany, figures.warm, 1.1),
    limitTarget(`page heap with ${count} notes`, median(heaps.many), 25, 'MB'),
  ],
  figures: [
    ...Object.values(figures),
    ...lists,
    fetched,
    fetchedForList,
    ...Object.values(heaps),
    { what: 'initial JavaScript of the shell, brotli', durability: '–', unit: 'kB', samples: [shell.js / KB] },
    { what: 'initial CSS of the shell, brotli', durability: '–', unit: 'kB', samples: [shell.css / KB] },
  ],
  notes: [
    `Usable: the button “New note” of \`${PLACE}\` is in the layout and a click at its middle would reach it; looked at in every frame, counted from the start of the navigation. It is before the store is open; what is clicked by then is done as soon as it is.`,
    'The floor is a page with one button and a service worker of four lines, from the same server, in turns with the rest: no app on this machine starts faster.',
    'Over HTTP/1.1 on loopback, real server, real build; each first load in a new profile, each start with a dead server in a new browser process, whose own start is not counted.',
    `Elsewhere on such a machine, earlier, by the same idea of usable: Excalidraw 685 kB and 819/284/792 ms (first, warm, new browser offline), tldraw 515 kB and 698/331 ms with 255 MB at 10,000 shapes, super-productivity 1.3 MB and 1585/497/1461 ms.`,
    `The throttle is the browser’s own (CPU × ${SLOW}); it slows the page, not its workers. In the table ${round(median(figures.warmSlow))} ms is the warm reload under it.`,
  ],
});
