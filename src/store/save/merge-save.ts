/** A save whose row has moved on since it was built, and the stamps that any save gives. */
import { type Stamp, ZERO_STAMP } from '#core/clock.ts';
import { type EntityDeclaration, type Fields, migrateBody, type Stamps } from '#core/entity.ts';
import { equalJson } from '#core/json.ts';
import { type MergeOutcome, merge3 } from '#core/merge/merge.ts';
import type { Draft } from '#store/draft/draft.ts';
import type { StoreContext } from '#store/schema/context.ts';
import { acceptedStamps, bodyOf } from '#store/schema/rows.ts';
import { type EntityRow, PURGED } from '#store/schema/schema.ts';
import type { SaveRequest } from '#store/store.ts';
import { hasSave } from './applied-saves.ts';
import { builtOnNow } from './untyped-save.ts';

/** Later than every stamp that a clock makes; replaced before anything is written. */
const NEWEST = 'zzzzzzzzz-zzzz-ffffffff';

/**
 * Whoever types in an open editor is not overtaken by what came in the moment before: within this time of the key a save
 * ranks as now.
 */
const LIVE_MS = 1000;

/** Wall time in ms by which a field of the patch ranks; undefined: now. */
function typedTime({ typedAt, editing }: SaveRequest, field: string, nowMs: number): number | undefined {
  const at = typedAt?.[field];
  return at === undefined || (editing && nowMs - at <= LIVE_MS) ? undefined : at;
}

export interface Merged {
  /** The localSeq of the row that the patch was merged with. */
  readonly against: number;
  readonly body: { readonly fields: Fields; readonly stamps: Stamps };
  readonly outcomes: readonly MergeOutcome[];
}

/**
 * The patch and the row that has moved on, merged over what the patch was made from. What was typed ranks by the time of
 * typing, what does not say when by now.
 */
export function mergeSave(
  context: Pick<StoreContext, 'clock' | 'ledger' | 'deviceId'>,
  given: SaveRequest,
  row: EntityRow,
  draft: Pick<Draft, 'tickTyped'>,
): Merged {
  const declaration = context.ledger.get(given.kind);
  const current = upToDate(declaration, row);
  const theirs = { fields: current.fields, stamps: acceptedStamps(current.stamps, row) };
  const request = builtOnNow(given, theirs);
  // Of what the editor had, only fields that are in the row or in the patch: its initial values are never written.
  const { journaled } = request;
  const replayed = journaled && hasSave(row.saves, journaled.saveId) ? journaled.patch : {};
  const shown = Object.entries({ ...request.base, ...replayed }).filter(
    ([field]) => field in theirs.fields || field in request.patch,
  );
  // A patched field that the editor did not have at all was built on nothing: what is there now was not seen.
  const unpatched = Object.entries(theirs.fields).filter(([field]) => !(field in request.patch));
  const base = { fields: Object.fromEntries([...unpatched, ...shown]), stamps: theirs.stamps };
  const nowMs = context.clock.now();
  const stampOf = (field: string): Stamp => {
    const typedAt = typedTime(request, field, nowMs);
    return typedAt === undefined ? NEWEST : draft.tickTyped(typedAt, ZERO_STAMP);
  };
  // A value that is what the editor had is no choice of it, and no reason to take back what came in between.
  const changed = Object.keys(request.patch).filter((field) => !equalJson(base.fields[field], request.patch[field]));
  const patched = Object.fromEntries(changed.map((field) => [field, stampOf(field)]));
  const mine = { fields: { ...base.fields, ...request.patch }, stamps: { ...base.stamps, ...patched } };
  const side = { deviceId: context.deviceId, acceptedAt: null };
  const { body, outcomes } = merge3({
    base,
    mine: { ...side, body: mine },
    theirs: { ...side, body: theirs },
    declaration,
    policy: 'newer',
  });
  return { against: row.localSeq, body, outcomes };
}

/**
 * The stamps of a row after a save gave it `fields`, `row` being what was there. A changed value always has a later stamp
 * than the one before it. What brings a purged entity back is later than its tombstone.
 */
export function stampSave(
  { clock }: Pick<StoreContext, 'clock'>,
  request: SaveRequest,
  fields: Fields,
  row: EntityRow | undefined,
  merged: Merged | null,
  draft: Pick<Draft, 'tick' | 'tickTyped'>,
): Stamps {
  const revived = row?.place === PURGED;
  const nowMs = clock.now();
  const acceptedBefore = acceptedStamps(row?.stamps ?? {}, row);
  const touched = Object.keys(revived ? fields : request.patch);
  let now: Stamp | null = null;
  const stampOf = (field: string): Stamp => {
    const before = acceptedBefore[field];
    // What a save gives the value that it has is no change of it.
    if ((merged || !revived) && before !== undefined && equalJson(fields[field], row?.fields[field])) return before;
    const made = merged?.body.stamps[field];
    if (made !== undefined && made !== NEWEST) return before === undefined || made > before ? made : draft.tickTyped(0, before);
    const at = typedTime(request, field, nowMs);
    if (at !== undefined && !revived) return draft.tickTyped(at, row?.lastUpdated ?? ZERO_STAMP);
    now ??= draft.tick(
      touched.flatMap((one) => row?.stamps[one] ?? []),
      row?.acceptedAt ?? 0,
    );
    return now;
  };
  return { ...(merged?.body.stamps ?? acceptedBefore), ...Object.fromEntries(touched.map((field) => [field, stampOf(field)])) };
}

/** The row at this app's version of its kind. */
export const upToDate = (declaration: EntityDeclaration | undefined, row: EntityRow): EntityRow =>
  declaration && row.v < declaration.version ? { ...row, ...migrateBody(declaration, row.v, bodyOf(row)) } : row;
