/** What a run of the sync does with a server of before. Everything else of it is held by the simulation. */
import { expect, test } from 'vitest';
import { mintId } from '#core/ids.ts';
import type { Locks, Transport } from '#core/ports.ts';
import type { Op, Seen } from '#core/protocol.ts';
import { ok, type Result } from '#core/result.ts';
import { systemClock, systemRandom } from '#platform/system.ts';
import { createSyncStore } from '#store/create-sync-store.ts';
import type { WorkspaceRow } from '#store/schema.ts';
import { openWorkspace } from '#store/workspace.ts';
import { createDrainer } from '#sync/drainer.ts';

const mint = (): string => mintId(Date.now(), systemRandom);
const NOTES = 450;
/** As the first servers of protocol 1. */
const MOST = 200;

function must<T>(result: Result<T, unknown>): T {
  if (!result.ok) throw new Error(JSON.stringify(result.error));
  return result.value;
}

const locks: Locks = {
  async hold(_name, body) {
    await null;
    return body();
  },
};

test('a server that takes fewer ops at a time than this app gets them in smaller pushes', async () => {
  const [workspaceId, epoch] = [mint(), mint()];
  const row: WorkspaceRow = {
    id: workspaceId,
    deviceId: mint(),
    deviceName: 'Test',
    accountId: mint(),
    accountKey: '00'.repeat(16),
    name: '',
    createdAt: 0,
    lastOpenedAt: 0,
    entered: true,
    recoverable: true,
    loginName: null,
    retired: false,
  };
  const openChannel = () => ({ post: () => {}, onMessage: () => () => {}, close: () => {} });
  const ports = { clock: systemClock, random: systemRandom, locks, openChannel };
  const { context, store, channel } = must(await openWorkspace(ports, row, true));
  for (let n = 0; n < NOTES; n++)
    must(await store.save({ kind: 'note', id: mint(), patch: { title: `${n}` }, was: {}, builtOn: 0, saveId: mint() }));

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
      if (ops.length > MOST) return answer(400, { type: 'malformed', message: 'The request is not what the protocol says.' });
      const results = ops.map(({ opId }, index) => {
        return { type: 'applied', opId, rev: 1, seq: taken.length + index + 1, acceptedAt: 1, missingBlobs: [] };
      });
      taken.push(...ops);
      return answer(200, { ...position(), results });
    },
  };
  const parts = { ...ports, workspaceId, identity: row, store: createSyncStore(context), transport, channel };
  const outcome = must(await createDrainer(parts).run({ force: true }));

  expect(outcome.error).toBeNull();
  expect(sizes).toContain(NOTES);
  expect(new Set(taken.map(({ opId }) => opId)).size).toBe(NOTES);
  expect(must(await store.summary()).pending).toBe(0);
});
