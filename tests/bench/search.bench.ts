/** Full text search over very many notes and messages: from the page, through the product's search worker, snippets included. */
import { runInPage } from './browser-world.ts';
import { figuresOf, limitTarget, sized, writeSection } from './report.ts';
import { summarize } from './statistics.ts';
import { peerVersions } from './versions.ts';

const DOCUMENTS = sized(20_000, 1000);
const QUERIES = ['word', 'beginning', 'misspelt', 'two', 'three', 'common'];

const { answer, version } = await runInPage((page) =>
  page.evaluate(([rounds, count]) => window.bench.search(rounds, count), [sized(60, 5), DOCUMENTS] as const),
);
const figures = figuresOf(answer);
const samplesOf = (names: readonly string[]): readonly number[] =>
  answer.filter(({ name }) => names.includes(name)).flatMap(({ samples }) => samples);

writeSection({
  name: 'search',
  title: `Search in ${DOCUMENTS.toLocaleString('en')} notes and messages`,
  versions: peerVersions(version).slice(0, 1),
  targets: [
    limitTarget('first results of a query, all kinds of queries together (p95)', summarize(samplesOf(QUERIES)).p95, 50),
    limitTarget('first rows of a list narrowed to a word (p95)', summarize(samplesOf(['list'])).p95, 50),
  ],
  figures: [...figures.values()],
  notes: [
    'Half notes, half messages in chats of twenty, 120 words each; 20,000 different words, spread as in a natural language.',
    'A query is timed from the page: the way to the worker, the index, reading the best 20 of each kind from the store, snippets and marks.',
    'Queries come one after the other in turns, each in other words; a person who types gives the worker more time.',
  ],
});
