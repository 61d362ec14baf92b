/** A device gets a blob from a real server because somebody asks for it. */
import { expect, test } from 'vitest';
import { bytesOf, openBlobDevice, startBlobDevice } from '#support/blob-device.ts';
import { pngOf } from '#support/picture-bytes.ts';

/** One device has sent `bytes`, another of the same account knows nothing of them. */
async function startTwo(bytes: Uint8Array<ArrayBuffer>) {
  const world = await startBlobDevice();
  const hash = await world.add(bytes);
  await world.send();
  const other = openBlobDevice(world.proxy, world.device);
  const gets = () => world.proxy.requests.filter(({ method }) => method === 'GET').length;
  return { ...world, other, hash, gets };
}

test('a blob that is asked for comes whole, with what its bytes say of it, and is asked for once', async () => {
  const bytes = new Uint8Array(Buffer.concat([pngOf(40, 30), bytesOf(300_000)]));
  const { other, hash, gets } = await startTwo(bytes);
  const expected = {
    ok: true,
    value: { hash, type: 'image/png', width: 40, height: 30, size: bytes.length, here: true, sent: true },
  };
  const both = await Promise.all([other.fetcher.fetch(hash), other.fetcher.fetch(hash)]);
  for (const fetched of both) expect(fetched).toMatchObject(expected);
  expect(await other.fetcher.fetch(hash)).toMatchObject(expected);
  expect(gets()).toBe(1);
  expect(await other.blobs.readBytes(hash)).toEqual({ ok: true, value: bytes });
  expect(await other.blobs.unsent(10)).toEqual({ ok: true, value: [] });
  expect(other.fetcher.isBusy()).toBe(false);
});

test('what comes is told while it comes, and a connection that breaks is gone on with', async () => {
  const bytes = bytesOf(1_500_000);
  const { other, hash, proxy } = await startTwo(bytes);
  proxy.setRate(16_000);
  const seen: (readonly [number, number | null])[] = [];
  let cuts = 0;
  const fetched = await other.fetcher.fetch(hash, (done, size) => {
    seen.push([done, size]);
    if (done > 0 && cuts++ === 0) proxy.cut();
  });
  expect(fetched).toMatchObject({ ok: true, value: { size: bytes.length } });
  expect(cuts).toBeGreaterThan(0);
  expect(seen.at(-1)?.[1]).toBe(bytes.length);
  expect(seen.some(([done]) => done > 0 && done < bytes.length)).toBe(true);
  expect(await other.blobs.readBytes(hash)).toEqual({ ok: true, value: bytes });
});

test('one of two who wait cancels and the other gets it; nothing stays where all have canceled, also while nothing comes', async () => {
  const { other, hash, proxy, device, gets } = await startTwo(bytesOf(800_000));
  proxy.setRate(8_000);
  const [canceled, fetched] = await Promise.all([other.fetcher.fetch(hash, () => false), other.fetcher.fetch(hash)]);
  expect(canceled).toEqual({ ok: false, error: { type: 'Canceled' } });
  expect(fetched).toMatchObject({ ok: true });
  proxy.setRate(null);
  const third = openBlobDevice(proxy, device);
  proxy.setFault({ type: 'hang' });
  const before = gets();
  expect(await third.fetcher.fetch(hash, () => gets() === before)).toEqual({ ok: false, error: { type: 'Canceled' } });
  expect(third.fetcher.isBusy()).toBe(false);
  expect(await third.blobs.info([hash])).toEqual({ ok: true, value: [null] });
});

test('why it did not come is said: nobody has it, no network, something else answers, damaged bytes, sync switched off', async () => {
  const { other, hash, proxy, gets } = await startTwo(bytesOf(100_000));
  const errorOf = async (asked = hash) => {
    const fetched = await other.fetcher.fetch(asked);
    return fetched.ok ? null : fetched.error.type;
  };
  expect(await errorOf('0'.repeat(64))).toBe('BlobMissing');
  proxy.setFault({ type: 'reset' });
  expect(await errorOf()).toBe('Network');
  for (const status of [200, 404]) {
    proxy.setFault({ type: 'answer', status, body: '<h1>Pay here</h1>' });
    expect(await errorOf()).toBe('Network');
  }
  const headers = { 'content-type': 'application/octet-stream' };
  proxy.setFault({ type: 'answer', status: 200, body: 'other bytes', headers });
  expect(await errorOf()).toBe('WrongBytes');
  proxy.mend();
  other.state.isOn = false;
  const before = gets();
  expect(await errorOf()).toBe('SyncOff');
  expect(gets()).toBe(before);
  other.state.isOn = true;
  expect(await errorOf()).toBeNull();
});

test('a full disk is met once: what the store has made room for comes again', async () => {
  const bytes = bytesOf(300_000);
  const { other, hash, gets } = await startTwo(bytes);
  const { place } = other;
  if (!place) throw new Error('no files');
  let left = 1;
  place.onStep = (step) => {
    if (step === 'write' && left-- > 0) throw new DOMException('full', 'QuotaExceededError');
  };
  expect(await other.fetcher.fetch(hash)).toMatchObject({ ok: true, value: { here: true } });
  expect(gets()).toBe(2);
  expect(await other.blobs.readBytes(hash)).toEqual({ ok: true, value: bytes });
});
