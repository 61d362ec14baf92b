/**
 * The rules of the protocol, each switched off from outside: a part of the product is wrapped so that it behaves as if
 * the rule had not been written. The simulation must notice; `mutations.test.ts` holds it to that.
 */

import type { Kv, Locks, Read, Transport, Write } from '#core/ports.ts';
import type { Op } from '#core/protocol.ts';
import { ok } from '#core/result.ts';
import type { SyncStore } from '#core/sync-store.ts';
import type { Storage } from '#server/storage/storage.ts';
import { asState, STATE } from '#store/context.ts';
import { toOp } from '#store/op.ts';
import { INITIAL_SYNC } from '#store/rows.ts';
import type { EntityRow, OutboxRow, StateRow, SyncRow, WorkspaceTables } from '#store/schema.ts';
import type { Store } from '#store/store.ts';
import { type ContextPorts, type Product, product } from './adapters.ts';
import { type Act, makePlan, type Plan, type Trouble } from './plan.ts';
import { createPrng } from './prng.ts';

export interface Mutation {
  readonly name: string;
  /** What it switches off, as `docs` and the protocol call it. */
  readonly rule: string;
  /** Troubles without which the rule is never needed. */
  readonly needs: readonly Trouble[];
  /** A plan in which the rule is needed more often than by chance. */
  readonly plan?: (seed: number) => Plan;
  readonly product?: Partial<Product>;
  readonly storage?: (storage: Storage) => Storage;
}

type Rows = WorkspaceTables;
type WorkspaceKv = Kv<Rows>;

/** A product whose contexts get other ports. */
const withPorts = (change: (ports: ContextPorts) => ContextPorts): Partial<Product> => ({
  createStore: (ports) => product.createStore(change(ports)),
  createSyncStore: (ports) => product.createSyncStore(change(ports)),
  createDrainer: (ports, store) => product.createDrainer(change(ports), store),
});

const withSyncStore = (change: (store: SyncStore, ports: ContextPorts) => Partial<SyncStore>): Partial<Product> => ({
  createSyncStore: (ports) => {
    const store = product.createSyncStore(ports);
    return { ...store, ...change(store, ports) };
  },
});

/** Every transaction's writes, changed before they are committed. `read` gives a row as the transaction found it. */
const withWrites = (change: (writes: readonly Write<Rows>[]) => readonly Write<Rows>[]): Partial<Product> =>
  withPorts((ports) => ({
    ...ports,
    kv: {
      ...ports.kv,
      transact: (reads, body, durability) =>
        ports.kv.transact(
          reads,
          (rows) => {
            const { writes, value } = body(rows);
            return { writes: change(writes), value };
          },
          durability,
        ),
    },
  }));

/** The rows that one of the product's transactions finds, changed before its body sees them. */
const withFound = (of: (reads: object) => boolean, change: (rows: object) => object): Partial<Product> =>
  withPorts((ports) => ({
    ...ports,
    kv: {
      ...ports.kv,
      transact: (reads, body, durability) =>
        ports.kv.transact(reads, (rows) => body(of(reads) ? (change(rows) as typeof rows) : rows), durability),
    },
  }));

const withTransport = (change: (transport: Transport) => Transport): Partial<Product> => ({
  createDrainer: (ports, store) => product.createDrainer({ ...ports, transport: change(ports.transport) }, store),
});

/** Saves lay their patch over whatever stands there. */
const overwriting = (store: Store): Store => ({
  ...store,
  async save(request) {
    const now = await store.get(request.kind, request.id);
    if (!now.ok || !now.value) return store.save(request);
    const { fields, localSeq } = now.value;
    const was = Object.fromEntries(Object.entries(fields).filter(([field]) => field in request.patch));
    return store.save({ ...request, was, builtOn: localSeq });
  },
});

const put = <S extends keyof Rows & string>(write: Write<Rows>, store: S): Rows[S] | null =>
  'put' in write && write.put === store ? (write.row as Rows[S]) : null;

/** What was sent and has no answer goes out as the entity's row would make it now. */
const madeAnew = withSyncStore((store, { kv }) => ({
  async unanswered() {
    const sent = await store.unanswered();
    if (!sent.ok) return sent;
    const keys = sent.value.map(({ kind, id }) => [kind, id]);
    const found = await kv.read({ rows: { getMany: 'entities', keys } });
    if (!found.ok) return found;
    return ok(sent.value.map((op, at) => ({ ...toOp(found.value.rows[at] as EntityRow, op.opId), base: op.base })));
  },
}));

export const mutations: readonly Mutation[] = [
  {
    name: 'a save lays its patch over a row that has moved on',
    rule: 'Saving: the store merges in',
    needs: [],
    product: { createStore: (ports) => overwriting(product.createStore(ports)) },
  },
  {
    name: 'saved is said before the commit',
    rule: 'Invariant 1',
    needs: ['kill'],
    product: {
      createStore: (ports) => product.createStore({ ...ports, kv: earlyKv(ports.kv) }),
    },
  },
  {
    name: 'edits are committed relaxed',
    rule: 'Saving: one strict transaction',
    needs: ['kill', 'power'],
    product: withPorts((ports) => ({
      ...ports,
      kv: { ...ports.kv, transact: (reads, body) => ports.kv.transact(reads, body, 'relaxed') },
    })),
  },
  {
    name: 'entity and outbox row are committed apart',
    rule: 'Saving: one transaction',
    needs: ['kill'],
    product: withPorts((ports) => ({ ...ports, kv: tornKv(ports.kv) })),
  },
  {
    name: 'the page writes no journal',
    rule: 'The unload journal',
    needs: ['life'],
    product: {
      createJournal: (...args) => ({ ...product.createJournal(...args), write: async () => ok(undefined) }),
    },
  },
  {
    name: 'the journal is folded over what stands there',
    rule: 'The unload journal never overwrites',
    needs: ['life'],
    product: {
      foldJournal: (kv, store, locks) => product.foldJournal(kv, { ...store, save: overwriting(store as Store).save }, locks),
    },
  },
  {
    name: 'the journal of a living tab is folded in',
    rule: 'The unload journal leaves rows of a living tab alone',
    needs: ['life'],
    plan: hiddenWhileTyping,
    product: {
      foldJournal: (kv, store) => product.foldJournal(kv, store, { hold: async (_name, body) => body() } satisfies Locks),
    },
  },
  {
    name: 'the step to sent is not written before the fetch',
    rule: 'Outbox: queued or sent',
    needs: ['kill'],
    product: withSyncStore((store, { kv }) => ({
      async claim(request) {
        const claimed = await store.claim(request);
        if (claimed.ok) await unsend(kv, claimed.value.ops);
        return claimed;
      },
    })),
  },
  {
    name: 'a sent row goes out again with what has been edited since',
    rule: 'Outbox: a sent row never changes',
    needs: ['weather'],
    product: madeAnew,
  },
  {
    name: 'the base is not filled in at dispatch',
    rule: 'Outbox: base is filled in at dispatch',
    needs: [],
    product: withSyncStore((store) => ({
      async claim(request) {
        const claimed = await store.claim(request);
        return claimed.ok ? ok({ ...claimed.value, ops: claimed.value.ops.map((op) => ({ ...op, base: null })) }) : claimed;
      },
    })),
  },
  {
    name: 'an acknowledgement removes the newer row, too',
    rule: 'Outbox: the acknowledgement removes the row by opId',
    needs: [],
    product: withWrites((writes) => {
      const gone = writes.some((write) => 'delete' in write && write.delete === 'outbox');
      if (!gone) return writes;
      return writes.flatMap((write): Write<Rows>[] => {
        const row = put(write, 'entities');
        if (!row || row.queued === null || row.sent !== null) return [write];
        return [
          { put: 'entities', row: { ...row, queued: null } },
          { delete: 'outbox', key: row.queued },
        ];
      });
    }),
  },
  {
    name: 'an acknowledgement does not set the version',
    rule: 'Outbox: the acknowledgement sets the version',
    needs: [],
    product: withSyncStore((store) => ({
      settle: (results, position) =>
        store.settle(
          results.map((result) => (result.type === 'applied' ? { ...result, seq: -1 } : result)),
          position,
        ),
    })),
  },
  {
    name: 'the outbox row is removed before the answer',
    rule: 'Invariant 2',
    needs: ['weather'],
    product: withSyncStore((store, { kv }) => ({
      async claim(request) {
        const claimed = await store.claim(request);
        if (claimed.ok) await dropRows(kv, claimed.value.ops);
        return claimed;
      },
    })),
  },
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
    name: 'a bulk that went out is made anew with what has been edited since',
    rule: 'Bulks: the frozen ops stand beside the mark',
    needs: ['weather'],
    plan: (seed) => withBulks(makePlan(seed, ['weather'])),
    product: madeAnew,
  },
  {
    name: 'a bulk takes in an entity that was edited on its way',
    rule: 'Bulks: what was edited meanwhile is settled by itself',
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
    plan: (seed) => withBulks(makePlan(seed), 2),
    product: withPorts((ports) => markingBlindly(ports, 'following')),
  },
  {
    name: 'a bulk of which not all was applied is taken whole',
    rule: 'Bulks: taken only where every answer says applied',
    needs: [],
    plan: (seed) => withBulks(makePlan(seed)),
    product: withSyncStore((store) => ({
      settle: (results, position) =>
        store.settle(
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
  {
    name: 'the server forgets which ops it has applied',
    rule: 'Invariant 3',
    needs: ['weather'],
    storage: (storage) => ({
      ...storage,
      write: (accountId, body) =>
        storage.write(accountId, (writer, account) => body({ ...writer, appliedOps: async () => [] }, account)),
    }),
  },
  {
    name: 'the server does not compare before it sets',
    rule: 'Compare and set',
    needs: [],
    storage: (storage) => ({
      ...storage,
      write: (accountId, body) =>
        storage.write(accountId, (writer, account) =>
          body(
            {
              ...writer,
              async heads(id, keys) {
                const bases = new Map(keys.map((key) => [`${key.kind}/${key.id}`, (key as Partial<Op>).base]));
                const heads = await writer.heads(id, keys);
                return heads.map((head) => ({ ...head, version: bases.get(`${head.kind}/${head.id}`) as string }));
              },
            },
            account,
          ),
        ),
    }),
  },
];

/** Every push of every device is a bulk, of `pushLimit` ops at most. */
const withBulks = (plan: Plan, pushLimit?: number): Plan => ({
  ...plan,
  devices: plan.devices.map((device) => ({ ...device, bulkFrom: 1, ...(pushLimit === undefined ? {} : { pushLimit }) })),
});

/** Every pull is written one entity at a time. */
const withBatches = (plan: Plan): Plan => ({ ...plan, devices: plan.devices.map((device) => ({ ...device, applyBatch: 1 })) });

/** Changes what a transaction does, by what it reads: its body, and the rows that it has found. */
const withBody = (
  ports: ContextPorts,
  change: (reads: object, rows: object, body: (rows: object) => Outcome) => Outcome,
): ContextPorts => ({
  ...ports,
  kv: {
    ...ports.kv,
    transact: (reads, body, durability) =>
      ports.kv.transact(reads, (rows) => change(reads, rows, body as never) as never, durability),
  },
});

interface Outcome {
  readonly writes: readonly Write<Rows>[];
  readonly value: unknown;
}

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

/** Takes back the mark of a bulk. */
async function unmark(kv: WorkspaceKv): Promise<void> {
  await kv.transact({ state: STATE }, ({ state }) => ({
    value: null,
    writes: [
      { delete: 'meta', key: 'bulk' },
      { put: 'meta', row: { ...asState(state), sending: null } },
    ],
  }));
}

/** A bulk is marked as if the counters still stood where they did when it was made ready. */
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
          ({ localSeq } = asState(result.value['state'] as StateRow | undefined));
        return result;
      },
      transact: (reads, body, durability) =>
        kv.transact(
          reads,
          (rows) => {
            if (!('waiting' in reads && step in reads)) return body(rows);
            const state = asState(rows['state'] as unknown as StateRow | undefined);
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

/** A person types on in a tab that is hidden and shown again, while another tab starts and folds in the journal. */
function hiddenWhileTyping(seed: number): Plan {
  const random = createPrng(seed).fork('hidden');
  const acts: Act[] = [{ at: 100, do: 'new', device: 0, tab: 0, note: 0, chat: false }];
  const typing = { do: 'type', device: 0, tab: 0, note: 0, field: 'text', place: 1, line: true, leave: false } as const;
  for (let burst = 1; burst <= 6; burst++) {
    const at = burst * 20_000;
    acts.push({ at, ...typing, count: 8, gapMs: 80 });
    acts.push({ at: at + random.between(100, 600), do: 'hide', device: 0, tab: 0 });
    acts.push({ at: at + random.between(100, 700), do: 'reload', device: 0, tab: 1 });
    acts.push({ at: at + random.between(100, 700), do: 'open', device: 0, tab: 1 });
  }
  return { seed, devices: [{ skewMs: 0, courier: true, lag: 0 }], acts: acts.sort((a, b) => a.at - b.at) };
}

/** Answers with what a transaction would give, and commits it afterwards. */
function earlyKv(kv: WorkspaceKv): WorkspaceKv {
  return {
    ...kv,
    async transact(reads, body, durability) {
      const found = await kv.read(reads);
      if (!found.ok) return found;
      const { value } = body(found.value);
      void kv.transact(reads, body, durability);
      return ok(value);
    },
  };
}

/** Commits the writes of one transaction in two. */
function tornKv(kv: WorkspaceKv): WorkspaceKv {
  return {
    ...kv,
    async transact(reads, body, durability) {
      let later: readonly Write<Rows>[] = [];
      const first = await kv.transact(
        reads,
        (rows) => {
          const { writes, value } = body(rows);
          const isLater = (write: Write<Rows>): boolean => put(write, 'outbox') !== null;
          later = writes.filter(isLater);
          return { writes: writes.filter((write) => !isLater(write)), value };
        },
        durability,
      );
      if (first.ok && later.length > 0) await kv.transact({}, () => ({ writes: later, value: null }), durability);
      return first;
    },
  };
}

async function forgetAncestors(kv: WorkspaceKv, kind: string, id: string): Promise<void> {
  await kv.transact({ row: { get: 'entities', key: [kind, id] } }, ({ row }) => ({
    value: null,
    writes: row ? [{ put: 'entities', row: { ...row, lineage: [] } }] : [],
  }));
}

const reading = (ops: readonly Op[]) =>
  ({
    rows: { getMany: 'entities', keys: ops.map(({ kind, id }) => [kind, id]) },
    outbox: { getMany: 'outbox', keys: ops.map(({ opId }) => opId) },
  }) as const satisfies { readonly [name: string]: Read<Rows> };

/** Puts claimed rows back as if they had never been marked. */
async function unsend(kv: WorkspaceKv, ops: readonly Op[]): Promise<void> {
  await kv.transact(reading(ops), ({ rows, outbox }) => ({
    value: null,
    writes: ops.flatMap((op, index): Write<Rows>[] => [
      { put: 'outbox', row: { ...(outbox[index] as OutboxRow), state: 'queued', op: null } },
      { put: 'entities', row: { ...(rows[index] as EntityRow), queued: op.opId, sent: null } },
    ]),
  }));
}

/** Takes claimed rows out of the outbox. */
async function dropRows(kv: WorkspaceKv, ops: readonly Op[]): Promise<void> {
  await kv.transact(reading(ops), ({ rows }) => ({
    value: null,
    writes: ops.flatMap((op, index): Write<Rows>[] => [
      { delete: 'outbox', key: op.opId },
      { put: 'entities', row: { ...(rows[index] as EntityRow), sent: null } },
    ]),
  }));
}
