/** What the server refused and what this app could not read: listed, tried again, exported, discarded. */

import { decodeBody, encodeBody } from '#core/body.ts';
import type { EntityDeclaration, Fields } from '#core/entity.ts';
import type { KeyPair } from '#core/entity-key.ts';
import type { KvError, StoreError } from '#core/errors.ts';
import { hasSecrets, openFields } from '#core/open-fields.ts';
import { err, ok, type Result } from '#core/result.ts';
import { ownBase } from '#store/schema/bring-base.ts';
import { announce, asCounters, asSync, type Change, COUNTERS, mint, type StoreContext, SYNC } from '#store/schema/context.ts';
import { EMPTY_BODY, estimateBytes, indexColumns, isUnreturned, latestStamp, toView } from '#store/schema/rows.ts';
import { type BaseRow, type EntityRow, outboxIn, PURGED, type QuarantineRow } from '#store/schema/schema.ts';
import type { Quarantined, QuarantineExport } from '#store/status-store.ts';
import { createDraft } from './draft.ts';

/** Entries listed: whoever has more looks at the newest first. */
const MAX_LISTED = 500;

/** Everything in quarantine, newest first. */
export async function listQuarantined({ kv, ledger }: StoreContext): Promise<Result<readonly Quarantined[], KvError>> {
  const found = await kv.read({ rows: { list: 'quarantine', limit: MAX_LISTED } });
  if (!found.ok) return found;
  const keys = found.value.rows.map(({ kind, id }) => [kind, id] as const);
  const beside = await kv.read({ entities: { getMany: 'entities', keys }, bases: { getMany: 'bases', keys } });
  if (!beside.ok) return beside;
  const { entities, bases } = beside.value;
  const waiting = await kv.read({ rows: { getMany: 'outbox', keys: entities.map((row) => row?.queued ?? '') } });
  if (!waiting.ok) return waiting;
  const entries = found.value.rows.map(({ kind, id, reason, at, op }, index): Quarantined => {
    const row = entities[index];
    const base = ownBase(bases[index]);
    return {
      kind,
      id,
      reason,
      at,
      entity: row ? toView(ledger, row) : null,
      waiting: waiting.value.rows[index]?.state === 'parked',
      deletion: op?.deleted ?? false,
      onServer: base && !base.deleted ? base.fields : null,
    };
  });
  return ok(entries.sort((a, b) => b.at - a.at));
}

/** Lets what is in quarantine be sent once more, under new opIds: one entity, or all. Gives how many entities that are. */
export async function retryQuarantined(
  context: StoreContext,
  only?: readonly [kind: string, id: string],
): Promise<Result<number, KvError>> {
  const { kv } = context;
  const found = await kv.read({
    rows: { list: 'outbox', ...outboxIn('parked'), limit: 1000 },
  });
  if (!found.ok) return found;
  const quarantined = found.value.rows.filter(({ kind, id }) => !only || (kind === only[0] && id === only[1]));
  const keys = quarantined.map(({ kind, id }) => [kind, id] as const);
  return kv.transact({ rows: { getMany: 'entities', keys }, entries: { getMany: 'quarantine', keys } }, ({ rows, entries }) => {
    const writes = quarantined.flatMap((outbox, index) => {
      const row = rows[index];
      if (row?.queued !== outbox.opId) return [];
      const opId = mint(context);
      // What the server has under an id that was used twice is not in the row.
      const entry = entries[index];
      const foreign = entry?.reason === 'op-reused' ? entry.op?.opId : undefined;
      const lineage = row.lineage.filter((version) => version !== foreign);
      return [
        { delete: 'outbox', key: outbox.opId } as const,
        // Its age starts again: it has not been waiting for the way to the server.
        { put: 'outbox', row: { ...outbox, opId, state: 'queued', queuedAt: context.clock.now() } } as const,
        { put: 'entities', row: { ...row, lineage, queued: opId } } as const,
        { delete: 'quarantine', key: [row.kind, row.id] } as const,
      ];
    });
    return { writes, value: writes.length / 4 };
  });
}

/** Lets what waited for an update be sent and merged, where this app now knows the version that it waited for. */
export async function releaseUpdated(context: StoreContext): Promise<Result<void, KvError>> {
  const found = await context.kv.read({ rows: { list: 'quarantine', limit: MAX_LISTED } });
  if (!found.ok) return found;
  for (const { kind, id, reason, v = Infinity } of found.value.rows) {
    if (reason !== 'newer-app' || v > (context.ledger.get(kind)?.version ?? 0)) continue;
    const released = await retryQuarantined(context, [kind, id]);
    if (!released.ok) return released;
  }
  return ok(undefined);
}

/** The named entries with all that this device knows of them, but for secrets. */
export async function exportQuarantined(
  { kv, ledger }: StoreContext,
  keys: readonly KeyPair[],
): Promise<Result<QuarantineExport, KvError>> {
  const found = await kv.read({ rows: { getMany: 'quarantine', keys }, entities: { getMany: 'entities', keys } });
  if (!found.ok) return found;
  const entries = found.value.rows.flatMap((row, index) => {
    if (!row) return [];
    const { kind, id, reason, at } = row;
    const declaration = ledger.get(kind);
    const fields = openFields(declaration, found.value.entities[index]?.fields ?? {});
    return [{ kind, id, reason, at, fields, body: openText(declaration, row.op?.body ?? row.raw) }];
  });
  return ok({ format: 'holdfast-quarantine', version: 1, entries });
}

/** A body as it travelled, without secrets. Of one that cannot be read nobody knows where they are. */
function openText(declaration: EntityDeclaration | undefined, text: string | null): string | null {
  if (text === null || !declaration || !hasSecrets(declaration)) return text;
  const body = decodeBody(text);
  return body.ok ? encodeBody({ fields: openFields(declaration, body.value.fields), stamps: body.value.stamps }) : null;
}

type Discarded =
  | { readonly type: 'done'; readonly previous: Fields; readonly change: Change | null }
  /** The row has moved on, or lacks what the server held: nothing is touched. */
  | { readonly type: 'busy' }
  | { readonly type: 'absent' };

/** See `StatusStore.discardQuarantined`. */
export async function discardQuarantined(
  context: StoreContext,
  kind: string,
  id: string,
): Promise<Result<{ readonly previous: Fields }, StoreError>> {
  const { kv } = context;
  const key = [kind, id] as const;
  const found = await kv.read({ row: { get: 'entities', key } });
  if (!found.ok) return found;
  const opId = found.value.row?.queued ?? '';
  const result = await kv.transact(
    {
      row: { get: 'entities', key },
      base: { get: 'bases', key },
      entry: { get: 'quarantine', key },
      outbox: { get: 'outbox', key: opId },
      state: COUNTERS,
      sync: SYNC,
    },
    ({ row, base: found, entry, outbox, state, sync }) => {
      const base = ownBase(found);
      const answer = (value: Discarded) => ({ writes: [], value });
      if (!entry) return answer({ type: 'absent' });
      const forget = { delete: 'quarantine', key } as const;
      // What is only noted goes by itself: the entity is in step with the server, or a body that could not be read.
      if (!row || outbox?.state !== 'parked')
        return { writes: [forget], value: { type: 'done', previous: row?.fields ?? {}, change: null } as Discarded };
      if (row.queued !== opId || (!base && row.version !== null)) return answer({ type: 'busy' });
      const draft = createDraft(context, asCounters(state));
      draft.keepHistory(row, row.place === PURGED || !base || base.deleted ? 'delete' : 'restore');
      draft.write(forget);
      const { next, pending } = backTo(context, draft.tick(), row, base, entry);
      if (pending) draft.write({ delete: 'outbox', key: opId });
      draft.put(pending ? { ...next, queued: null } : next, row, { pending });
      if (!pending) draft.base(kind, id, null);
      // What remains is not at the server either: the next run compares it, and gives it back.
      if (isUnreturned(row)) draft.write({ put: 'meta', row: { ...asSync(sync), reconciling: true } });
      const { writes, change } = draft.finish(false);
      return { writes, value: { type: 'done', previous: row.fields, change } as Discarded };
    },
  );
  if (!result.ok) return result;
  switch (result.value.type) {
    case 'absent':
      return err({ type: 'NotFound', kind, id });
    case 'busy':
      return err({ type: 'StorageFailed', reason: 'the entity was changed meanwhile' });
    case 'done':
      if (result.value.change) announce(context, result.value.change);
      return ok({ previous: result.value.previous });
  }
}

/**
 * The row without what was refused: as the server had it when the change was made. What it never had becomes a tombstone
 * that is sent like any other; a tombstone that is itself refused stays here alone.
 */
function backTo(
  context: StoreContext,
  stamp: string,
  row: EntityRow,
  base: BaseRow | undefined,
  { op }: QuarantineRow,
): { readonly next: EntityRow; readonly pending: boolean } {
  if (base) {
    const { v, fields, stamps, version, deleted } = base;
    const lastUpdated = latestStamp(stamps);
    const bytes = estimateBytes(fields) + estimateBytes(stamps);
    const columns = indexColumns(context.ledger.get(row.kind), { id: row.id, fields, stamps, lastUpdated }, deleted);
    return { next: { ...row, v, fields, stamps, version, lastUpdated, bytes, ...columns }, pending: false };
  }
  const tombstone = { ...row, ...EMPTY_BODY, lastUpdated: stamp, deviceId: context.deviceId, bytes: 0 };
  const columns = indexColumns(context.ledger.get(row.kind), tombstone, true);
  return { next: { ...tombstone, ...columns }, pending: !(op?.deleted && row.place === PURGED) };
}
