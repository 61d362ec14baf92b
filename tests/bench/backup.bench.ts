/** Backups of very many notes: what the first costs, what one costs after ten changes, what 32 take, and typing while one runs. */
import type { Page } from 'playwright';
import { buildSite, launch, makeFolder, openBench, startProductServer } from './browser-world.ts';
import { recordKeys } from './key-times.ts';
import { limitTarget, sized, writeSection } from './report.ts';
import { summarize } from './statistics.ts';
import { peerVersions } from './versions.ts';

const NOTES = sized(100_000, 2000);
const CHANGED = 10;
const KEPT = 32;
const KEYS = 50;

const site = await buildSite();
const data = makeFolder('backup');
const server = await startProductServer(site.folder, data.path);
const browser = await launch(['--disable-frame-rate-limit', '--disable-gpu-vsync']);
const context = await browser.newContext();

const bench: Page = await openBench(context, server.url);
await bench.evaluate((count) => window.bench.fill(count, { pending: false, words: 150 }), NOTES);

const page = await context.newPage();
await page.goto(`${server.url}/notes`);
await page.getByRole('button', { name: 'New note' }).first().click();
await page.getByRole('textbox', { name: 'Note text' }).click();
await page.keyboard.type('The first words make the account. ');
await page.waitForTimeout(2000);
await page.evaluate(recordKeys);
const type = async (): Promise<readonly number[]> => {
  await page.bringToFront();
  await page.keyboard.type('word '.repeat(KEYS / 5), { delay: 40 });
  await page.waitForTimeout(300);
  return page.evaluate(() => window.keyTimes.splice(0));
};

await type();
const quiet = [...(await type()), ...(await type())];
let isDone = false;
const making = bench
  .evaluate(() => window.bench.backUp())
  .finally(() => {
    isDone = true;
  });
const busy: number[] = [];
while (!isDone) busy.push(...(await type()));
const first = await making;
await page.close();

const times: number[] = [];
const more: number[] = [];
let bytes = first.bytes;
for (let n = 1; n < KEPT; n++) {
  await bench.evaluate((count) => window.bench.changeNotes(count), CHANGED);
  const made = await bench.evaluate(() => window.bench.backUp());
  times.push(made.ms);
  more.push((made.bytes - bytes) / 1_000_000);
  bytes = made.bytes;
}
const version = browser.version();
await browser.close();
await server.stop();
site.remove();
data.remove();

const count = NOTES.toLocaleString('en');
writeSection({
  name: 'backup',
  title: `Backups of ${count} notes`,
  versions: peerVersions(version).slice(0, 1),
  targets: [
    limitTarget(`a backup after ${CHANGED} changes (p50)`, summarize(times).median, 2000),
    limitTarget('what it adds on the disk (p50)', summarize(more).median, 1, 'MB'),
    limitTarget(`${KEPT} backups, against one`, bytes / first.bytes, 1.5, '×'),
  ],
  figures: [
    { what: `the first backup of ${count} notes, while a person types`, durability: 'strict', samples: [first.ms] },
    { what: `a backup after ${CHANGED} changes`, durability: 'strict', samples: times },
    { what: `what it adds on the disk`, durability: 'strict', samples: more, unit: 'MB' },
    { what: 'one backup on the disk', durability: 'strict', samples: [first.bytes / 1_000_000], unit: 'MB' },
    { what: 'key to paint, no backup running', durability: '–', samples: quiet },
    { what: 'key to paint while the first backup is made', durability: '–', samples: busy },
  ],
  notes: [
    'From the call in the page to its answer: the start of the worker, what changed read, packed, written, read back and compared, and retention.',
    'The notes have 150 words each, spread as in a natural language, a thousand characters. The changed ones are spread over the newest: each falls into a part of its own.',
  ],
});
