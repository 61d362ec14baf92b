/** Typing in a note beside a hundred thousand others: from the key to the next picture on the screen. */
import type { Page } from 'playwright';
import { COPY_CHANNEL, type CopyNews } from '#core/channels.ts';
import { BENCH_PATH, buildSite, launch, makeFolder, startProductServer } from './browser-world.ts';
import { recordKeys } from './key-times.ts';
import { type Figure, limitTarget, ratioTarget, sized, writeSection } from './report.ts';
import { summarize } from './statistics.ts';
import { peerVersions } from './versions.ts';

const TURNS = sized(4, 2);
const KEYS = sized(75, 20);
const MANY = sized(100_000, 2000);
const PAUSE_MS = 40;
/** The first keys of a turn warm the code up. */
const UNCOUNTED = 10;
/** What a start leaves to be done behind it (the first sync, the editor's code) is over by then. */
const SETTLED_MS = 2000;

const site = await buildSite();
// The screen of a headless browser has a beat of its own; without it a picture comes as soon as it is ready.
const browser = await launch(['--disable-frame-rate-limit', '--disable-gpu-vsync']);
const version = browser.version();

interface Contender {
  readonly what: string;
  readonly samples: number[];
  type(): Promise<void>;
  end(): Promise<void>;
}

/** A page of its own server and profile, with the caret in its text. `open` brings it there. */
async function enter(what: string, open: (page: Page, url: string) => Promise<void>): Promise<Contender> {
  const data = makeFolder('typing');
  const server = await startProductServer(site.folder, data.path);
  const page = await browser.newPage();
  await open(page, server.url);
  await page.getByRole('textbox', { name: 'Note text' }).click();
  await page.evaluate(recordKeys);
  const samples: number[] = [];
  return {
    what,
    samples,
    async type() {
      await page.bringToFront();
      await page.keyboard.type('word '.repeat(KEYS / 5), { delay: PAUSE_MS });
      await page.waitForTimeout(500);
      const times = await page.evaluate(() => window.keyTimes.splice(0));
      samples.push(...times.slice(UNCOUNTED));
    },
    async end() {
      await page.context().close();
      await server.stop();
      data.remove();
    },
  };
}

/** A new note beside `notes` others, on a device that keeps the app already. */
const beside =
  (notes: number) =>
  async (page: Page, url: string): Promise<void> => {
    await page.goto(url + BENCH_PATH);
    await page.waitForFunction(() => window.bench !== undefined);
    await page.evaluate((count) => window.bench.fill(count, { pending: false }), notes);
    await page.goto(`${url}/notes`);
    await page.evaluate(async () => void (await navigator.serviceWorker.ready));
    await page.reload();
    await page.getByRole('button', { name: 'New note' }).first().click();
    await page.getByRole('textbox', { name: 'Note text' }).click();
    await page.keyboard.type('The first words make the account. ');
    await page.waitForTimeout(SETTLED_MS);
  };

/** The same without a second copy: whoever keeps one lets go of it, as when it is about to be deleted. */
async function uncopied(page: Page, url: string): Promise<void> {
  await beside(0)(page, url);
  await page.evaluate(([name, message]) => new BroadcastChannel(name).postMessage(message), [
    COPY_CHANNEL,
    { type: 'release', workspaceId: null },
  ] satisfies [string, CopyNews]);
}

/** The app comes for the first time, and is being fetched and kept while the person writes. */
async function atFirstVisit(page: Page, url: string): Promise<void> {
  await page.goto(`${url}/notes/new`);
}

const many = `key to paint beside ${MANY.toLocaleString('en')} notes`;
const NONE = 'key to paint beside 0 notes';
const UNCOPIED = 'key to paint beside 0 notes, without a second copy';
const contenders = [
  await enter('floor: key to paint in a bare text area', (page, url) => page.goto(`${url}/bench/floor.html`).then(() => {})),
  await enter('floor: CodeMirror with the same extensions in an empty page', (page, url) =>
    page.goto(`${url}/bench/editor.html`).then(() => {}),
  ),
  await enter(NONE, beside(0)),
  await enter(UNCOPIED, uncopied),
  await enter(many, beside(MANY)),
];
for (let turn = 0; turn < TURNS; turn++) for (const contender of contenders) await contender.type();
for (const contender of contenders) await contender.end();

const FIRST = 'key to paint in the first seconds of a first visit';
const firstSamples: number[] = [];
for (let turn = 0; turn < TURNS; turn++) {
  const visit = await enter(FIRST, atFirstVisit);
  await visit.type();
  await visit.end();
  firstSamples.push(...visit.samples);
}
await browser.close();
site.remove();

const figures: readonly Figure[] = [
  ...contenders.map(({ what, samples }): Figure => ({ what, durability: '–', samples })),
  { what: FIRST, durability: '–', samples: firstSamples },
];
const of = (name: string): Figure => figures.find(({ what }) => what === name) ?? { what: name, durability: '–', samples: [] };

writeSection({
  name: 'typing',
  title: 'Key to paint',
  versions: peerVersions(version).slice(0, 1),
  targets: [
    limitTarget(`${many} (p95)`, summarize(of(many).samples).p95, 16),
    ratioTarget(
      'key to paint with the second copy, against the same without it in the same run (p50)',
      of(NONE),
      of(UNCOPIED),
      1.1,
    ),
  ],
  figures,
  notes: [
    `The real app: in turns, ${KEYS} keys at a time, one each ${PAUSE_MS} ms and more, with the editor, the list, the autosave and the sync at work.`,
    'From the time stamp of the key event to the end of the frame that shows it on the page’s thread, in a browser whose frames follow no screen: drawing it takes about 2 ms more (traced), and a screen of 60 Hz adds up to 16.7 ms of waiting for its beat.',
  ],
});
