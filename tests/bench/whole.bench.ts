/** All of a large account out into one file, and into an empty device: how long, with how much memory, and whether one sees it move. */
import { buildSite, launch, makeFolder, openBench, startProductServer } from './browser-world.ts';
import type { Told } from './pages/bench-api.ts';
import { growthDuring } from './process-memory.ts';
import { type Figure, limitTarget, sized, writeSection } from './report.ts';
import { peerVersions } from './versions.ts';

const NOTES = sized(100_000, 3000);
const FILES = sized(50, 5);
const FILE_BYTES = 10_000_000;
const MOST_MB = 150;
/** Nobody takes a bar for stuck that moves within this time. */
const STILL_MS = 5000;

const site = await buildSite();
const data = makeFolder('whole');
const server = await startProductServer(site.folder, data.path);
const browser = await launch();
const version = browser.version();

const figures: Figure[] = [];
const grown: { what: string; mb: number }[] = [];
let stillMs = 0;

async function measure<V extends Told>(what: string, run: () => Promise<V>): Promise<V> {
  const { value, pagesMb, othersMb } = await growthDuring(browser, run);
  figures.push(
    { what, durability: 'strict', samples: [value.ms] },
    { what: `${what}: the page and its workers grow by`, durability: '–', samples: [pagesMb], unit: 'MB' },
    { what: `${what}: the browser's other processes grow by`, durability: '–', samples: [othersMb], unit: 'MB' },
    { what: `${what}: times that a progress bar moves`, durability: '–', samples: [value.told], unit: '' },
  );
  console.log(what, value, Math.round(pagesMb), Math.round(othersMb));
  grown.push({ what, mb: pagesMb });
  stillMs = Math.max(stillMs, value.longestMs);
  return value;
}

const full = await browser.newContext();
const first = await openBench(full, server.url);
await first.evaluate((count) => window.bench.fill(count, { pending: false, words: 150 }), NOTES - FILES);
await first.evaluate(([count, size]) => window.bench.addFiles(count, size), [FILES, FILE_BYTES] as const);
// What was needed to fill it is no part of what is measured.
await first.reload();
await first.waitForFunction(() => window.bench !== undefined);

const made = await measure('the first backup', () => first.evaluate(() => window.bench.backUp()));
const downloading = first.waitForEvent('download', { timeout: 0 });
const written = await measure('written as a ZIP with its files', () => first.evaluate(() => window.bench.download()));
if (written.files < FILES || written.missing > 0) throw new Error(`${written.files} files, ${written.missing} are missing`);
const file = await (await downloading).path();
await full.pages()[0]?.close();

const empty = await browser.newContext();
const second = await openBench(empty, server.url);
await second.evaluate(() => {
  const input = document.createElement('input');
  Object.assign(input, { type: 'file', id: 'picked' });
  document.body.append(input);
});
await second.setInputFiles('#picked', file);
const brought = await measure('brought to an empty device, checked', () => second.evaluate(() => window.bench.bringPicked()));
const restored = await measure('restored there', () => second.evaluate(() => window.bench.restore()));
if (brought.records !== made.records || restored.changed < NOTES)
  throw new Error(`${brought.records} of ${made.records} records, ${restored.changed} restored`);

await browser.close();
await server.stop();
site.remove();
data.remove();

writeSection({
  name: 'whole',
  title: `${NOTES.toLocaleString('en')} notes and ${(FILES * FILE_BYTES) / 1_000_000} MB of files, out and in again`,
  versions: peerVersions(version).slice(0, 1),
  targets: [
    ...grown.map(({ what, mb }) => limitTarget(`${what}: the page grows`, mb, MOST_MB, 'MB')),
    limitTarget('the longest time in which no progress is reported', stillMs, STILL_MS),
  ],
  figures,
  notes: [
    `The ZIP has ${Math.round(written.bytes / 1_000_000).toLocaleString('en')} MB.`,
    'Memory is what the processes have to themselves (`Private_Clean` and `Private_Dirty` of `/proc/<pid>/smaps_rollup`), read four times a second, less what it was before: a page and all of its workers are one renderer process.',
    'Each step is measured from what the processes have when it begins: a restore right after what it is from was brought.',
    'The notes have 150 words each, and no file is on the server.',
    'The page shows nothing: it has the store worker and the backup worker, and neither a list nor a search index.',
  ],
});
