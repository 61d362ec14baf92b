import type { KvError } from '#core/errors.ts';
import type { Kv } from '#core/ports.ts';
import { ok, type Result } from '#core/result.ts';
import { type OutboxRow, outboxIn, type WorkspaceTables } from './schema.ts';

/** Calls `visit` with every outbox row in a state, oldest first, `limit` to a read; from behind the order `after` on. */
export async function eachInOutbox(
  kv: Pick<Kv<WorkspaceTables>, 'read'>,
  state: OutboxRow['state'],
  limit: number,
  visit: (row: OutboxRow) => void,
  after = 0,
): Promise<Result<void, KvError>> {
  for (let order = after; ; ) {
    const page: Result<{ readonly rows: readonly OutboxRow[] }, KvError> = await kv.read({
      rows: { list: 'outbox', ...outboxIn(state, order), lowerOpen: true, limit },
    });
    if (!page.ok) return page;
    page.value.rows.forEach(visit);
    order = page.value.rows.at(-1)?.order ?? order;
    if (page.value.rows.length < limit) return ok(undefined);
  }
}
