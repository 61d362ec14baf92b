/** The rows of a workspace as backups read them: a page for each transaction, as they count (`effective-rows.ts`). */
import type { RowReader, SourceRow } from '#core/backup-rows.ts';
import type { Kv } from '#core/ports.ts';
import { ok } from '#core/result.ts';
import { asCounters, asMarker, COUNTERS, MARKER } from '#store/schema/context.ts';
import { withEffectiveRows } from '#store/schema/effective-rows.ts';
import { type EntityRow, PURGED, type WorkspaceTables } from '#store/schema/schema.ts';

/** A save waits for one page at most. */
const PAGE = 100;

const toReadRow = ({ kind, id, v, fields, stamps, raw, place }: EntityRow): SourceRow => ({
  ...{ kind, id, v, fields, stamps, deleted: place === PURGED },
  ...(raw === undefined ? {} : { raw }),
});

/** Over a workspace's database. */
export function createRowReader(given: Kv<WorkspaceTables>): RowReader {
  const kv = withEffectiveRows(given);
  return {
    async state() {
      const found = await kv.read({ state: COUNTERS, marker: MARKER });
      if (!found.ok) return found;
      return ok({ localSeq: asCounters(found.value.state).localSeq, database: asMarker(found.value.marker)?.madeAt ?? null });
    },

    async page({ after, from, to }) {
      const lower = after ? { lower: after, lowerOpen: true } : from ? { lower: from } : {};
      const upper = to ? { upper: to, upperOpen: true } : {};
      const found = await kv.read({ rows: { list: 'entities', limit: PAGE, ...lower, ...upper } });
      if (!found.ok) return found;
      const { rows } = found.value;
      return ok({ rows: rows.map(toReadRow), isLast: rows.length < PAGE });
    },

    async changed(since) {
      const beyond = { index: 'byLocalSeq', lower: since, lowerOpen: true } as const;
      const found = await kv.read({ state: COUNTERS, rows: { list: 'entities', ...beyond, limit: PAGE } });
      if (!found.ok) return found;
      const { rows, state } = found.value;
      const isLast = rows.length < PAGE;
      const next = isLast ? asCounters(state).localSeq : (rows.at(-1)?.localSeq ?? since);
      return ok({ rows: rows.map(toReadRow), isLast, next });
    },

    async blobSizes(hashes) {
      const sizes: (number | null)[] = [];
      for (let from = 0; from < hashes.length; from += 1000) {
        const found = await kv.read({ rows: { getMany: 'blobs', keys: hashes.slice(from, from + 1000) } });
        if (!found.ok) return found;
        sizes.push(...found.value.rows.map((row) => row?.size ?? null));
      }
      return ok(sizes);
    },
  };
}
