/** An account of a million entities: what a page of its manifest costs, and what a database without digests takes to get them. */
import { join } from 'node:path';
import SqliteDatabase from 'better-sqlite3';
import { hashText } from '#core/hash.ts';
import type { NewVersion } from '#server/storage/storage.ts';
import { createServerWorld, expectOk, newId, openTestStorage, START_MS } from '#support/server-world.ts';
import { makeFolder } from './browser-world.ts';
import { type Figure, limitTarget, median, round, sized, writeSection } from './report.ts';

const ENTITIES = sized(1_000_000, 20_000);
/** So many entities have been changed as often as a lineage reaches: their pages are the dearest. */
const CHANGED = 10_000;
const VERSIONS = 20;
const PER_APPEND = 2000;
const ROUNDS = sized(30, 5);

const folder = makeFolder('manifest');
const path = join(folder.path, 'holdfast.db');
const storage = await openTestStorage({ path });
const { api, accountId } = await createServerWorld({ storage });

let seq = 0;
let waiting: NewVersion[] = [];
const flush = async () => {
  const versions = waiting;
  waiting = [];
  expectOk(await storage.write(accountId, (writer) => writer.append(accountId, versions, 0)));
};
const body = 'a text of a few words';
const hash = hashText(body);
for (let entity = 0; entity < ENTITIES; entity++) {
  const id = newId();
  let base: string | null = null;
  for (let rev = 1; rev <= (entity < CHANGED ? VERSIONS : 1); rev++) {
    const version = newId();
    waiting.push({
      ...{ kind: 'note', id, v: 1, version, rev, seq: ++seq, base, deleted: false, body, hash, bytes: body.length, blobs: [] },
      ...{ lastUpdated: '0mxyz0000-0000-0123abcd', deviceId: id, acceptedAt: START_MS },
    });
    base = version;
    if (waiting.length === PER_APPEND) await flush();
  }
}
await flush();

async function measure(limit: number, after: [string, string] | null): Promise<readonly number[]> {
  const samples: number[] = [];
  for (let turn = 0; turn < ROUNDS; turn++) {
    const start = performance.now();
    expectOk(await api.manifest(accountId, { after, limit }));
    samples.push(performance.now() - start);
  }
  return samples;
}

const changed = await measure(5000, null);
const middle = expectOk(await storage.read((reader) => reader.headsAfter(accountId, seq / 2, 1)))[0];
const unchanged = await measure(5000, middle ? [middle.kind, middle.id] : null);
const memory = process.memoryUsage.rss();

const raw = new SqliteDatabase(path);
raw.exec('delete from digests');
raw.close();
const start = performance.now();
expectOk(await storage.catchUp());
const caughtUpMs = performance.now() - start;
const kept = expectOk(await storage.read((reader) => reader.digest(accountId)));
if (kept.entities !== ENTITIES) throw new Error('the digest does not hold every entity');

const first: Figure = {
  what: 'the first page, of 500 entities that were changed twenty times each',
  durability: '–',
  samples: changed,
};
writeSection({
  name: 'manifest',
  title: `The manifest of ${ENTITIES.toLocaleString('en')} entities`,
  targets: [limitTarget('first page of the manifest, its largest', median(first), 100)],
  figures: [
    first,
    { what: 'a later page, of 5,000 entities that were never changed', durability: '–', samples: unchanged },
    {
      what: `the digest made from a log of ${seq.toLocaleString('en')} versions, once, at the start after an update`,
      durability: 'full',
      samples: [caughtUpMs],
    },
  ],
  notes: [`In one Node process, without HTTP, with ${round(memory / 1e6)} MB in memory at the end.`],
});

await storage.close();
folder.remove();
