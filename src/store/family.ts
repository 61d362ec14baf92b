/**
 * Parents and children across a deletion. Only the top of a family is deleted; its children follow by their `parent`. A
 * child that is newer than its parent's tombstone brings the parent back: an edit beats a deletion, whoever made it.
 */
import { decodeBody } from '#core/body.ts';
import type { KvError } from '#core/errors.ts';
import type { RemoteEntity } from '#core/protocol.ts';
import { ok, type Result } from '#core/result.ts';
import { announce, asState, STATE, type StoreContext } from './context.ts';
import { baseOf } from './create-store.ts';
import { createDraft } from './draft.ts';
import { estimateBytes, indexColumns } from './rows.ts';
import { PURGED } from './schema.ts';

const HIGH = '\uffff';
/** Unsent children are looked for among this many of a family. */
const MAX_CHILDREN = 1000;

type Key = readonly [string, string];

/** The parent that a live child of this device's ledger names. */
function parentOf({ ledger }: StoreContext, { kind, deleted, body }: RemoteEntity): Key | null {
  const parent = ledger.get(kind)?.parent;
  if (!parent || deleted || body === null) return null;
  const decoded = decodeBody(body);
  const id = decoded.ok ? decoded.value.fields[parent.field] : null;
  return typeof id === 'string' ? [parent.kind, id] : null;
}

/** The children among `incoming`, each with the parent that it names. */
export const withParents = (context: StoreContext, incoming: readonly RemoteEntity[]) =>
  incoming.flatMap((child) => {
    const parent = parentOf(context, child);
    return parent ? [{ child, parent }] : [];
  });

/**
 * Of the tombstones among `incoming`, those that must not happen here, as `kind/id`: a child of theirs was committed
 * after them, or waits on this device.
 */
export async function keptParents(
  context: StoreContext,
  incoming: readonly RemoteEntity[],
): Promise<Result<ReadonlySet<string>, KvError>> {
  const parentKinds = new Set([...context.ledger.values()].flatMap(({ parent }) => (parent ? [parent.kind] : [])));
  const graves = incoming.filter(({ kind, deleted }) => deleted && parentKinds.has(kind));
  const kept = new Set<string>();
  for (const grave of graves) {
    const name = `${grave.kind}/${grave.id}`;
    const outlived = incoming.some((child) => child.seq > grave.seq && parentOf(context, child)?.join('/') === name);
    if (outlived) kept.add(name);
    if (outlived) continue;
    const found = await context.kv.read({
      rows: { list: 'entities', index: 'byParent', lower: [grave.id], upper: [grave.id, HIGH], limit: MAX_CHILDREN },
    });
    if (!found.ok) return found;
    if (found.value.rows.some(({ place, queued, sent }) => place !== PURGED && (queued !== null || sent !== null)))
      kept.add(name);
  }
  return ok(kept);
}

/**
 * Brings back the purged parents of live children that the server took after the tombstone, with what the history still
 * holds of them. Before the children are written, so that a kill in between leaves nothing undone.
 */
export async function reviveParents(context: StoreContext, incoming: readonly RemoteEntity[]): Promise<Result<void, KvError>> {
  const { kv, ledger } = context;
  const born = withParents(context, incoming);
  if (born.length === 0) return ok(undefined);
  // Nearly every parent lives: one read says so, where a transaction for each child would wait for the disk each time.
  const parents = await kv.read({ rows: { getMany: 'entities', keys: born.map(({ parent }) => parent) } });
  if (!parents.ok) return parents;
  for (const [index, { child, parent: key }] of born.entries()) {
    if (parents.value.rows[index]?.place !== PURGED) continue;
    const [kind, id] = key;
    const result = await kv.transact(
      {
        row: { get: 'entities', key },
        last: { list: 'history', lower: [kind, id], upper: [kind, id, Infinity], reverse: true, limit: 1 },
        state: STATE,
      },
      ({ row, last, state }) => {
        if (row?.place !== PURGED || child.seq <= row.seq || row.version === null) return { writes: [], value: null };
        const draft = createDraft(context, asState(state));
        const stamp = draft.tick();
        const fields = last[0]?.fields ?? {};
        const stamps = Object.fromEntries(Object.keys(fields).map((field) => [field, stamp]));
        if (row.queued === null && row.sent === null) draft.base(kind, id, baseOf(row, row.version));
        const revived = { ...row, fields, stamps, lastUpdated: stamp, deviceId: context.deviceId };
        const bytes = estimateBytes(fields) + estimateBytes(stamps);
        draft.put({ ...revived, bytes, ...indexColumns(ledger.get(kind), revived, false) }, row, { pending: true });
        const { writes, change } = draft.finish(false);
        return { writes, value: change };
      },
    );
    if (!result.ok) return result;
    if (result.value) announce(context, result.value);
  }
  return ok(undefined);
}
