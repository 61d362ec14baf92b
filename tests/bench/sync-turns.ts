/** One turn of a contender: a device sends all that waits, and a fresh one pulls it. */
import type { Browser } from 'playwright';
import { makeFolder, openBench, startPeerServer, startProductServer } from './browser-world.ts';
import type { AccountKeys } from './pages/bench-api.ts';
import { watchHeaps } from './worker-heap.ts';

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

/** The same ops without a database, and the same rows without a server. */
export async function floorTurn(browser: Browser, site: string, count: number): Promise<Floors> {
  const data = makeFolder('floors');
  const server = await startProductServer(site, data.path);
  try {
    const page = await openBench(browser, server.url);
    const post = await page.evaluate((ops) => window.bench.postFromMemory(ops), count);
    const put = await page.evaluate((rows) => window.bench.putRaw(rows), count);
    await page.context().close();
    return { post, put };
  } finally {
    await server.stop();
    data.remove();
  }
}

/** The product. `onHeap` hears of its workers' heaps while it sends; such a turn is not to be timed. */
export async function holdfastTurn(
  browser: Browser,
  site: string,
  count: number,
  onHeap?: (bytes: number) => void,
): Promise<Turn> {
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
export async function peerTurn(browser: Browser, site: string, peer: 'pouchdb' | 'rxdb', count: number): Promise<Turn> {
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
