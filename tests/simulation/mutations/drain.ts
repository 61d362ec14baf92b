/** The outbox on its way to the server. */
import type { Write } from '#core/ports.ts';
import type { Op } from '#core/protocol.ts';
import { ok } from '#core/result.ts';
import type { EntityRow, OutboxRow } from '#store/schema/schema.ts';
import type { Mutation } from './mutation.ts';
import { madeAnew, put, type Rows, reading, type WorkspaceKv, withFound, withSyncStore, withWrites } from './wrappers.ts';

export const drain: readonly Mutation[] = [
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
    rule: 'Invariant 15: a sent row never changes',
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
    product: withFound(
      (reads) => 'outbox' in reads && 'sync' in reads,
      (rows) => ({ ...rows, outbox: (rows as { outbox: readonly (OutboxRow | undefined)[] }).outbox.map(builtElsewhere) }),
    ),
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
];

/** A sent row of which it is not known any more what it was built on. */
const builtElsewhere = (row: OutboxRow | undefined) => row?.op && { ...row, op: { ...row.op, base: row.opId } };

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
