/**
 * Parents and children across a deletion. Only the top of a family is deleted; its children follow by their `parent`. A
 * child that is newer than its parent's tombstone brings the parent back: an edit beats a deletion, whoever made it.
 */

import { decodeBody } from '#core/body.ts';
import { type Ledger, parentNamed } from '#core/entity.ts';
import { type KeyPair, keyText, pairText } from '#core/entity-key.ts';
import type { KvError } from '#core/errors.ts';
import type { OpId } from '#core/ids.ts';
import type { Key } from '#core/ports.ts';
import type { Op, PushResult, RemoteEntity } from '#core/protocol.ts';
import { ok, type Result } from '#core/result.ts';
import { announce, asCounters, COUNTERS, type StoreContext } from '#store/schema/context.ts';
import { estimateBytes, indexColumns } from '#store/schema/rows.ts';
import { type EntityRow, HIGH, PURGED } from '#store/schema/schema.ts';
import { createDraft, keepBase } from './draft.ts';

/** Children in one read. */
const PAGE = 500;

/** Whether any kind has its children under entities of this one. */
export const isParentKind = (ledger: Ledger, kind: string): boolean =>
  [...ledger.values()].some(({ parent }) => parent?.kind === kind);

/** A version as it travels, as far as it says whose child it is. */
type Child = Pick<RemoteEntity, 'kind' | 'id' | 'deleted' | 'body' | 'seq'> & { readonly version?: OpId };

/** The parent that a live child of this device's ledger names. */
function parentOf({ ledger }: StoreContext, { kind, deleted, body }: Child): KeyPair | null {
  const declaration = ledger.get(kind);
  if (!declaration?.parent || deleted || body === null) return null;
  const decoded = decodeBody(body);
  return decoded.ok ? parentNamed(declaration, decoded.value.fields) : null;
}

/** The children among `incoming`, each with the parent that it names. */
export const withParents = <C extends Child>(context: StoreContext, incoming: readonly C[]) =>
  incoming.flatMap((child) => {
    const parent = parentOf(context, child);
    return parent ? [{ child, parent }] : [];
  });

/** Each parent of `withParents` once. */
export const distinctParents = (born: readonly { readonly parent: KeyPair }[]): readonly KeyPair[] => [
  ...new Map(born.map(({ parent }) => [pairText(parent), parent])).values(),
];

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
  const tombstones = incoming
    .map(({ entity }) => entity)
    .filter(({ kind, deleted }) => deleted && isParentKind(context.ledger, kind));
  const kept = new Set<string>();
  if (tombstones.length === 0) return ok({ has: () => false, ofFamilies: false });
  const born = withParents(
    context,
    incoming.map(({ entity }) => entity),
  );
  for (const tombstone of tombstones) {
    const name = keyText(tombstone);
    const outlived = born.some(({ child, parent }) => child.seq > tombstone.seq && pairText(parent) === name);
    const found = outlived ? ok(true) : await hasNewerChild(context, tombstone);
    if (!found.ok) return found;
    if (found.value) kept.add(name);
  }
  return ok({ has: (name) => kept.has(name), ofFamilies: true });
}

async function hasNewerChild({ kv }: StoreContext, { id, seq: deletedAt }: RemoteEntity): Promise<Result<boolean, KvError>> {
  for (let upper: Key = [id, HIGH]; ; ) {
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
 * holds of them. Before the children are written, so that a kill in between leaves nothing undone. `takenAt` gives the seq of
 * a tombstone: of one that the server has not answered for, the row has that of the version before it.
 */
export async function reviveParents(
  context: StoreContext,
  incoming: readonly Child[],
  takenAt: (tombstone: EntityRow) => number = ({ seq }) => seq,
): Promise<Result<void, KvError>> {
  const born = withParents(context, incoming);
  if (born.length === 0) return ok(undefined);
  // Nearly every parent lives: one read says so, where a transaction for each child would wait for the disk each time.
  const parents = await context.kv.read({ rows: { getMany: 'entities', keys: distinctParents(born) } });
  if (!parents.ok) return parents;
  const tombstones = new Set(parents.value.rows.flatMap((row) => (row?.place === PURGED ? [keyText(row)] : [])));
  const orphans = born.filter(({ parent }) => tombstones.has(pairText(parent)));
  if (orphans.length === 0) return ok(undefined);
  const here = await context.kv.read({
    rows: { getMany: 'entities', keys: orphans.map(({ child }) => [child.kind, child.id]) },
  });
  if (!here.ok) return here;
  for (const [index, { child, parent }] of orphans.entries()) {
    const row = here.value.rows[index];
    const revived = await reviveParent(
      context,
      parent,
      (tombstone) => tombstone.version !== null && child.seq > takenAt(tombstone) && !wasKnown(child, row, tombstone),
    );
    if (!revived.ok) return revived;
  }
  return ok(undefined);
}

/** Whether this device had just this version when its parent was deleted: a pull that brings it again says nothing new. */
const wasKnown = ({ version }: Child, row: EntityRow | undefined, tombstone: EntityRow): boolean =>
  row !== undefined &&
  row.localSeq < tombstone.localSeq &&
  version !== undefined &&
  [row.version, row.sent, row.queued].includes(version);

/** Brings a purged parent back with what the history still holds of it, if `isOlder` says that its tombstone is older than a child. */
export async function reviveParent(
  context: StoreContext,
  [kind, id]: KeyPair,
  isOlder: (tombstone: EntityRow) => boolean = () => true,
): Promise<Result<void, KvError>> {
  const { kv, ledger } = context;
  const result = await kv.transact(
    {
      row: { get: 'entities', key: [kind, id] },
      last: { list: 'history', lower: [kind, id], upper: [kind, id, Infinity], reverse: true, limit: 1 },
      state: COUNTERS,
    },
    ({ row, last, state }) => {
      if (row?.place !== PURGED || !isOlder(row)) return { writes: [], value: null };
      const draft = createDraft(context, asCounters(state));
      const stamp = draft.tick();
      const fields = last[0]?.fields ?? {};
      const stamps = Object.fromEntries(Object.keys(fields).map((field) => [field, stamp]));
      keepBase(draft, row);
      const revived = { ...row, v: last[0]?.v ?? row.v, fields, stamps, lastUpdated: stamp, deviceId: context.deviceId };
      const bytes = estimateBytes(fields) + estimateBytes(stamps);
      draft.put({ ...revived, bytes, ...indexColumns(ledger.get(kind), revived, false) }, row, { pending: true });
      const { writes, change } = draft.finish(false);
      return { writes, value: change };
    },
  );
  if (!result.ok) return result;
  if (result.value) announce(context, result.value);
  return ok(undefined);
}

/**
 * The same for children of this device that the server has just taken, before its answers are recorded: a push that nobody
 * else came between is not pulled again. `ops` are those that were asked about.
 */
export async function reviveAnswered(
  context: StoreContext,
  ops: readonly Op[],
  results: readonly PushResult[],
): Promise<Result<void, KvError>> {
  const applied = new Map(results.flatMap((result) => (result.type === 'applied' ? [[result.opId, result.seq]] : [])));
  const taken = ops.flatMap((op) => {
    const seq = applied.get(op.opId);
    return seq === undefined ? [] : [{ ...op, seq }];
  });
  return reviveParents(context, taken, ({ queued, sent, seq }) =>
    // A tombstone that the server has not taken yet will come after them.
    queued !== null ? Infinity : sent !== null ? (applied.get(sent) ?? Infinity) : seq,
  );
}
