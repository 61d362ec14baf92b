import type { KvError } from '#core/errors.ts';
import type { Kv } from '#core/ports.ts';
import { ok, type Result } from '#core/result.ts';
import { type EntityRow, HIGH, type WorkspaceTables } from '#store/schema/schema.ts';

/** Whole documents: so many are read in one transaction, and a save does not wait long. */
const PAGE = 100;

/** Calls `visit` with each entity of a kind, or of all of them (null), page by page, as long as `isWanted` before a page. */
export async function eachEntity(
  kv: Pick<Kv<WorkspaceTables>, 'read'>,
  kind: string | null,
  isWanted: () => boolean,
  visit: (row: EntityRow) => void,
): Promise<Result<void, KvError>> {
  const ofKind = kind === null ? {} : { lower: [kind], upper: [kind, HIGH] };
  for (let after: object = {}; isWanted(); ) {
    const page: Result<{ readonly rows: readonly EntityRow[] }, KvError> = await kv.read({
      rows: { list: 'entities', limit: PAGE, ...ofKind, ...after },
    });
    if (!page.ok) return page;
    page.value.rows.forEach(visit);
    const last = page.value.rows.at(-1);
    if (!last || page.value.rows.length < PAGE) break;
    after = { lower: [last.kind, last.id], lowerOpen: true };
  }
  return ok(undefined);
}
