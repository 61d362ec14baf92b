/** A device that joins fetches from a real server what its entities name, in the background. */
import { expect, test } from 'vitest';
import type { BlobHash } from '#core/blobs.ts';
import { createBlobFill } from '#store/blobs/blob-fill.ts';
import { bytesOf, openBlobDevice, startBlobDevice } from '#support/blob-device.ts';
import { entityRow, letGo } from '#support/blob-world.ts';
import { must } from '#support/memory-workspace.ts';
import { fillBlobs } from '#sync/fill-blobs.ts';

/** One device of an account with files, and another that knows only the words. */
async function start() {
  const first = await startBlobDevice();
  const second = openBlobDevice(first.proxy, first.device);
  let localSeq = 0;
  /** The second device learns of a note that names these. */
  const learn = async (...hashes: readonly BlobHash[]) => {
    localSeq += 1;
    const row = entityRow('note', `note-${localSeq}`, hashes.map((hash) => `![](files/${hash}.png)`).join(' '), { localSeq });
    must(await second.kv.transact({}, () => ({ writes: [{ put: 'entities', row }], value: undefined })));
  };
  const gets = () => first.proxy.requests.filter(({ method }) => method === 'GET').map(({ path }) => path.split('/').at(-1));
  const fill = (options: Partial<Parameters<typeof fillBlobs>[0]> = {}, store = createBlobFill(second)) =>
    fillBlobs({ fill: store, fetch: second.fetcher.fetchLater, room: async () => 1e9, goesOn: async () => true, ...options });
  const add = async (size = 1000): Promise<BlobHash> => {
    const hash = await first.add(bytesOf(size));
    await first.send();
    return hash;
  };
  const have = async (hashes: readonly BlobHash[]) => must(await second.blobs.have(hashes));
  return { first, second, learn, gets, fill, add, have };
}

test('the newest come first, each once; what is here, and what was let go, is not asked for', async () => {
  const { add, learn, fill, gets, have, second } = await start();
  const hashes = [await add(), await add(), await add()];
  for (const hash of hashes) await learn(hash);
  expect(must(await fill())).toEqual({ error: null, nextAt: null });
  expect(await have(hashes)).toEqual(hashes);
  expect(gets()).toEqual(hashes.toReversed());
  must(await letGo(second.context, hashes[0] ?? ''));
  must(await fill());
  expect(gets()).toHaveLength(3);
  const later = await add();
  await learn(later, ...hashes);
  must(await fill());
  expect(gets().slice(3)).toEqual([later]);
});

test('a fill that was ended anywhere goes on where it was, over more notes than it looks at in one step', async () => {
  const { add, learn, fill, gets, have } = await start();
  const hashes: BlobHash[] = [];
  for (let at = 0; at < 250; at++) {
    if (at % 50 === 0) hashes.push(await add());
    await learn(...(at % 50 === 0 ? hashes.slice(-1) : []));
  }
  for (let ends = 0; ends < 5; ends++) {
    let asked = 0;
    // Each time by another context, which knows nothing of the one before.
    must(await fill({ goesOn: async () => asked++ < 1 }));
    expect(gets()).toHaveLength(ends + 1);
  }
  must(await fill());
  expect(await have(hashes)).toEqual(hashes);
  expect(gets()).toEqual(hashes.toReversed());
});

test('what nobody has yet is asked for again, less and less often, and comes when its device has sent it', async () => {
  const { first, second, learn, fill, gets, have } = await start();
  const hash = await first.add(bytesOf(1000));
  await learn(hash);
  const waits: number[] = [];
  for (let times = 0; times < 4; times++) {
    const { nextAt } = must(await fill());
    expect(gets()).toHaveLength(times + 1);
    must(await fill());
    expect(gets()).toHaveLength(times + 1);
    waits.push((nextAt ?? 0) - second.time.ms);
    second.time.ms = nextAt ?? 0;
  }
  expect(waits.every((wait, at) => wait > (waits[at - 1] ?? 0))).toBe(true);
  await first.send();
  expect(must(await fill())).toEqual({ error: null, nextAt: null });
  expect(await have([hash])).toEqual([hash]);
});

test('nothing is fetched without room; one that is larger than the room keeps no other back', async () => {
  const { add, learn, fill, gets, have } = await start();
  const [small, large] = [await add(1000), await add(90_000)];
  await learn(small);
  await learn(large);
  expect(must(await fill({ room: async () => 0 }))).toMatchObject({ error: { type: 'QuotaExceeded' } });
  expect(gets()).toEqual([]);
  must(await fill({ room: async () => 50_000 }));
  expect(await have([small, large])).toEqual([small]);
});

test('a lost network ends it, and the next one begins with the same', async () => {
  const { add, learn, fill, have, first } = await start();
  const hash = await add();
  await learn(hash);
  first.proxy.setFault({ type: 'reset' });
  expect(must(await fill())).toMatchObject({ error: { type: 'Network' } });
  first.proxy.mend();
  must(await fill());
  expect(await have([hash])).toEqual([hash]);
});

test('bytes that were lost or damaged here come back with the next fill', async () => {
  const { add, learn, fill, have, second } = await start();
  const hash = await add(100_000);
  await learn(hash);
  must(await fill());
  second.place?.files.delete(hash);
  must(await second.blobs.sweep());
  expect(await have([hash])).toEqual([]);
  must(await fill());
  expect(await have([hash])).toEqual([hash]);
});

test('the background waits while somebody looks at another blob', async () => {
  const { add, second, first } = await start();
  const [background, looked] = [await add(400_000), await add(400_000)];
  first.proxy.setRate(16_000);
  const order: string[] = [];
  const later = second.fetcher.fetchLater(background, 1e9).then(() => order.push('background'));
  await second.fetcher.fetch(looked).then(() => order.push('looked'));
  await later;
  expect(order).toEqual(['looked', 'background']);
});
