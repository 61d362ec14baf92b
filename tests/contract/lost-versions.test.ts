/** A server is put back, and devices have got as far as versions that it has lost: what says that one contains another. */
import { afterEach, describe, expect, test } from 'vitest';
import { mint } from '#support/memory-workspace.ts';
import { closeServers, createBetween, openDevice, openServer } from '#support/restored-world.ts';
import { expectOk } from '#support/server-world.ts';

afterEach(closeServers);

test('what unsent changes are built on names what it contains, for a device that meets it before they are sent', async () => {
  const server = await openServer();
  const note = mint();
  const between = createBetween();
  const here = await openDevice(server, {
    id: server.deviceId,
    before: between.before,
  });
  const behind = await openDevice(server);
  await here.save(note, { title: 'Note' });
  await here.sync();
  server.copy();
  await here.save(note, { tags: ['keep', 'drop'] });
  await here.sync();
  await behind.sync();
  await here.save(note, { text: 'word' });
  await here.sync();
  await here.save(note, { text: 'another word' });
  await behind.save(note, { tags: ['keep'] });
  await server.restore(true);
  // The unsent changes come after the reconcile.
  between.add('manifest');
  between.add('push');
  between.add('push', behind.sync);
  await here.sync();
  expect(between.left).toBe(0);
  await behind.sync();
  for (const one of [here, behind]) expect(await one.fields(note)).toMatchObject({ tags: ['keep'], text: 'another word' });
  // Nothing had to be joined: the copy's version, the one given back, and what each of the two had unsent.
  const { api, accountId } = server.world();
  expect(expectOk(await api.history(accountId, 'note', note)).versions).toHaveLength(4);
});

describe('two devices have the same version, which the server has lost and gone on without', () => {
  const ORDERS = [
    ['removed', 'idle', 'removed'],
    ['idle', 'removed', 'idle'],
  ] as const;

  test.each(ORDERS)('what one of them has removed since stays removed: %s is the first', async (...order) => {
    const server = await openServer();
    const [removed, idle, third] = [
      await openDevice(server, { id: server.deviceId }),
      await openDevice(server),
      await openDevice(server),
    ];
    const note = mint();
    await removed.save(note, { title: 'Note' });
    await removed.sync();
    await third.sync();
    server.copy();
    await removed.save(note, { tags: ['keep', 'drop'] });
    await removed.sync();
    await idle.sync();
    await server.restore(false);
    await third.save(note, { text: 'word' });
    await third.sync();
    await removed.save(note, { tags: ['keep'] });
    const devices = { removed, idle };
    for (const name of order) await devices[name].sync();
    for (const one of [removed, idle, third]) {
      await one.sync();
      expect(await one.fields(note)).toMatchObject({ title: 'Note', tags: ['keep'], text: 'word' });
    }
  });

  test('what one of them has removed stays removed where it is received when the other one has merged', async () => {
    const server = await openServer();
    const between = createBetween();
    const idle = await openDevice(server, {
      before: between.before,
    });
    const [removed, third] = [await openDevice(server, { id: server.deviceId }), await openDevice(server)];
    const note = mint();
    await removed.save(note, { title: 'Note' });
    await removed.sync();
    await third.sync();
    server.copy();
    await removed.save(note, { tags: ['keep', 'drop'] });
    await removed.sync();
    await idle.sync();
    await server.restore(false);
    await third.save(note, { text: 'word' });
    await third.sync();
    await removed.save(note, { tags: ['keep'] });
    between.add('manifest');
    between.add(note);
    between.add('push', removed.sync);
    await idle.sync();
    expect(between.left).toBe(0);
    for (const one of [idle, removed, third, idle]) {
      await one.sync();
      expect(await one.fields(note)).toMatchObject({ title: 'Note', tags: ['keep'], text: 'word' });
    }
  });

  test.each(ORDERS)('what was removed in a later one that is lost, too, stays removed: %s is the first', async (...order) => {
    const server = await openServer();
    const [removed, idle, third] = [
      await openDevice(server, { id: server.deviceId }),
      await openDevice(server),
      await openDevice(server),
    ];
    const note = mint();
    await removed.save(note, { title: 'Note' });
    await removed.sync();
    await third.sync();
    server.copy();
    await removed.save(note, { tags: ['keep', 'drop'] });
    await removed.sync();
    await idle.sync();
    await removed.save(note, { tags: ['keep'] });
    await removed.sync();
    await server.restore(false);
    await third.save(note, { text: 'word' });
    await third.sync();
    const devices = { removed, idle };
    for (const name of order) await devices[name].sync();
    for (const one of [removed, idle, third]) {
      await one.sync();
      expect(await one.fields(note)).toMatchObject({ title: 'Note', tags: ['keep'], text: 'word' });
    }
  });
});
