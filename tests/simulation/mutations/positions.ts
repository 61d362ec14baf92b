/** Where a device and the server are: cursors, epochs, lineage. */
import { ZERO_STAMP } from '#core/clock.ts';
import type { Transport, Write } from '#core/ports.ts';
import type { RemoteEntity } from '#core/protocol.ts';
import { ok } from '#core/result.ts';
import { type ContextPorts, product } from '#simulation/adapters.ts';
import { PAST_SCENES } from '#simulation/past-scenes.ts';
import { makePlan, type Plan } from '#simulation/plan.ts';
import type { CountersRow, SyncRow } from '#store/schema/meta-rows.ts';
import { INITIAL_SYNC } from '#store/schema/rows.ts';
import type { EntityRow } from '#store/schema/schema.ts';
import type { Mutation } from './mutation.ts';
import {
  type Outcome,
  put,
  type Rows,
  type WorkspaceKv,
  withBody,
  withPorts,
  withSyncStore,
  withTransport,
  withWrites,
} from './wrappers.ts';

export const positions: readonly Mutation[] = [
  {
    name: 'the device does not say what it has seen',
    rule: 'Recovery: a restored server is detected',
    needs: ['past'],
    product: withTransport((transport) => ({
      request: (request) => transport.request({ ...request, body: { ...(request.body as object), seen: null } }),
    })),
  },
  {
    name: 'a reconcile takes over what the server has',
    rule: 'Recovery: reconcile by lineage',
    needs: ['past'],
    product: withSyncStore((store, { kv, clock }) => ({
      async reconcile(remote) {
        await forgetAncestors(kv, remote.kind, remote.id);
        const position = await store.position();
        if (!position.ok) return position;
        const { epoch, seen } = position.value;
        return store.apply([remote], 0, { epoch: epoch ?? remote.version, seen, now: clock.now() });
      },
    })),
  },
  {
    name: 'a pull names no ancestors',
    rule: 'Recovery: what a device takes over it knows the ancestors of',
    needs: [],
    plan: PAST_SCENES.metLater,
    product: withTransport((transport) => ({
      async request(request) {
        const answer = await transport.request(request);
        if (!answer.ok || !request.path.endsWith('/pull') || answer.value.status !== 200) return answer;
        const json = answer.value.json as { readonly changes: readonly RemoteEntity[] };
        const changes = json.changes.map(({ ancestors: _, ...change }) => change);
        return ok({ ...answer.value, json: { ...json, changes } });
      },
    })),
  },
  {
    name: 'the cursor moves without its changes',
    rule: 'Invariant 4',
    needs: [],
    product: withSyncStore((store) => ({
      async apply(changes, cursor, position) {
        const moved = await store.apply([], cursor, position);
        return moved.ok ? store.apply(changes.slice(1), cursor, position) : moved;
      },
    })),
  },
  {
    name: 'a part of a pull does not look whether the one before it was written',
    rule: 'Invariant 4: first copies follow each other',
    needs: ['disk', 'kill'],
    plan: (seed) => withBatches(makePlan(seed, ['disk', 'evict'])),
    product: withPorts(followingBlindly),
  },
  {
    name: 'after a push that others came between nothing is pulled',
    rule: 'Cursor: only a push that nobody came between moves it',
    needs: [],
    product: withWrites((writes) => {
      if (!writes.some((write) => 'delete' in write && write.delete === 'outbox')) return writes;
      return writes.map((write): Write<Rows> => {
        const row = put(write, 'meta');
        return row?.key === 'sync' && row.seen ? { put: 'meta', row: { ...row, cursor: row.seen.seq } } : write;
      });
    }),
  },
  {
    name: 'an op that was sent and has no answer is passed over',
    rule: 'Outbox: acknowledge first',
    needs: ['weather'],
    product: withSyncStore(() => ({ unanswered: async () => ok([]) })),
  },
  {
    name: 'an answer of another epoch is applied',
    rule: 'Recovery: an answer of another life is not applied',
    needs: ['past'],
    product: withTransport(takingEveryEpoch),
  },
  {
    name: 'a save is stamped by the wall clock alone',
    rule: 'Clocks: a stamp is later than what it replaces',
    needs: ['clock'],
    product: withPorts(stampingBlindly),
  },
  {
    name: 'the clock is not moved on by what is received',
    rule: 'Clocks: what is typed after something that was received is later than that',
    needs: [],
    plan: (seed) => makePlan(seed, ['clock']),
    product: { createSyncStore: (ports) => product.createSyncStore(withBody(ports, notHearing)) },
  },
  {
    name: 'the cursor after a reconcile is late',
    rule: 'Recovery: the new cursor is the seq at the manifest’s start',
    needs: ['past'],
    product: withSyncStore((store) => ({
      endReconcile: (epoch, cursor, seen) => store.endReconcile(epoch, cursor + 1, seen),
    })),
  },
];

/** Asks as a device without a past, and takes what comes for the life that it knows. */
function takingEveryEpoch(transport: Transport): Transport {
  return {
    async request(request) {
      const body = request.body as { readonly epoch?: string | null } | undefined;
      const answer = await transport.request({ ...request, body: body && { ...body, epoch: null, seen: null } });
      if (!answer.ok || !body?.epoch) return answer;
      return ok({ ...answer.value, json: { ...(answer.value.json as object), epoch: body.epoch } });
    },
  };
}

/** A save knows neither the last stamp of its device nor those that it replaces. */
function stampingBlindly(ports: ContextPorts): ContextPorts {
  return withBody(ports, (reads, rows, body) => {
    const { row, state } = rows as { readonly row?: EntityRow; readonly state?: CountersRow };
    if (!('above' in reads) || !row || !state) return body(rows);
    const stamps = Object.fromEntries(Object.keys(row.stamps).map((field) => [field, ZERO_STAMP]));
    const outcome = body({ ...rows, row: { ...row, stamps, acceptedAt: null }, state: { ...state, clock: ZERO_STAMP } });
    const writes = outcome.writes.map((write): Write<Rows> => {
      const next = put(write, 'entities');
      if (!next || next.id !== row.id) return write;
      const kept = Object.entries(next.stamps).map(([field, stamp]) => [
        field,
        stamp === ZERO_STAMP ? (row.stamps[field] ?? stamp) : stamp,
      ]);
      return { put: 'entities', row: { ...next, stamps: Object.fromEntries(kept) } };
    });
    return { ...outcome, writes };
  });
}

/** The clock is where it was before the transaction. */
function notHearing(_reads: object, rows: object, body: (rows: object) => Outcome): Outcome {
  const { state } = rows as { readonly state?: CountersRow };
  const outcome = body(rows);
  const writes = outcome.writes.map((write): Write<Rows> => {
    const row = put(write, 'meta');
    return row?.key === 'state' ? { put: 'meta', row: { ...row, clock: state?.clock ?? ZERO_STAMP } } : write;
  });
  return { ...outcome, writes };
}

/** Every pull is written one entity at a time. */
const withBatches = (plan: Plan): Plan => ({ ...plan, devices: plan.devices.map((device) => ({ ...device, applyBatch: 1 })) });

/** First copies are written wherever the cursor is. */
function followingBlindly(ports: ContextPorts): ContextPorts {
  return withBody(ports, (reads, rows, body) => {
    const outcome = body(rows);
    if (outcome.value !== null || !('parents' in reads && 'sync' in reads)) return outcome;
    const again = body({ ...rows, sync: { ...INITIAL_SYNC, ...(rows as { sync?: SyncRow }).sync, cursor: Infinity } });
    const reached = Math.max(...again.writes.map((write) => put(write, 'entities')?.seq ?? 0));
    const writes = again.writes.map((write): Write<Rows> => {
      const row = put(write, 'meta');
      return row?.key === 'sync' ? { put: 'meta', row: { ...row, cursor: reached } } : write;
    });
    return { ...again, writes };
  });
}

async function forgetAncestors(kv: WorkspaceKv, kind: string, id: string): Promise<void> {
  await kv.transact({ row: { get: 'entities', key: [kind, id] } }, ({ row }) => ({
    value: null,
    writes: row ? [{ put: 'entities', row: { ...row, lineage: [] } }] : [],
  }));
}
