/** One turn of a contender: a device sends all that waits, and a fresh one pulls it. */
import { BENCH_PATH, makeFolder, startPeerServer, startProductServer } from './browser-world.ts';
import type { AccountKeys } from './pages/bench-api.ts';
import type { PlainPage } from './plain-browser.ts';

export interface Turn {
  readonly push: number;
  readonly pull: number;
  readonly count: number;
}

/** What bounds the product's turn from below. */
export interface Floors {
  readonly post: number;
  readonly put: number;
}

/** Where the turns run: pages of a browser, and the folder that the servers give out. */
export interface Place {
  readonly site: string;
  open(url: string): Promise<PlainPage>;
}

async function openBench({ open }: Place, origin: string): Promise<PlainPage> {
  const page = await open(origin + BENCH_PATH);
  while (!(await page.evaluate(() => window.bench !== undefined, null))) await new Promise((resolve) => setTimeout(resolve, 20));
  return page;
}

/** The same ops without a database, and the same rows without a server. */
export async function floorTurn(place: Place, count: number): Promise<Floors> {
  const data = makeFolder('floors');
  const server = await startProductServer(place.site, data.path);
  try {
    const page = await openBench(place, server.url);
    const post = await page.evaluate((ops) => window.bench.postFromMemory(ops), count);
    const put = await page.evaluate((rows) => window.bench.putRaw(rows), count);
    await page.close();
    return { post, put };
  } finally {
    await server.stop();
    data.remove();
  }
}

/** The product. `whileSending` runs beside the push: a turn that is watched is not to be timed. */
export async function holdfastTurn<P extends PlainPage>(
  place: Place & { open(url: string): Promise<P> },
  count: number,
  whileSending?: (page: P) => Promise<{ stop(): Promise<void> }>,
): Promise<Turn> {
  const data = makeFolder('product');
  const server = await startProductServer(place.site, data.path);
  try {
    const first = (await openBench(place, server.url)) as P;
    const keys: AccountKeys = await first.evaluate((ops) => window.bench.fill(ops, { pending: true }), count);
    const watch = await whileSending?.(first);
    const push = await first.evaluate(() => window.bench.drain(), null);
    await watch?.stop();
    const second = await openBench(place, server.url);
    const { ms: pull, count: got } = await second.evaluate((account) => window.bench.join(account), keys);
    await Promise.all([first.close(), second.close()]);
    return { push, pull, count: got };
  } finally {
    await server.stop();
    data.remove();
  }
}

/** A peer: two databases of one profile, because its server knows no accounts. */
export async function peerTurn(place: Place, peer: 'pouchdb' | 'rxdb', count: number): Promise<Turn> {
  const data = makeFolder(peer);
  const server = await startPeerServer(place.site, data.path);
  try {
    const page = await openBench(place, server.url);
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
    await page.close();
    return turn;
  } finally {
    await server.stop();
    data.remove();
  }
}
