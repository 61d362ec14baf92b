/** Ten thousand notes at once. */
import { runInPage } from './browser-world.ts';
import { figure, figuresOf, ratioTarget, sized, writeSection } from './report.ts';
import { peerVersions } from './versions.ts';

const NOTES = sized(10_000, 500);

const { answer, version } = await runInPage((page) =>
  page.evaluate(([rounds, notes]) => window.bench.bulk(rounds, notes), [sized(3, 1), NOTES] as const),
);
const figures = figuresOf(answer);
const apply = figure(figures, 'apply');
const count = NOTES.toLocaleString('en');

writeSection({
  name: 'bulk',
  title: `${count} notes in bulk`,
  versions: peerVersions(version),
  targets: [
    ratioTarget(`${count} notes into the store, against raw idb in one transaction`, apply, figure(figures, 'raw'), 1.3),
    ratioTarget('the same, against raw idb in transactions of the same size', apply, figure(figures, 'raw-batches'), 1.3),
  ],
  figures: [...figures.values()],
  notes: [
    'All contenders in one page, in turns, each into a new database. Making the notes is not counted.',
    'The product works in small transactions, so that a save of the person never waits long behind the bulk; each is strict and moves the cursor.',
    'Dexie, RxDB and PouchDB write relaxed; RxDB and PouchDB write flat documents with one index, not rows with three.',
  ],
});
