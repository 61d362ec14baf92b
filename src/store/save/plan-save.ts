/**
 * What a save does to the rows that it finds, as a pure function: the writes of its transaction, or what must be seen to
 * before there can be any. Nothing is read and nothing happens here; `commit-save.ts` carries it out.
 */
import { type EntityDeclaration, type Fields, parentNamed } from '#core/entity.ts';
import type { KeyPair } from '#core/entity-key.ts';
import type { StoreError } from '#core/errors.ts';
import { equalJson } from '#core/json.ts';
import { hasPassed } from '#core/pacing.ts';
import type { Write } from '#core/ports.ts';
import { createDraft, type DraftContext, EDIT_PACE_MS, type Finished, keepBase } from '#store/draft/draft.ts';
import { mergeLogFields } from '#store/draft/merge-log.ts';
import { asCounters } from '#store/schema/context.ts';
import type { CountersRow, MetaRow } from '#store/schema/meta-rows.ts';
import { estimateBytes, indexColumns, isReadOnly, latestStamp, NEW_ROW } from '#store/schema/rows.ts';
import { type EntityRow, type HistoryRow, PURGED, type WorkspaceTables } from '#store/schema/schema.ts';
import type { SaveRequest } from '#store/store.ts';
import { addSave, hasSave } from './applied-saves.ts';
import { keptFields } from './history.ts';
import { type Merged, stampSave, upToDate } from './merge-save.ts';
import { isDeletedSince } from './untyped-save.ts';

/** At most one kept revision a minute; the rest is thinned by `thinHistory`. */
const HISTORY_PACE_MS = 60_000;

/** What the plan is made from: the transaction reads them. */
export interface SaveRows {
  readonly row: EntityRow | undefined;
  /** The newest kept revision, where the try asked for it. */
  readonly last: readonly HistoryRow[];
  readonly state: MetaRow | undefined;
  /** The parent that the try names, if any. */
  readonly above: readonly (EntityRow | undefined)[];
}

/** What a try knows from the tries before it. */
export interface SaveTry {
  /** The patch, merged with the row that had moved on. */
  readonly ready: Merged | null;
  /** Reads the newest kept revision: for a purged entity alone, it is a read less in every other save. */
  readonly withHistory: boolean;
  /** The parent that the saved entity will name, so far as that is known. */
  readonly parent: KeyPair | null;
}

export type SaveOutcome =
  | {
      readonly type: 'committed';
      readonly row: EntityRow;
      /** Its parent, where it has one and something was written. */
      readonly parent?: EntityRow | undefined;
      readonly merged: boolean;
      /** What was written, or null where there was nothing to write. */
      readonly written: Finished | null;
      /** An earlier revision was kept for the pace of the history. */
      readonly kept: boolean;
    }
  | { readonly type: 'moved'; readonly row: EntityRow; readonly state: CountersRow }
  | { readonly type: 'purged' }
  /** The entity will name this parent, which was not read; or it was, and is purged. */
  | { readonly type: 'child'; readonly of: KeyPair; readonly purged: boolean }
  | { readonly type: 'refused'; readonly error: StoreError };

export interface SavePlan {
  readonly writes: readonly Write<WorkspaceTables>[];
  /** What the try has come to once the writes are committed. */
  readonly outcome: SaveOutcome;
}

/** The plan of one try. The same rows, request, clock and random numbers give the same plan. */
export function planSave(context: DraftContext, rows: SaveRows, request: SaveRequest, attempt: SaveTry): SavePlan {
  const declaration = context.ledger.get(request.kind);
  const early = answerEarly(declaration, rows, request, attempt);
  if (early) return { writes: [], outcome: early };
  const fields = fieldsAfter(declaration, rows, request, attempt);
  const orphan = parentOutcome(declaration, fields, rows, request, attempt);
  if (orphan) return { writes: [], outcome: orphan };
  return planWrites(context, rows, request, attempt.ready, fields);
}

const isPurged = (row: EntityRow | undefined): boolean => row?.place === PURGED;

/** Whether the row was deleted permanently, and the save is none that brings it back. */
const bringsNothingBack = (request: SaveRequest, row: EntityRow): boolean =>
  isPurged(row) && (request.machine === true || isDeletedSince(request, row));

/** Why nothing is written for now, or at all. */
function answerEarly(
  declaration: EntityDeclaration | undefined,
  { row, state }: SaveRows,
  request: SaveRequest,
  { ready, withHistory }: SaveTry,
): SaveOutcome | null {
  const { kind, id, patch, baseSeq, saveId } = request;
  const unchanged = (merged: boolean): SaveOutcome | null =>
    row ? { type: 'committed', row, merged, written: null, kept: false } : null;
  if (row && isReadOnly(declaration, row)) return { type: 'refused', error: { type: 'NewerEntity', kind, id } };
  if (row && hasSave(row.saves, saveId)) return unchanged(true);
  const purged = isPurged(row);
  if (row && bringsNothingBack(request, row)) return { type: 'refused', error: { type: 'NotFound', kind, id } };
  const found = row?.localSeq ?? 0;
  if (ready ? ready.against !== found : row && !purged && found !== baseSeq)
    return { type: 'moved', row: row as EntityRow, state: asCounters(state) };
  if (purged) return withHistory ? null : { type: 'purged' };
  const isSame = row && !ready && Object.keys(patch).every((field) => equalJson(row.fields[field], patch[field]));
  return isSame ? unchanged(false) : null;
}

/** All fields as the save leaves them. A save to a purged entity brings it back, with what the history still holds of it. */
function fieldsAfter(
  declaration: EntityDeclaration | undefined,
  { row, last: [newest] }: SaveRows,
  { patch }: SaveRequest,
  { ready }: SaveTry,
): Fields {
  if (ready) return ready.body.fields;
  if (isPurged(row)) return { ...(newest ? keptFields(declaration, newest) : {}), ...patch };
  return { ...(row && upToDate(declaration, row).fields), ...patch };
}

/** Nothing is saved where nobody finds it: the parent is read, and a purged one comes back first, or the save does not count. */
function parentOutcome(
  declaration: EntityDeclaration | undefined,
  fields: Fields,
  { above: [above] }: SaveRows,
  request: SaveRequest,
  { parent }: SaveTry,
): SaveOutcome | null {
  const named = parentNamed(declaration, fields);
  if (!named) return null;
  const isRead = named[1] === parent?.[1];
  if (isRead && !isPurged(above)) return null;
  const [kind, id] = named;
  return isRead && above && bringsNothingBack(request, above)
    ? { type: 'refused', error: { type: 'NotFound', kind, id } }
    : { type: 'child', of: named, purged: isRead };
}

function planWrites(
  context: DraftContext,
  { row, state, above }: SaveRows,
  request: SaveRequest,
  ready: Merged | null,
  fields: Fields,
): SavePlan {
  const { kind, id, saveId, editing } = request;
  const declaration = context.ledger.get(kind);
  const draft = createDraft(context, asCounters(state));
  const stamps = stampSave(context, request, fields, row && upToDate(declaration, row), ready, draft);
  const lastUpdated = latestStamp(stamps);
  const nowMs = context.clock.now();
  const kept = row !== undefined && isStateKept(declaration, row, asCounters(state), nowMs);
  if (ready?.outcomes.some(({ type }) => type === 'newer'))
    draft.create('merge-log', mergeLogFields(context, kind, id, context.deviceId, ready.outcomes));
  if (row && (kept || ready)) draft.keepHistory(row, ready ? 'merge' : 'edit');
  const pending = declaration?.scope !== 'private';
  if (pending && row) keepBase(draft, row);
  const next = draft.put(
    {
      ...(row ?? NEW_ROW),
      kind,
      id,
      v: declaration?.version ?? 1,
      fields,
      stamps,
      lastUpdated,
      deviceId: context.deviceId,
      saves: addSave(row?.saves ?? [], saveId),
      bytes: estimateBytes(fields) + estimateBytes(stamps),
      snapshotAt: kept || ready || !row ? nowMs : row.snapshotAt,
      ...indexColumns(declaration, { id, fields, stamps, lastUpdated }, false),
    },
    row,
    { pending, ...(editing ? { holdUntil: nowMs + EDIT_PACE_MS } : {}) },
  );
  const written = draft.finish(true);
  const merged = ready !== null || isPurged(row);
  return { writes: written.writes, outcome: { type: 'committed', row: next, parent: above[0], merged, written, kept } };
}

/** Whether the row as it is goes to the history before it is replaced. */
function isStateKept(declaration: EntityDeclaration | undefined, row: EntityRow, state: CountersRow, nowMs: number): boolean {
  if (isPurged(row) || declaration?.appendOnly) return false;
  // What another account has of this row is the base on which its next state is merged there (`bring-along.ts`).
  const isBrought = row.localSeq <= (state.broughtSeq ?? -1);
  return isBrought || hasPassed(HISTORY_PACE_MS, row.snapshotAt, nowMs);
}
