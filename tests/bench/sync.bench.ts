/** Ten thousand changes to the server and back, each contender by its own protocol against its own server. */
import { buildSite } from './browser-world.ts';
import type { Durability } from './pages/bench-api.ts';
import { launchPlain } from './plain-browser.ts';
import { type Figure, median, round, sized, type Target, writeSection } from './report.ts';
import { type Floors, floorTurn, holdfastTurn, peerTurn, type Turn } from './sync-turns.ts';
import { peerVersions } from './versions.ts';

const OPS = sized(10_000, 600);
const ROUNDS = sized(2, 1);

const site = await buildSite();
const browser = await launchPlain();
const { version } = browser;
const place = { site: site.folder, open: browser.open };
const floors: Floors[] = [];
const turns = { holdfast: [] as Turn[], rxdb: [] as Turn[], pouchdb: [] as Turn[] };
try {
  for (let turn = 0; turn < ROUNDS; turn++) {
    turns.holdfast.push(await holdfastTurn(place, OPS));
    turns.rxdb.push(await peerTurn(place, 'rxdb', OPS));
    turns.pouchdb.push(await peerTurn(place, 'pouchdb', OPS));
    floors.push(await floorTurn(place, OPS));
    for (const made of [turns.holdfast, turns.rxdb, turns.pouchdb]) {
      if (made[turn]?.count !== OPS) throw new Error(`${made[turn]?.count} notes arrived, not ${OPS}`);
    }
  }
} finally {
  await browser.close();
  site.remove();
}

const ops = OPS.toLocaleString('en');
const make = (what: string, durability: Durability, samples: readonly number[], unit = 'ms'): Figure => {
  return { what, durability, samples, unit };
};
const of = (name: keyof typeof turns, way: 'push' | 'pull') => turns[name].map((turn) => turn[way]);
const push = {
  holdfast: make(`Holdfast: ${ops} queued ops until acknowledged and settled`, 'strict', of('holdfast', 'push')),
  rxdb: make(`RxDB: ${ops} documents by HTTP replication`, 'relaxed', of('rxdb', 'push')),
  pouchdb: make(`PouchDB: ${ops} documents by \`replicate.to\``, 'relaxed', of('pouchdb', 'push')),
};
const pull = {
  holdfast: make(`Holdfast: a fresh device enters and pulls ${ops} changes`, 'strict', of('holdfast', 'pull')),
  rxdb: make(`RxDB: a fresh database pulls ${ops} documents`, 'relaxed', of('rxdb', 'pull')),
  pouchdb: make(`PouchDB: a fresh database, \`replicate.from\``, 'relaxed', of('pouchdb', 'pull')),
};

const bounds = [
  make(
    `floor of a push: the same ${ops} ops posted from memory, 500 at a time, no database on the device`,
    '–',
    floors.map(({ post }) => post),
  ),
  make(
    `floor of a pull: raw idb, the same ${ops} rows into a new database, 100 at a time, no request`,
    'strict',
    floors.map(({ put }) => put),
  ),
];

const faster = (what: string, ours: Figure, theirs: Figure): Target => {
  const ratio = median(theirs) / median(ours);
  return { what, target: 'at least 5 × faster', measured: `${round(ratio)} ×`, met: ratio >= 5 };
};

writeSection({
  name: 'sync',
  title: `${ops} changes to the server and back`,
  versions: peerVersions(version),
  targets: [
    faster('push, against PouchDB', push.holdfast, push.pouchdb),
    faster('push, against RxDB', push.holdfast, push.rxdb),
    faster('pull, against PouchDB', pull.holdfast, pull.pouchdb),
    faster('pull, against RxDB', pull.holdfast, pull.rxdb),
  ],
  figures: [...Object.values(push), ...Object.values(pull), ...bounds],
  notes: [
    'A browser that nobody listens to: Playwright gets each request reported, with its body, which made a push of 320 kB take 18 ms instead of 5.',
    'Servers and browser on one machine, each server a process of its own, over HTTP/1.1 on loopback; fresh databases at every round; filling the queue is not counted.',
    'Holdfast: its store worker drains as where no service worker runs, up to 500 ops or 1 MB to a push, against its own server (SQLite, WAL, `synchronous = FULL`), which keeps every version and checks every hash. Every step on the device is strict. From a hundred ops on a push is marked and settled as one (docs/decisions/0013-a-bulk-is-marked-as-one.md).',
    'RxDB: the handlers of its documentation, 500 documents to a push and 1,000 to a pull, against two plain Express routes over the same SQLite with the same settings.',
    'PouchDB: 1,000 documents to a batch (ten times its default), against express-pouchdb over LevelDB, which does not sync its log to the disk.',
  ],
});
