/**
 * One entity under edit, as a pure machine: `nextSession(state, event)` gives the new state and what is to be done.
 *
 * A value that comes from elsewhere never touches what is typed: the save names what was on the screen when typing began, the
 * store merges with what has come in since (and logs what loses), and its answer is shown.
 */
import { BINNED_AT, type Fields, isEdit } from '#core/entity.ts';
import type { StoreError } from '#core/errors.ts';
import { equalJson } from '#core/json.ts';
import { numberedSaveId } from '#core/save-id.ts';
import { ledger } from '#entities/index.ts';
import type { JournalMark } from '#store/save/journal.ts';
import type { EntityView, SaveRequest, TypedAt } from '#store/store.ts';
import { hasTyped, pendingOf, type SessionState, shownFields, takeTyped } from './session-state.ts';

const FIRST_RETRY_MS = 500;
const MAX_RETRY_MS = 10_000;
/** Only a newer app can write into what a newer app has written: no hurry until it is here. */
const NEWER_RETRY_MS = 600_000;
export type SessionEvent =
  | { readonly type: 'typed'; readonly patch: Fields; readonly nowMs: number; readonly autosaveMs: number }
  /** Hand over what waits: the timer, a flush, the person. */
  | { readonly type: 'flush' }
  | { readonly type: 'retry' }
  | { readonly type: 'saved'; readonly entity: EntityView }
  | { readonly type: 'failed'; readonly error: StoreError }
  /** The entity may have changed elsewhere, in a commit of this localSeq. */
  | { readonly type: 'changed'; readonly localSeq: number }
  | { readonly type: 'loaded'; readonly entity: EntityView | null }
  | { readonly type: 'not-loaded'; readonly error: StoreError }
  /** The journal is being given `journalEntryOf` this state. */
  | { readonly type: 'journaled' }
  | { readonly type: 'closed' }
  | { readonly type: 'reopened' };

export type SessionEffect =
  | { readonly type: 'save'; readonly request: SaveRequest }
  | { readonly type: 'load' }
  /** Hand over in `ms`, unless that is planned already. */
  | { readonly type: 'flush-in'; readonly ms: number }
  | { readonly type: 'cancel-flush' }
  | { readonly type: 'load-in'; readonly ms: number }
  /** Show what came from elsewhere. */
  | { readonly type: 'incoming'; readonly fields: Fields }
  | { readonly type: 'clear-journal'; readonly mark: JournalMark }
  /** What a machine writes into was deleted permanently: it may stop. */
  | { readonly type: 'gone' }
  /** Closed, and nothing of it waits any more. */
  | { readonly type: 'ended' };

export interface SessionStep {
  readonly state: SessionState;
  readonly effects: readonly SessionEffect[];
}

export type NewSession = Pick<SessionState, 'kind' | 'id' | 'session' | 'isMachine'> & {
  /** Of an entity that is new: there is nothing to load. */
  readonly initial: Fields | null;
  readonly nowMs: number;
};

/** A session at its start. */
export function startSession({ initial, nowMs, ...names }: NewSession): SessionStep {
  const { kind, id } = names;
  const isFresh = initial !== null;
  const typed = initial ?? {};
  const view: EntityView | null = isFresh
    ? { kind, id, fields: typed, updatedAt: nowMs, localSeq: 0, lifecycle: 'live', readOnly: false, pending: false }
    : null;
  const state: SessionState = {
    ...names,
    acked: { fields: {}, localSeq: 0 },
    typed,
    base: {},
    typedAt: stampAll(typed, nowMs),
    inFlight: null,
    isSending: false,
    sent: 0,
    next: 1,
    journaled: 0,
    journaledPatch: {},
    view,
    error: null,
    retries: 0,
    failedLoads: 0,
    changedTo: 0,
    isClosed: false,
    isGone: false,
  };
  return { state, effects: [...(isFresh ? [] : [{ type: 'load' } as const]), ...(hasTyped(state) ? [flushIn(0)] : [])] };
}

/** One step. Pure: the same state and event always give the same. */
export function nextSession(state: SessionState, event: SessionEvent): SessionStep {
  switch (event.type) {
    case 'typed':
      return type(state, event);
    case 'flush':
      return send(state);
    case 'retry':
      return send({ ...state, retries: 0 });
    case 'saved':
      return onSaved(state, event.entity);
    case 'failed': {
      if (state.isMachine && event.error.type === 'NotFound') return discard(state);
      const longest = event.error.type === 'NewerEntity' ? NEWER_RETRY_MS : MAX_RETRY_MS;
      const ms = Math.min(longest, FIRST_RETRY_MS * 2 ** state.retries);
      return {
        state: { ...state, isSending: false, error: event.error, retries: state.retries + 1 },
        effects: [flushIn(ms)],
      };
    }
    case 'changed':
      // Most news are of this session's own save, whose answer has said it all, or of one that it was read after.
      if (event.localSeq <= state.acked.localSeq) return { state, effects: [] };
      // A change that arrives while a save is on its way is read after it, unless the answer holds it.
      return state.inFlight ? { state: heardOf(state, event.localSeq), effects: [] } : load(state);
    case 'loaded':
      return onLoaded(state, event.entity);
    case 'not-loaded': {
      const ms = Math.min(MAX_RETRY_MS, FIRST_RETRY_MS * 2 ** state.failedLoads);
      const failed = { ...state, error: event.error, failedLoads: state.failedLoads + 1 };
      // Nobody else asks again: a session that was opened while the worker died would stay empty.
      return { state: failed, effects: state.isClosed ? [] : [{ type: 'load-in', ms }] };
    }
    case 'journaled':
      return {
        state: { ...state, journaled: hasTyped(state) ? state.next : state.sent, journaledPatch: state.typed },
        effects: [],
      };
    case 'closed':
      return endIfDone(send({ ...state, isClosed: true }));
    case 'reopened':
      return { state: { ...state, isClosed: false }, effects: [] };
  }
}

const flushIn = (ms: number): SessionEffect => ({ type: 'flush-in', ms });
const stampAll = (fields: Fields, ms: number): TypedAt => Object.fromEntries(Object.keys(fields).map((field) => [field, ms]));

function type(state: SessionState, { patch, nowMs, autosaveMs }: Extract<SessionEvent, { readonly type: 'typed' }>): SessionStep {
  if (state.isGone) return { state, effects: [] };
  const shown = shownFields(state);
  // A field typed into before anything was loaded was built on nothing: it has no base.
  const isStarted = (field: string): boolean =>
    field in patch ? !(field in state.typed) : field === BINNED_AT && !hasTyped(state);
  const started = Object.fromEntries(Object.entries(shown).filter(([field]) => isStarted(field)));
  const typed: SessionState = {
    ...state,
    base: { ...state.base, ...started },
    typed: { ...state.typed, ...patch },
    typedAt: { ...state.typedAt, ...stampAll(patch, nowMs) },
    // A number that the journal has for less than this is used up: a saveId names one patch.
    next: Math.max(state.next, state.journaled + 1),
  };
  const isEdited = isEdit(ledger.get(state.kind), patch);
  const view = state.view && { ...state.view, fields: shownFields(typed), ...(isEdited && { updatedAt: nowMs }) };
  return { state: { ...typed, view }, effects: [flushIn(autosaveMs)] };
}

/** Hands over the save that has failed, or what is typed. One at a time: the answer brings the next. */
function send(state: SessionState): SessionStep {
  if (state.isSending) return { state, effects: [] };
  const handed = state.inFlight || !hasTyped(state) ? state : handOver(state);
  if (!handed.inFlight) return { state, effects: [] };
  return {
    state: { ...handed, isSending: true },
    effects: [{ type: 'cancel-flush' }, { type: 'save', request: handed.inFlight }],
  };
}

function handOver(state: SessionState): SessionState {
  const { next } = state;
  return { ...state, inFlight: takeTyped(state), typed: {}, base: {}, typedAt: {}, sent: next, next: next + 1 };
}

function onSaved(state: SessionState, entity: EntityView): SessionStep {
  // Committed before the deletion, and learned of after it.
  if (state.isMachine && entity.lifecycle === 'purged') return discard(state);
  const { kind, id, session, inFlight, journaled, sent } = state;
  const adopted = adopt({ ...state, error: null, retries: 0, inFlight: null, isSending: false }, entity);
  // The journal's row goes when its words are committed: it names nothing later than this save.
  const isCovered = inFlight !== null && journaled > 0 && journaled <= sent;
  const saved: SessionState = { ...adopted.state, journaled: isCovered ? 0 : journaled };
  const more = hasTyped(saved)
    ? send(saved)
    : saved.changedTo > entity.localSeq && !saved.isClosed
      ? load(saved)
      : { state: saved, effects: [] };
  return endIfDone({
    state: more.state,
    effects: [
      ...adopted.effects,
      ...(isCovered ? [{ type: 'clear-journal', mark: { kind, id, session, saveId: inFlight.saveId } } as const] : []),
      ...more.effects,
    ],
  });
}

function load(state: SessionState): SessionStep {
  return { state: { ...state, changedTo: 0 }, effects: [{ type: 'load' }] };
}

const heardOf = (state: SessionState, localSeq: number): SessionState => ({
  ...state,
  changedTo: Math.max(state.changedTo, localSeq),
});

function onLoaded(state: SessionState, entity: EntityView | null): SessionStep {
  // Read before the save that is on its way was answered: read again afterwards, unless the answer is as new.
  if (state.inFlight) return { state: heardOf({ ...state, failedLoads: 0 }, entity?.localSeq ?? 0), effects: [] };
  const loaded = { ...state, failedLoads: 0, error: null };
  if (state.isMachine && entity?.lifecycle === 'purged') return discard(loaded);
  return entity && entity.localSeq >= state.acked.localSeq ? adopt(loaded, entity) : { state: loaded, effects: [] };
}

/** Takes over a committed state. What is typed stays in sight; everything else is shown as it came. */
function adopt(state: SessionState, entity: EntityView): SessionStep {
  const before = shownFields(state);
  const adopted = { ...state, acked: { fields: entity.fields, localSeq: entity.localSeq } };
  const shown = shownFields(adopted);
  const incoming = Object.fromEntries(Object.entries(shown).filter(([field, value]) => !equalJson(value, before[field])));
  return {
    state: { ...adopted, view: { ...entity, fields: shown } },
    effects: Object.keys(incoming).length > 0 ? [{ type: 'incoming', fields: incoming }] : [],
  };
}

/** What a machine has written into was deleted permanently, here or in another tab: its words go, those in the journal, too. */
function discard(state: SessionState): SessionStep {
  const { kind, id, session, journaled } = state;
  const nothing = { typed: {}, base: {}, typedAt: {}, inFlight: null, isSending: false, error: null, retries: 0, journaled: 0 };
  const mark: JournalMark = { kind, id, session, saveId: numberedSaveId(session, journaled) };
  return endIfDone({
    state: { ...state, ...nothing, isGone: true },
    effects: [
      { type: 'cancel-flush' },
      ...(journaled > 0 ? [{ type: 'clear-journal', mark } as const] : []),
      ...(state.isGone ? [] : [{ type: 'gone' } as const]),
    ],
  });
}

function endIfDone({ state, effects }: SessionStep): SessionStep {
  return { state, effects: state.isClosed && pendingOf(state) === 'none' ? [...effects, { type: 'ended' }] : effects };
}
