import type { KvError } from '#core/errors.ts';
import type { Result } from '#core/result.ts';
import { mint, type StoreContext } from './context.ts';

/** Lets everything in quarantine be sent once more, under new opIds. Gives how many entities that are. */
export async function retryQuarantined(context: StoreContext): Promise<Result<number, KvError>> {
  const { kv } = context;
  const found = await kv.read({
    rows: { list: 'outbox', index: 'byOrder', lower: ['parked', 0], upper: ['parked', Infinity], limit: 1000 },
  });
  if (!found.ok) return found;
  const parked = found.value.rows;
  const keys = parked.map(({ kind, id }) => [kind, id] as const);
  return kv.transact({ rows: { getMany: 'entities', keys } }, ({ rows }) => {
    const writes = parked.flatMap((outbox, index) => {
      const row = rows[index];
      if (row?.queued !== outbox.opId) return [];
      const opId = mint(context);
      return [
        { delete: 'outbox', key: outbox.opId } as const,
        { put: 'outbox', row: { ...outbox, opId, state: 'queued' } } as const,
        { put: 'entities', row: { ...row, queued: opId } } as const,
        { delete: 'quarantine', key: [row.kind, row.id] } as const,
      ];
    });
    return { writes, value: writes.length / 4 };
  });
}
