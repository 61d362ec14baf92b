/**
 * One entity under edit. What is typed goes through three places, and each piece is always in one of them: `typed` (not
 * handed over yet), `inFlight` (one save at a time, repeated with the same saveId until it is answered), and `acked`
 * (committed). A value that comes from elsewhere never touches what is typed: the save names what was on the screen when
 * typing began, the store merges with what has come in since (and logs what loses), and its answer is shown.
 */
import { BINNED_AT, type Fields } from '#core/entity.ts';
import type { StoreError } from '#core/errors.ts';
import { equalJson } from '#core/json.ts';
import type { Clock } from '#core/ports.ts';
import type { Result } from '#core/result.ts';
import type { JournalEntry } from '#store/journal.ts';
import type { EntityView, SaveAnswer, SaveRequest } from '#store/store.ts';
import type { EntitySession } from './app.ts';
import { createSource } from './observable.ts';

/** Typing is committed at most about this long after a key, where nothing shorter is asked for. */
export const AUTOSAVE_MS = 250;
const FIRST_RETRY_MS = 500;
const MAX_RETRY_MS = 10_000;
/** Only a newer app can write into what a newer app has written: no hurry until it is here. */
const NEWER_RETRY_MS = 600_000;
/** No row has this localSeq: the save is merged in. */
const OUTDATED = -1;

export interface SessionOptions {
  readonly kind: string;
  readonly id: string;
  readonly initial: Fields;
  /** The entity is new: there is nothing to load. */
  readonly fresh: boolean;
  readonly save: (request: SaveRequest) => Promise<Result<SaveAnswer, StoreError>>;
  readonly get: (kind: string, id: string) => Promise<Result<EntityView | null, StoreError>>;
  readonly mintId: () => string;
  readonly clock: Clock;
  /** How long after a key the typing is handed over; the commit comes on top. */
  readonly autosaveMs?: number;
  /** Heard whenever `pending` may have changed. */
  readonly onState: () => void;
  readonly onClosed: (session: LiveSession) => void;
  /** The journal's row of this entity is no longer needed. */
  readonly clearJournal: (entry: Pick<JournalEntry, 'kind' | 'id' | 'session'>) => void;
}

export interface LiveSession extends EntitySession {
  /** What is not committed yet. */
  readonly pending: 'none' | 'typed' | 'saving' | 'failed';
  readonly error: StoreError | null;
  /** Nobody looks at it any more; it lives until it is saved. */
  readonly isClosed: boolean;
  /** Takes back `close`: somebody looks at it again, and finds what could not be saved. */
  reopen(): void;
  /** What to write into the journal if the page ends now; null where everything is committed. */
  journalEntry(): JournalEntry | null;
  /** The entity may have changed elsewhere. */
  refresh(): Promise<void>;
  /** Tries again now what has failed. */
  retry(): void;
}

export function createSession(options: SessionOptions): LiveSession {
  const { kind, id, save, get, clock, autosaveMs = AUTOSAVE_MS, onState } = options;
  const view = createSource<EntityView | null>(null);
  const listeners = new Set<(fields: Fields) => void>();
  let acked: { readonly fields: Fields; readonly localSeq: number } = { fields: {}, localSeq: 0 };
  let typed: Fields = options.initial;
  /** What the typed fields showed when typing began, and whether the entity was in the bin then: an edit takes it out. */
  let ground: Fields = {};
  let inFlight: SaveRequest | null = null;
  /** Names its row in the journal: an entity may be open twice. */
  const journalKey = options.mintId();
  let nextSaveId = options.mintId();
  let journaled = false;
  let error: StoreError | null = null;
  let retries = 0;
  let failedLoads = 0;
  let reloading = false;
  let closed = false;
  let stale = false;
  let cancelTimer: (() => void) | null = null;
  let running: Promise<void> | null = null;

  const hasTyped = (): boolean => Object.keys(typed).length > 0;
  const current = (): Fields => ({ ...acked.fields, ...inFlight?.patch, ...typed });
  const isCurrent = (entity: EntityView): boolean => entity.localSeq >= acked.localSeq;

  /** Takes over a committed state. What is typed stays in sight; everything else is shown as it came. */
  const adopt = (entity: EntityView): void => {
    const before = current();
    acked = { fields: entity.fields, localSeq: entity.localSeq };
    const shown = current();
    const incoming = Object.fromEntries(Object.entries(shown).filter(([field, value]) => !equalJson(value, before[field])));
    view.set({ ...entity, fields: shown });
    if (Object.keys(incoming).length > 0) for (const listener of [...listeners]) listener(incoming);
  };

  const schedule = (ms: number): void => {
    cancelTimer ??= clock.setTimer(ms, () => {
      cancelTimer = null;
      void run();
    });
  };

  const send = async (): Promise<boolean> => {
    inFlight ??= takeTyped();
    if (!inFlight) return false;
    onState();
    const request = inFlight;
    const result = await save(request);
    if (!result.ok) {
      error = result.error;
      onState();
      return false;
    }
    error = null;
    retries = 0;
    inFlight = null;
    adopt(result.value.entity);
    if (journaled && !hasTyped()) {
      journaled = false;
      options.clearJournal({ kind, id, session: journalKey });
    }
    if (closed && !hasTyped()) options.onClosed(session);
    else if (stale && !hasTyped()) await load();
    onState();
    return hasTyped();
  };

  const takeTyped = (): SaveRequest | null => {
    if (!hasTyped()) return null;
    const request = { kind, id, patch: typed, was: ground, builtOn: builtOn(), saveId: nextSaveId, editing: true };
    typed = {};
    ground = {};
    nextSaveId = options.mintId();
    return request;
  };

  /** Where the screen showed something else than what is committed now, the store must merge. */
  const builtOn = (): number =>
    Object.keys({ ...typed, ...ground }).every((field) => equalJson(ground[field], acked.fields[field]))
      ? acked.localSeq
      : OUTDATED;

  /** One save after another until nothing is typed, or one fails: that one is tried again later. */
  const run = (): Promise<void> => {
    running ??= (async () => {
      cancelTimer?.();
      cancelTimer = null;
      while (await send());
      running = null;
      if (!error) return;
      schedule(Math.min(error.type === 'NewerEntity' ? NEWER_RETRY_MS : MAX_RETRY_MS, FIRST_RETRY_MS * 2 ** retries));
      retries += 1;
    })();
    return running;
  };

  const reload = (): void => {
    reloading = false;
    void load();
  };

  const load = async (): Promise<void> => {
    stale = false;
    const result = await get(kind, id);
    if (!result.ok) {
      error = result.error;
      onState();
      // Nobody else asks again: a session that was opened while the worker died would stay empty.
      if (closed || reloading) return;
      reloading = true;
      clock.setTimer(Math.min(MAX_RETRY_MS, FIRST_RETRY_MS * 2 ** failedLoads++), reload);
      return;
    }
    failedLoads = 0;
    if (error && !inFlight) {
      error = null;
      onState();
    }
    if (result.value && !inFlight && isCurrent(result.value)) adopt(result.value);
  };

  if (options.fresh) {
    view.set({
      kind,
      id,
      fields: options.initial,
      updatedAt: clock.now(),
      localSeq: 0,
      place: 'live',
      readOnly: false,
      pending: false,
    });
  } else void load();
  if (hasTyped()) schedule(0);

  const session: LiveSession = {
    kind,
    id,
    view,
    get fields() {
      return current();
    },
    get pending() {
      if (error && (inFlight || hasTyped())) return 'failed';
      return inFlight ? 'saving' : hasTyped() ? 'typed' : 'none';
    },
    get error() {
      return error;
    },
    get isClosed() {
      return closed;
    },
    reopen() {
      closed = false;
    },
    set(patch) {
      const shown = current();
      // A field typed into before anything was loaded was built on nothing: it has no ground.
      const isStarted = (field: string): boolean => (field in patch ? !(field in typed) : field === BINNED_AT && !hasTyped());
      ground = { ...ground, ...Object.fromEntries(Object.entries(shown).filter(([field]) => isStarted(field))) };
      typed = { ...typed, ...patch };
      if (view.value) view.set({ ...view.value, fields: current(), updatedAt: clock.now() });
      onState();
      schedule(autosaveMs);
    },
    async flush() {
      if (running !== null) await running;
      if (hasTyped() || inFlight) await run();
    },
    onIncoming(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    async close() {
      if (closed) return;
      closed = true;
      await session.flush();
      // What could not be saved yet stays in the list of sessions, and is tried again until it is. Nor does one end that
      // somebody has opened again meanwhile.
      if (closed && session.pending === 'none') options.onClosed(session);
    },
    journalEntry() {
      const patch = { ...inFlight?.patch, ...typed };
      if (Object.keys(patch).length === 0) return null;
      journaled = true;
      const saveId = hasTyped() ? nextSaveId : (inFlight?.saveId ?? nextSaveId);
      // What is on its way keeps its own ground, also where that was nothing: a later one would hold what it brings.
      const sent = inFlight?.patch ?? {};
      const later = Object.fromEntries(Object.entries(ground).filter(([field]) => !(field in sent)));
      return {
        kind,
        id,
        session: journalKey,
        patch,
        was: { ...later, ...inFlight?.was },
        builtOn: inFlight?.builtOn ?? builtOn(),
        saveId,
      };
    },
    async refresh() {
      // A change that arrives while a save is on its way is read after it.
      stale = true;
      if (!inFlight) await load();
    },
    retry() {
      cancelTimer?.();
      cancelTimer = null;
      retries = 0;
      void run();
    },
  };
  return session;
}
