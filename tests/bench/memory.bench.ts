/** The store worker's heap while it sends a long queue. */
import { buildSite, launch } from './browser-world.ts';
import { type Figure, round, sized, writeSection } from './report.ts';
import { holdfastTurn } from './sync-turns.ts';
import { peerVersions } from './versions.ts';
import { watchHeaps } from './worker-heap.ts';

const MANY = sized(10_000, 2_000);
/** Enough to last for several readings: a thousand are gone before the first. */
const FEW = sized(3_000, 2_000);
const MB = 2 ** 20;
/** Beyond this the queue itself would be in memory: 10,000 notes take 20 MB. */
const FLAT = 1.3;

const site = await buildSite();
const browser = await launch();
const version = browser.version();
/** Playwright's pages, because it tells of their workers. */
const place = {
  site: site.folder,
  async open(url: string) {
    const page = await browser.newPage();
    await page.goto(url);
    return {
      page,
      evaluate: <A, R>(body: (argument: A) => Promise<R> | R, argument: A) =>
        page.evaluate(body as never, argument) as Promise<R>,
      close: () => page.context().close(),
    };
  },
};

async function measure(count: number): Promise<Figure> {
  const samples: number[] = [];
  await holdfastTurn(place, count, ({ page }) => watchHeaps(page, (bytes) => samples.push(bytes / MB)));
  if (samples.length === 0) throw new Error(`no reading of the heap while ${count} ops were sent`);
  return { what: `heap of the store worker, sending ${count.toLocaleString('en')} ops`, durability: '–', samples, unit: 'MB' };
}

const [few, many] = [await measure(FEW), await measure(MANY)];
await browser.close();
site.remove();

const [most, least] = [Math.max(...many.samples), Math.max(...few.samples)];
writeSection({
  name: 'memory',
  title: 'Memory of a long queue',
  versions: peerVersions(version).slice(0, 1),
  targets: [
    {
      what: `highest heap with ${MANY.toLocaleString('en')} queued ops, against ${FEW.toLocaleString('en')}`,
      target: `flat: at most ${FLAT} ×`,
      measured: `${round(most / least)} × (${round(most)} to ${round(least)} MB)`,
      met: most <= least * FLAT,
    },
  ],
  figures: [few, many],
  notes: ['Read after a collection, every 200 ms while the worker drains.'],
});
