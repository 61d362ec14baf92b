/** One durable save. */
import { runInPage } from './browser-world.ts';
import { figure, figuresOf, median, ratioTarget, round, sized, type Target, writeSection } from './report.ts';
import { peerVersions } from './versions.ts';

const { answer, version } = await runInPage((page) => page.evaluate((rounds) => window.bench.save(rounds), sized(400, 30)));
const figures = figuresOf(answer);
const get = (name: string) => figure(figures, name);

const below = (peer: string, name: string): Target => ({
  what: `a save (entity and outbox row, strict), against ${peer}’s write of the entity alone, relaxed`,
  target: 'below it',
  measured: `${round(median(get('save')))} to ${round(median(get(name)))} ms`,
  met: median(get('save')) < median(get(name)),
});

writeSection({
  name: 'save',
  title: 'One durable save',
  versions: peerVersions(version),
  targets: [
    ratioTarget('a save from the page through Comlink, against raw idb (p50)', get('save'), get('raw'), 1.6),
    ratioTarget('a save with the second copy, against one without it in the same run (p50)', get('copied'), get('uncopied'), 1.1),
    below('RxDB', 'rxdb'),
    below('PouchDB', 'pouchdb'),
  ],
  figures: [...figures.values()],
  notes: [
    'All contenders in one page, in turns, one operation at a time. The note has 1,000 characters.',
    'A save by the product also reads (the row and the counters), checks the fields, merges where the row moved on, and tells the other tabs. Raw idb only puts three rows, in the page itself: no worker, no message.',
    'RxDB and PouchDB write the note alone: neither has an outbox row (both find what to send by a change feed), and neither offers strict durability.',
  ],
});
