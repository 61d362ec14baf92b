/** Versions whose bodies came damaged, remembered until a whole copy has come or a newer version has taken their place. */

import { encodeBody } from '#core/body.ts';
import { keyText } from '#core/entity-key.ts';
import type { KvError } from '#core/errors.ts';
import { hashText } from '#core/hash.ts';
import { readStandIn, withStandIn } from '#core/large-body.ts';
import type { Damaged, Op } from '#core/protocol.ts';
import { ok, type Result } from '#core/result.ts';
import type { MissingBody } from '#core/sync-store.ts';
import { EVENT_READS, eventWrites } from '#store/draft/event-log.ts';
import { retryQuarantined } from '#store/draft/quarantine.ts';
import { asSync, type StoreContext, SYNC } from '#store/schema/context.ts';
import { blobsOf, toOp } from '#store/schema/op.ts';
import { latestStamp } from '#store/schema/rows.ts';
import type { BaseRow, EntityRow, QuarantineRow } from '#store/schema/schema.ts';

/** More are not remembered: they are met again by a reconcile, and by whoever checks the data. */
const MAX_DAMAGED = 200;

/** See `SyncStore.noteDamaged`. Nothing is written where all of it is known. */
export async function noteDamaged({ kv, clock }: StoreContext, found: readonly MissingBody[]): Promise<Result<void, KvError>> {
  if (found.length === 0) return ok(undefined);
  return kv.transact({ sync: SYNC, ...EVENT_READS }, ({ sync, newestEvent }) => {
    const row = asSync(sync);
    const known = new Map((row.damaged ?? []).map((one) => [keyText(one), one]));
    const fresh = found.filter((one) => known.get(keyText(one))?.version !== one.version);
    if (fresh.length === 0) return { writes: [], value: undefined };
    for (const one of fresh) known.set(keyText(one), one);
    const came = fresh.filter(({ withheld }) => !withheld);
    const event = {
      type: came.length > 0 ? 'damaged' : 'withheld',
      count: new Set((came.length > 0 ? came : fresh).map(keyText)).size,
    } as const;
    return {
      writes: [
        { put: 'meta', row: { ...row, damaged: [...known.values()].slice(-MAX_DAMAGED) } },
        ...eventWrites(newestEvent, event, clock.now()),
      ],
      value: undefined,
    };
  });
}

/** See `SyncStore.copiesOf`. */
export async function copiesOf({ kv }: StoreContext, damaged: readonly Damaged[]): Promise<Result<readonly Op[], KvError>> {
  if (damaged.length === 0) return ok([]);
  const keys = damaged.map(({ kind, id }) => [kind, id] as const);
  const found = await kv.read({ rows: { getMany: 'entities', keys }, bases: { getMany: 'bases', keys } });
  if (!found.ok) return found;
  const { rows, bases } = found.value;
  const ops = damaged.flatMap(({ version, hash }, index): readonly Op[] => {
    const copy = copyOf(rows[index], bases[index], version);
    // Only the very bytes that the version was made of are a copy of it, as the server has them or by themselves. What stands in for
    // them is none.
    if (!copy || readStandIn(copy.body)) return [];
    return copy.hash === hash || withStandIn(copy)?.hash === hash ? [copy] : [];
  });
  return ok(ops);
}

/** The op that made a version, where this device has it whole: as a row with nothing unsent, or as what unsent changes are built on. */
export function copyOf(row: EntityRow | undefined, base: BaseRow | undefined, version: string): Op | null {
  const isClean = row?.version === version && row.queued === null && row.sent === null;
  if (isClean) return toOp(row, version);
  return base?.version === version ? baseOp(base) : null;
}

function baseOp({ kind, id, v, version, fields, stamps, deleted }: BaseRow): Op {
  const body = deleted ? null : encodeBody({ fields, stamps });
  const hash = hashText(body ?? '');
  return { opId: version, kind, id, v, base: null, lastUpdated: latestStamp(stamps), deleted, body, hash, blobs: blobsOf(body) };
}

/**
 * What an app that knew no stand-ins has kept as unreadable is asked for again by one that does. Once in the life of a store: the app does
 * not change meanwhile.
 */
export async function noteUnread(context: StoreContext): Promise<Result<void, KvError>> {
  const found = await context.kv.read({ entries: { list: 'quarantine', limit: MAX_DAMAGED } });
  if (!found.ok) return found;
  const unread = found.value.entries.filter(isUnread);
  if (unread.length === 0) return ok(undefined);
  const keys = unread.map(({ kind, id }) => [kind, id] as const);
  const beside = await context.kv.read({ rows: { getMany: 'entities', keys } });
  if (!beside.ok) return beside;
  const asked = unread.flatMap(({ kind, id, raw }, index): readonly Damaged[] => {
    const row = beside.value.rows[index];
    return row?.version ? [{ kind, id, version: row.version, seq: row.seq, hash: hashText(raw ?? '') }] : [];
  });
  return noteDamaged(context, asked);
}

const isUnread = ({ reason, raw }: QuarantineRow): boolean => reason === 'unreadable' && readStandIn(raw) !== null;

/** See `SyncStore.forgetDamaged`. */
export async function forgetDamaged(context: StoreContext, mended: readonly Damaged[]): Promise<Result<void, KvError>> {
  if (mended.length === 0) return ok(undefined);
  const names = new Set(mended.map(keyText));
  const keys = mended.map(({ kind, id }) => [kind, id] as const);
  const result = await context.kv.transact({ sync: SYNC, entries: { getMany: 'quarantine', keys } }, ({ sync, entries }) => {
    const row = asSync(sync);
    const damaged = (row.damaged ?? []).filter((one) => !names.has(keyText(one)));
    const read = entries.filter((entry) => entry !== undefined && isUnread(entry)) as readonly QuarantineRow[];
    const cleared = read.map(({ kind, id }) => ({ delete: 'quarantine', key: [kind, id] }) as const);
    return { writes: [{ put: 'meta', row: { ...row, damaged } }, ...cleared], value: undefined };
  });
  if (!result.ok) return result;
  // A change that could not be merged with the damaged body has been waiting for this.
  for (const { kind, id } of mended) {
    const retried = await retryQuarantined(context, [kind, id]);
    if (!retried.ok) return retried;
  }
  return ok(undefined);
}
