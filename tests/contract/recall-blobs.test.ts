/** Files that were let go here, and then taken out of the note that named them: history names them, and the server forgets them. */
import { expect, test } from 'vitest';
import { asSync } from '#store/schema/context.ts';
import { bytesOf, startBlobDevice } from '#support/blob-device.ts';
import { entityRow, letGo } from '#support/blob-world.ts';
import { must } from '#support/memory-workspace.ts';

const DAY = 24 * 3_600_000;

/** Files that the server has and this device has let go. A note names the first, what names the others is set by the test. */
async function startLetGo(count: number, size = 100_000) {
  const device = await startBlobDevice();
  const { kv, time, fetcher, blobs, proxy } = device;
  const hashes: string[] = [];
  for (let at = 0; at < count; at++) hashes.push(await device.add(bytesOf(size)));
  await device.send();
  for (const hash of hashes) expect(must(await letGo(device.context, hash))).toBe(true);
  const put = async (...writes: ReturnType<Parameters<typeof kv.transact>[1]>['writes']) =>
    must(await kv.transact({}, () => ({ writes, value: undefined })));
  const textOf = (some: readonly string[]) => some.map((hash) => `files/${hash}`).join(' ');
  const keepState = (order: number, some: readonly string[]) => {
    const row = { kind: 'note', id: 'n', order, at: 0, fields: { text: textOf(some) }, stamp: '', reason: 'edit' } as const;
    return put({ put: 'history', row });
  };
  await put({ put: 'entities', row: entityRow('note', 'n', textOf(hashes.slice(0, 1)), { version: 'v' }) });
  const state = { isOn: true };
  const recall = async (maxBytes = 1e9) => {
    const goesOn = async () => state.isOn;
    return must(await blobs.recall({ fetch: (hash, most) => fetcher.fetchLater(hash, most), goesOn, maxBytes }));
  };
  const have = async () => must(await blobs.have(hashes));
  const gets = () => proxy.requests.filter(({ method }) => method === 'GET').length;
  return { ...device, hashes, put, textOf, keepState, recall, have, gets, time, state };
}

test('what a revision or a backup alone names comes back after ten days, and nothing else does', async () => {
  const { hashes, keepState, recall, have, time, context, gets, textOf } = await startLetGo(4);
  const [, inHistory = '', inBackup = '', nowhere = ''] = hashes;
  await keepState(1, [inHistory, hashes[0] ?? '']);
  async function* lists() {
    yield textOf([inBackup]);
  }
  Object.assign(context, { backupTexts: lists });
  expect(await recall()).toEqual({ files: 0, bytes: 0 });
  time.ms += 9 * DAY;
  expect(await recall()).toEqual({ files: 0, bytes: 0 });
  expect(gets(), 'history may let go of it').toBe(0);
  time.ms += 1.5 * DAY;
  expect(await recall()).toEqual({ files: 2, bytes: 200_000 });
  expect(await have()).toEqual([inHistory, inBackup]);
  expect(nowhere).toBeTruthy();
  time.ms += 2 * DAY;
  expect(await recall()).toEqual({ files: 0, bytes: 0 });
  expect(gets()).toBe(2);
});

test('a device that was away for three weeks does not wait ten days more: the server forgets soon', async () => {
  const { hashes, keepState, recall, put, time, have } = await startLetGo(1);
  expect(await recall()).toEqual({ files: 0, bytes: 0 });
  time.ms += 21 * DAY;
  await keepState(1, hashes);
  await put({ put: 'entities', row: entityRow('note', 'n', '', { version: 'w' }) });
  expect(await recall()).toEqual({ files: 1, bytes: 100_000 });
  expect(await have()).toEqual(hashes);
});

test('also where it looks before it has heard what became of the note meanwhile', async () => {
  const { hashes, keepState, recall, put, time } = await startLetGo(1);
  const syncedNow = () => put({ put: 'meta', row: { ...asSync(undefined), lastSyncedAt: time.ms } });
  await syncedNow();
  await recall();
  time.ms += 21 * DAY;
  expect(await recall()).toEqual({ files: 0, bytes: 0 });
  await keepState(1, hashes);
  await put({ put: 'entities', row: entityRow('note', 'n', '', { version: 'w' }) });
  await syncedNow();
  time.ms += 1.1 * DAY;
  expect(await recall()).toEqual({ files: 1, bytes: 100_000 });
});

test('one that an entity names again meanwhile is not fetched, and its days begin anew', async () => {
  const { hashes, keepState, recall, put, time, textOf, have } = await startLetGo(2);
  await keepState(1, hashes);
  await recall();
  time.ms += 9 * DAY;
  await put({ put: 'entities', row: entityRow('note', 'n', textOf(hashes), { version: 'w' }) });
  await recall();
  await put({ put: 'entities', row: entityRow('note', 'n', textOf(hashes.slice(0, 1)), { version: 'x' }) });
  time.ms += 2 * DAY;
  await recall();
  time.ms += 7 * DAY;
  expect(await recall()).toEqual({ files: 0, bytes: 0 });
  time.ms += 1.5 * DAY;
  expect(await recall()).toEqual({ files: 1, bytes: 100_000 });
  expect(await have()).toEqual([hashes[1]]);
});

test('a day fetches so much and no more; what the network prevents is fetched later, what nobody has is asked for three times', async () => {
  const { hashes, keepState, recall, have, time, proxy, gets, state } = await startLetGo(4);
  await keepState(1, [...hashes, 'f'.repeat(64)]);
  await recall();
  time.ms += 11 * DAY;
  proxy.setFault({ type: 'reset' });
  expect(await recall()).toEqual({ files: 0, bytes: 0 });
  proxy.mend();
  time.ms += 1.5 * DAY;
  state.isOn = false;
  expect(await recall()).toEqual({ files: 0, bytes: 0 });
  state.isOn = true;
  time.ms += 1.5 * DAY;
  expect(await recall(250_000)).toMatchObject({ files: 2 });
  time.ms += 1.5 * DAY;
  expect(await recall()).toEqual({ files: 1, bytes: 100_000 });
  expect(await have()).toEqual(hashes.slice(1));
  for (let day = 0; day < 4; day++) {
    time.ms += 1.5 * DAY;
    await recall();
  }
  const asked = gets();
  time.ms += 1.5 * DAY;
  await recall();
  expect(gets()).toBe(asked);
});

test('a collection and the recall behind it read everything once', async () => {
  const { hashes, keepState, recall, blobs, context, time } = await startLetGo(2);
  await keepState(1, hashes);
  let scans = 0;
  async function* lists() {
    scans += 1;
    yield '';
  }
  Object.assign(context, { backupTexts: lists });
  for (let day = 0; day < 11; day++) {
    time.ms += 1.1 * DAY;
    await blobs.collect();
    await recall();
  }
  expect(scans).toBe(11);
  expect(must(await blobs.have(hashes))).toEqual([hashes[1]]);
});
