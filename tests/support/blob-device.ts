/** A device with blobs, in an account of a real server, behind a network that fails on demand. */
import { randomBytes } from 'node:crypto';
import { afterEach } from 'vitest';
import type { BlobHash } from '#core/blobs.ts';
import type { BytesTransport } from '#core/ports.ts';
import { looksOf } from '#features/pictures/looks-of.ts';
import { fetchBytes } from '#platform/fetch-bytes.ts';
import { createOwnLocks } from '#platform/own-locks.ts';
import { systemClock } from '#platform/system.ts';
import { defaultLimits } from '#server/limits.ts';
import { createBlobQueue } from '#store/blobs/blob-queue.ts';
import { createBlobDrainer } from '#sync/blob-drainer.ts';
import { createBlobFetcher } from '#sync/blob-fetcher.ts';
import { openBlobWorld } from './blob-world.ts';
import { type FaultProxy, startFaultProxy } from './fault-proxy.ts';
import { enterDevice, startApp, type TestDevice } from './server-http.ts';

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
  const { blobs } = openBlobWorld();
  const wire = transportTo(proxy.url, cookie);
  const state = { isOn: true };
  const around = {
    workspaceId: 'ws',
    accountId,
    transport: wire,
    locks: createOwnLocks(),
    clock: systemClock,
    isOn: async () => ({ ok: true, value: state.isOn }) as const,
  };
  const drainer = createBlobDrainer({ ...around, queue: createBlobQueue(blobs) });
  const send = async (mayGoOn: () => boolean = () => true) => {
    const sent = await drainer.run(mayGoOn);
    if (!sent?.ok) throw new Error(sent ? sent.error.type : 'somebody else is at it');
    return sent.value;
  };
  const add = async (bytes: Uint8Array<ArrayBuffer>): Promise<BlobHash> => {
    const put = await blobs.put(bytes, { type: 'image/png' });
    if (!put.ok) throw new Error(put.error.type);
    return put.value.hash;
  };
  const fetcher = createBlobFetcher({ ...around, blobs, looksOf });
  return { blobs, wire, send, add, fetcher, state };
}

/** As a browser sends it: the cookie goes along by itself. */
function transportTo(url: string, cookie: string): BytesTransport {
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

export const bytesOf = (size: number): Uint8Array<ArrayBuffer> => new Uint8Array(randomBytes(size));
