/** A backup of very many notes as one file, against reading and stringifying the same rows. */
import type { Page } from 'playwright';
import { buildSite, launch, makeFolder, openBench, startProductServer } from './browser-world.ts';
import type { Series } from './pages/bench-api.ts';
import { type Figure, ratioTarget, sized, writeSection } from './report.ts';
import { peerVersions } from './versions.ts';

const NOTES = sized(100_000, 2000);
const YAML_NOTES = sized(10_000, 1000);
const ROUNDS = 5;

const site = await buildSite();
const data = makeFolder('export');
const server = await startProductServer(site.folder, data.path);
const browser = await launch();

async function filled(notes: number): Promise<Page> {
  const bench = await openBench(await browser.newContext(), server.url);
  await bench.evaluate((count) => window.bench.fill(count, { pending: false, words: 150 }), notes);
  return bench;
}

const small = await filled(YAML_NOTES);
const yaml = await small.evaluate((rounds) => window.bench.writeYaml(rounds), ROUNDS);
await small.close();
const bench = await filled(NOTES);
await bench.evaluate(() => window.bench.backUp());
const files = await bench.evaluate((rounds) => window.bench.writeExports(rounds), ROUNDS);
const version = browser.version();
await browser.close();
await server.stop();
site.remove();
data.remove();

const figure = (all: readonly Series[], name: string, what: string): Figure => {
  const found = all.find((one) => one.name === name);
  if (!found) throw new Error(`no figure ${name}`);
  return { what, durability: found.durability, samples: found.samples };
};
const floor = figure(files, 'floor', 'the same rows read by idb and stringified');
const json = figure(files, 'json', 'as JSON');
const ours = figure(yaml, 'ours', `${YAML_NOTES.toLocaleString('en')} notes as YAML by our writer`);
const theirs = figure(yaml, 'theirs', `${YAML_NOTES.toLocaleString('en')} notes as YAML by js-yaml`);

writeSection({
  name: 'export',
  title: `A backup of ${NOTES.toLocaleString('en')} notes as one file`,
  versions: peerVersions(version).slice(0, 1),
  targets: [
    ratioTarget('as JSON, against reading and stringifying the rows', json, floor, 2),
    ratioTarget('YAML by our writer, against js-yaml', ours, theirs, 1),
  ],
  figures: [floor, json, figure(files, 'yaml', 'as YAML'), figure(files, 'zip', 'as ZIP, without files'), ours, theirs],
  notes: [
    'From the call in the page to the finished file: the start of the worker, parts read, their hashes compared, unpacked, written with a checksum.',
    'Rows are read a thousand to a transaction, on the page, and kept nowhere. The notes have 150 words each, a thousand characters.',
  ],
});
