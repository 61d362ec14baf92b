/** A device's blobs on their way to a real server and back, over a connection that breaks. */
import { expect, test, vi } from 'vitest';
import type { BlobHash } from '#core/blobs.ts';
import { systemClock } from '#platform/system.ts';
import { bytesOf, openBlobDevice, startBlobDevice } from '#support/blob-device.ts';
import { letGo } from '#support/blob-world.ts';
import type { FaultProxy } from '#support/fault-proxy.ts';
import { fetchBlob } from '#sync/fetch-blob.ts';

async function start(limits: Parameters<typeof startBlobDevice>[0] = {}) {
  const world = await startBlobDevice(limits);
  const { wire, device } = world;
  const fetch = (hash: BlobHash) => fetchBlob({ transport: wire, accountId: device.accountId, clock: systemClock }, hash);
  return { ...world, fetch };
}

const puts = ({ requests }: FaultProxy): readonly string[] =>
  requests.filter(({ method }) => method === 'PUT').map(({ path }) => path);

async function readAll(bytes: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  for await (const piece of bytes) pieces.push(piece);
  return Buffer.concat(pieces);
}

test('what a device adds is on the server, the smallest first, and comes back byte by byte', async () => {
  const { add, send, fetch, blobs, proxy } = await start();
  const sizes = [2_000_000, 0, 300, 70_000];
  const all = sizes.map(bytesOf);
  const hashes: BlobHash[] = [];
  for (const bytes of all) hashes.push(await add(bytes));
  expect(await send()).toMatchObject({ error: null, isCut: false });
  expect(await blobs.unsent(10)).toEqual({ ok: true, value: [] });
  const order = [...new Set(puts(proxy).map((path) => hashes.findIndex((hash) => path.includes(hash))))];
  expect(order.map((at) => sizes[at])).toEqual([0, 300, 70_000, 2_000_000]);
  for (const [at, bytes] of all.entries()) {
    const fetched = await fetch(hashes[at] ?? '');
    if (!fetched.ok || !fetched.value) throw new Error('not fetched');
    expect((await readAll(fetched.value.bytes)).equals(bytes)).toBe(true);
  }
});

test('what was sent is not sent again, also where another device adds the same file', async () => {
  const { add, send, proxy, device } = await start();
  const bytes = bytesOf(100_000);
  await add(bytes);
  await send();
  const before = puts(proxy).length;
  const other = openBlobDevice(proxy, device);
  await other.add(bytes);
  expect(await other.send()).toMatchObject({ error: null });
  await send();
  expect(puts(proxy)).toHaveLength(before);
  expect(await other.blobs.unsent(10)).toEqual({ ok: true, value: [] });
});

test('an upload goes on where its last part ended, after a connection that broke and a run without time for more', async () => {
  const { add, send, proxy, blobs } = await start();
  const bytes = bytesOf(3_000_000);
  await add(bytes);
  // Whatever is sent does not arrive.
  proxy.setFault({ type: 'reset' }, { overBytes: 1000 });
  expect(await send()).toMatchObject({ error: { type: 'Network' } });
  proxy.mend();
  // There is time for one part only, behind the question how far it is.
  let requests = 0;
  expect(await send(() => ++requests <= 2)).toMatchObject({ error: null, isCut: true });
  expect(await send()).toMatchObject({ error: null, isCut: false });
  expect(await blobs.unsent(10)).toEqual({ ok: true, value: [] });
  const sent = proxy.requests.filter(({ method, outcome }) => method === 'PUT' && outcome !== 'reset');
  expect(sent.reduce((sum, request) => sum + request.bytes, 0)).toBe(bytes.length);
});

test('sync that is switched off ends a part that is on its way, and does not wait for its end', async () => {
  const { add, send, proxy, blobs, state } = await start();
  const hash = await add(bytesOf(200_000));
  proxy.setFault({ type: 'hang' }, { overBytes: 1000 });
  const sending = send();
  await vi.waitUntil(() => proxy.requests.some(({ outcome }) => outcome === 'hang'));
  state.isOn = false;
  expect(await sending).toMatchObject({ error: null, isCut: true });
  proxy.mend();
  state.isOn = true;
  expect(await send()).toMatchObject({ error: null, isCut: false });
  expect(await blobs.info([hash])).toMatchObject({ value: [{ sent: true }] });
});

test('a file that a gateway finds too large is sent in smaller parts; one that the server refuses keeps no other back', async () => {
  const { add, send, proxy, blobs } = await start({ maxBlobBytes: 500_000 });
  const large = await add(bytesOf(600_000));
  await add(bytesOf(400_000));
  proxy.setFault({ type: 'answer', status: 413, body: 'Too large' }, { overBytes: 100_000 });
  const sent = await send();
  expect(sent.error).toBeNull();
  expect(await blobs.refused(10)).toMatchObject({
    value: [{ hash: large, refused: { error: { type: 'TooLarge' }, says: 'This server takes no file above 0.5 MB.', times: 1 } }],
  });
  expect(await blobs.unsent(10)).toMatchObject({ value: [{ hash: large }] });
});

test('bytes that this device no longer has are passed over', async () => {
  const { add, send, blobs, context } = await start();
  const gone = await add(bytesOf(200_000));
  const kept = await add(bytesOf(300_000));
  await blobs.markSent([gone]);
  await letGo(context, gone);
  await blobs.markSent([gone], false);
  expect(await send()).toMatchObject({ error: null });
  expect(await blobs.info([kept])).toMatchObject({ value: [{ sent: true }] });
});

test('a download goes on after a break, and what nobody has is nothing', async () => {
  const { add, send, fetch, proxy } = await start();
  const bytes = bytesOf(3_000_000);
  const hash = await add(bytes);
  await send();
  proxy.setRate(40_000);
  const fetched = await fetch(hash);
  if (!fetched.ok || !fetched.value) throw new Error('not fetched');
  const pieces: Uint8Array[] = [];
  let breaks = 0;
  for await (const piece of fetched.value.bytes) {
    pieces.push(piece);
    if (breaks < 2 && Buffer.concat(pieces).length > 500_000 * (breaks + 1)) {
      breaks += 1;
      proxy.cut();
    }
  }
  expect(Buffer.concat(pieces).equals(bytes)).toBe(true);
  expect(proxy.requests.filter(({ method, outcome }) => method === 'GET' && outcome === 206)).not.toHaveLength(0);
  expect(await fetch('0'.repeat(64))).toEqual({ ok: true, value: null });
});

test('a connection that breaks is waited out within the run, and what had arrived counts', async () => {
  const { add, send, proxy, blobs } = await start();
  const bytes = bytesOf(3_000_000);
  const hash = await add(bytes);
  let requests = 0;
  const sent = await send(() => {
    requests += 1;
    // Every second request.
    if (requests % 2 === 0) proxy.setFault({ type: requests % 4 === 0 ? 'reset' : 'lose-answer' });
    else proxy.mend();
    return true;
  });
  expect(sent).toEqual({ error: null, isCut: false });
  expect(await blobs.info([hash])).toMatchObject({ value: [{ sent: true }] });
  const arrived = proxy.requests.filter(({ method, outcome }) => method === 'PUT' && outcome !== 'reset');
  expect(arrived.reduce((sum, request) => sum + request.bytes, 0)).toBe(bytes.length);
});
