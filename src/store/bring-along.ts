import type { Ledger } from '#core/entity.ts';
import type { KvError } from '#core/errors.ts';
import type { Key, Kv } from '#core/ports.ts';
import { ok, type Result } from '#core/result.ts';
import { asState, STATE, type StoreContext } from './context.ts';
import { createDraft } from './draft.ts';
import { type EntityRow, PURGED, type WorkspaceTables } from './schema.ts';

const PAGE = 100;

/**
 * Copies what a person made in one workspace into another: same ids, original stamps, waiting to be sent. What stands
 * there already stays; the sync merges both. Repeating it after a kill changes nothing. Gives the number of copies.
 */
export async function bringAlong(
  from: Kv<WorkspaceTables>,
  into: StoreContext,
  ledger: Ledger,
): Promise<Result<number, KvError>> {
  let copied = 0;
  let after: Key | null = null;
  for (;;) {
    const page: Result<{ readonly rows: readonly EntityRow[] }, KvError> = await from.read({
      rows: { list: 'entities', limit: PAGE, ...(after ? { lower: after, lowerOpen: true } : {}) },
    });
    if (!page.ok) return page;
    const last = page.value.rows.at(-1);
    if (!last) return ok(copied);
    after = [last.kind, last.id];
    // What belongs to the old device stays with it; what is unknown here may belong to every device, so it comes along.
    const rows = page.value.rows.filter(
      ({ kind, place }) => place !== PURGED && (ledger.get(kind)?.scope ?? 'synced') === 'synced',
    );
    const result = await into.kv.transact(
      { present: { getMany: 'entities', keys: rows.map(({ kind, id }) => [kind, id]) }, state: STATE },
      ({ present, state }) => {
        const draft = createDraft(into, asState(state));
        const missing = rows.filter((_, index) => !present[index]);
        for (const row of missing) {
          draft.receive(row.lastUpdated);
          const unsent = { version: null, rev: 0, seq: 0, acceptedAt: null, lineage: [], queued: null, sent: null };
          draft.put({ ...row, ...unsent }, undefined, { pending: true });
        }
        return { writes: draft.finish(true).writes, value: missing.length };
      },
    );
    if (!result.ok) return result;
    copied += result.value;
  }
}
