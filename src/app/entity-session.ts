/** One entity under edit: what `session-steps.ts` decides, done. */

import type { Fields } from '#core/entity.ts';
import type { StoreError } from '#core/errors.ts';
import type { EntityId } from '#core/ids.ts';
import type { Clock } from '#core/ports.ts';
import type { Result } from '#core/result.ts';
import type { JournalEntry, JournalMark } from '#store/save/journal.ts';
import type { EntityView, SaveAnswer, SaveRequest } from '#store/store.ts';
import type { EntitySession, MachineWriter } from './app.ts';
import { createSource } from './observable.ts';
import { hasTyped, journalEntryOf, pendingOf, shownFields, unsavedSince } from './session-state.ts';
import { nextSession, type SessionEffect, type SessionEvent, startSession } from './session-steps.ts';

/** Typing is committed at most about this long after a key, where nothing shorter is asked for. */
export const AUTOSAVE_MS = 250;

export interface SessionOptions {
  readonly kind: string;
  readonly id: EntityId;
  readonly initial: Fields;
  /** The entity is new: there is nothing to load. */
  readonly fresh: boolean;
  /** Absent: a person writes. */
  readonly machine?: MachineWriter;
  readonly save: (request: SaveRequest) => Promise<Result<SaveAnswer, StoreError>>;
  readonly get: (kind: string, id: EntityId) => Promise<Result<EntityView | null, StoreError>>;
  readonly mintId: () => string;
  readonly clock: Clock;
  /** How long after a key the typing is handed over; the commit comes on top. */
  readonly autosaveMs?: number;
  /** Heard whenever `pending` may have changed. */
  readonly onState: () => void;
  readonly onClosed: (session: LiveSession) => void;
  /** The journal's row of this entity is no longer needed. */
  readonly clearJournal: (mark: JournalMark) => void;
}

export interface LiveSession extends EntitySession {
  /** What is not committed yet. */
  readonly pending: 'none' | 'typed' | 'saving' | 'failed';
  /** Wall time in ms at which the oldest of that was typed. */
  readonly unsavedSince: number | null;
  readonly error: StoreError | null;
  /** Nobody looks at it any more; it lives until it is saved. */
  readonly isClosed: boolean;
  /** Takes back `close`: somebody looks at it again, and finds what could not be saved. */
  reopen(): void;
  /** What to write into the journal if the page ends now; null where everything is committed. */
  journalEntry(): JournalEntry | null;
  /** The entity may have changed elsewhere, in a commit of this localSeq; absent where that is not known. */
  refresh(localSeq?: number): Promise<void>;
  /** Tries again now what has failed. */
  retry(): void;
}

export function createSession(options: SessionOptions): LiveSession {
  const { kind, id, save, get, clock, autosaveMs = AUTOSAVE_MS, onState } = options;
  const session = options.mintId();
  const start = startSession({
    kind,
    id,
    session,
    isMachine: options.machine !== undefined,
    initial: options.fresh ? options.initial : null,
    nowMs: clock.now(),
  });
  let { state } = start;
  const view = createSource<EntityView | null>(state.view);
  const listeners = new Set<(fields: Fields, isOwn: boolean) => void>();
  let cancelFlush: (() => void) | null = null;
  let isLoadPlanned = false;
  let loading: Promise<void> | null = null;
  /** Whoever waits until nothing is on its way. */
  const waiting: (() => void)[] = [];

  const dispatch = (event: SessionEvent): void => {
    const step = nextSession(state, event);
    ({ state } = step);
    if (state.view) view.set(state.view);
    for (const effect of step.effects) perform(effect);
    onState();
    if (state.isSending) return;
    for (const resolve of waiting.splice(0)) resolve();
  };

  const show = (fields: Fields, isOwn: boolean): void => {
    for (const listener of [...listeners]) listener(fields, isOwn);
  };

  const send = async (request: SaveRequest): Promise<void> => {
    const result = await save(request);
    dispatch(result.ok ? { type: 'saved', entity: result.value.entity } : { type: 'failed', error: result.error });
  };

  const load = async (): Promise<void> => {
    const result = await get(kind, id);
    dispatch(result.ok ? { type: 'loaded', entity: result.value } : { type: 'not-loaded', error: result.error });
  };

  function perform(effect: SessionEffect): void {
    switch (effect.type) {
      case 'save':
        void send(effect.request);
        break;
      case 'load':
        loading = load();
        break;
      case 'flush-in':
        cancelFlush ??= clock.setTimer(effect.ms, () => {
          cancelFlush = null;
          dispatch({ type: 'flush' });
        });
        break;
      case 'cancel-flush':
        cancelFlush?.();
        cancelFlush = null;
        break;
      case 'load-in':
        if (isLoadPlanned) break;
        isLoadPlanned = true;
        clock.setTimer(effect.ms, () => {
          isLoadPlanned = false;
          loading = load();
        });
        break;
      case 'incoming':
        show(effect.fields, false);
        break;
      case 'clear-journal':
        options.clearJournal(effect.mark);
        break;
      case 'gone':
        options.machine?.onGone();
        break;
      case 'ended':
        options.onClosed(live);
    }
  }

  const settled = (): Promise<void> => (state.isSending ? new Promise((resolve) => waiting.push(resolve)) : Promise.resolve());

  const live: LiveSession = {
    kind,
    id,
    view,
    get fields() {
      return shownFields(state);
    },
    get isUntouched() {
      return Object.keys(shownFields(state)).length === 0;
    },
    get pending() {
      return pendingOf(state);
    },
    get unsavedSince() {
      return unsavedSince(state);
    },
    get error() {
      return state.error;
    },
    get isClosed() {
      return state.isClosed;
    },
    reopen: () => dispatch({ type: 'reopened' }),
    set: (patch) => dispatch({ type: 'typed', patch, nowMs: clock.now(), autosaveMs }),
    replace(patch) {
      live.set(patch);
      show(patch, true);
    },
    async flush() {
      await settled();
      if (hasTyped(state) || state.inFlight) dispatch({ type: 'flush' });
      await settled();
    },
    onIncoming(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    async close() {
      if (state.isClosed) return;
      dispatch({ type: 'closed' });
      await settled();
    },
    journalEntry() {
      const entry = journalEntryOf(state);
      if (entry) dispatch({ type: 'journaled' });
      return entry;
    },
    async refresh(localSeq = Number.POSITIVE_INFINITY) {
      dispatch({ type: 'changed', localSeq });
      await loading;
    },
    retry: () => dispatch({ type: 'retry' }),
  };
  for (const effect of start.effects) perform(effect);
  return live;
}
