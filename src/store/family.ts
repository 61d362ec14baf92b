/**
 * Parents and children across a deletion. Only the top of a family is deleted; its children follow by their `parent`. A
 * child that is newer than its parent's tombstone brings the parent back: an edit beats a deletion, whoever made it.
 */
import { decodeBody } from '#core/body.ts';
import type { KvError } from '#core/errors.ts';
import type { Key as CoreKey } from '#core/ports.ts';
import type { RemoteEntity } from '#core/protocol.ts';
import { ok, type Result } from '#core/result.ts';
import { announce, asState, STATE, type StoreContext } from './context.ts';
import { createDraft } from './draft.ts';
import { baseOf, estimateBytes, indexColumns } from './rows.ts';
import { type EntityRow, PURGED } from './schema.ts';

const HIGH = '\uffff';
/** Children in one read. */
const PAGE = 500;

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

export interface KeptParents {
  /** Whether `kind/id` must stay. */
  has(name: string): boolean;
  /** Whether any family was looked at: what was found holds as long as nothing is saved. */
  readonly ofFamilies: boolean;
}

/**
 * Of the tombstones among `incoming`, those that must not happen here: a child of theirs was committed after them, or waits on
 * this device. However many children there are, all are looked at, the newest first.
 */
export async function keptParents(
  context: StoreContext,
  incoming: readonly { readonly entity: RemoteEntity }[],
): Promise<Result<KeptParents, KvError>> {
  const parentKinds = new Set([...context.ledger.values()].flatMap(({ parent }) => (parent ? [parent.kind] : [])));
  const graves = incoming.map(({ entity }) => entity).filter(({ kind, deleted }) => deleted && parentKinds.has(kind));
  const kept = new Set<string>();
  if (graves.length === 0) return ok({ has: () => false, ofFamilies: false });
  const born = withParents(
    context,
    incoming.map(({ entity }) => entity),
  );
  for (const grave of graves) {
    const name = `${grave.kind}/${grave.id}`;
    const outlived = born.some(({ child, parent }) => child.seq > grave.seq && parent.join('/') === name);
    const found = outlived ? ok(true) : await hasNewerChild(context, grave);
    if (!found.ok) return found;
    if (found.value) kept.add(name);
  }
  return ok({ has: (name) => kept.has(name), ofFamilies: true });
}

async function hasNewerChild({ kv }: StoreContext, { id, seq: deletedAt }: RemoteEntity): Promise<Result<boolean, KvError>> {
  for (let upper: CoreKey = [id, HIGH]; ; ) {
    const found: Result<{ readonly rows: readonly EntityRow[] }, KvError> = await kv.read({
      rows: { list: 'entities', index: 'byParent', lower: [id], upper, upperOpen: true, reverse: true, limit: PAGE },
    });
    if (!found.ok) return found;
    const rows: readonly EntityRow[] = found.value.rows;
    const isNewer = ({ place, queued, sent, seq }: EntityRow): boolean =>
      place !== PURGED && (queued !== null || sent !== null || seq > deletedAt);
    if (rows.some(isNewer)) return ok(true);
    const last: EntityRow | undefined = rows.at(-1);
    if (!last || rows.length < PAGE) return ok(false);
    upper = [id, last.sort, last.id];
  }
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
        const revived = { ...row, v: last[0]?.v ?? row.v, fields, stamps, lastUpdated: stamp, deviceId: context.deviceId };
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
