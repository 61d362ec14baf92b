/** A server is put back and does not take what it has lost: what the devices have in common is not forgotten meanwhile. */
import { afterEach, describe, expect, test } from 'vitest';
import { mint, must } from '#support/memory-workspace.ts';
import { closeServers, type Device, openDevice, openServer } from '#support/restored-world.ts';
import { expectOk } from '#support/server-world.ts';

afterEach(closeServers);

const again = async (device: Device): Promise<void> => {
  must(await device.store.retryQuarantined());
  await device.sync();
};

const quarantined = async (device: Device): Promise<number> => must(await device.store.summary()).quarantined;

const ORDERS = [
  ['behind', 'ahead'],
  ['ahead', 'behind'],
] as const;

/** Two devices of one note: a tag that both have had is removed by the one that is ahead, and all of it is later than the copy. */
async function openFull(hasCopyOfNote: boolean, isUnsent: boolean) {
  const server = await openServer();
  const ahead = await openDevice(server, { id: server.deviceId });
  const behind = await openDevice(server);
  const third = await openDevice(server);
  const note = mint();
  if (!hasCopyOfNote) server.copy();
  await ahead.save(note, { title: 'Note' });
  await ahead.sync();
  if (hasCopyOfNote) server.copy();
  await third.sync();
  await ahead.save(note, { tags: ['keep', 'drop'] });
  await ahead.sync();
  await behind.sync();
  await ahead.save(note, { tags: ['keep'] });
  await ahead.sync();
  if (isUnsent) await behind.save(note, { text: 'word' });
  await server.restore(true);
  await server.setFull(true);
  return { server, ahead, behind, third, note };
}

describe('the account is full when the server is put back', () => {
  describe.each([true, false])('and the copy has the note: %s', (hasCopyOfNote) => {
    test.each(ORDERS)('what was removed stays removed once there is room: %s is the first', async (...order) => {
      const { server, note, third: _, ...devices } = await openFull(hasCopyOfNote, true);
      for (const name of order) {
        await devices[name].sync();
        expect(await quarantined(devices[name])).toBe(1);
      }
      await server.setFull(false);
      for (const name of [...order, ...order]) await again(devices[name]);
      for (const one of Object.values(devices)) {
        expect(await one.fields(note)).toMatchObject({ title: 'Note', tags: ['keep'], text: 'word' });
        expect(await quarantined(one)).toBe(0);
      }
    });

    test('a device that is refused again and again remembers it, too', async () => {
      const { server, note, ahead, behind } = await openFull(hasCopyOfNote, true);
      for (const one of [behind, ahead, behind]) {
        await one.sync();
        await again(one);
      }
      await behind.save(note, { text: 'another word' });
      await behind.sync();
      await server.setFull(false);
      for (const one of [behind, ahead, behind]) await again(one);
      for (const one of [behind, ahead])
        expect(await one.fields(note)).toMatchObject({ title: 'Note', tags: ['keep'], text: 'another word' });
    });
  });

  test.each(ORDERS)('and has gone on from the copy: %s is the first', async (...order) => {
    const { server, note, third, ...devices } = await openFull(true, false);
    await server.setFull(false);
    await third.save(note, { title: 'N' });
    await third.sync();
    await server.setFull(true);
    for (const name of order) await devices[name].sync();
    await server.setFull(false);
    for (const name of [...order, ...order]) await again(devices[name]);
    await third.sync();
    for (const one of [devices.ahead, devices.behind, third])
      expect(await one.fields(note)).toMatchObject({ title: 'N', tags: ['keep'] });
  });

  test('what another device gives back meanwhile is compared with what waits here', async () => {
    const { server, note, ahead, behind } = await openFull(true, true);
    await behind.sync();
    await server.setFull(false);
    await ahead.sync();
    // It has heard of it, and has asked for nothing.
    await behind.sync();
    await again(behind);
    await ahead.sync();
    for (const one of [behind, ahead]) expect(await one.fields(note)).toMatchObject({ tags: ['keep'], text: 'word' });
  });

  test('what a device that is behind writes meanwhile takes nothing away', async () => {
    const { server, note, ahead, behind, third } = await openFull(true, true);
    await behind.sync();
    await server.setFull(false);
    await third.save(note, { title: 'N' });
    await third.sync();
    // It hears of it before the person tries again.
    await behind.sync();
    expect(await behind.fields(note)).toMatchObject({ tags: ['keep', 'drop'], text: 'word' });
    for (const one of [behind, ahead, behind, third]) await again(one);
    for (const one of [behind, ahead, third])
      expect(await one.fields(note)).toMatchObject({ title: 'N', tags: ['keep'], text: 'word' });
  });

  test('what waits is discarded: what remains is given back once there is room', async () => {
    const { server, note, ahead, behind } = await openFull(true, true);
    await behind.sync();
    must(await behind.status.discardQuarantined('note', note));
    await server.setFull(false);
    await behind.sync();
    const { api, accountId } = server.world();
    expect(expectOk(await api.history(accountId, 'note', note)).versions).toHaveLength(2);
    for (const one of [ahead, behind]) {
      await one.sync();
      expect(await quarantined(one)).toBe(0);
    }
    for (const one of [ahead, behind]) expect((await one.fields(note))['tags']).toEqual(['keep']);
  });

  test.each([true, false])('a deletion is not kept waiting, and makes room; the copy has the note: %s', async (hasCopyOfNote) => {
    const { server, note, behind } = await openFull(hasCopyOfNote, true);
    await behind.sync();
    must(await behind.store.purge('note', [note]));
    await behind.sync();
    expect(await quarantined(behind)).toBe(0);
    const { api, accountId } = server.world();
    const answer = expectOk(await api.manifest(accountId, { after: null, limit: 10 }));
    expect(answer.entries.filter(({ id }) => id === note)).toMatchObject([{ deleted: true }]);
  });
});

test('what is too much in one request is given back in several', async () => {
  const server = await openServer();
  const ahead = await openDevice(server, { id: server.deviceId, pushLimit: 1 });
  const behind = await openDevice(server, { pushLimit: 1 });
  const notes = [mint(), mint(), mint()];
  for (const note of notes) await ahead.save(note, { title: 'Note' });
  await ahead.sync();
  server.copy();
  for (const note of notes) await ahead.save(note, { tags: ['keep', 'drop'] });
  await ahead.sync();
  await behind.sync();
  for (const note of notes) await ahead.save(note, { tags: ['keep'] });
  await ahead.sync();
  for (const note of notes) await behind.save(note, { text: 'word' });
  await server.restore(true);
  for (const one of [behind, ahead, behind]) await one.sync();
  for (const one of [behind, ahead]) {
    for (const note of notes) expect(await one.fields(note)).toMatchObject({ tags: ['keep'], text: 'word' });
  }
});
