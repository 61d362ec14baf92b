/** The first screen of a list of very many notes. */
import { runInPage } from './browser-world.ts';
import { figure, figuresOf, limitTarget, median, ratioTarget, sized, writeSection } from './report.ts';
import { peerVersions } from './versions.ts';

const FEW = 100;
const MANY = sized(100_000, 2000);

const { answer, version } = await runInPage((page) =>
  page.evaluate(([rounds, few, many]) => window.bench.list(rounds, few, many), [sized(30, 5), FEW, MANY] as const),
);
const figures = figuresOf(answer);
const many = figure(figures, `list-${MANY}`);
const count = MANY.toLocaleString('en');

writeSection({
  name: 'list',
  title: `First rows of ${count} notes`,
  versions: peerVersions(version).slice(0, 1),
  targets: [
    limitTarget(`first 50 rows of ${count} notes, after the store has opened (p50)`, median(many), 100),
    ratioTarget(`the same, against a store of ${FEW} notes`, many, figure(figures, `list-${FEW}`), 1.3),
  ],
  figures: [...figures.values()],
  notes: [
    'Each round in a new worker on a connection just opened; the operating system has the files in memory.',
    'Timed in the worker: one message to the page and back comes on top (see the first section).',
  ],
});
