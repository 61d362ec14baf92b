/** Where a device and the server are: cursors, epochs, lineage. */
import type { Write } from '#core/ports.ts';
import type { ContextPorts } from '#simulation/adapters.ts';
import { makePlan, type Plan } from '#simulation/plan.ts';
import { INITIAL_SYNC } from '#store/rows.ts';
import type { SyncRow } from '#store/schema.ts';
import type { Mutation } from './mutation.ts';
import { put, type Rows, type WorkspaceKv, withBody, withPorts, withSyncStore, withTransport } from './wrappers.ts';

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
];

/** Every pull is written one entity at a time. */
const withBatches = (plan: Plan): Plan => ({ ...plan, devices: plan.devices.map((device) => ({ ...device, applyBatch: 1 })) });

/** First copies are written wherever the cursor stands. */
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
