/** Parts of the product's store that no page calls: the writer behind a save, the bulk side of a pull, a store just opened. */
import { expose } from 'comlink';
import { encodeBody } from '#core/body.ts';
import { hashText } from '#core/hash.ts';
import { paths } from '#core/paths.ts';
import { MAX_PUSH_OPS, pushAnswerSchema, type RemoteEntity } from '#core/protocol.ts';
import { PROTOCOL } from '#core/protocol-parts.ts';
import { ledger } from '#entities/index.ts';
import { fetchTransport } from '#platform/fetch-transport.ts';
import { openChannel, systemClock, systemRandom, webLocks } from '#platform/system.ts';
import { createDraft } from '#store/draft/draft.ts';
import { asCounters, COUNTERS, type StoreContext } from '#store/schema/context.ts';
import { toOp } from '#store/schema/op.ts';
import type { WorkspaceRow } from '#store/schema/registry-schema.ts';
import type { EntityRow } from '#store/schema/schema.ts';
import { createSyncStore } from '#store/sync/create-sync-store.ts';
import { openActive, openWorkspace } from '#store/workspace.ts';
import { enterAccount } from '#sync/enter.ts';
import { call } from '#sync/request.ts';
import type { Parts } from './parts-api.ts';
import { must } from './product.ts';
import { newId, sampleNote, sampleRow } from './sample-note.ts';
import { createSampleText } from './sample-text.ts';

const ports = { clock: systemClock, random: systemRandom, locks: webLocks, openChannel };
const FILL_BATCH = 500;
const PULL_PAGE = 500;

const rowOf = (id: string): WorkspaceRow => ({
  id,
  deviceId: newId(),
  deviceName: 'bench',
  accountId: newId(),
  accountKey: '0'.repeat(32),
  name: '',
  createdAt: 0,
  lastOpenedAt: 0,
  entered: false,
  recoverable: false,
  loginName: null,
  retired: false,
});

async function open(id: string | null) {
  if (id !== null) return must(await openWorkspace(ports, rowOf(id), false));
  return must(await openActive(ports, { deviceName: 'bench' }));
}

const remoteOf = (n: number): RemoteEntity => {
  const { kind, id, v, fields, stamps, lastUpdated, deviceId } = sampleRow(n);
  const body = encodeBody({ fields, stamps });
  const hash = hashText(body);
  return { kind, id, v, version: newId(n), rev: 1, seq: n + 1, lastUpdated, deviceId, deleted: false, body, hash, acceptedAt: 1 };
};

let saving: ReturnType<typeof open> | null = null;

const parts: Parts = {
  async save(round) {
    saving ??= open(newId());
    const { store } = await saving;
    const request = { kind: 'note', id: newId(round), patch: { ...sampleNote(round) }, base: {}, baseSeq: 0, saveId: newId() };
    const start = performance.now();
    must(await store.save(request));
    return performance.now() - start;
  },

  echo: async (value) => value,

  async fill(workspaceId, count, pending, words = 0) {
    const { kv, row, close } = await open(workspaceId);
    const context: StoreContext = {
      kv,
      clock: systemClock,
      random: systemRandom,
      ledger,
      workspaceId: row.id,
      deviceId: row.deviceId,
      channel: { post: () => {} },
      policy: () => 'newer',
    };
    const sample = words > 0 ? createSampleText() : null;
    const withWords = (row: EntityRow): EntityRow =>
      sample ? { ...row, fields: { ...row.fields, text: sample.text(words) } } : row;
    for (let done = 0; done < count; done += FILL_BATCH) {
      const rows = Array.from({ length: Math.min(FILL_BATCH, count - done) }, (_, index) => withWords(sampleRow(done + index)));
      const written = await kv.transact(
        { state: COUNTERS },
        ({ state }) => {
          const draft = createDraft(context, asCounters(state));
          for (const row of rows) draft.put({ ...row, deviceId: context.deviceId }, undefined, { pending });
          return { writes: draft.finish(true).writes, value: undefined };
        },
        'relaxed',
      );
      must(written);
    }
    close();
    return { accountId: row.accountId, accountKey: row.accountKey };
  },

  async apply(workspaceId, count) {
    const { context, close } = await open(workspaceId);
    const syncStore = createSyncStore(context);
    const changes = Array.from({ length: count }, (_, n) => remoteOf(n));
    const position = { epoch: newId(), seen: { seq: count, opId: newId() }, now: Date.now() };
    const start = performance.now();
    for (let done = 0; done < count; done += PULL_PAGE) {
      must(await syncStore.apply(changes.slice(done, done + PULL_PAGE), Math.min(count, done + PULL_PAGE), position));
    }
    const ms = performance.now() - start;
    close();
    return ms;
  },

  async post(count) {
    const account = { accountId: newId(), accountKey: '0'.repeat(32), deviceId: newId(), deviceName: 'bench' };
    let { epoch, seen } = must(await enterAccount(fetchTransport, account));
    const ops = Array.from({ length: count }, (_, n) => toOp(sampleRow(n), newId(n)));
    const start = performance.now();
    for (let done = 0; done < count; done += MAX_PUSH_OPS) {
      const body = { protocol: PROTOCOL, epoch, seen, ops: ops.slice(done, done + MAX_PUSH_OPS) };
      const request = { method: 'POST', path: paths.push(account.accountId), body } as const;
      const answer = must(await call(fetchTransport, request, pushAnswerSchema));
      if (answer.results.some(({ type }) => type !== 'applied')) throw new Error('an op was not applied');
      ({ epoch, seen } = answer);
    }
    return performance.now() - start;
  },

  async firstRows(workspaceId, limit) {
    const start = performance.now();
    const { store, close } = await open(workspaceId);
    const opened = performance.now();
    const { items } = must(await store.list({ kind: 'note', limit }));
    const listed = performance.now();
    if (items.length !== limit) throw new Error(`${items.length} rows`);
    close();
    return { openMs: opened - start, listMs: listed - opened };
  },
};

expose(parts);
