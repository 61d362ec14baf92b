/** Typing in a note beside a hundred thousand others: from the key to the next picture on the screen. */
import { BENCH_PATH, buildSite, launch, makeFolder, startProductServer } from './browser-world.ts';
import { type Figure, limitTarget, sized, writeSection } from './report.ts';
import { summarize } from './statistics.ts';
import { peerVersions } from './versions.ts';

const KEYS = sized(300, 60);
const MANY = sized(100_000, 2000);
const PAUSE_MS = 40;

const site = await buildSite();
// The screen of a headless browser has a beat of its own; without it a picture comes as soon as it is ready.
const browser = await launch(['--disable-frame-rate-limit', '--disable-gpu-vsync']);
const version = browser.version();

/** Types into a new note beside `notes` others; null: into a bare text area of a page without any app. */
async function typeBeside(notes: number | null): Promise<readonly number[]> {
  const data = makeFolder('typing');
  const server = await startProductServer(site.folder, data.path);
  const page = await browser.newPage();
  try {
    if (notes === null) {
      await page.goto(`${server.url}/bench/floor.html`);
    } else {
      await page.goto(server.url + BENCH_PATH);
      await page.waitForFunction(() => window.bench !== undefined);
      await page.evaluate((count) => window.bench.fill(count, { pending: false }), notes);
      await page.goto(`${server.url}/notes`);
      await page.getByRole('button', { name: 'New note' }).first().click();
    }
    await page.getByRole('textbox', { name: 'Note text' }).click();
    await page.evaluate(() => {
      window.keyTimes = [];
      addEventListener(
        'keydown',
        ({ timeStamp }) => {
          requestAnimationFrame(() => {
            // A task behind the frame: style, layout and paint of it are done.
            const { port1, port2 } = new MessageChannel();
            port1.onmessage = () => window.keyTimes.push(performance.now() - timeStamp);
            port2.postMessage(null);
          });
        },
        { capture: true },
      );
    });
    await page.keyboard.type('word '.repeat(Math.ceil(KEYS / 5)).slice(0, KEYS), { delay: PAUSE_MS });
    await page.waitForTimeout(500);
    return (await page.evaluate(() => window.keyTimes)).slice(10);
  } finally {
    await page.context().close();
    await server.stop();
    data.remove();
  }
}

declare global {
  interface Window {
    keyTimes: number[];
  }
}

const [bare, alone, beside] = [await typeBeside(null), await typeBeside(0), await typeBeside(MANY)];
await browser.close();
site.remove();

const figure = (what: string, samples: readonly number[]): Figure => ({ what, durability: '–', samples });
const figures = [
  figure('floor: key to paint in a bare text area', bare),
  figure('key to paint beside 0 notes', alone),
  figure(`key to paint beside ${MANY.toLocaleString('en')} notes`, beside),
];

writeSection({
  name: 'typing',
  title: 'Key to paint',
  versions: peerVersions(version).slice(0, 1),
  targets: [limitTarget(`key to paint beside ${MANY.toLocaleString('en')} notes (p95)`, summarize(beside).p95, 16)],
  figures,
  notes: [
    `The real app: ${KEYS} keys into a new note, one each ${PAUSE_MS} ms, with the editor, the list and the autosave at work.`,
    'From the time stamp of the key event to the task behind the frame that shows it, in a browser whose frames follow no screen: a screen of 60 Hz adds up to 16.7 ms of waiting for its beat.',
  ],
});
