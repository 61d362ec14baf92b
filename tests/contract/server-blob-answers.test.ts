/** What a device makes of the answers of a real server, and of what stands between the two, while it sends blobs. */
import { expect, test } from 'vitest';
import { UPLOAD_LENGTH, UPLOAD_OFFSET } from '#core/blob-protocol.ts';
import { paths } from '#core/paths.ts';
import { letGoOf } from '#store/blobs/let-go.ts';
import { PIECE } from '#store/blobs/source.ts';
import { bytesOf, openBlobDevice, startBlobDevice } from '#support/blob-device.ts';
import { damageBytes, leaveBeingRemoved, loseServerBlobs } from '#support/blob-faults.ts';

const DAY_MS = 24 * 3_600_000;
const unsentOf = async ({ blobs }: ReturnType<typeof openBlobDevice>) => {
  const unsent = await blobs.countUnsent();
  return unsent.ok ? unsent.value : null;
};

test('an answer without offset and length is not from a Holdfast server: nothing counts as sent, an empty file neither', async () => {
  for (const size of [0, 300]) {
    const { add, send, proxy, blobs } = await startBlobDevice();
    const hash = await add(bytesOf(size));
    for (const headers of [{}, { [UPLOAD_OFFSET]: `${size}` }, { [UPLOAD_LENGTH]: `${size}` }]) {
      proxy.setFault({ type: 'answer', status: 200, body: '', headers });
      expect(await send()).toMatchObject({ error: { type: 'Network' } });
      expect(await blobs.info([hash])).toMatchObject({ value: [{ sent: false }] });
    }
    proxy.mend();
    expect(await send()).toMatchObject({ error: null });
    expect(await blobs.info([hash])).toMatchObject({ value: [{ sent: true }] });
  }
});

test('a large file leaves room for the keys between its pieces and its parts, a small one is not held up', async () => {
  const { blobs, add, send, state, proxy } = await startBlobDevice();
  async function* arriving() {
    for (let nth = 0; nth < 3; nth++) yield bytesOf(PIECE);
  }
  expect(await blobs.put(arriving(), { type: '' })).toMatchObject({ ok: true });
  expect(state.pauses).toBe(3);
  expect(await send()).toMatchObject({ error: null });
  const parts = proxy.requests.filter(({ method }) => method === 'PUT').length;
  expect(parts).toBeGreaterThan(1);
  expect(state.pauses).toBe(3 + parts - 1);
  await add(bytesOf(100_000));
  expect(await send()).toMatchObject({ error: null });
  expect(state.pauses).toBe(3 + parts - 1);
});

test('what comes over the network in many small pieces is held up no more often than a file', async () => {
  const { add, send, proxy, device } = await startBlobDevice();
  const hash = await add(bytesOf(PIECE + 200_000));
  expect(await send()).toMatchObject({ error: null });
  const { fetcher, state } = openBlobDevice(proxy, device);
  expect(await fetcher.fetch(hash)).toMatchObject({ ok: true });
  expect(state.pauses).toBe(1);
});

test('the next file goes in parts as large as the last ones went', async () => {
  const { add, send, proxy } = await startBlobDevice();
  const partsOf = async (): Promise<number> => {
    const before = proxy.requests.length;
    await add(bytesOf(2_000_000));
    expect(await send()).toMatchObject({ error: null });
    return proxy.requests.slice(before).filter(({ method }) => method === 'PUT').length;
  };
  expect(await partsOf()).toBe(2);
  expect(await partsOf()).toBe(1);
});

test('after a fast connection a slow one has small parts again at once', async () => {
  const { add, send, proxy, time } = await startBlobDevice();
  await add(bytesOf(6_000_000));
  expect(await send()).toMatchObject({ error: null });
  const before = proxy.requests.length;
  await add(bytesOf(14_000_000));
  const sent = await send(() => {
    // 20 kB a second.
    time.ms += 400_000;
    return proxy.requests.length - before < 4;
  });
  expect(sent).toMatchObject({ error: null });
  const [first = 0, second = 0] = proxy.requests
    .slice(before)
    .filter(({ method }) => method === 'PUT')
    .map(({ bytes }) => bytes);
  expect(first).toBeGreaterThan(5_000_000);
  expect(second).toBeLessThan(200_000);
});

test('what the server refuses keeps no other back, waits longer each time up to a day, and counts as refused', async () => {
  const device = await startBlobDevice({ maxBlobBytes: 200_000 });
  const { add, send, proxy, blobs, time } = device;
  await add(bytesOf(100));
  const large = await add(bytesOf(300_000));
  expect(await send()).toMatchObject({ error: null });
  expect(await unsentOf(device)).toEqual({ files: 1, bytes: 300_000, refused: 1 });
  const waits: number[] = [];
  for (let times = 1; times <= 8; times++) {
    const refused = await blobs.refused(10);
    const one = refused.ok ? refused.value[0] : undefined;
    expect(one).toMatchObject({ hash: large, refused: { times, error: { type: 'TooLarge' } } });
    const retryAt = one?.refused.retryAt ?? 0;
    waits.push(retryAt - time.ms);
    const before = proxy.requests.length;
    time.ms = retryAt - 1;
    await send();
    expect(proxy.requests).toHaveLength(before);
    time.ms = retryAt;
    await send();
  }
  expect(waits.every((wait, at) => wait > (waits[at - 1] ?? 0) || wait === DAY_MS)).toBe(true);
  expect(waits.at(-1)).toBe(DAY_MS);
  // The person has asked for it: at once.
  await blobs.retryRefused();
  const before = proxy.requests.length;
  await send();
  expect(proxy.requests.length).toBeGreaterThan(before);
});

test('an account that is full refuses what it has no room for, asks no more for larger ones, and goes on once there is room', async () => {
  const limits = { quotaBytes: 500_000 };
  const device = await startBlobDevice(limits);
  const { add, send, proxy } = device;
  for (const size of [100_000, 450_000, 600_000, 700_000]) await add(bytesOf(size));
  expect(await send()).toMatchObject({ error: null });
  expect(await unsentOf(device)).toEqual({ files: 3, bytes: 1_750_000, refused: 3 });
  expect(proxy.requests.filter(({ method, outcome }) => method === 'PUT' && outcome === 507)).toHaveLength(1);
  const small = await add(bytesOf(200_000));
  expect(await send()).toMatchObject({ error: null });
  expect(await device.blobs.info([small])).toMatchObject({ value: [{ sent: true }] });
});

test('a blob of another size on the server is refused by itself, and bytes that are damaged here are never sent', async () => {
  const device = await startBlobDevice();
  const { add, send, proxy, blobs } = device;
  const whole = bytesOf(100_000);
  const hash = await add(whole);
  await send();
  // Another device has the same file, and its disk has cut it off.
  const other = openBlobDevice(proxy, device.device);
  // It has asked what the server lacks, and does not ask again so soon.
  await other.send();
  await other.add(whole);
  await damageBytes(other, hash, 90_000);
  const next = await other.add(bytesOf(200_000));
  expect(await other.send()).toMatchObject({ error: null });
  expect(await other.blobs.info([hash, next])).toMatchObject({ value: [{ here: false, sent: false }, { sent: true }] });
  expect(await blobs.info([hash])).toMatchObject({ value: [{ here: true, sent: true }] });
  // What is whole on the server comes back.
  expect(await other.fetcher.fetch(hash)).toMatchObject({ ok: true, value: { here: true, sent: true } });
});

test('bytes that the server finds damaged twice are compared here: what is damaged is not here any more, and the others go', async () => {
  const device = await startBlobDevice();
  const { add, send, proxy, blobs } = device;
  const hash = await add(bytesOf(100_000));
  await damageBytes(device, hash, 100_000);
  const next = await add(bytesOf(200_000));
  expect(await send()).toMatchObject({ error: null });
  expect(await blobs.info([hash, next])).toMatchObject({ value: [{ here: false, sent: false }, { sent: true }] });
  expect(proxy.requests.filter(({ outcome }) => outcome === 422)).toHaveLength(2);
  expect(await unsentOf(device)).toEqual({ files: 0, bytes: 0, refused: 0 });
});

test('whole bytes that are damaged on the way each time are refused, kept, and tried later', async () => {
  const device = await startBlobDevice();
  const { add, send, proxy, blobs, time } = device;
  const hash = await add(bytesOf(1000));
  const body = JSON.stringify({ type: 'hash-mismatch', message: 'The bytes are not those of this hash.' });
  proxy.setFault({ type: 'answer', status: 422, body, headers: { 'content-type': 'application/json' } }, { overBytes: 500 });
  expect(await send()).toMatchObject({ error: null });
  expect(await blobs.info([hash])).toMatchObject({ value: [{ here: true, sent: false }] });
  expect(await unsentOf(device)).toEqual({ files: 1, bytes: 1000, refused: 1 });
  proxy.mend();
  time.ms += DAY_MS;
  expect(await send()).toMatchObject({ error: null });
  expect(await blobs.info([hash])).toMatchObject({ value: [{ sent: true }] });
});

test('a blob that the server is removing waits alone, and goes a minute later, or at once where the removal was interrupted', async () => {
  const { add, send, blobs, app, device, time } = await startBlobDevice();
  const [first, second, third] = [await add(bytesOf(1000)), await add(bytesOf(2000)), await add(bytesOf(3000))];
  await leaveBeingRemoved(app, device.accountId, [first], 0);
  await leaveBeingRemoved(app, device.accountId, [second], 5 * 60_000);
  expect(await send()).toMatchObject({ error: null });
  expect(await blobs.info([first, second, third])).toMatchObject({ value: [{ sent: false }, { sent: true }, { sent: true }] });
  const says = 'The server is just removing an earlier copy of this file. It will be sent again.';
  expect(await blobs.refused(10)).toMatchObject({ value: [{ hash: first, refused: { says, times: 1 } }] });
  await loseServerBlobs(app, device.accountId, [first]);
  time.ms += 60_000;
  expect(await send()).toMatchObject({ error: null });
  expect(await blobs.info([first])).toMatchObject({ value: [{ sent: true }] });
});

test('an address that the server does not know ends the run, and the next begins by itself only after a while', async () => {
  const device = await startBlobDevice();
  const { add, send, proxy, time, news } = device;
  await add(bytesOf(1000));
  await add(bytesOf(2000));
  const body = JSON.stringify({ type: 'not-found', message: 'There is nothing here.' });
  proxy.setFault({ type: 'answer', status: 404, body, headers: { 'content-type': 'application/json' } });
  expect(await send()).toMatchObject({ error: { type: 'Rejected', status: 404 } });
  expect(await unsentOf(device)).toMatchObject({ files: 2, refused: 0 });
  proxy.mend();
  const ended = news.at(-1);
  const retryAt = ended?.type === 'ended' ? (ended.retryAt ?? 0) : 0;
  expect(retryAt).toBeGreaterThan(time.ms);
  const before = proxy.requests.length;
  await send(undefined, false);
  expect(proxy.requests).toHaveLength(before);
  time.ms = retryAt;
  expect(await send(undefined, false)).toMatchObject({ error: null });
  expect(await unsentOf(device)).toMatchObject({ files: 0 });
});

test('a part that somebody else than the server has answered is not taken for sent', async () => {
  const { add, send, proxy, blobs } = await startBlobDevice();
  const hash = await add(bytesOf(300));
  for (const headers of [{}, { [UPLOAD_OFFSET]: '300' }, { [UPLOAD_OFFSET]: '300', [UPLOAD_LENGTH]: '299' }]) {
    proxy.setFault({ type: 'answer', status: 200, body: '', headers }, { overBytes: 200 });
    expect(await send()).toMatchObject({ error: { type: 'Network' } });
    expect(await blobs.info([hash])).toMatchObject({ value: [{ sent: false }] });
  }
});

test('nothing is asked once there is no time: neither how far a blob is, nor what the server lacks', async () => {
  const device = await startBlobDevice();
  await device.add(bytesOf(1000));
  await device.add(bytesOf(2000));
  device.state.isOn = false;
  await device.send();
  expect(device.proxy.requests).toHaveLength(0);
  device.state.isOn = true;
  let requests = 0;
  // It is switched off while the first blob is on its way.
  await device.send(() => {
    requests += 1;
    device.state.isOn = requests < 2;
    return true;
  });
  expect(device.proxy.requests.map(({ method }) => method)).toEqual(['POST', 'HEAD', 'PUT']);
  expect(await unsentOf(device)).toMatchObject({ files: 1, bytes: 2000 });
});

test('a file that something on the way refuses in any part leaves the parts of the next one as large as they were', async () => {
  const { add, send, proxy } = await startBlobDevice();
  const refused = await add(bytesOf(600_000));
  const next = await add(bytesOf(2_000_000));
  proxy.setFault({ type: 'answer', status: 413, body: 'Too large' }, { path: new RegExp(refused), overBytes: 1 });
  expect(await send()).toMatchObject({ error: null });
  const partsOf = (hash: string) => proxy.requests.filter(({ method, path }) => method === 'PUT' && path.includes(hash));
  expect(partsOf(refused).map(({ bytes }) => bytes)).toEqual([524_288, 262_144, 131_072, 65_536]);
  expect(partsOf(next)[0]?.bytes).toBe(524_288);
});

test('a gateway that takes small parts only is sent small parts only from then on', async () => {
  const { add, send, proxy } = await startBlobDevice();
  await add(bytesOf(2_000_000));
  proxy.setFault({ type: 'answer', status: 413, body: 'Too large' }, { overBytes: 300_000 });
  expect(await send()).toMatchObject({ error: null });
  const parts = proxy.requests.filter(({ method }) => method === 'PUT').map(({ bytes }) => bytes);
  expect(parts[0]).toBe(524_288);
  expect(Math.max(...parts.slice(1))).toBe(262_144);
});

test('a gateway that is left behind does not keep the parts of the next run small', async () => {
  const { add, send, proxy } = await startBlobDevice();
  await add(bytesOf(600_000));
  proxy.setFault({ type: 'answer', status: 413, body: 'Too large' }, { overBytes: 100_000 });
  expect(await send()).toMatchObject({ error: null });
  proxy.mend();
  const before = proxy.requests.length;
  await add(bytesOf(4_000_000));
  expect(await send()).toMatchObject({ error: null });
  const parts = proxy.requests.slice(before).filter(({ method }) => method === 'PUT');
  expect(Math.max(...parts.map(({ bytes }) => bytes))).toBeGreaterThan(500_000);
});

test('after a new life of the server all that is here is asked about, and what it has lost is sent again, over a kill', async () => {
  const device = await startBlobDevice();
  const { add, send, blobs, queue, app, proxy } = device;
  const hashes = [await add(bytesOf(1000)), await add(bytesOf(2000)), await add(bytesOf(3000))];
  await send();
  const lost = hashes[1] ?? '';
  await loseServerBlobs(app, device.device.accountId, [lost]);
  await device.beginLife('restored');
  expect(await letGoOf(device.context, lost)).toEqual({ ok: true, value: false });
  // Killed between the answer and its note: the page is asked for again.
  const question = await queue.question();
  if (!question.ok || !question.value) throw new Error('no question');
  expect(question.value.hashes.toSorted()).toEqual(hashes.toSorted());
  await send();
  expect(await blobs.info(hashes)).toMatchObject({ value: [{ sent: true }, { sent: true }, { sent: true }] });
  const again = proxy.requests.filter(({ method, path }) => method === 'PUT' && path.includes(lost));
  expect(again).toHaveLength(2);
  expect((await device.device.post(paths.missingBlobs(device.device.accountId), { protocol: 1, hashes })).json).toEqual({
    missing: [],
  });
  expect(await letGoOf(device.context, lost)).toEqual({ ok: true, value: true });
  const asked = proxy.requests.filter(({ method }) => method === 'POST').length;
  await send();
  expect(proxy.requests.filter(({ method }) => method === 'POST')).toHaveLength(asked);
});

test('an answer of the life before says nothing about the new one', async () => {
  const device = await startBlobDevice();
  const hash = await device.add(bytesOf(1000));
  await device.send();
  await device.beginLife('first');
  const question = await device.queue.question();
  if (!question.ok || !question.value) throw new Error('no question');
  await device.beginLife('second');
  await device.queue.answer(question.value, []);
  const next = await device.queue.question();
  expect(next).toMatchObject({ value: { epoch: 'second', after: null, hashes: [hash] } });
});
