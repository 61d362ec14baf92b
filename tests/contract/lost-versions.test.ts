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
  await behind.save(note, { tags: ['keep'] });
  await server.restore(true);
  // The unsent changes come after the reconcile.
  between.add('manifest', () => here.save(note, { text: 'another word' }));
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

  /**
   * `removed` and `idle` have a version with two tags; the server loses it, and `third` goes on without it. `removed` takes a tag
   * out: after the loss, or in a later version that is lost as well.
   */
  async function loseOne(takesOut: 'after the loss' | 'before the loss', before?: (name: string) => Promise<void>) {
    const server = await openServer();
    const removed = await openDevice(server, { id: server.deviceId });
    const idle = await openDevice(server, before ? { before } : {});
    const third = await openDevice(server);
    const note = mint();
    await removed.save(note, { title: 'Note' });
    await removed.sync();
    await third.sync();
    server.copy();
    await removed.save(note, { tags: ['keep', 'drop'] });
    await removed.sync();
    await idle.sync();
    if (takesOut === 'before the loss') {
      await removed.save(note, { tags: ['keep'] });
      await removed.sync();
    }
    await server.restore(false);
    await third.save(note, { text: 'word' });
    await third.sync();
    if (takesOut === 'after the loss') await removed.save(note, { tags: ['keep'] });
    return { note, removed, idle, third };
  }

  async function expectRemoved(note: string, devices: readonly Awaited<ReturnType<typeof openDevice>>[]): Promise<void> {
    for (const one of devices) {
      await one.sync();
      expect(await one.fields(note)).toMatchObject({ title: 'Note', tags: ['keep'], text: 'word' });
    }
  }

  test.each(ORDERS)('what one of them has removed since stays removed: %s is the first', async (...order) => {
    const { note, third, ...devices } = await loseOne('after the loss');
    for (const name of order) await devices[name].sync();
    await expectRemoved(note, [devices.removed, devices.idle, third]);
  });

  test('what one of them has removed stays removed where it is received when the other one has merged', async () => {
    const between = createBetween();
    const { note, removed, idle, third } = await loseOne('after the loss', between.before);
    between.add('manifest');
    between.add(note);
    between.add('push', removed.sync);
    await idle.sync();
    expect(between.left).toBe(0);
    await expectRemoved(note, [idle, removed, third, idle]);
  });

  test.each(ORDERS)('what was removed in a later one that is lost, too, stays removed: %s is the first', async (...order) => {
    const { note, third, ...devices } = await loseOne('before the loss');
    for (const name of order) await devices[name].sync();
    await expectRemoved(note, [devices.removed, devices.idle, third]);
  });
});
