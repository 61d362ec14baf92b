/** What a request that has no answer in its time does to the next, and how long a server is believed that asks for silence. */
import { expect, test } from 'vitest';
import { doneAnswerSchema } from '#core/account-protocol.ts';
import type { Transport, TransportAnswer } from '#core/ports.ts';
import type { Op } from '#core/protocol.ts';
import { err, ok } from '#core/result.ts';
import { drainerOf, mint, must, openMemoryWorkspace } from '#support/memory-workspace.ts';
import { call } from '#sync/request.ts';

const HOUR = 3_600_000;

test('every request has half a minute in which nothing may move', async () => {
  const given: number[] = [];
  const transport: Transport = {
    async request({ timeoutMs }) {
      given.push(timeoutMs);
      return err({ reason: 'nothing', timedOut: true });
    },
  };
  await call(transport, { method: 'POST', path: '/api', body: {} }, doneAnswerSchema);
  expect(given).toEqual([30_000]);
});

test('a push that has no answer in time is sent again in halves, until one gets through', async () => {
  const workspace = await openMemoryWorkspace();
  const { store } = workspace;
  for (let n = 0; n < 40; n++)
    must(await store.save({ kind: 'note', id: mint(), patch: { title: `${n}` }, base: {}, baseSeq: 0, saveId: mint() }));
  const epoch = mint();
  const sizes: number[] = [];
  const taken: Op[] = [];
  const transport: Transport = {
    async request({ path, body }) {
      const { ops = [] } = body as { readonly ops?: readonly Op[] };
      const position = { epoch, seen: null, now: Date.now() };
      if (path.endsWith('/pull'))
        return ok({ status: 200, json: { ...position, seq: taken.length, changes: [], more: false }, retryAfterMs: null });
      sizes.push(ops.length);
      if (ops.length > 150) return err({ reason: 'TimeoutError', timedOut: true });
      taken.push(...ops);
      const results = ops.map(({ opId }, at) => ({
        type: 'applied',
        opId,
        rev: 1,
        seq: taken.length - ops.length + at + 1,
        acceptedAt: 1,
        missingBlobs: [],
      }));
      return ok({ status: 200, json: { ...position, results }, retryAfterMs: null });
    },
  };
  for (let n = 40; n < 320; n++)
    must(await store.save({ kind: 'note', id: mint(), patch: { title: `${n}` }, base: {}, baseSeq: 0, saveId: mint() }));

  const first = must(await drainerOf(workspace, transport).run({ force: true }));
  expect(first.error).toMatchObject({ type: 'Network', timedOut: true });
  expect(sizes).toEqual([320]);
  // A new drainer each time: the service worker may have been ended meanwhile.
  must(await drainerOf(workspace, transport).run({ force: true }));
  must(await drainerOf(workspace, transport).run({ force: true }));
  expect(sizes).toEqual([320, 250, 125, 125, 70]);
  expect(new Set(taken.map(({ opId }) => opId)).size).toBe(320);
  expect(must(await store.summary())).toMatchObject({ pending: 0, failure: null });
});

const own = { type: 'unavailable', message: 'later' };

test.each<readonly [string, TransportAnswer, object]>([
  [
    'our own word is believed',
    { status: 429, json: { ...own, type: 'rate-limited' }, retryAfterMs: 90_000 },
    { retryAfterMs: 90_000 },
  ],
  ['up to an hour', { status: 503, json: own, retryAfterMs: 40 * 24 * HOUR }, { retryAfterMs: HOUR }],
  ['a proxy up to a minute', { status: 429, json: undefined, retryAfterMs: HOUR }, { type: 'RateLimited', retryAfterMs: 60_000 }],
  ['a proxy that says 503', { status: 503, json: { error: 'busy' }, retryAfterMs: HOUR }, { retryAfterMs: 60_000 }],
  ['less is less', { status: 503, json: undefined, retryAfterMs: 2000 }, { retryAfterMs: 2000 }],
  [
    'no other status of a proxy',
    { status: 502, json: undefined, retryAfterMs: HOUR },
    { type: 'ServerError', retryAfterMs: null },
  ],
  ['and none where none is named', { status: 503, json: own, retryAfterMs: null }, { retryAfterMs: null }],
])('Retry-After: %s', async (_, answer, expected) => {
  const transport: Transport = { request: async () => ok(answer) };
  const result = await call(transport, { method: 'POST', path: '/api/x', body: {} }, doneAnswerSchema);
  expect(result.ok ? result : result.error).toMatchObject(expected);
});

test('a silence of an hour holds for what asks by itself, and a person is heard after five minutes at most', async () => {
  const workspace = await openMemoryWorkspace();
  must(await workspace.store.save({ kind: 'note', id: mint(), patch: { title: 'x' }, base: {}, baseSeq: 0, saveId: mint() }));
  let requests = 0;
  const drainer = drainerOf(workspace, {
    async request() {
      requests += 1;
      return ok({ status: 503, json: own, retryAfterMs: 365 * 24 * HOUR });
    },
  });
  must(await drainer.run({ force: true }));
  must(await drainer.run());
  must(await drainer.run());
  expect(requests).toBe(1);
  must(await drainer.run({ force: true }));
  expect(requests).toBe(2);
});
