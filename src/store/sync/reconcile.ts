/** The store's side of a reconcile (`sync/reconcile.ts`): every step may be repeated after a kill. */

import { sumBatches } from '#core/batches.ts';
import { type KeyPair, keyText } from '#core/entity-key.ts';
import type { KvError } from '#core/errors.ts';
import { equalJson } from '#core/json.ts';
import { tailOf, tailsIn } from '#core/lineage.ts';
import type { Key, Write } from '#core/ports.ts';
import type { ManifestEntry, Op, RemoteEntity } from '#core/protocol.ts';
import type { Seen } from '#core/protocol-parts.ts';
import { ok, type Result } from '#core/result.ts';
import type { AbsentPage, LostKey, Shared } from '#core/sync-store.ts';
import { createDraft } from '#store/draft/draft.ts';
import { doubtHeld, dropDoubtful } from '#store/draft/held-deletions.ts';
import { type Ancestors, containedSince, lostSince, readAncestors } from '#store/schema/ancestors.ts';
import { askAll, asWay, BLOB_WAY } from '#store/schema/blob-way.ts';
import { asCounters, asSync, COUNTERS, type StoreContext, SYNC } from '#store/schema/context.ts';
import { type BaseRow, type EntityRow, outboxIn, PURGED, type WorkspaceTables } from '#store/schema/schema.ts';
import { afterHearing } from '#store/schema/sync-row.ts';
import { dissolveBulk } from './bulk.ts';
import { copyOf } from './damage.ts';
import { decide } from './incoming.ts';
import { asUnanswered, forgetUnanswered, keepUnanswered, readUnanswered, unansweredKey } from './unanswered.ts';

/** Rows in one transaction: small, so that a save never waits long behind one. */
const BATCH = 50;

/**
 * Notes that a reconcile has begun, and gives every sent row a new opId: what was sent belongs to another life. What it was is kept
 * until the end: the server may have taken it, and another device have built on it, before its answer and the op itself were lost.
 */
export async function beginReconcile(context: StoreContext): Promise<Result<void, KvError>> {
  const { kv } = context;
  const marked = await kv.transact({ sync: SYNC }, ({ sync }) => ({
    writes: [{ put: 'meta', row: { ...asSync(sync), reconciling: true } }],
    value: null,
  }));
  if (!marked.ok) return marked;
  const doubted = await doubtHeld(context);
  if (!doubted.ok) return doubted;
  const dissolved = await dissolveBulk(context);
  if (!dissolved.ok) return dissolved;
  for (;;) {
    const found = await kv.read({
      sent: { list: 'outbox', ...outboxIn('sent'), limit: BATCH },
    });
    if (!found.ok) return found;
    const { sent } = found.value;
    if (sent.length === 0) return ok(undefined);
    const result = await kv.transact(
      { rows: { getMany: 'entities', keys: sent.map(({ kind, id }) => [kind, id]) }, state: COUNTERS },
      ({ rows, state }) => {
        const draft = createDraft(context, asCounters(state));
        sent.forEach((outbox, index) => {
          const row = rows[index];
          // The entity's own state holds what was sent; a newer waiting row carries both.
          draft.write({ delete: 'outbox', key: outbox.opId });
          if (row?.sent !== outbox.opId) return;
          for (const write of keepUnanswered(row, outbox)) draft.write(write);
          // Under the id of what comes from the second copy the server may have a later body, which is not contained here.
          const lineage = outbox.restored ? row.lineage.filter((version) => version !== outbox.opId) : row.lineage;
          draft.put({ ...row, lineage, sent: null }, row, { pending: true, sameContent: true });
        });
        return { writes: draft.finish(false).writes, value: null };
      },
    );
    if (!result.ok) return result;
  }
}

/** See `SyncStore.hear`. */
export function hearTime(context: StoreContext, serverMs: number): Promise<Result<void, KvError>> {
  return context.kv.transact({ state: COUNTERS }, ({ state }) => {
    const before = asCounters(state);
    const after = afterHearing(context, before, serverMs);
    return { writes: after === before ? [] : [{ put: 'meta', row: after }], value: undefined };
  });
}

/** Of these manifest entries, those whose version here is another, and those of which something sent had no answer. */
export async function differingEntries(
  context: StoreContext,
  entries: readonly ManifestEntry[],
): Promise<Result<readonly ManifestEntry[], KvError>> {
  const result = await context.kv.read({ rows: { getMany: 'entities', keys: entries.map(({ kind, id }) => [kind, id]) } });
  if (!result.ok) return result;
  const kept = await readUnanswered(context);
  if (!kept.ok) return kept;
  const unanswered = new Set(kept.value.map(keyText));
  return ok(
    entries.filter((entry, index) => result.value.rows[index]?.version !== entry.version || unanswered.has(keyText(entry))),
  );
}

/** See `SyncStore.lost`. */
export async function lostVersions(context: StoreContext, heads: readonly LostKey[]): Promise<Result<readonly Op[], KvError>> {
  const { kv, ledger } = context;
  const keys: Key[] = heads.map(({ kind, id }) => [kind, id]);
  const found = await kv.read({
    rows: { getMany: 'entities', keys },
    bases: { getMany: 'bases', keys },
    kept: { getMany: 'meta', keys: heads.map(unansweredKey) },
  });
  if (!found.ok) return found;
  const ops: Op[] = [];
  for (const [index, head] of heads.entries()) {
    const row = found.value.rows[index];
    if (!row || ledger.get(row.kind)?.scope === 'private') continue;
    const lost = await lostVersion(context, row, found.value.bases[index], head);
    if (!lost.ok) return lost;
    if (lost.value) ops.push(lost.value);
    // After what it was built on. Where the server has it, or what contains it in the log, it answers as it did then.
    const sent = asUnanswered(found.value.kept[index]);
    if (sent && !head.remote && sent.base === row.version && row.sent === null) ops.push(sent);
  }
  return ok(ops);
}

/** What this device last had of the server, where that has lost it. */
async function lostVersion(
  context: StoreContext,
  row: EntityRow,
  base: BaseRow | undefined,
  { version: head, remote }: LostKey,
): Promise<Result<Op | null, KvError>> {
  const { kv } = context;
  if (row.version === null || row.version === head) return ok(null);
  const ancestors = await readAncestors(kv, row);
  if (!ancestors.ok) return ancestors;
  const { has, after } = ancestors.value;
  if (head !== null && !has(head) && !(remote && addsNothing(context, row, remote))) return ok(null);
  const isClean = row.queued === null && row.sent === null;
  // What was sent since is there: it is later than what this device last had.
  if (!isClean && head !== null && tailsIn(after(row.version)).includes(tailOf(head))) return ok(null);
  const op = copyOf(row, base, row.version);
  // A deletion is sent again: it is weighed before it goes out.
  if (!op || op.deleted) return ok(null);
  const contains = containedSince(ancestors.value, row, base, head);
  // What an unsent row contains, what it was built on need not contain: the row says it itself, with its own op.
  const { lost } = lostSince(ancestors.value, head);
  const noted = isClean || !lost ? ok(undefined) : await noteLost(kv, row, lost.tails);
  return noted.ok ? ok({ ...op, base: head, ...(contains === '' ? {} : { contains }) }) : noted;
}

/** Whether a version of which nobody knows how it is related to the row, merged with nothing in common, leaves the row as it is. */
function addsNothing(context: StoreContext, row: EntityRow, entity: RemoteEntity): boolean {
  if (entity.deleted || row.place === PURGED || row.queued !== null || row.sent !== null) return false;
  const { absorbed } = decide(context, row, undefined, { entity, lineage: [], common: null }, entity.acceptedAt);
  if (!absorbed || absorbed.outcomes.length + absorbed.conflicts.length > 0) return false;
  return row.v === absorbed.row.v && equalJson(row.fields, absorbed.row.fields) && equalJson(row.stamps, absorbed.row.stamps);
}

/** Remembers for the next op of a row, which will be built on `version`, what else it contains. */
function noteLost(kv: StoreContext['kv'], { kind, id, version }: EntityRow, tails: string): Promise<Result<void, KvError>> {
  return kv.transact({ row: { get: 'entities', key: [kind, id] } }, ({ row }) => ({
    writes: row?.version === version ? [{ put: 'entities', row: { ...row, lost: { against: version, tails } } }] : [],
    value: undefined,
  }));
}

/** See `SyncStore.shared`. */
export async function shared(
  { kv }: StoreContext,
  { kind, id, version, lineage }: ManifestEntry,
): Promise<Result<Shared | null, KvError>> {
  const result = await kv.read({ row: { get: 'entities', key: [kind, id] } });
  if (!result.ok) return result;
  const { row } = result.value;
  if (!row || row.version === version) return ok(null);
  const ancestors = await readAncestors(kv, row);
  if (!ancestors.ok) return ancestors;
  const { has, after } = ancestors.value;
  if (has(version)) return ok(null);
  // What was sent and never answered may be nearer than the version that this device last merged, and what was taken out
  // since is measured by it.
  const common = lineage.findLast((one) => one === row.version || has(one)) ?? null;
  if (row.version === null) return ok({ last: null, common });
  if (common === row.version) return ok(null);
  const isLater = common !== null && tailsIn(after(row.version)).includes(tailOf(common));
  return ok({ last: isLater ? null : { seq: row.seq, opId: row.version }, common });
}

/** See `SyncStore.absent`. */
export async function absentKeys(
  { kv }: StoreContext,
  known: ReadonlySet<string>,
  after: KeyPair | null,
): Promise<Result<AbsentPage, KvError>> {
  const found = await kv.read({ rows: { list: 'entities', limit: 100, ...(after ? { lower: after, lowerOpen: true } : {}) } });
  if (!found.ok) return found;
  const keys = found.value.rows.map(({ kind, id }): KeyPair => [kind, id]);
  return ok({ keys: keys.filter(([kind, id]) => !known.has(keyText({ kind, id }))), next: keys.at(-1) ?? null });
}

/** Queues every entity of this device that the server does not have. `known` holds `kind/id`. */
export async function requeueAbsent(context: StoreContext, known: ReadonlySet<string>): Promise<Result<number, KvError>> {
  const { kv, ledger } = context;
  let requeued = 0;
  let after: Key | null = null;
  for (;;) {
    const found: Result<{ readonly rows: readonly EntityRow[] }, KvError> = await kv.read({
      rows: { list: 'entities', limit: 200, ...(after ? { lower: after, lowerOpen: true } : {}) },
    });
    if (!found.ok) return found;
    const last = found.value.rows.at(-1);
    if (!last) return ok(requeued);
    after = [last.kind, last.id];
    const absent = found.value.rows.filter(
      ({ kind, id, version }) => ledger.get(kind)?.scope !== 'private' && version !== null && !known.has(keyText({ kind, id })),
    );
    const offered = await sumBatches(absent, BATCH, async (batch) => {
      const keys: Key[] = batch.map(({ kind, id }) => [kind, id]);
      const ancestors: Ancestors[] = [];
      for (const row of batch) {
        const known = await readAncestors(kv, row);
        if (!known.ok) return known;
        ancestors.push(known.value);
      }
      return kv.transact({ rows: { getMany: 'entities', keys }, state: COUNTERS }, ({ rows, state }) => {
        const draft = createDraft(context, asCounters(state));
        for (const [index, row] of rows.entries()) {
          if (!row) continue;
          const offered = { ...row, version: null, rev: 0, seq: 0, acceptedAt: null, ...lostSince(ancestors[index], null) };
          draft.put(offered, row, { pending: true, sameContent: true });
          draft.base(row.kind, row.id, null);
        }
        return { writes: draft.finish(false).writes, value: rows.length };
      });
    });
    if (!offered.ok) return offered;
    requeued += offered.value;
  }
}

/** Ends the reconcile: the new epoch, cursor and position replace the old ones. */
export async function endReconcile(
  context: StoreContext,
  epoch: string,
  cursor: number,
  seen: Seen,
): Promise<Result<void, KvError>> {
  const dropped = await dropDoubtful(context);
  if (!dropped.ok) return dropped;
  return context.kv.transact({ sync: SYNC, way: BLOB_WAY }, ({ sync, way }) => {
    const { since: _, ...before } = asSync(sync);
    const writes: Write<WorkspaceTables>[] = [
      { put: 'meta', row: { ...before, epoch, cursor, seen, reconciling: false } },
      // It may have been restored without its blobs.
      { put: 'meta', row: askAll(asWay(way), epoch) },
      forgetUnanswered,
    ];
    return { writes, value: undefined };
  });
}
