/** Work was brought into another account, and files of it are only on the former account's server. */
import { expect, test } from 'vitest';
import { paths } from '#core/paths.ts';
import { PROTOCOL } from '#core/protocol-parts.ts';
import { ok } from '#core/result.ts';
import { ledger } from '#entities/index.ts';
import { looksOf } from '#features/pictures/looks-of.ts';
import { createOwnLocks } from '#platform/own-locks.ts';
import { systemClock } from '#platform/system.ts';
import { carryBlobs } from '#store/accounts/bring-blobs.ts';
import { bringFiles } from '#store/accounts/bring-files.ts';
import { bytesOf, openBlobDevice, startBlobDevice } from '#support/blob-device.ts';
import { entityRow, letGo } from '#support/blob-world.ts';
import { must, openMemoryWorkspace } from '#support/memory-workspace.ts';
import { enterDevice } from '#support/server-http.ts';
import { createFormerBlobs } from '#sync/former-blobs.ts';

/** Two accounts of one server. A note of the first names `sizes` files, which were sent and let go, and one that nobody has. */
async function startBrought(sizes: readonly number[]) {
  const from = await startBlobDevice();
  const other = await enterDevice(from.app.url);
  const into = openBlobDevice(from.proxy, other);
  const files = sizes.map((size) => bytesOf(size));
  const hashes: string[] = [];
  for (const bytes of files) hashes.push(await from.add(bytes));
  await from.send();
  for (const hash of hashes) expect(must(await letGo(from.context, hash))).toBe(true);
  const named = [...hashes, 'f'.repeat(64)].map((hash) => `files/${hash}`).join(' ');
  const rows = [entityRow('note', 'n', named), entityRow('note', 'o', named)];
  must(await from.kv.transact({}, () => ({ writes: rows.map((row) => ({ put: 'entities', row }) as const), value: null })));
  const { row } = await openMemoryWorkspace();
  const state = { room: Infinity, entered: 0, asked: [] as string[], ends: Infinity, wire: from.wire };
  const fetchFormer = createFormerBlobs({
    workspaceId: 'from',
    accountId: from.device.accountId,
    into: into.blobs,
    transport: { requestBytes: (request) => state.wire.requestBytes(request) },
    locks: createOwnLocks(),
    clock: { setTimer: (ms, run) => systemClock.setTimer(ms / 20, run) },
    looksOf,
    isOn: async () => ok(from.state.isOn),
    room: async () => state.room,
    enter: async () => {
      state.entered += 1;
      state.wire = openBlobDevice(from.proxy, await enterDevice(from.app.url, from.device.request)).wire;
      return ok(null);
    },
  });
  const bring = async () =>
    must(
      await bringFiles({
        from: { kv: from.kv, row },
        into: { ledger, deviceId: other.deviceId },
        carryBlobs: carryBlobs(from.kv, from.blobs, into.blobs),
        fetchFormer(hash) {
          state.asked.push(hash);
          return fetchFormer(hash);
        },
        goesOn: async () => state.asked.length < state.ends,
      }),
    );
  const have = async () => must(await into.blobs.have(hashes));
  return { from, into, files, hashes, other, state, bring, have };
}

test('what was let go comes from the former account’s server, and goes to the server of the new one', async () => {
  const { into, files, hashes, state, bring, have, from, other } = await startBrought([200_000, 900]);
  expect(await bring()).toEqual({ left: 0, why: null, missing: 1 });
  expect(await have()).toEqual(hashes);
  expect(state.asked, 'each once, however often it is named').toHaveLength(3);
  await into.send();
  const { json } = await other.post(paths.missingBlobs(other.accountId), { protocol: PROTOCOL, hashes });
  expect(json, 'the new account’s server lacks none').toEqual({ missing: [] });
  for (const [at, hash] of hashes.entries()) expect(must(await into.blobs.readBytes(hash))).toEqual(files[at]);
  const gets = from.proxy.requests.length;
  state.asked.length = 0;
  expect(await bring()).toEqual({ left: 0, why: null, missing: 1 });
  expect(state.asked, 'what is there is not asked for again').toEqual(['f'.repeat(64)]);
  expect(from.proxy.requests.length).toBe(gets + 1);
});

test('what cannot be had now is left, with the reason, and comes with a later look', async () => {
  const { from, into, hashes, state, bring, have } = await startBrought([100_000, 900, 300_000]);
  from.proxy.setFault({ type: 'reset' });
  expect(await bring()).toMatchObject({ left: 4, why: { type: 'Network' } });
  expect(state.asked, 'the next would meet the same').toHaveLength(1);
  from.proxy.mend();
  from.state.isOn = false;
  expect(await bring()).toMatchObject({ left: 4, why: { type: 'SyncOff' } });
  from.state.isOn = true;
  state.room = 150_000;
  expect(await bring(), 'a smaller one finds room').toEqual({ left: 1, why: { type: 'QuotaExceeded' }, missing: 1 });
  expect(await have()).toEqual(hashes.slice(0, 2));
  // The person has opened the former account again.
  state.ends = state.asked.length;
  expect(await bring()).toBeNull();
  state.ends = state.room = Infinity;
  expect(await bring()).toEqual({ left: 0, why: null, missing: 1 });
  expect(await have()).toEqual(hashes);
  expect(must(await into.blobs.unsent(10)), 'all wait for the new account’s server').toHaveLength(3);
});

test('a device that lost its cookie enters the former account again by its key; one that was signed out there says so', async () => {
  const { from, state, bring, have, hashes } = await startBrought([100_000]);
  state.wire = openBlobDevice(from.proxy, { ...from.device, cookie: 'holdfast_device=lost' }).wire;
  expect(await bring()).toEqual({ left: 0, why: null, missing: 1 });
  expect({ entered: state.entered, have: await have() }).toEqual({ entered: 1, have: hashes });

  const again = await startBrought([100_000]);
  await again.from.device.fetch(paths.device(again.from.device.accountId, again.from.device.deviceId), { method: 'DELETE' });
  expect(await again.bring()).toMatchObject({ left: 2, why: { type: 'Forbidden' } });
  expect(again.state.entered, 'somebody has signed it out').toBe(0);
});

test('where the former account was deleted nothing is left to come, and nothing is waited for', async () => {
  const { from, state, bring } = await startBrought([100_000, 900]);
  const { accountId, accountKey } = from.device.request;
  await from.device.post(paths.deleteAccount(accountId), { protocol: PROTOCOL, accountKey });
  expect(await bring()).toEqual({ left: 0, why: null, missing: 3 });
  expect(state.asked, 'the next would meet the same').toHaveLength(1);
});
