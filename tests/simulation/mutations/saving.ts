/** Saves: merged in, committed whole and in time. */
import type { Write } from '#core/ports.ts';
import { ok } from '#core/result.ts';
import { product } from '#simulation/adapters.ts';
import type { Mutation } from './mutation.ts';
import { overwriting, put, type Rows, type WorkspaceKv, withPorts } from './wrappers.ts';

export const saving: readonly Mutation[] = [
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
];

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
