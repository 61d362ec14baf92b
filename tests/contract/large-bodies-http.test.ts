/** Bodies that travel by themselves over real HTTP: compressed on both ways, and going on where a connection broke. */
import { expect, test } from 'vitest';
import { readStandIn } from '#core/large-body.ts';
import type { RemoteEntity } from '#core/protocol.ts';
import { systemClock } from '#platform/system.ts';
import { startBlobDevice } from '#support/blob-device.ts';
import { expectOk, makeOp } from '#support/server-world.ts';
import { createLargeBodies } from '#sync/large-bodies.ts';

test('a large body goes and comes compressed, and is the same', async () => {
  const { wire, proxy, device } = await startBlobDevice();
  const { accountId } = device;
  const bodies = createLargeBodies({ transport: wire, accountId, clock: systemClock });
  const op = makeOp({ body: JSON.stringify({ fields: { text: 'ordinary words, é漢😀. '.repeat(100_000) }, stamps: {} }) });
  const sent = expectOk(await bodies.send([op]))[0];
  expect(readStandIn(sent?.body ?? '')).toMatchObject({ blob: op.hash });
  const parts = proxy.requests.filter(({ method }) => method === 'PUT');
  expect(parts.map(({ outcome }) => outcome)).toEqual(parts.map(() => 204));
  expect(parts.reduce((sum, { bytes }) => sum + bytes, 0)).toBeLessThan(100_000);
  const entity: RemoteEntity = {
    ...makeOp(),
    version: op.opId,
    rev: 1,
    seq: 1,
    deviceId: device.deviceId,
    acceptedAt: 1,
    body: sent?.body ?? null,
  };
  const received = expectOk(await bodies.receive(entity));
  expect([received?.body === op.body, received?.hash]).toEqual([true, op.hash]);
});
