/**
 * What is known of one entity under edit. What is typed goes through three places, and each piece is always in one of them:
 * `typed` (not handed over yet), `inFlight` (one save at a time, repeated with the same saveId until it is answered), and
 * `acked` (committed). What happens to it is in `session-steps.ts`.
 */
import type { Fields } from '#core/entity.ts';
import type { StoreError } from '#core/errors.ts';
import type { EntityId } from '#core/ids.ts';
import { equalJson } from '#core/json.ts';
import { numberedSaveId } from '#core/save-id.ts';
import type { JournalEntry } from '#store/save/journal.ts';
import { type EntityView, NO_ROW, type SaveRequest, type TypedAt } from '#store/store.ts';

export interface SessionState {
  readonly kind: string;
  readonly id: EntityId;
  /** Names its saves, and its row in the journal: an entity may be open twice. */
  readonly session: string;
  /** A machine writes here: its words bring nothing back that was deleted permanently. */
  readonly isMachine: boolean;
  readonly acked: { readonly fields: Fields; readonly localSeq: number };
  readonly typed: Fields;
  /** What the typed fields showed when typing began, and whether the entity was in the bin then: an edit takes it out. */
  readonly base: Fields;
  readonly typedAt: TypedAt;
  readonly inFlight: SaveRequest | null;
  /** The save in flight waits for its answer; otherwise it has failed, and waits to be repeated. */
  readonly isSending: boolean;
  /** The number of the save that was handed over last. */
  readonly sent: number;
  /** The number of the save that will take what is typed. */
  readonly next: number;
  /** The number of the last save that the journal's row names; 0 where there is none. */
  readonly journaled: number;
  /** What that save has of what was typed. */
  readonly journaledPatch: Fields;
  readonly view: EntityView | null;
  readonly error: StoreError | null;
  readonly retries: number;
  readonly failedLoads: number;
  /** The localSeq up to which the entity has changed, as received while a save was on its way: what is older is read again. */
  readonly changedTo: number;
  /** Nobody looks at it any more; it lives until it is saved. */
  readonly isClosed: boolean;
  /** What the machine wrote into was deleted permanently: its words were dropped, and no more are taken. */
  readonly isGone: boolean;
}

export const hasTyped = ({ typed }: SessionState): boolean => Object.keys(typed).length > 0;

/** What is on the screen. */
export const shownFields = ({ acked, inFlight, typed }: SessionState): Fields => ({
  ...acked.fields,
  ...inFlight?.patch,
  ...typed,
});

/** What is not committed yet. */
export function pendingOf(state: SessionState): 'none' | 'typed' | 'saving' | 'failed' {
  if (state.error && (state.inFlight || hasTyped(state))) return 'failed';
  return state.inFlight ? 'saving' : hasTyped(state) ? 'typed' : 'none';
}

/** Wall time in ms at which the oldest of what is not committed was typed; null where all is. */
export function unsavedSince({ inFlight, typedAt }: SessionState): number | null {
  const times = [...Object.values(inFlight?.typedAt ?? {}), ...Object.values(typedAt)];
  return times.length === 0 ? null : Math.min(...times);
}

/** What to write into the journal if the page ends now; null where everything is committed. */
export function journalEntryOf(state: SessionState): JournalEntry | null {
  const { kind, id, session, inFlight, isMachine } = state;
  const sent = inFlight && unsavedOf(inFlight);
  const row = { kind, id, session, ...(isMachine && { machine: true as const }) };
  if (!hasTyped(state)) return sent && { ...row, ...sent };
  return { ...row, ...unsavedOf(takeTyped(state)), ...(sent && { inFlight: sent }) };
}

/** A save as the journal keeps it. */
export const unsavedOf = ({ patch, base, baseSeq, saveId, typedAt }: SaveRequest) => ({
  patch,
  was: base,
  builtOn: baseSeq,
  saveId,
  ...(typedAt && { typedAt }),
});

/** What is typed, as a save. */
export function takeTyped(state: SessionState): SaveRequest {
  const { kind, id, typed, base, typedAt, acked, session, next, journaled, journaledPatch, isMachine } = state;
  const earlier = { saveId: numberedSaveId(session, journaled), patch: journaledPatch };
  // Where the screen showed something else than what is committed now, the store must merge.
  const isCurrent = Object.keys({ ...typed, ...base }).every((field) => equalJson(base[field], acked.fields[field]));
  return {
    kind,
    id,
    patch: typed,
    base,
    baseSeq: isCurrent ? acked.localSeq : NO_ROW,
    saveId: numberedSaveId(session, next),
    typedAt,
    editing: true,
    ...(isMachine && { machine: true }),
    ...(journaled > 0 && journaled < next && { journaled: earlier }),
  };
}
