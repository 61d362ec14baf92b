/** Ways to put something between the product and its ports, which the mutations share. */
import type { Kv, Read, Transport, Write } from '#core/ports.ts';
import type { Op } from '#core/protocol.ts';
import { ok } from '#core/result.ts';
import type { SyncStore } from '#core/sync-store.ts';
import { type ContextPorts, type Product, product } from '#simulation/adapters.ts';
import { toOp } from '#store/schema/op.ts';
import type { EntityRow, WorkspaceTables } from '#store/schema/schema.ts';
import type { Store } from '#store/store.ts';

export type Rows = WorkspaceTables;

export type WorkspaceKv = Kv<Rows>;

/** A product whose contexts get other ports. */
export const withPorts = (change: (ports: ContextPorts) => ContextPorts): Partial<Product> => ({
  createStore: (ports) => product.createStore(change(ports)),
  createSyncStore: (ports) => product.createSyncStore(change(ports)),
  createDrainer: (ports, store) => product.createDrainer(change(ports), store),
});

export const withSyncStore = (change: (store: SyncStore, ports: ContextPorts) => Partial<SyncStore>): Partial<Product> => ({
  createSyncStore: (ports) => {
    const store = product.createSyncStore(ports);
    return { ...store, ...change(store, ports) };
  },
});

/** Every transaction's writes, changed before they are committed. `read` gives a row as the transaction found it. */
export const withWrites = (change: (writes: readonly Write<Rows>[]) => readonly Write<Rows>[]): Partial<Product> =>
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
export const withFound = (of: (reads: object) => boolean, change: (rows: object) => object): Partial<Product> =>
  withPorts((ports) => ({
    ...ports,
    kv: {
      ...ports.kv,
      transact: (reads, body, durability) =>
        ports.kv.transact(reads, (rows) => body(of(reads) ? (change(rows) as typeof rows) : rows), durability),
    },
  }));

export const withTransport = (change: (transport: Transport) => Transport): Partial<Product> => ({
  createDrainer: (ports, store) => product.createDrainer({ ...ports, transport: change(ports.transport) }, store),
});

export interface Outcome {
  readonly writes: readonly Write<Rows>[];
  readonly value: unknown;
}

/** Changes what a transaction does, by what it reads: its body, and the rows that it has found. */
export const withBody = (
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

export const put = <S extends keyof Rows & string>(write: Write<Rows>, store: S): Rows[S] | null =>
  'put' in write && write.put === store ? (write.row as Rows[S]) : null;

export const reading = (ops: readonly Op[]) =>
  ({
    rows: { getMany: 'entities', keys: ops.map(({ kind, id }) => [kind, id]) },
    outbox: { getMany: 'outbox', keys: ops.map(({ opId }) => opId) },
  }) as const satisfies { readonly [name: string]: Read<Rows> };

/** Saves lay their patch over whatever is there. */
export const overwriting = (store: Store): Store => ({
  ...store,
  async save(request) {
    const now = await store.get(request.kind, request.id);
    if (!now.ok || !now.value) return store.save(request);
    const { fields, localSeq } = now.value;
    const was = Object.fromEntries(Object.entries(fields).filter(([field]) => field in request.patch));
    return store.save({ ...request, base: was, baseSeq: localSeq });
  },
});

/** What was sent and has no answer goes out as the entity's row would make it now. */
export const madeAnew = withSyncStore((store, { kv }) => ({
  async unanswered() {
    const sent = await store.unanswered();
    if (!sent.ok) return sent;
    const keys = sent.value.map(({ kind, id }) => [kind, id]);
    const found = await kv.read({ rows: { getMany: 'entities', keys } });
    if (!found.ok) return found;
    return ok(sent.value.map((op, at) => ({ ...toOp(found.value.rows[at] as EntityRow, op.opId), base: op.base })));
  },
}));
