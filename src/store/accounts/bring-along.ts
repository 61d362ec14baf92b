/**
 * Brings what a person made in one workspace into another: the same ids and original stamps, with bases, lineage, history,
 * quarantine and unsent deletions, waiting to be sent. What is there already is merged with it. Every step may be
 * killed and repeated: a row names the state that was brought of it, and the registry says how far the whole is.
 *
 * First all entities by kind and id, then by `localSeq` what was changed meanwhile, until nothing is. The revisions that were
 * read are marked in the other workspace's counters (`broughtSeq`): its next change of such a row keeps the state as the
 * base for merging that change.
 */
import type { KeyPair } from '#core/entity-key.ts';
import { pairText } from '#core/entity-key.ts';
import type { KvError } from '#core/errors.ts';
import type { Key, Kv } from '#core/ports.ts';
import { err, ok, type Result } from '#core/result.ts';
import { createDraft, type Draft } from '#store/draft/draft.ts';
import { announce, asCounters, COUNTERS, mint, type StoreContext } from '#store/schema/context.ts';
import { withEffectiveRows } from '#store/schema/effective-rows.ts';
import type { WorkspaceRow } from '#store/schema/registry-schema.ts';
import { type EntityRow, PURGED, type QuarantineRow, type WorkspaceTables } from '#store/schema/schema.ts';
import { isSame, noteMerge } from '#store/sync/incoming.ts';
import type { CarryBlobs } from './bring-blobs.ts';
import { bringHistories, bringHistory } from './bring-history.ts';
import { type Brought, bringRow, readdress } from './bring-row.ts';

/** Entities in one transaction. */
const PAGE = 100;
const MAX_ATTEMPTS = 20;

export interface BringSource {
  readonly kv: Kv<WorkspaceTables>;
  readonly row: WorkspaceRow;
}

/** How far a bring is: what `BringRow` keeps. */
export interface BringPosition {
  readonly seq: number | null;
  readonly after: KeyPair | null;
  readonly done: number;
}

export interface BringWorld {
  readonly from: BringSource;
  readonly into: StoreContext;
  /** Brings the files that these entities name: whatever is here has its files with it. */
  readonly carryBlobs: CarryBlobs;
  /** Keeps the position. False where the person has stopped it. */
  readonly keep: (position: BringPosition & { readonly total: number }) => Promise<Result<boolean, KvError>>;
}

/** `stopped`: by the person. `done`: everything up to `seq` is there. */
export type BringOutcome = { readonly type: 'stopped' } | { readonly type: 'done'; readonly seq: number };

/** Goes on from `start` until everything is there. */
export async function bringAlong(
  { from: source, into: target, carryBlobs, keep }: BringWorld,
  start: BringPosition,
): Promise<Result<BringOutcome, KvError>> {
  const from = { ...source, kv: withEffectiveRows(source.kv) };
  const into = { ...target, kv: withEffectiveRows(target.kv) };
  const counted = await from.kv.read({ total: { count: 'entities' } });
  if (!counted.ok) return counted;
  const { total } = counted.value;
  let position = start;
  const isFirst = position.seq === null || position.after !== null;
  if (isFirst) {
    if (position.seq === null) {
      const marked = await readPage(from, {});
      if (!marked.ok) return marked;
      position = { ...position, seq: marked.value.localSeq };
    }
    for (;;) {
      const after = position.after ? { lower: position.after, lowerOpen: true } : {};
      const page: Result<Page, KvError> = await readPage(from, after);
      if (!page.ok) return page;
      const { rows } = page.value;
      const last = rows.at(-1);
      if (last) {
        const brought = await bringPage(from, into, rows, carryBlobs, (items) => bringHistory(from.kv, into.kv, items));
        if (!brought.ok) return brought;
      }
      position = { ...position, after: last ? [last.kind, last.id] : null, done: Math.min(total, position.done + rows.length) };
      const kept = await keep({ ...position, total });
      if (!kept.ok) return kept;
      if (!kept.value) return ok({ type: 'stopped' });
      if (!last) break;
    }
  }
  for (;;) {
    const page: Result<Page, KvError> = await readPage(from, {
      index: 'byLocalSeq',
      lower: position.seq ?? 0,
      lowerOpen: true,
    });
    if (!page.ok) return page;
    const last = page.value.rows.at(-1);
    if (!last) return ok({ type: 'done', seq: Math.max(position.seq ?? 0, page.value.localSeq) });
    const brought = await bringPage(from, into, page.value.rows, carryBlobs, (items) => bringHistories(from.kv, into.kv, items));
    if (!brought.ok) return brought;
    position = { ...position, seq: last.localSeq };
    const kept = await keep({ ...position, total });
    if (!kept.ok) return kept;
    if (!kept.value) return ok({ type: 'stopped' });
  }
}

interface Page {
  readonly rows: readonly EntityRow[];
  /** The workspace's localSeq at that moment: a higher one belongs to a later change. */
  readonly localSeq: number;
}

type PageRange = { readonly index?: string; readonly lower?: Key; readonly lowerOpen?: boolean };

/** Reads a page, and marks in the same transaction that it was read. */
function readPage({ kv }: BringSource, range: PageRange): Promise<Result<Page, KvError>> {
  return kv.transact({ rows: { list: 'entities', limit: PAGE, ...range }, state: COUNTERS }, ({ rows, state }) => {
    const counters = asCounters(state);
    const { localSeq } = counters;
    const isMarked = counters.broughtSeq === localSeq;
    const value: Page = { rows, localSeq };
    return { writes: isMarked ? [] : [{ put: 'meta', row: { ...counters, broughtSeq: localSeq } }], value };
  });
}

/** One entity that comes along, with what belongs to it. */
interface Item {
  readonly row: EntityRow;
  readonly key: KeyPair;
  readonly mark: string;
}

/** Those of the entities that come along, under the ids that they have in the other workspace. */
export function comingAlong(
  { row: { id: workspaceId, deviceId, formerDeviceIds = [] } }: Pick<BringSource, 'row'>,
  into: Pick<StoreContext, 'ledger' | 'deviceId'>,
  page: readonly EntityRow[],
): readonly Item[] {
  const own = [...formerDeviceIds, deviceId];
  return page.flatMap((row): readonly Item[] => {
    const readdressed = readdress(into.ledger.get(row.kind), row, own, into.deviceId);
    return readdressed ? [{ row: readdressed, key: [row.kind, row.id], mark: `${workspaceId}/${row.localSeq}` }] : [];
  });
}

async function bringPage(
  from: BringSource,
  into: StoreContext,
  page: readonly EntityRow[],
  carryBlobs: CarryBlobs,
  copyHistory: (items: readonly Item[]) => Promise<Result<void, KvError>>,
): Promise<Result<void, KvError>> {
  const items = comingAlong(from, into, page);
  if (items.length === 0) return ok(undefined);
  const carried = await carryBlobs(items.map(({ key }) => key));
  if (!carried.ok) return carried;
  // Before its entities: whatever is here has its history with it.
  const history = await copyHistory(items);
  if (!history.ok) return history;
  const keys = items.map(({ key }) => key);
  const beside = await from.kv.read({ bases: { getMany: 'bases', keys }, quarantine: { getMany: 'quarantine', keys } });
  if (!beside.ok) return beside;
  const targets: readonly Key[] = items.map(({ row }) => [row.kind, row.id]);
  const reads = {
    rows: { getMany: 'entities', keys: targets },
    quarantine: { getMany: 'quarantine', keys: targets },
    state: COUNTERS,
  } as const;
  for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
    const seen = await into.kv.read(reads);
    if (!seen.ok) return seen;
    const broughtFields = await readBroughtFields(from, items, seen.value.rows);
    if (!broughtFields.ok) return broughtFields;
    const decisions = items.map(({ row, key, mark }, index) =>
      bringRow({
        row,
        base: beside.value.bases[index],
        mark,
        target: seen.value.rows[index],
        broughtFields: broughtFields.value.get(pairText(key)),
        declaration: into.ledger.get(row.kind),
        policy: into.policy(),
        nowMs: into.clock.now(),
      }),
    );
    const result = await into.kv.transact(reads, ({ rows, quarantine, state }) => {
      if (rows.some((row, index) => !isSame(row, seen.value.rows[index]))) return { writes: [], value: null };
      const draft = createDraft(into, asCounters(state));
      items.forEach(({ row }, index) => {
        const decision = decisions[index];
        const quarantined = beside.value.quarantine[index];
        if (decision) record(into, draft, row, rows[index], decision, quarantined, quarantine[index]);
      });
      const { writes, change } = draft.finish(true);
      return { writes, value: change };
    });
    if (!result.ok) return result;
    if (result.value === null) continue;
    announce(into, result.value);
    return ok(undefined);
  }
  return err({ type: 'StorageFailed', reason: 'the entities kept changing while they were brought' });
}

/** By `kind/id` of the other workspace: the fields of the state that was brought the last time, where it is still kept. */
async function readBroughtFields(
  from: BringSource,
  items: readonly Item[],
  targets: readonly (EntityRow | undefined)[],
): Promise<Result<ReadonlyMap<string, EntityRow['fields']>, KvError>> {
  const broughtFields = new Map<string, EntityRow['fields']>();
  for (const [index, { key, mark }] of items.entries()) {
    const brought = targets[index]?.brought;
    if (brought === undefined || brought === mark || !brought.startsWith(`${from.row.id}/`)) continue;
    const of = Number(brought.slice(from.row.id.length + 1));
    const found = await from.kv.read({
      revisions: { list: 'history', lower: [...key], upper: [...key, Infinity], reverse: true, limit: 200 },
    });
    if (!found.ok) return found;
    const revision = found.value.revisions.find((one) => one.of === of);
    if (revision) broughtFields.set(pairText(key), revision.fields);
  }
  return ok(broughtFields);
}

/** Puts a decision into the draft. `quarantined` is what the other workspace has noted in its quarantine, `noted` what this one has. */
function record(
  context: StoreContext,
  draft: Draft,
  { kind, id, deviceId, lastUpdated, queued }: EntityRow,
  before: EntityRow | undefined,
  { row, changed, base, outcomes, conflicts, aside }: Brought,
  quarantined: QuarantineRow | undefined,
  noted: QuarantineRow | undefined,
): void {
  draft.receive(lastUpdated);
  if (!noted && (quarantined || aside !== undefined)) {
    const entry = quarantined ?? { kind, id, reason: 'unreadable', at: context.clock.now(), op: null, raw: aside ?? null };
    draft.write({ put: 'quarantine', row: { ...entry, kind, id } });
  }
  noteMerge(context, draft, { kind, id, deviceId }, { outcomes, conflicts });
  if (before && changed) draft.keepHistory(before, row.place === PURGED ? 'delete' : 'merge');
  if (!before && quarantined?.op && queued !== null) {
    // The server has refused it once: it waits for the person here, too.
    const opId = mint(context);
    const order = draft.nextOrder();
    const queuedAt = context.clock.now();
    draft.write({
      put: 'outbox',
      row: { opId, kind, id, state: 'parked', order, queuedAt, holdUntil: 0, op: null, bytes: row.bytes },
    });
    draft.put({ ...row, queued: opId, queuedOrder: order }, before, { pending: true });
  } else {
    const snapshotAt = before && changed ? context.clock.now() : row.snapshotAt;
    draft.put({ ...row, snapshotAt }, before, { pending: changed || row.queued !== null, sameContent: !changed });
  }
  if (base) draft.base(kind, id, base);
}
