/**
 * A version that joins two: one that the server has lost, and the one that it has gone on with instead. Every device that has the
 * lost one makes the same of the two, under an id that follows from theirs, so that what each has changed since is merged with
 * what they have in common. The lost one goes back into the log before it: a device with a later one finds it there.
 */
import type { KvError } from '#core/errors.ts';
import { hashText } from '#core/hash.ts';
import type { OpId } from '#core/ids.ts';
import { tailOf } from '#core/lineage.ts';
import type { Op } from '#core/protocol.ts';
import { ok, type Result } from '#core/result.ts';
import { createDraft } from '#store/draft/draft.ts';
import { containedSince, readAncestors } from '#store/schema/ancestors.ts';
import { asCounters, COUNTERS, type StoreContext } from '#store/schema/context.ts';
import { toOp } from '#store/schema/op.ts';
import { indexColumns, latestStamp } from '#store/schema/rows.ts';
import { type BaseRow, type EntityRow, PURGED } from '#store/schema/schema.ts';
import { decide, type Incoming, noteMerge } from './incoming.ts';

/** See `SyncStore.join`. `incoming` has the nearest body that both share, of the version `common`. */
export async function joinVersions(
  context: StoreContext,
  incoming: Incoming,
  common: OpId,
): Promise<Result<readonly Op[], KvError>> {
  const { kv, ledger } = context;
  const { entity: remote, lineage } = incoming;
  const key = [remote.kind, remote.id] as const;
  const found = await kv.read({ row: { get: 'entities', key }, base: { get: 'bases', key } });
  if (!found.ok) return found;
  const { row, base } = found.value;
  const declaration = ledger.get(remote.kind);
  if (!row || declaration?.scope !== 'synced' || remote.deleted || !incoming.common) return ok([]);
  const lost = lostRow(context, row, base);
  if (!lost || lineage.includes(lost.version)) return ok([]);
  const ancestors = await readAncestors(kv, row);
  if (!ancestors.ok) return ancestors;
  if (ancestors.value.has(remote.version)) return ok([]);
  // As the server ranked it: the same on every device.
  const { absorbed } = decide(context, lost, undefined, incoming, lost.acceptedAt ?? context.clock.now());
  // Also one that adds nothing is said: another device may have an earlier one, with what was removed in this.
  if (!absorbed || absorbed.row.place === PURGED) return ok([]);
  if (absorbed.outcomes.length + absorbed.conflicts.length > 0) {
    // Before the others have it: killed in between, it is said twice.
    const noted = await kv.transact({ state: COUNTERS }, ({ state }) => {
      const draft = createDraft(context, asCounters(state));
      noteMerge(context, draft, remote, absorbed);
      return { writes: draft.finish(false).writes, value: undefined };
    });
    if (!noted.ok) return noted;
  }
  const contains = containedSince(ancestors.value, row, base, common) || tailOf(lost.version);
  const again = { ...toOp(lost, lost.version), base: remote.version, contains };
  return ok([again, { ...toOp(absorbed.row, joinedId(lost.version, remote.version)), base: lost.version }]);
}

/** Sorts behind the later of the two; everything but the time follows from both. */
function joinedId(lost: OpId, current: OpId): OpId {
  const hash = hashText(`${lost}/${current}`);
  const later = lost > current ? lost : current;
  return `${later.slice(0, 13)}-7${hash.slice(0, 3)}-8${hash.slice(3, 6)}-${hash.slice(6, 18)}`;
}

/** The row as the version was that this device last had of the server; null where it is not here whole. */
function lostRow(
  { ledger }: StoreContext,
  row: EntityRow,
  base: BaseRow | undefined,
): (EntityRow & { readonly version: OpId }) | null {
  // What the row contains its version need not contain.
  const { lost: _, ...own } = row;
  const { version } = own;
  if (version === null || row.raw !== undefined) return null;
  if (row.queued === null && row.sent === null) return row.place === PURGED ? null : { ...own, version };
  if (base?.version !== version || base.foreign || base.deleted) return null;
  const { v, fields, stamps } = base;
  const lastUpdated = latestStamp(stamps);
  const columns = indexColumns(ledger.get(row.kind), { id: row.id, fields, stamps, lastUpdated }, false);
  return { ...own, version, v, fields, stamps, lastUpdated, queued: null, sent: null, ...columns };
}
