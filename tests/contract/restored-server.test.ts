/** A server restored from a copy that is more versions older than a lineage names: two devices, and a real server. */
import { afterEach, describe, expect, test } from 'vitest';
import { MAX_LINEAGE } from '#core/lineage.ts';
import { mint, must } from '#support/memory-workspace.ts';
import { closeServers, createBetween, openDevice, openServer, type } from '#support/restored-world.ts';

afterEach(closeServers);

/** More than a lineage, and enough for its overflow to be written away several times. */
const MANY = 3 * MAX_LINEAGE;

test.each([true, false])(
  'what was removed since the copy stays removed, whatever was typed since (epoch rotated: %s)',
  async (isTold) => {
    const server = await openServer();
    const device = await openDevice(server, { id: server.deviceId });
    const [tagged, binned] = [mint(), mint()];
    for (const note of [tagged, binned]) await device.save(note, { title: 'Note', text: 'word', tags: ['keep', 'drop'] });
    await type(device, tagged, 0, 3);
    server.copy();
    await device.save(tagged, { tags: ['keep'] });
    await device.save(binned, { binnedAt: 1_790_000_000_000 });
    await type(device, tagged, 3, MANY);
    await type(device, binned, 3, MANY);
    await device.save(binned, { binnedAt: 1_790_000_000_001 });
    await device.sync();

    await server.restore(isTold);
    await device.sync();
    await device.sync();
    const other = await openDevice(server);
    await other.sync();
    for (const one of [device, other]) {
      expect(await one.fields(tagged)).toMatchObject({ tags: ['keep'], text: `word ${MANY + 2}` });
      expect(await one.fields(binned)).toMatchObject({ binnedAt: 1_790_000_000_001, text: `word ${MANY + 2}` });
    }
  },
);

test.each([true, false])(
  'a device that was away for long brings nothing back that was removed meanwhile (unsent edit: %s)',
  async (isDirty) => {
    const server = await openServer();
    const [here, away] = [await openDevice(server, { id: server.deviceId }), await openDevice(server)];
    const note = mint();
    await here.save(note, { title: 'Note', text: 'word', tags: ['keep', 'drop'] });
    await here.sync();
    await away.sync();
    await here.save(note, { tags: ['keep'] });
    await type(here, note, 0, MANY);
    server.copy();
    if (isDirty) await away.save(note, { title: 'Renamed' });
    await server.restore(true);
    await away.sync();
    await here.sync();
    await away.sync();
    for (const one of [here, away]) {
      expect(await one.fields(note)).toMatchObject({
        tags: ['keep'],
        text: `word ${MANY - 1}`,
        title: isDirty ? 'Renamed' : 'Note',
      });
    }
  },
);

test('what was taken out after a push without an answer stays out, also where another device has gone on from that push', async () => {
  const server = await openServer();
  const [here, other] = [await openDevice(server, { id: server.deviceId }), await openDevice(server)];
  const note = mint();
  await here.save(note, { title: 'Note', text: 'word', tags: ['keep'] });
  await here.sync();
  await here.save(note, { tags: ['keep', 'drop'] });
  await here.syncUnanswered();
  await here.save(note, { tags: ['keep'] });
  server.copy();
  await server.restore(true);
  await other.sync();
  await other.save(note, { text: 'another word' });
  await other.sync();
  await here.sync();
  await other.sync();
  for (const one of [here, other]) expect(await one.fields(note)).toMatchObject({ tags: ['keep'], text: 'another word' });
});

/** Two devices of which one is behind when the server is put back: it has seen `early`, and not what came after it. */
async function openBehind(isLost = false) {
  const server = await openServer();
  const [here, behind] = [await openDevice(server, { id: server.deviceId }), await openDevice(server)];
  const [note, binned, purged] = [mint(), mint(), mint()];
  const notes = [note, binned, purged];
  if (isLost) {
    await here.save(mint(), { title: 'Another note' });
    await here.sync();
    server.copy();
  }
  for (const one of notes) await here.save(one, { title: 'Note', text: 'word' });
  await here.sync();
  await behind.sync();
  if (!isLost) server.copy();
  for (const one of notes) await here.save(one, { tags: ['keep', 'drop'] });
  await here.sync();
  await behind.sync();
  await here.save(note, { tags: ['keep'] });
  await here.save(binned, { binnedAt: 1_790_000_000_000 });
  must(await here.store.purge('note', [purged]));
  await here.sync();
  await server.restore(true);
  const devices = { here, behind };
  const expectKept = async () => {
    for (const one of Object.values(devices)) {
      expect(await one.fields(note)).toMatchObject({ tags: ['keep'] });
      expect(await one.fields(binned)).toMatchObject({ binnedAt: 1_790_000_000_000 });
      expect(must(await one.store.get('note', purged))?.lifecycle ?? 'purged').toBe('purged');
    }
  };
  return { devices, note, expectKept };
}

const ORDERS = { 'the first': ['behind', 'here', 'behind'], 'the last': ['here', 'behind', 'here'] } as const;

describe.each([
  ['the notes are older than the copy', false],
  ['the copy has none of the notes', true],
] as const)('a server is put back, and %s', (_case, isLost) => {
  test.each(Object.entries(ORDERS))('an idle device that is behind meets it as %s, and brings nothing back', async (_, order) => {
    const { devices, expectKept } = await openBehind(isLost);
    for (const name of order) await devices[name].sync();
    await expectKept();
  });

  test.each(Object.entries(ORDERS))(
    'a device that is behind and has unsent changes meets it as %s, and adds them',
    async (_, order) => {
      const { devices, note, expectKept } = await openBehind(isLost);
      await devices.behind.save(note, { title: 'Renamed' });
      for (const name of order) await devices[name].sync();
      await expectKept();
      for (const one of Object.values(devices)) expect(await one.fields(note)).toMatchObject({ title: 'Renamed' });
    },
  );

  test('a device that comes back after many more versions than a lineage holds brings nothing back', async () => {
    const { devices, note, expectKept } = await openBehind(isLost);
    await devices.here.sync();
    await type(devices.here, note, 0, MANY);
    await devices.behind.sync();
    await devices.here.sync();
    await expectKept();
    for (const one of Object.values(devices)) expect(await one.fields(note)).toMatchObject({ text: `word ${MANY - 1}` });
  });

  test('unsent changes of the device that is ahead keep what it has removed from coming back', async () => {
    const { devices, note, expectKept } = await openBehind(isLost);
    await devices.here.save(note, { title: 'Renamed' });
    await devices.here.sync();
    await devices.behind.sync();
    await devices.here.sync();
    await expectKept();
  });
});

test('a device that met a note only after the copy was made does not keep it from staying deleted', async () => {
  const server = await openServer();
  const [here, late] = [await openDevice(server, { id: server.deviceId }), await openDevice(server)];
  const note = mint();
  await here.save(note, { title: 'Note' });
  await here.sync();
  server.copy();
  await here.save(note, { text: 'word' });
  await here.sync();
  await late.sync();
  must(await here.store.purge('note', [note]));
  await here.sync();
  await server.restore(true);
  for (const one of [late, here, late]) await one.sync();
  for (const one of [here, late]) expect(must(await one.store.get('note', note))?.lifecycle).toBe('purged');
});

test('what was removed stays removed where another device writes on between a conflict and the pull that follows it', async () => {
  const server = await openServer();
  const note = mint();
  const between = createBetween();
  const here = await openDevice(server, {
    id: server.deviceId,
    before: between.before,
  });
  const other = await openDevice(server);
  await here.save(note, { title: 'Note', text: 'word' });
  await here.sync();
  server.copy();
  await here.save(note, { tags: ['keep', 'drop'] });
  await here.sync();
  await other.sync();
  await here.save(note, { tags: ['keep'] });
  await here.sync();
  await server.restore(true);
  // The other device gives back what it has, and writes on when this one has learned of that.
  between.add('manifest');
  between.add('push', other.sync);
  between.add('pull', async () => {
    await other.save(note, { text: 'another word' });
    await other.sync();
  });
  await here.sync();
  expect(between.left).toBe(0);
  await other.sync();
  for (const one of [here, other]) expect(await one.fields(note)).toMatchObject({ tags: ['keep'], text: 'another word' });
});

test('a server that is put back a second time, to what a reconcile began with, is noticed', async () => {
  const server = await openServer();
  const asked: string[] = [];
  let isCut = false;
  const here = await openDevice(server, {
    id: server.deviceId,
    before: async (name) => {
      if (isCut && name === 'pull' && asked.at(-1) === 'push') throw new Error('the browser ends');
      asked.push(name);
    },
  });
  const [early, late] = [mint(), mint()];
  await here.save(early, { title: 'Early' });
  await here.sync();
  server.copy();
  await here.save(late, { title: 'Late' });
  await here.sync();
  await server.restore(false);
  // The reconcile gives back what the server has lost; the browser ends before anything else is asked.
  asked.splice(0);
  isCut = true;
  await expect(here.sync()).rejects.toThrow('the browser ends');
  isCut = false;
  await server.restore(false);
  await here.sync();
  const other = await openDevice(server);
  await other.sync();
  expect(await other.fields(late)).toMatchObject({ title: 'Late' });
});

test('a version that is given back to its old place in the log does not hide what came before it meanwhile', async () => {
  const server = await openServer();
  const [here, away, third] = [
    await openDevice(server, { id: server.deviceId }),
    await openDevice(server),
    await openDevice(server),
  ];
  const [note, other] = [mint(), mint()];
  await here.save(note, { title: 'Note' });
  for (const one of [here, away, third]) await one.sync();
  server.copy();
  await type(here, note, 0, 2);
  await away.sync();
  await server.restore(false);
  await third.save(other, { title: 'Another note' });
  for (const one of [third, here, away]) await one.sync();
  expect(await away.fields(other)).toMatchObject({ title: 'Another note' });
  expect(await away.fields(note)).toMatchObject({ text: 'word 1' });
});

test('a device whose clock was set back knows the time before it merges anything with a server that was put back', async () => {
  const server = await openServer();
  let [ms, wrongMs] = [server.world().clock.now(), 0];
  const between = createBetween();
  const here = await openDevice(server, { id: server.deviceId, now: () => ms + wrongMs, before: between.before });
  const other = await openDevice(server, { now: () => ms });
  const note = mint();
  await here.save(note, { title: 'Note' });
  await here.sync();
  await other.sync();
  server.copy();
  await here.save(note, { text: 'word' });
  await here.sync();
  await server.restore(true);
  const pass = (byMs: number): void => {
    ms += byMs;
    server.world().clock.advance(byMs);
  };
  pass(3_600_000);
  await other.save(note, { title: 'Typed elsewhere' });
  await other.sync();
  pass(120_000);
  wrongMs = -600_000;
  between.add('pull');
  between.add('manifest');
  between.add('push', () => here.save(note, { title: 'Typed later' }));
  await here.sync();
  expect(between.left).toBe(0);
  await other.sync();
  for (const one of [here, other]) expect(await one.fields(note)).toMatchObject({ title: 'Typed later', text: 'word' });
});
