/** Ten thousand changes to the server and back, each contender by its own protocol against its own server. */
import type { Browser } from 'playwright';
import { buildSite, launch, makeFolder, openBench, startPeerServer, startProductServer } from './browser-world.ts';
import type { AccountKeys, Durability } from './pages/bench-api.ts';
import { type Figure, median, round, sized, type Target, writeSection } from './report.ts';
import { peerVersions } from './versions.ts';
import { watchHeaps } from './worker-heap.ts';

const OPS = sized(10_000, 600);
const FEW = OPS / 10;
const ROUNDS = sized(3, 1);

interface Turn {
  readonly push: number;
  readonly pull: number;
  readonly count: number;
}

/** The product: a device with a queue sends it, and a fresh device of the same account pulls. */
async function holdfastTurn(browser: Browser, site: string, count: number, onHeap?: (bytes: number) => void): Promise<Turn> {
  const data = makeFolder('product');
  const server = await startProductServer(site, data.path);
  try {
    const first = await openBench(browser, server.url);
    const keys: AccountKeys = await first.evaluate((ops) => window.bench.fill(ops, { pending: true }), count);
    const heaps = onHeap ? await watchHeaps(first, onHeap) : null;
    const push = await first.evaluate(() => window.bench.drain());
    await heaps?.stop();
    const second = await openBench(browser, server.url);
    const { ms: pull, count: got } = await second.evaluate((account) => window.bench.join(account), keys);
    await Promise.all([first.context().close(), second.context().close()]);
    return { push, pull, count: got };
  } finally {
    await server.stop();
    data.remove();
  }
}

/** A peer: two databases of one profile, because its server knows no accounts. */
async function peerTurn(browser: Browser, site: string, peer: 'pouchdb' | 'rxdb', count: number): Promise<Turn> {
  const data = makeFolder(peer);
  const server = await startPeerServer(site, data.path);
  try {
    const page = await openBench(browser, server.url);
    const remote = peer === 'pouchdb' ? `${server.url}/pouch/notes` : `${server.url}/rxdb`;
    const turn = await page.evaluate(
      async ([name, url, ops]) => {
        const { bench } = window;
        const isPouch = name === 'pouchdb';
        await (isPouch ? bench.pouchFill('first', ops) : bench.rxdbFill('first', ops));
        const push = await (isPouch ? bench.pouchPush('first', url) : bench.rxdbPush('first', url));
        const { ms, count: got } = await (isPouch ? bench.pouchPull('second', url) : bench.rxdbPull('second', url));
        return { push, pull: ms, count: got };
      },
      [peer, remote, count] as const,
    );
    await page.context().close();
    return turn;
  } finally {
    await server.stop();
    data.remove();
  }
}

const site = await buildSite();
const browser = await launch();
const version = browser.version();
const turns = { holdfast: [] as Turn[], rxdb: [] as Turn[], pouchdb: [] as Turn[] };
const peaks = { few: 0, many: 0 };
try {
  for (let turn = 0; turn < ROUNDS; turn++) {
    turns.holdfast.push(await holdfastTurn(browser, site.folder, OPS));
    turns.rxdb.push(await peerTurn(browser, site.folder, 'rxdb', OPS));
    turns.pouchdb.push(await peerTurn(browser, site.folder, 'pouchdb', OPS));
    for (const made of [turns.holdfast, turns.rxdb, turns.pouchdb]) {
      if (made[turn]?.count !== OPS) throw new Error(`${made[turn]?.count} notes arrived, not ${OPS}`);
    }
  }
  // Apart from the timed turns: each look at the heap collects its garbage first.
  await holdfastTurn(browser, site.folder, FEW, (bytes) => {
    peaks.few = Math.max(peaks.few, bytes);
  });
  await holdfastTurn(browser, site.folder, OPS, (bytes) => {
    peaks.many = Math.max(peaks.many, bytes);
  });
} finally {
  await browser.close();
  site.remove();
}

const MB = 2 ** 20;
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
    {
      what: `highest heap of the store worker while it sends ${ops} ops, against ${FEW.toLocaleString('en')}`,
      target: 'flat (at most 1.3 ×)',
      measured: `${round(peaks.many / MB)} to ${round(peaks.few / MB)} MB`,
      met: peaks.many <= peaks.few * 1.3,
    },
  ],
  figures: [...Object.values(push), ...Object.values(pull)],
  notes: [
    'Servers and browser on one machine, each server a process of its own, over HTTP/1.1 on loopback; fresh databases at every round; filling the queue is not counted.',
    'Holdfast: its store worker drains as where no service worker runs, 200 ops to a push, against its own server (SQLite, WAL, `synchronous = FULL`), which keeps every version and checks every hash. Every step on the device is strict.',
    'RxDB: the handlers of its documentation, 200 documents to a push and 500 to a pull, against two plain Express routes over the same SQLite with the same settings.',
    'PouchDB: 1,000 documents to a batch (ten times its default), against express-pouchdb over LevelDB, which does not sync its log to the disk.',
    'The heap is read after a collection, every 200 ms, in rounds of their own.',
  ],
});
