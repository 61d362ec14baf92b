/** What a run of the sync takes for the server's word on time and place. */
import { expect, test } from 'vitest';
import type { Transport } from '#core/ports.ts';
import type { Op } from '#core/protocol.ts';
import { ok } from '#core/result.ts';
import { drainerOf, mint, must, openMemoryWorkspace } from '#support/memory-workspace.ts';

const answer = (status: number, json: object) => ok({ status, json, retryAfterMs: null });

test('an op that the server finds too large moves no clock, no epoch and no position, and the others pass', async () => {
  const epoch = mint();
  const workspace = await openMemoryWorkspace();
  const { store, context } = workspace;
  const save = async (title: string) =>
    must(await store.save({ kind: 'note', id: mint(), patch: { title }, base: {}, baseSeq: 0, saveId: mint() }));
  await save('large');
  await save('small');

  let taken = 0;
  const transport: Transport = {
    async request({ path, body }) {
      const position = { epoch, seen: null, now: Date.now() };
      if (path.endsWith('/pull')) return answer(200, { ...position, seq: 0, changes: [], more: false });
      const { ops } = body as { readonly ops: readonly Op[] };
      if (ops.some((op) => op.body?.includes('large'))) return answer(413, { type: 'too-large', message: 'Too large.' });
      taken += ops.length;
      const results = ops.map(({ opId }) => ({ type: 'applied', opId, rev: 1, seq: taken, acceptedAt: 1, missingBlobs: [] }));
      return answer(200, { ...position, results });
    },
  };
  const outcome = must(await drainerOf(workspace, transport).run({ force: true }));

  expect(outcome.error).toBeNull();
  expect(taken).toBe(1);
  expect(must(await store.summary())).toMatchObject({ pending: 1, awaitingPerson: 1 });
  const { sync } = must(await context.kv.read({ sync: { get: 'meta', key: 'sync' } }));
  if (sync?.key !== 'sync') throw new Error('there is no sync row');
  expect(sync.epoch).toBe(epoch);
  expect(must(await context.kv.read({ state: { get: 'meta', key: 'state' } })).state).toMatchObject({ server: { skewMs: 0 } });
});
