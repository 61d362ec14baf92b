/** The store's side of a reconcile (`sync/reconcile.ts`): every step may be repeated after a kill. */
import { keyText } from '#core/entity-key.ts';
import type { KvError } from '#core/errors.ts';
import type { Key } from '#core/ports.ts';
import type { ManifestEntry, Seen } from '#core/protocol.ts';
import { ok, type Result } from '#core/result.ts';
import { readAncestors } from './ancestors.ts';
import { dissolveBulk } from './bulk.ts';
import { asState, asSync, STATE, type StoreContext, SYNC } from './context.ts';
import { createDraft } from './draft.ts';
import { doubtHeld, dropDoubtful } from './held-deletions.ts';
import { type EntityRow, outboxIn } from './schema.ts';

/** Rows in one transaction: small, so that a save never waits long behind one. */
const BATCH = 50;

/** Notes that a reconcile has begun, and gives every sent row a new opId: what was sent belongs to another life. */
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
      { rows: { getMany: 'entities', keys: sent.map(({ kind, id }) => [kind, id]) }, state: STATE },
      ({ rows, state }) => {
        const draft = createDraft(context, asState(state));
        sent.forEach((outbox, index) => {
          const row = rows[index];
          // The entity's own state holds what was sent; a newer waiting row carries both.
          draft.write({ delete: 'outbox', key: outbox.opId });
          if (row) draft.put({ ...row, sent: null }, row, { pending: true, sameContent: true });
        });
        return { writes: draft.finish(false).writes, value: null };
      },
    );
    if (!result.ok) return result;
  }
}

/** Of these manifest entries, those whose version here is another. */
export async function differingEntries(
  { kv }: StoreContext,
  entries: readonly ManifestEntry[],
): Promise<Result<readonly ManifestEntry[], KvError>> {
  const result = await kv.read({ rows: { getMany: 'entities', keys: entries.map(({ kind, id }) => [kind, id]) } });
  if (!result.ok) return result;
  return ok(entries.filter((entry, index) => result.value.rows[index]?.version !== entry.version));
}

/**
 * The nearest version that this device's state and the entry's lineage share, where a merge needs it. What was sent and never
 * answered may be nearer than the version that this device last merged, and what was taken out since is measured by it.
 */
export async function commonVersion(
  { kv }: StoreContext,
  { kind, id, version, lineage }: ManifestEntry,
): Promise<Result<string | null, KvError>> {
  const result = await kv.read({ row: { get: 'entities', key: [kind, id] }, base: { get: 'bases', key: [kind, id] } });
  if (!result.ok) return result;
  const { row } = result.value;
  if (!row || row.lineage.includes(version)) return ok(null);
  const isAncestor = await readAncestors(kv, row);
  if (!isAncestor.ok || isAncestor.value(version)) return isAncestor.ok ? ok(null) : isAncestor;
  const nearest = lineage.findLast((one) => one === row.version || isAncestor.value(one)) ?? null;
  return ok(nearest === row.version ? null : nearest);
}

/**
 * The place in the account's log of the server's version that this device last merged into the entity; null where it has none.
 * Where the log still has it there, the server's version descends from it, however many came between.
 */
export async function lastMerged({ kv }: StoreContext, kind: string, id: string): Promise<Result<Seen, KvError>> {
  const result = await kv.read({ row: { get: 'entities', key: [kind, id] } });
  if (!result.ok) return result;
  const { version = null, seq = 0 } = result.value.row ?? {};
  return ok(version === null ? null : { seq, opId: version });
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
    for (let start = 0; start < absent.length; start += BATCH) {
      const keys: Key[] = absent.slice(start, start + BATCH).map(({ kind, id }) => [kind, id]);
      const result = await kv.transact({ rows: { getMany: 'entities', keys }, state: STATE }, ({ rows, state }) => {
        const draft = createDraft(context, asState(state));
        for (const row of rows) {
          if (!row) continue;
          draft.put({ ...row, version: null, rev: 0, seq: 0, acceptedAt: null }, row, { pending: true, sameContent: true });
          draft.base(row.kind, row.id, null);
        }
        return { writes: draft.finish(false).writes, value: rows.length };
      });
      if (!result.ok) return result;
      requeued += result.value;
    }
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
  const result = await context.kv.transact({ sync: SYNC }, ({ sync }) => ({
    writes: [{ put: 'meta', row: { ...asSync(sync), epoch, cursor, seen, reconciling: false } }],
    value: undefined,
  }));
  return result;
}
