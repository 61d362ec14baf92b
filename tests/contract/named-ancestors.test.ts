/** A server put back to a version that a device has never had, but of which it has a later one: it knows what it contains. */
import { afterEach, expect, test } from 'vitest';
import { MAX_LINEAGE } from '#core/lineage.ts';
import { mint } from '#support/memory-workspace.ts';
import { closeServers, type Device, openDevice, openServer, type } from '#support/restored-world.ts';

afterEach(closeServers);

const TWO_LINEAGES = 2 * MAX_LINEAGE;

/** Each by itself: the next may never come. */
async function expectKept(note: string, devices: readonly Device[]): Promise<void> {
  for (const device of devices) {
    await device.sync();
    expect(await device.fields(note)).toMatchObject({ tags: ['keep'] });
  }
}

test.each([
  ['a version later', 0],
  ['many versions later', TWO_LINEAGES],
])('a device that met a note %s than the copy, and after a tag was removed, does not bring the tag back', async (_, later) => {
  const server = await openServer();
  const [here, late] = [await openDevice(server, { id: server.deviceId }), await openDevice(server)];
  const note = mint();
  await here.save(note, { title: 'Note', tags: ['keep', 'drop'] });
  await here.sync();
  server.copy();
  await here.save(note, { tags: ['keep'] });
  await here.sync();
  await type(here, note, 0, later);
  await late.sync();
  await server.restore(false);
  await expectKept(note, [late, here]);
});

/** A device that is away while a tag comes, a copy is made, and the tag goes again. */
async function openAway(pageSize?: number) {
  const server = await openServer();
  const [here, away] = [
    await openDevice(server, { id: server.deviceId }),
    await openDevice(server, pageSize === undefined ? {} : { pageSize }),
  ];
  const note = mint();
  await here.save(note, { title: 'Note', tags: ['keep'] });
  await here.sync();
  await away.sync();
  return { server, here, away, note };
}

test.each([
  ['nothing unsent', false],
  ['an unsent change', true],
])('a device with %s that was away while a tag came and went does not bring it back', async (_, isDirty) => {
  const { server, here, away, note } = await openAway();
  await here.save(note, { tags: ['keep', 'drop'] });
  await here.sync();
  server.copy();
  await type(here, note, 0, TWO_LINEAGES);
  await here.save(note, { tags: ['keep'] });
  await here.sync();
  if (isDirty) await away.save(note, { title: 'Renamed' });
  await away.sync();
  await server.restore(true);
  await expectKept(note, [away, here]);
  for (const one of [away, here]) expect(await one.fields(note)).toMatchObject({ text: `word ${TWO_LINEAGES - 1}` });
});

test('a pull of several pages that broke off names what was overtaken between its pages', async () => {
  const { server, here, away, note } = await openAway(1);
  await here.save(note, { tags: ['keep', 'drop'] });
  await here.sync();
  server.copy();
  // Two other notes and a later version of this one: the first page ends between the two versions.
  for (let n = 0; n < 2; n++) {
    await here.save(mint(), { title: 'Another note' });
    await here.sync();
  }
  await here.save(note, { tags: ['keep'] });
  await here.sync();
  await away.syncPages(1);
  await away.sync();
  await server.restore(true);
  await expectKept(note, [away, here]);
});

test('a pull names what came after its cursor, or after where the device began', async () => {
  const { server, here, away, note } = await openAway();
  const named: (string | undefined)[] = [];
  const pull = async (cursor: number, since?: number) => {
    const { accountId, api } = server.world();
    const body = {
      protocol: 1,
      epoch: null,
      seen: null,
      cursor,
      ...(since === undefined ? {} : { since }),
      limit: 9,
      maxBytes: 9999,
    };
    const answer = await api.pull(accountId, body as never);
    if (!answer.ok) throw new Error(JSON.stringify(answer.error));
    named.push(...answer.value.changes.filter(({ id }) => id === note).map(({ ancestors }) => ancestors));
    return answer.value.seq;
  };
  await type(here, note, 0, 3);
  const seq = await pull(0);
  await away.sync();
  await type(here, note, 3, 2);
  await pull(seq);
  await pull(seq, 0);
  // Of one version the last twelve digits: three before the head, then the one that came after `seq`, then all before the head.
  expect(named.map((one) => (one ?? '').length / 12)).toEqual([3, 1, 5]);
});
