/** Long queues, which are marked and taken as one. */
import type { Write } from '#core/ports.ts';
import type { ContextPorts } from '#simulation/adapters.ts';
import { type Act, makePlan, type Plan } from '#simulation/plan.ts';
import { createPrng } from '#simulation/prng.ts';
import { asCounters, COUNTERS } from '#store/schema/context.ts';
import type { CountersRow } from '#store/schema/meta-rows.ts';
import type { Mutation } from './mutation.ts';
import { madeAnew, put, type Rows, type WorkspaceKv, withFound, withPorts, withSyncStore, withWrites } from './wrappers.ts';

export const bulks: readonly Mutation[] = [
  {
    name: 'the mark of a bulk is not written before the fetch',
    rule: 'Bulks: one mark before the fetch',
    needs: ['kill'],
    plan: (seed) => withBulks(makePlan(seed, ['kill'])),
    product: withSyncStore((store, { kv }) => ({
      async claim(request) {
        const claimed = await store.claim(request);
        await unmark(kv);
        return claimed;
      },
    })),
  },
  {
    name: 'a bulk that went out is made again with what has been edited since',
    rule: 'Bulks: the frozen ops are kept beside the mark',
    needs: ['weather'],
    plan: (seed) => withBulks(makePlan(seed, ['weather'])),
    product: madeAnew,
  },
  {
    name: 'a bulk takes in an entity that was edited on its way',
    rule: 'Bulks: what was edited meanwhile is acknowledged by itself',
    needs: [],
    plan: (seed) => withBulks(makePlan(seed, ['weather'])),
    product: withFound(
      (reads) => 'edited' in reads,
      (rows) => ({ ...rows, edited: [] }),
    ),
  },
  {
    name: 'an order is given twice',
    rule: 'Bulks: an order is never given twice',
    needs: [],
    plan: (seed) => withBulks(makePlan(seed)),
    product: withWrites((writes) =>
      writes.map((write): Write<Rows> => {
        const row = put(write, 'meta');
        return row?.key === 'state' ? { put: 'meta', row: { ...row, lastOrder: 0 } } : write;
      }),
    ),
  },
  {
    name: 'a bulk is marked although something was saved since it was made ready',
    rule: 'Bulks: what was made ready is checked when it is marked',
    needs: [],
    plan: (seed) => withBulks(makePlan(seed)),
    product: withPorts((ports) => markingBlindly(ports, 'sent')),
  },
  {
    name: 'the next bulk is marked with the answer although something was saved since it was made ready',
    rule: 'Bulks: what was made ready is checked when it is marked',
    needs: [],
    plan: savedBetweenBulks,
    product: withPorts((ports) => markingBlindly(ports, 'following')),
  },
  {
    name: 'a bulk of which not all was applied is taken whole',
    rule: 'Bulks: taken only where every answer says applied',
    needs: [],
    plan: (seed) => withBulks(makePlan(seed)),
    product: withSyncStore((store) => ({
      acknowledge: (results, position) =>
        store.acknowledge(
          results.map((result) =>
            result.type === 'conflict' && result.current
              ? {
                  type: 'applied',
                  opId: result.opId,
                  rev: result.current.rev,
                  seq: result.current.seq,
                  acceptedAt: 0,
                  missingBlobs: [],
                }
              : result,
          ),
          position,
        ),
    })),
  },
];

/** A queue of many small pushes is on its way, while what is further back in it is edited. */
function savedBetweenBulks(seed: number): Plan {
  const random = createPrng(seed).fork('between bulks');
  const acts: Act[] = [
    { at: 50, do: 'offline', device: 0 },
    { at: 100, do: 'new-many', device: 0, tab: 0, from: 0, count: 6 },
    { at: 20_000, do: 'weather', device: 0, badness: 0, latencyMs: 300 },
    { at: 20_100, do: 'online', device: 0 },
  ];
  const typing = {
    do: 'type',
    device: 0,
    tab: 0,
    field: 'title',
    place: 1,
    line: true,
    count: 1,
    gapMs: 20,
    leave: true,
  } as const;
  for (let n = 0; n < 16; n++) acts.push({ at: 20_100 + random.below(2500), ...typing, note: random.below(6) });
  const device = { skewMs: 0, courier: true, lag: random.chance(0.5) ? 0.7 : 0, bulkFrom: 1, pushLimit: 1 };
  return { seed, devices: [device], acts: acts.sort((a, b) => a.at - b.at) };
}

/** Every push of every device is a bulk, of `pushLimit` ops at most. */
const withBulks = (plan: Plan, pushLimit?: number): Plan => ({
  ...plan,
  devices: plan.devices.map((device) => ({ ...device, bulkFrom: 1, ...(pushLimit === undefined ? {} : { pushLimit }) })),
});

/** Takes back the mark of a bulk. */
async function unmark(kv: WorkspaceKv): Promise<void> {
  await kv.transact({ state: COUNTERS }, ({ state }) => ({
    value: null,
    writes: [
      { delete: 'meta', key: 'bulk' },
      { put: 'meta', row: { ...asCounters(state), sending: null } },
    ],
  }));
}

/** A bulk is marked as if the counters were still where they did when it was made ready. */
function markingBlindly(ports: ContextPorts, step: 'sent' | 'following'): ContextPorts {
  const { kv } = ports;
  let localSeq = 0;
  return {
    ...ports,
    kv: {
      ...kv,
      async read(reads) {
        const result = await kv.read(reads);
        if (result.ok && 'rows' in reads && 'state' in reads)
          ({ localSeq } = asCounters(result.value['state'] as CountersRow | undefined));
        return result;
      },
      transact: (reads, body, durability) =>
        kv.transact(
          reads,
          (rows) => {
            if (!('waiting' in reads && step in reads)) return body(rows);
            const state = asCounters(rows['state'] as unknown as CountersRow | undefined);
            const { writes, value } = body({ ...rows, state: { ...state, localSeq } } as typeof rows);
            const restored = writes.map((write): Write<Rows> => {
              const row = put(write, 'meta');
              return row?.key === 'state' ? { put: 'meta', row: { ...row, localSeq: state.localSeq } } : write;
            });
            return { writes: restored, value };
          },
          durability,
        ),
    },
  };
}
