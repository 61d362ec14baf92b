/** Saves: merged in, committed whole and in time. */
import type { Write } from '#core/ports.ts';
import { ok } from '#core/result.ts';
import { product } from '#simulation/adapters.ts';
import { SCENES } from '#simulation/scenes.ts';
import type { BaseRow } from '#store/schema/schema.ts';
import type { Mutation } from './mutation.ts';
import { overwriting, put, type Rows, type WorkspaceKv, withPorts } from './wrappers.ts';

const LATEST_STAMP = 'zzzzzzzzz-zzzz-ffffffff';

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
  {
    name: 'a value that was changed and put back counts as unchanged',
    rule: 'Merge: newer wins by the time of typing',
    needs: [],
    plan: SCENES.puttingBack,
    product: withPorts((ports) => ({ ...ports, kv: datingBases(ports.kv) })),
  },
];

/** Whatever a change was built on seems to be written after it. */
function datingBases(kv: WorkspaceKv): WorkspaceKv {
  const late = (base: BaseRow | undefined): BaseRow | undefined =>
    base && { ...base, stamps: Object.fromEntries(Object.keys(base.stamps).map((field) => [field, LATEST_STAMP])) };
  return {
    ...kv,
    async read(reads) {
      const found = await kv.read(reads);
      const { bases } = (found.ok ? found.value : {}) as { readonly bases?: readonly (BaseRow | undefined)[] };
      return found.ok && bases ? ok({ ...found.value, bases: bases.map(late) }) : found;
    },
  };
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
