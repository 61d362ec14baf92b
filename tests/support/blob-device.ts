/** A device with blobs, in an account of a real server, behind a network that fails on demand. */
import { randomBytes } from 'node:crypto';
import { afterEach } from 'vitest';
import type { BlobHash } from '#core/blobs.ts';
import type { BlobNews } from '#core/channels.ts';
import type { BytesTransport, Transport } from '#core/ports.ts';
import { createStop } from '#core/stop.ts';
import { looksOf } from '#features/pictures/looks-of.ts';
import { fetchBytes } from '#platform/fetch-bytes.ts';
import { createOwnLocks } from '#platform/own-locks.ts';
import { systemClock, systemRandom } from '#platform/system.ts';
import { defaultLimits } from '#server/limits.ts';
import { createBlobQueue } from '#store/blobs/blob-queue.ts';
import { askAll, asWay, BLOB_WAY } from '#store/schema/blob-way.ts';
import { createBlobDrainer } from '#sync/blob-drainer.ts';
import { createBlobFetcher } from '#sync/blob-fetcher.ts';
import { openBlobWorld } from './blob-world.ts';
import { type FaultProxy, startFaultProxy } from './fault-proxy.ts';
import { enterDevice, fetchJson, startApp, type TestDevice } from './server-http.ts';

const closers: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

/** A server behind a network that fails on demand, and a device in an account of it. */
export async function startBlobDevice(limits: Partial<typeof defaultLimits> = {}) {
  const app = await startApp({ config: { limits: { ...defaultLimits, ...limits } } });
  closers.push(() => app.close());
  const device = await enterDevice(app.url);
  const proxy = await startFaultProxy(app.url);
  closers.push(() => proxy.close());
  return { ...openBlobDevice(proxy, device), app, proxy, device };
}

/** Another store in the same account. */
export function openBlobDevice(proxy: FaultProxy, { accountId, cookie }: TestDevice) {
  const pause = async (): Promise<void> => {
    state.pauses += 1;
  };
  const { blobs, context, time, kv, place } = openBlobWorld({ pause });
  const wire = watched(transportTo(proxy.url, cookie), () => state.onRequest());
  const state = { isOn: true, onRequest: () => {}, pauses: 0 };
  const around = {
    workspaceId: 'ws',
    accountId,
    locks: createOwnLocks(),
    // Pauses are short here; the store's own clock is `time`.
    clock: { now: () => time.ms, setTimer: (ms: number, run: () => void) => systemClock.setTimer(ms / 20, run) },
    isOn: async () => ({ ok: true, value: state.isOn }) as const,
    pause,
  };
  const queue = createBlobQueue(context);
  const news: BlobNews[] = [];
  const drainer = createBlobDrainer({
    ...around,
    queue,
    bytes: wire,
    transport: jsonOver(proxy.url, cookie),
    random: systemRandom,
    channel: { post: (message) => void news.push(message) },
  });
  /** Runs once; `until` is asked before each request, and false ends it. */
  const send = async (until: () => boolean = () => true, force = true) => {
    const stop = createStop();
    state.onRequest = () => {
      if (!until()) stop.abort();
    };
    const sent = await drainer.run({ signal: stop.signal, force });
    if (!sent?.ok) throw new Error(sent ? sent.error.type : 'somebody else is at it');
    return sent.value;
  };
  const add = async (bytes: Uint8Array<ArrayBuffer>): Promise<BlobHash> => {
    const put = await blobs.put(bytes, { type: 'image/png' });
    if (!put.ok) throw new Error(put.error.type);
    return put.value.hash;
  };
  const fetcher = createBlobFetcher({ ...around, clock: systemClock, transport: wire, blobs, looksOf });
  /** As the end of a reconcile says it. */
  const beginLife = (epoch: string) =>
    kv.transact({ way: BLOB_WAY }, ({ way }) => ({
      writes: [{ put: 'meta', row: askAll(asWay(way), epoch) }],
      value: undefined,
    }));
  return { blobs, context, wire, send, add, fetcher, state, queue, time, news, kv, clock: context.clock, place, beginLife };
}

const watched = ({ requestBytes }: BytesTransport, onRequest: () => void): BytesTransport => ({
  requestBytes(request) {
    onRequest();
    return requestBytes(request);
  },
});

/** As a browser sends it: the cookie goes along by itself. */
export function transportTo(url: string, cookie: string): BytesTransport {
  const real = globalThis.fetch;
  return {
    async requestBytes(request) {
      globalThis.fetch = (input, init = {}) => {
        const headers = new Headers(init.headers);
        headers.set('cookie', cookie);
        return real(input, { ...init, headers });
      };
      try {
        return await fetchBytes.requestBytes({ ...request, path: `${url}${request.path}` });
      } finally {
        globalThis.fetch = real;
      }
    },
  };
}

export const jsonOver = (url: string, cookie: string): Transport => ({
  async request({ method, path, body }) {
    try {
      const sent = body === undefined ? {} : { 'content-type': 'application/json' };
      const headers = { cookie, ...sent };
      const { status, json } = await fetchJson(url + path, { method, headers, body: JSON.stringify(body) });
      return { ok: true, value: { status, json, retryAfterMs: null } };
    } catch (error) {
      return { ok: false, error: { reason: String(error) } };
    }
  },
});

export const bytesOf = (size: number): Uint8Array<ArrayBuffer> => new Uint8Array(randomBytes(size));
