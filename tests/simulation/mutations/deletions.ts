/** The guard before deletions: invariants 17 and 22. */
import { ok } from '#core/result.ts';
import type { SyncStore } from '#core/sync-store.ts';
import { answerDeletions, type ContextPorts, product } from '#simulation/adapters.ts';
import type { Act, Plan } from '#simulation/plan.ts';
import { createPrng } from '#simulation/prng.ts';
import { SCENES } from '#simulation/scenes.ts';
import { asDeletions, DELETIONS } from '#store/draft/held-deletions.ts';
import type { Mutation } from './mutation.ts';
import { put, withBody, withPorts, withSyncStore, withWrites } from './wrappers.ts';

const NOTHING = { many: Infinity, few: Infinity };

/** The same store with nothing to ask about. */
const careless = (ports: ContextPorts): SyncStore => product.createSyncStore({ ...ports, guardLimits: NOTHING });

/** Whether the person of this device has ever let deletions happen. */
async function hasAnswered({ kv }: ContextPorts): Promise<boolean> {
  const found = await kv.read({ rows: { list: 'meta', lower: 'event/', upper: 'event/\uffff', limit: 1000 } });
  return found.ok && found.value.rows.some((row) => 'event' in row && row.event.type === 'deletions-decided');
}

export const deletions: readonly Mutation[] = [
  {
    name: 'held deletions are applied all the same',
    rule: 'Deleting: the stop holds until the person answers',
    needs: [],
    plan: SCENES.deleting,
    product: withSyncStore((store, ports) => ({
      async weighDeletions() {
        const acknowledged = await store.weighDeletions();
        if (acknowledged.ok) await answerDeletions(product.createStore(ports), 'delete', () => {});
        return acknowledged;
      },
    })),
  },
  {
    name: 'the answer of the person counts forever',
    rule: 'Deleting: an answer is about what was shown',
    needs: [],
    plan: deletedAgain,
    product: withSyncStore((store, ports) => ({
      weighDeletions: async () => ((await hasAnswered(ports)) ? careless(ports) : store).weighDeletions(),
    })),
  },
  {
    name: 'each page is weighed by itself',
    rule: 'Deleting: the guard counts over a whole run',
    needs: [],
    plan: SCENES.deleting,
    product: {
      ...withPorts((ports) => ports),
      ...withSyncStore((store, ports) => ({
        async apply(changes, cursor, position) {
          const applied = await store.apply(changes, cursor, position);
          if (!applied.ok) return applied;
          await forgetTaken(ports);
          return store.weighDeletions();
        },
      })),
    },
  },
  {
    name: 'what is held is forgotten when a run begins',
    rule: 'Deleting: the stop is a durable record',
    needs: [],
    plan: SCENES.deleting,
    product: withSyncStore((store, { kv }) => ({
      async unanswered() {
        await kv.transact(
          { deletions: DELETIONS, rows: { list: 'meta', lower: 'held/', upper: 'held/\uffff', limit: 1000 } },
          ({ deletions, rows }) => ({
            writes: [
              ...rows.map(({ key }) => ({ delete: 'meta', key }) as const),
              { put: 'meta', row: { ...asDeletions(deletions), held: 0, aside: 0 } } as const,
            ],
            value: null,
          }),
        );
        return store.unanswered();
      },
    })),
  },
  {
    name: 'a reconcile deletes without asking',
    rule: 'Deleting: the guard holds for a reconcile',
    needs: [],
    plan: SCENES.deleting,
    product: withSyncStore((store, ports) => ({
      async reconcile(remote, lineage, common) {
        const merged = await store.reconcile(remote, lineage, common);
        return merged.ok ? careless(ports).weighDeletions() : merged;
      },
    })),
  },
  {
    name: 'a reconcile forgets what was held',
    rule: 'Deleting: the stop holds until the person answers',
    needs: [],
    plan: SCENES.deleting,
    product: withSyncStore((store, ports) => ({
      async beginReconcile() {
        await answerDeletions(product.createStore(ports), 'delete', () => {});
        return store.beginReconcile();
      },
    })),
  },
  {
    name: 'deletions are counted by the run only',
    rule: 'Deleting: the guard counts over a day',
    needs: [],
    plan: SCENES.deleting,
    product: withWrites((writes) =>
      writes.map((write) => {
        const row = put(write, 'meta');
        return row?.key === 'deletions' ? { put: 'meta', row: { ...row, taken: [] } } : write;
      }),
    ),
  },
  {
    name: 'deletions of this device are sent unweighed',
    rule: 'Deleting: the same guard runs before pushing',
    needs: [],
    plan: SCENES.deletingHere,
    product: withWrites((writes) =>
      writes.map((write) => {
        const row = put(write, 'outbox');
        if (!row?.unweighed) return write;
        const { unweighed: _, ...weighed } = row;
        return { put: 'outbox', row: weighed };
      }),
    ),
  },
  {
    name: 'held deletions of this device are sent all the same',
    rule: 'Deleting: the same guard runs before pushing',
    needs: [],
    plan: SCENES.deletingHere,
    product: withWrites((writes) =>
      writes.map((write) => {
        const row = put(write, 'outbox');
        return row?.state === 'held' ? { put: 'outbox', row: { ...row, state: 'queued' } } : write;
      }),
    ),
  },
  {
    name: 'a purged parent stays purged under new children that come first',
    rule: 'First copies: a child brings its purged parent back',
    needs: [],
    plan: SCENES.newChildren,
    product: withPorts((ports) =>
      withBody(ports, (reads, rows, body) => ('parents' in reads ? body({ ...rows, parents: [] }) : body(rows))),
    ),
  },
  {
    name: 'a message is saved under a purged chat',
    rule: 'Deleting: a child that is saved brings its purged parent back',
    needs: [],
    plan: SCENES.newChildrenHere,
    product: withPorts((ports) =>
      withBody(ports, (reads, rows, body) => ('above' in reads ? body({ ...rows, above: [] }) : body(rows))),
    ),
  },
];

async function forgetTaken({ kv }: ContextPorts): Promise<void> {
  await kv.transact({ deletions: DELETIONS }, ({ deletions }) => {
    const row = asDeletions(deletions);
    return { writes: row.taken.length > 0 ? [{ put: 'meta', row: { ...row, taken: [] } }] : [], value: ok(null) };
  });
}

/** The person lets a first lot of deletions happen; then the other device deletes a second one. */
function deletedAgain(seed: number): Plan {
  const random = createPrng(seed).fork('deleted again');
  const guard = { many: 3, few: 2 };
  const purge = { do: 'purge-many', device: 0, tab: 0, count: 4 } as const;
  const acts: Act[] = [
    { at: 100, do: 'new-many', device: 0, tab: 0, from: 10, count: 8 },
    { at: 40_000, do: 'open', device: 1, tab: 0 },
    { at: 80_000, ...purge, from: 10 },
    { at: 160_000 + random.between(0, 20_000), do: 'answer', device: 1, tab: 0, word: 'delete' },
    { at: 240_000 + random.between(0, 20_000), ...purge, from: 14 },
  ];
  const device = { skewMs: 0, courier: true, lag: 0 };
  return { seed, devices: [device, { ...device, guard }], acts };
}
