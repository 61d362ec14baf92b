/**
 * Ancestors beyond the twenty of a row's lineage: a server may be restored from a copy that is a day of typing older than what
 * this device holds, and only who knows that the copy's version is contained in the row can tell what was removed since from
 * what was never there. Kept as the random ends of their ids, away from the row: a save never carries more than a few of them.
 * Docs: `docs/decisions/0022-positions-survive-a-wrong-clock-and-a-restored-server.md`.
 */

import { type EntityKey, keyText } from '#core/entity-key.ts';
import type { KvError } from '#core/errors.ts';
import type { OpId } from '#core/ids.ts';
import { MAX_CONTAINED, MAX_LINEAGE, tailOf, tailsIn, VERSION_TAIL } from '#core/lineage.ts';
import type { Kv, Write } from '#core/ports.ts';
import type { RemoteEntity } from '#core/protocol.ts';
import { ok, type Result } from '#core/result.ts';
import type { AncestorsRow } from './meta-rows.ts';
import type { BaseRow, EntityRow, WorkspaceTables } from './schema.ts';

/** So many are written away at once. */
const CHUNK = 16;
/** Sixteen thousand versions: a day and a night of typing without a pause. */
const MAX_CHUNKS = 1024;
const DIGITS = 9;

const keyOf = (row: EntityKey, chunk: number): AncestorsRow['key'] =>
  `ancestors/${keyText(row)}/${String(chunk).padStart(DIGITS, '0')}`;

/** `row`, the next state of `before`, with what its lineage has no room for any more. */
export function withOlder<R extends Pick<EntityRow, 'lineage' | 'older'>>(
  before: Pick<EntityRow, 'lineage'> | undefined,
  row: R,
): R {
  if (row.lineage.length < MAX_LINEAGE || before?.lineage === row.lineage) return row;
  const earlier = before?.lineage ?? [];
  const kept = earlier.findIndex((version) => row.lineage.includes(version));
  const dropped = [...(kept < 0 ? earlier : earlier.slice(0, kept)), ...row.lineage.slice(0, -MAX_LINEAGE)];
  if (dropped.length === 0) return row;
  return { ...row, lineage: row.lineage.slice(-MAX_LINEAGE), older: (row.older ?? '') + dropped.map(tailOf).join('') };
}

/**
 * What the server names as contained in its version and the row does not know yet, oldest first, by short names. `ancestors` is
 * all that is remembered of the row, where that was read.
 */
export function newAncestors(
  { ancestors: named = '' }: Pick<RemoteEntity, 'ancestors'>,
  row: Pick<EntityRow, 'lineage' | 'older'> | undefined,
  ancestors?: Pick<Ancestors, 'has'>,
): readonly string[] {
  if (named === '') return [];
  const known = new Set([...tailsIn(row?.older ?? ''), ...(row?.lineage ?? []).map(tailOf)]);
  return tailsIn(named).filter((tail) => !known.has(tail) && !ancestors?.has(tail));
}

/** Writes a row's older ancestors away, where enough of them have gathered. */
export function putAway(row: EntityRow): { readonly row: EntityRow; readonly writes: readonly Write<WorkspaceTables>[] } {
  const { older = '', chunks = 0 } = row;
  if (older.length < CHUNK * VERSION_TAIL) return { row, writes: [] };
  const put = { put: 'meta', row: { key: keyOf(row, chunks), tails: older } } as const;
  const gone = chunks >= MAX_CHUNKS ? [{ delete: 'meta', key: keyOf(row, chunks - MAX_CHUNKS) } as const] : [];
  return { row: { ...row, older: '', chunks: chunks + 1 }, writes: [put, ...gone] };
}

/** The versions contained in a row, as far back as this device remembers. */
export interface Ancestors {
  has(version: OpId): boolean;
  /**
   * Those after `version`, or all without one, as an op names them (`contains`): the newest `MAX_CONTAINED`. With `last` they end
   * with that; empty where it is not among them.
   */
  after(version: OpId | null, last?: OpId): string;
}

/** Reads all that is remembered of the ancestors of a row. */
export async function readAncestors(kv: Kv<WorkspaceTables>, row: EntityRow): Promise<Result<Ancestors, KvError>> {
  const tails: string[] = [];
  if (row.chunks) {
    const range = { lower: keyOf(row, 0), upper: keyOf(row, row.chunks) };
    const found = await kv.read({ rows: { list: 'meta', ...range, limit: MAX_CHUNKS + 1 } });
    if (!found.ok) return found;
    for (const chunk of found.value.rows) if ('tails' in chunk) tails.push(...tailsIn(chunk.tails));
  }
  tails.push(...tailsIn(row.older ?? ''), ...row.lineage.map(tailOf));
  // A version that was named once more is where it was named first.
  const known = new Set(tails);
  const inOrder = [...known];
  return ok({
    has: (version) => known.has(tailOf(version)),
    after(version, last) {
      const from = version === null ? 0 : inOrder.indexOf(tailOf(version)) + 1;
      const to = last === undefined ? inOrder.length : inOrder.indexOf(tailOf(last)) + 1;
      return inOrder.slice(from, to).slice(-MAX_CONTAINED).join('');
    },
  });
}

/** What a row remembers to say with its next op, if that is built on `version`: what the server has lost since. */
export function lostSince(ancestors: Ancestors | undefined, version: OpId | null): Pick<EntityRow, 'lost'> {
  const tails = ancestors?.after(version) ?? '';
  return tails === '' ? {} : { lost: { against: version, tails } };
}

/** What a row contains and the server has lost is still to be said, with its next op: that was built on `from`, and is on `to` now. */
export const movedLost = ({ lost }: EntityRow, from: OpId | null, to: OpId): Pick<EntityRow, 'lost'> =>
  lost === undefined ? {} : { lost: lost.against === from ? { ...lost, against: to } : lost };

/** What a row's own version contains of the ancestors after `version`, as an op names it: of an unsent row only what its base is known to. */
export function containedSince(ancestors: Ancestors, row: EntityRow, base: BaseRow | undefined, version: OpId | null): string {
  if (row.version === null) return '';
  if (row.queued === null && row.sent === null) return ancestors.after(version);
  return base?.version === row.version && base.containsEarlier ? ancestors.after(version, row.version) : '';
}
