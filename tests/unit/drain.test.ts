/** What a run of the sync does with an older server. Everything else of it is held by the simulation. */
import { expect, test } from 'vitest';
import type { SyncNews } from '#core/channels.ts';
import type { Transport } from '#core/ports.ts';
import type { Op } from '#core/protocol.ts';
import type { Seen } from '#core/protocol-parts.ts';
import { err, ok } from '#core/result.ts';
import type { StoreChange } from '#store/store.ts';
import { drainerOf, mint, must, openMemoryWorkspace } from '#support/memory-workspace.ts';

const NOTES = 450;
/** As the first servers of protocol 1. */
const MAX = 200;

test('a server that takes fewer ops at a time than this app gets them in smaller pushes', async () => {
  const epoch = mint();
  const workspace = await openMemoryWorkspace();
  const { store } = workspace;
  for (let n = 0; n < NOTES; n++)
    must(await store.save({ kind: 'note', id: mint(), patch: { title: `${n}` }, base: {}, baseSeq: 0, saveId: mint() }));

  const sizes: number[] = [];
  const taken: Op[] = [];
  const answer = (status: number, json: object) => ok({ status, json, retryAfterMs: null });
  const transport: Transport = {
    async request({ path, body }) {
      const seen = (): Seen => (taken.length === 0 ? null : { seq: taken.length, opId: taken.at(-1)?.opId ?? '' });
      const position = () => ({ epoch, seen: seen(), now: Date.now() });
      if (path.endsWith('/pull')) return answer(200, { ...position(), seq: taken.length, changes: [], more: false });
      const { ops } = body as { readonly ops: readonly Op[] };
      sizes.push(ops.length);
      if (ops.length > MAX) return answer(400, { type: 'malformed', message: 'The request is not what the protocol says.' });
      const results = ops.map(({ opId }, index) => {
        return { type: 'applied', opId, rev: 1, seq: taken.length + index + 1, acceptedAt: 1, missingBlobs: [] };
      });
      taken.push(...ops);
      return answer(200, { ...position(), results });
    },
  };
  const outcome = must(await drainerOf(workspace, transport).run({ force: true }));

  expect(outcome.error).toBeNull();
  expect(sizes).toContain(NOTES);
  expect(new Set(taken.map(({ opId }) => opId)).size).toBe(NOTES);
  expect(must(await store.summary()).pending).toBe(0);
});

test('a run that this device could not keep the answers of does not count as answered', async () => {
  const workspace = await openMemoryWorkspace();
  const { context } = workspace;
  const heard: SyncNews[] = [];
  const channel = { ...workspace.channel, post: (news: SyncNews | StoreChange) => 'run' in news && heard.push(news) };
  const broken = { ...context.kv, transact: async () => err({ type: 'StorageFailed', reason: 'gone' } as const) };
  const transport: Transport = { request: async () => err({ reason: 'nobody asks' }) };
  must(await workspace.store.save({ kind: 'note', id: mint(), patch: { title: 'One' }, base: {}, baseSeq: 0, saveId: mint() }));
  const outcome = await drainerOf({ ...workspace, channel, context: { ...context, kv: broken } }, transport).run({ force: true });
  expect(outcome.ok).toBe(false);
  expect(heard.map((news) => [news.type, 'answered' in news && news.answered])).toEqual([
    ['sync-started', false],
    ['sync-ended', false],
  ]);
});

test('what is sent next is read when a request has left, not while its body is made', async () => {
  const workspace = await openMemoryWorkspace();
  const { store, context } = workspace;
  for (let n = 0; n < 1200; n++)
    must(await store.save({ kind: 'note', id: mint(), patch: { title: `${n}` }, base: {}, baseSeq: 0, saveId: mint() }));
  const steps: ('read' | 'left')[] = [];
  const read: typeof context.kv.read = (reads) => {
    if ('queued' in reads) steps.push('read');
    return context.kv.read(reads);
  };
  const epoch = mint();
  let seq = 0;
  let last = '';
  const answerPush = (ops: readonly Op[]) => {
    const results = ops.map(({ opId }) => ({ type: 'applied', opId, rev: 1, seq: ++seq, acceptedAt: 1, missingBlobs: [] }));
    last = ops.at(-1)?.opId ?? last;
    return { results };
  };
  const transport: Transport = {
    async request({ path, body, onSent }) {
      const isPush = path.endsWith('/push');
      // A body is compressed meanwhile.
      for (let turn = 0; turn < 20; turn++) await Promise.resolve();
      if (isPush) steps.push('left');
      onSent?.();
      const rest = isPush ? answerPush((body as { readonly ops: readonly Op[] }).ops) : { seq, changes: [], more: false };
      return ok({ status: 200, json: { epoch, seen: { seq, opId: last }, now: Date.now(), ...rest }, retryAfterMs: null });
    },
  };
  must(await drainerOf({ ...workspace, context: { ...context, kv: { ...context.kv, read } } }, transport).run({ force: true }));
  expect(must(await store.summary()).pending).toBe(0);
  expect(steps.slice(0, 6)).toEqual(['read', 'left', 'read', 'left', 'read', 'left']);
});
