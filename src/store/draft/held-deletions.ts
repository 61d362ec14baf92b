/**
 * Deletions of other devices that have not happened here yet. Wherever a tombstone comes from (a pull, the answer to a push,
 * a reconcile), it takes nothing that lives on this device: it is set aside, in the transaction in which the cursor passes
 * it. At the end of the run all that was set aside is weighed at once (`deletions.ts`): it happens, or it is held until the
 * person has answered. What is held is known by its version: an answer is about that version and no other.
 */

import { sumBatches } from '#core/batches.ts';
import { type EntityKey, keyText } from '#core/entity-key.ts';
import type { KvError } from '#core/errors.ts';
import type { DeviceId } from '#core/ids.ts';
import type { Write } from '#core/ports.ts';
import type { RemoteEntity } from '#core/protocol.ts';
import { ok, type Result } from '#core/result.ts';
import type { StoreContext } from '#store/schema/context.ts';
import type { DeletionsRow, HeldRow, MetaRow, TakenDeletions } from '#store/schema/meta-rows.ts';
import type { WorkspaceTables } from '#store/schema/schema.ts';
import type { HeldVersion } from '#store/store.ts';

const FIRST_KEY = 'held/';
/** Sorts after every key of a held deletion. */
const LAST_KEY = 'held/\uffff';
const PAGE = 500;
/** Entities in one transaction: few, so that a save never waits long behind it. */
export const BATCH = 100;

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

export const heldKey = (key: EntityKey): HeldRow['key'] => `held/${keyText(key)}`;

export const DELETIONS = { get: 'meta', key: 'deletions' } as const;

const NONE: DeletionsRow = { key: 'deletions', last: 0, heldTo: 0, held: 0, heldSince: 0, aside: 0, taken: [] };

export const asDeletions = (row: MetaRow | undefined): DeletionsRow => (row?.key === 'deletions' ? row : NONE);
export const asHeld = (row: MetaRow | undefined): HeldRow | undefined => (row && 'deletion' in row ? row : undefined);

/** Whether any deletion waits, for whatever. */
export const hasWaiting = ({ held, aside }: DeletionsRow): boolean => held + aside > 0;
export const isHeld = ({ order }: HeldRow, { heldTo }: DeletionsRow): boolean => order <= heldTo;

/** How deletions that happen are counted: towards the day of their device, or as what a person has confirmed there, or answered here. */
export type Counting = 'day' | 'confirmed' | 'answered';

/** What one transaction does to the deletions that wait. */
export interface HoldsDraft {
  /** Notes a deletion in place of `before`, what was noted of that entity. */
  setAside(before: HeldRow | undefined, deletion: RemoteEntity): void;
  /** The deletion has been decided, or overtaken. */
  forget(before: HeldRow | undefined): void;
  /** The deletion happens. */
  take(deletion: RemoteEntity): void;
  writes(): readonly Write<WorkspaceTables>[];
}

/** `row` is what the transaction found. */
export function createHoldsDraft(row: DeletionsRow, nowMs: number, counting: Counting): HoldsDraft {
  const writes: Write<WorkspaceTables>[] = [];
  let next = row;
  return {
    setAside(before, deletion) {
      const order = before?.order ?? next.last + 1;
      if (!before) next = { ...next, last: order, aside: next.aside + 1 };
      writes.push({ put: 'meta', row: { key: heldKey(deletion), order, at: before?.at ?? nowMs, deletion } });
    },
    forget(before) {
      if (!before) return;
      next = isHeld(before, next) ? { ...next, held: next.held - 1 } : { ...next, aside: next.aside - 1 };
      writes.push({ delete: 'meta', key: before.key });
    },
    take({ kind, deviceId }) {
      const taken = ofTheDay(next.taken, nowMs);
      // The person has looked at what that device does: its day begins again.
      if (counting === 'answered') next = { ...next, taken: taken.filter((one) => one.deviceId !== deviceId) };
      if (counting === 'day') next = { ...next, taken: addTaken(taken, kind, deviceId, 1, nowMs) };
    },
    writes: () => (next === row ? writes : [...writes, { put: 'meta', row: next }]),
  };
}

/** What counts towards the day that ends now. A clock that was set back makes nothing count for longer than a day. */
export const ofTheDay = (taken: readonly TakenDeletions[], nowMs: number): readonly TakenDeletions[] =>
  taken.map((one) => ({ ...one, at: Math.min(one.at, nowMs) })).filter(({ at }) => nowMs - at < DAY_MS);

/** One more entry, or more of the one of this hour. */
export function addTaken(
  taken: readonly TakenDeletions[],
  kind: string,
  deviceId: DeviceId,
  count: number,
  nowMs: number,
): readonly TakenDeletions[] {
  const known = taken.find((one) => one.kind === kind && one.deviceId === deviceId && nowMs - one.at < HOUR_MS);
  if (!known) return [...taken, { at: nowMs, deviceId, kind, count }];
  return taken.map((one) => (one === known ? { ...one, count: one.count + count } : one));
}

/** Calls `visit` with every deletion that waits, some at a time. `visit` may decide about those that it is given. */
export async function visitHeld(
  { kv }: StoreContext,
  visit: (rows: readonly HeldRow[]) => Promise<Result<unknown, KvError>> | undefined,
): Promise<Result<void, KvError>> {
  for (let lower: string = FIRST_KEY; ; ) {
    const found: Result<{ readonly rows: readonly MetaRow[] }, KvError> = await kv.read({
      rows: { list: 'meta', lower, lowerOpen: true, upper: LAST_KEY, limit: PAGE },
    });
    if (!found.ok) return found;
    const rows = found.value.rows.flatMap((row) => asHeld(row) ?? []);
    const last = rows.at(-1);
    if (!last) return ok(undefined);
    const visited = await visit(rows);
    if (visited && !visited.ok) return visited;
    lower = last.key;
  }
}

/** Those of `rows` of which a deletion waits, as `kind/id`. */
export async function readWaiting(
  { kv }: StoreContext,
  rows: readonly { readonly kind: string; readonly id: string }[],
): Promise<Result<ReadonlySet<string>, KvError>> {
  const counters = await kv.read({ deletions: DELETIONS });
  if (!counters.ok) return counters;
  if (!hasWaiting(asDeletions(counters.value.deletions))) return ok(new Set());
  const found = await kv.read({ held: { getMany: 'meta', keys: rows.map(heldKey) } });
  if (!found.ok) return found;
  return ok(new Set(found.value.held.flatMap((row) => (row ? [row.key.slice(FIRST_KEY.length)] : []))));
}

/** A reconcile begins: whether the server still has these deletions is not known until it meets them again. */
export async function doubtHeld(context: StoreContext): Promise<Result<void, KvError>> {
  return visitHeld(context, (rows) => {
    const keys = rows.map(({ key }) => key);
    return context.kv.transact({ found: { getMany: 'meta', keys } }, ({ found }) => ({
      writes: found.flatMap((row) => {
        const held = asHeld(row);
        return held ? [{ put: 'meta', row: { ...held, doubtful: true } } as const] : [];
      }),
      value: null,
    }));
  });
}

/** A reconcile ends: what it has not met again is no longer on the server. */
export async function dropDoubtful(context: StoreContext): Promise<Result<void, KvError>> {
  return visitHeld(context, (rows) => {
    const keys = rows.filter(({ doubtful }) => doubtful).map(({ key }) => key);
    if (keys.length === 0) return;
    return context.kv.transact({ found: { getMany: 'meta', keys }, deletions: DELETIONS }, ({ found, deletions }) => {
      const holds = createHoldsDraft(asDeletions(deletions), context.clock.now(), 'day');
      for (const row of found) if (asHeld(row)?.doubtful) holds.forget(asHeld(row));
      return { writes: holds.writes(), value: null };
    });
  });
}

/** The person's answer about what they were shown, a batch at a time. Gives how many of them `decide` was still about. */
export const decideInBatches = (
  shown: readonly HeldVersion[],
  decide: (part: readonly HeldVersion[]) => Promise<Result<number, KvError>>,
): Promise<Result<number, KvError>> => sumBatches(shown, BATCH, decide);
