/**
 * A version that a restored server has lost, and that it does not take back: the account has no room for it. Built on what the server
 * has now, the device would forget what it has in common with the other devices. The row stays as it is and waits in quarantine;
 * whatever comes of its entity next, or is sent of it, is compared again, and the version is given back before anything is merged.
 */
import { keyText } from '#core/entity-key.ts';
import type { KvError } from '#core/errors.ts';
import type { Key } from '#core/ports.ts';
import type { Op } from '#core/protocol.ts';
import { ok, type Result } from '#core/result.ts';
import { createDraft, keepBase } from '#store/draft/draft.ts';
import { logEvent } from '#store/draft/event-log.ts';
import { asCounters, COUNTERS, type StoreContext } from '#store/schema/context.ts';
import { PURGED } from '#store/schema/schema.ts';
import { park } from './incoming.ts';

/** See `SyncStore.keepLost`. */
export async function keepLost(
  context: StoreContext,
  refused: readonly Pick<Op, 'kind' | 'id' | 'opId'>[],
): Promise<Result<ReadonlySet<string>, KvError>> {
  if (refused.length === 0) return ok(new Set());
  const keys: Key[] = refused.map(({ kind, id }) => [kind, id]);
  const result = await context.kv.transact({ rows: { getMany: 'entities', keys }, state: COUNTERS }, ({ rows, state }) => {
    const draft = createDraft(context, asCounters(state));
    // A deletion needs no room, and makes some: it does not wait.
    const kept = rows.flatMap((row, index) =>
      row && row.version !== null && row.version === refused[index]?.opId && row.place !== PURGED
        ? [{ row, version: row.version }]
        : [],
    );
    for (const { row, version } of kept) {
      const { kind, id } = row;
      keepBase(draft, row);
      draft.write({
        put: 'quarantine',
        row: { kind, id, reason: 'over-quota', at: context.clock.now(), op: null, raw: null },
      });
      park(context, draft, { ...row, unreturned: version }, row);
    }
    return { writes: draft.finish(false).writes, value: kept.map(({ row }) => row) };
  });
  if (!result.ok) return result;
  for (const kind of new Set(result.value.map((row) => row.kind)))
    await logEvent(context, { type: 'quarantined', kind, detail: 'over-quota' });
  return ok(new Set(result.value.map(keyText)));
}
