/**
 * Ancestors beyond the twenty of a row's lineage: a server may be restored from a copy that is a day of typing older than what
 * this device holds, and only who knows that the copy's version is contained in the row can tell what was removed since from
 * what was never there. Kept as the random ends of their ids, away from the row: a save never carries more than a few of them.
 * Docs: `docs/decisions/0022-positions-survive-a-wrong-clock-and-a-restored-server.md`.
 */

import { type EntityKey, keyText } from '#core/entity-key.ts';
import type { KvError } from '#core/errors.ts';
import type { OpId } from '#core/ids.ts';
import { MAX_LINEAGE } from '#core/lineage.ts';
import type { Kv, Write } from '#core/ports.ts';
import { ok, type Result } from '#core/result.ts';
import type { AncestorsRow, EntityRow, WorkspaceTables } from './schema.ts';

/** 48 random bits of an id: two of a million are alike once in a million devices. */
const TAIL = 12;
/** So many are written away at once. */
const CHUNK = 16;
/** Sixteen thousand versions: a day and a night of typing without a pause. */
const MOST_CHUNKS = 1024;
const DIGITS = 9;

const keyOf = (row: EntityKey, chunk: number): AncestorsRow['key'] =>
  `ancestors/${keyText(row)}/${String(chunk).padStart(DIGITS, '0')}`;

/** `row`, the next state of `before`, with what its lineage has no room for any more. */
export function withOlder<R extends Pick<EntityRow, 'lineage' | 'older'>>(before: Pick<EntityRow, 'lineage'>, row: R): R {
  if (row.lineage.length < MAX_LINEAGE || before.lineage === row.lineage) return row;
  const kept = before.lineage.findIndex((version) => row.lineage.includes(version));
  const dropped = kept < 0 ? before.lineage : before.lineage.slice(0, kept);
  return dropped.length === 0 ? row : { ...row, older: (row.older ?? '') + dropped.map((id) => id.slice(-TAIL)).join('') };
}

/** Writes a row's older ancestors away, where enough of them have gathered. */
export function putAway(row: EntityRow): { readonly row: EntityRow; readonly writes: readonly Write<WorkspaceTables>[] } {
  const { older = '', chunks = 0 } = row;
  if (older.length < CHUNK * TAIL) return { row, writes: [] };
  const put = { put: 'meta', row: { key: keyOf(row, chunks), tails: older } } as const;
  const gone = chunks >= MOST_CHUNKS ? [{ delete: 'meta', key: keyOf(row, chunks - MOST_CHUNKS) } as const] : [];
  return { row: { ...row, older: '', chunks: chunks + 1 }, writes: [put, ...gone] };
}

/** Whether a version is contained in a row, as far back as this device remembers. */
export type IsAncestor = (version: OpId) => boolean;

/** Reads all that is remembered of the ancestors of a row. */
export async function readAncestors(kv: Kv<WorkspaceTables>, row: EntityRow): Promise<Result<IsAncestor, KvError>> {
  const tails = new Set<string>();
  const add = (text: string): void => {
    for (let at = 0; at < text.length; at += TAIL) tails.add(text.slice(at, at + TAIL));
  };
  add(row.older ?? '');
  if (row.chunks) {
    const range = { lower: keyOf(row, 0), upper: keyOf(row, row.chunks) };
    const found = await kv.read({ rows: { list: 'meta', ...range, limit: MOST_CHUNKS + 1 } });
    if (!found.ok) return found;
    for (const chunk of found.value.rows) if ('tails' in chunk) add(chunk.tails);
  }
  const { lineage } = row;
  return ok((version) => lineage.includes(version) || tails.has(version.slice(-TAIL)));
}
