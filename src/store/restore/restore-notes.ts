/**
 * What is said to other devices of a restore that a person meant, as a synced entity (`entities/bulk-restore.ts`) under the restore's id: written, and so
 * sent, before the changes that it makes.
 */
import type { Fields } from '#core/entity.ts';
import type { KvError } from '#core/errors.ts';
import { ok, type Result } from '#core/result.ts';
import { createDraft } from '#store/draft/draft.ts';
import { announce, asCounters, COUNTERS, type StoreContext } from '#store/schema/context.ts';
import { withEffectiveRows } from '#store/schema/effective-rows.ts';
import { PURGED } from '#store/schema/schema.ts';
import { writeBody } from './write-body.ts';

const KIND = 'bulk-restore';

/** To be called before its first change. */
export const noteRestore = (context: StoreContext, id: string, madeAt: number): Promise<Result<void, KvError>> =>
  write(context, id, { madeAt, at: context.clock.now(), changed: 0, undone: false });

/** It has ended, or was taken back. */
export const noteRestoreEnd = (
  context: StoreContext,
  id: string,
  end: { readonly changed: number } | { readonly undone: true },
): Promise<Result<void, KvError>> => write(context, id, end);

async function write(context: StoreContext, id: string, patch: Fields): Promise<Result<void, KvError>> {
  const written = await withEffectiveRows(context.kv).transact(
    { state: COUNTERS, row: { get: 'entities', key: [KIND, id] } },
    ({ state, row }) => {
      const draft = createDraft(context, asCounters(state));
      const before = row?.place === PURGED ? undefined : row;
      const body = { fields: { ...before?.fields, ...patch }, stamps: before?.stamps ?? {} };
      const v = context.ledger.get(KIND)?.version ?? 1;
      writeBody(context, draft, row, { kind: KIND, id, v, body, fresh: Object.keys(patch) });
      const { writes, change } = draft.finish(false);
      return { writes, value: change };
    },
  );
  if (!written.ok) return written;
  announce(context, written.value);
  return ok(undefined);
}
