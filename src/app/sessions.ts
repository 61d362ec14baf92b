/** All entities under edit in this tab, their common save state, and the journal for the moment in which the page ends. */

import type { Fields } from '#core/entity.ts';
import type { KeyPair } from '#core/entity-key.ts';
import type { StoreError } from '#core/errors.ts';
import type { EntityId } from '#core/ids.ts';
import { ledger } from '#entities/index.ts';
import type { JournalEntry, JournalMark } from '#store/save/journal.ts';
import type { MachineWriter, SaveState } from './app.ts';
import { createSession, type LiveSession, type SessionOptions } from './entity-session.ts';
import { createSource, type Observable } from './observable.ts';
import type { ShownFiles } from './shown-files.ts';
import type { UnsavedDocument } from './tab-guard.ts';

export interface Sessions {
  readonly saveState: Observable<SaveState>;
  open(kind: string, id: EntityId, fresh: boolean, initial: Fields, machine?: MachineWriter): LiveSession;
  /** Everything that is not committed, for the journal. */
  journalEntries(): readonly JournalEntry[];
  /**
   * Counts a save that no session makes: until it has ended nothing is called saved. `entry` gives what the journal holds of it
   * if the page ends before; null where it holds nothing. Gives what `work` gives.
   */
  track<V>(work: Promise<V>, entry: () => JournalEntry | null): Promise<V>;
  /** Wall time in ms at which the oldest of what is not committed was typed; null where all is. */
  unsavedSince(): number | null;
  /** Every entity with words that are not committed, as it is on the screen: tabs, hints and the like hold none. */
  unsaved(): readonly UnsavedDocument[];
  /** Everything that is open, as it is on the screen. */
  onScreen(): readonly UnsavedDocument[];
  /** The browser has deleted the storage: from now on nothing is saved, and nothing says so. */
  onStorageGone(): void;
  flush(): Promise<void>;
  /** Something was committed, up to this localSeq; `keys` null means "many". */
  refresh(keys: readonly KeyPair[] | null, localSeq?: number): void;
  retry(): void;
}

export interface SessionsOptions
  extends Pick<SessionOptions, 'save' | 'get' | 'mintId' | 'clock' | 'autosaveMs' | 'clearJournal'> {
  /** Absent where there are no files. */
  readonly shownFiles?: ShownFiles | undefined;
}

/** A save that no session makes. */
interface Tracked {
  readonly entry: () => JournalEntry | null;
  /** Wall time in ms at which it began. */
  readonly since: number;
  /** Its row in the journal; null where none was written. */
  mark: JournalMark | null;
}

function journaled(tracked: Tracked): readonly JournalEntry[] {
  const entry = tracked.entry();
  if (!entry) return [];
  tracked.mark = entry;
  return [entry];
}

/** One value each: with every key they are set again, which is no change. */
const saving: SaveState = { type: 'saving' };
const dirty: SaveState = { type: 'dirty' };

export function createSessions(ports: SessionsOptions): Sessions {
  const live = new Set<LiveSession>();
  const saveState = createSource<SaveState>({ type: 'clean' });
  const others = new Set<Tracked>();
  let busy = false;

  let gone = false;

  const onState = (): void => {
    const states = [...live];
    const failed = states.find(({ pending }) => pending === 'failed');
    if (gone) saveState.set({ type: 'error', error: { type: 'StorageGone' } });
    else if (failed) saveState.set({ type: 'error', error: failed.error as StoreError });
    else if (others.size > 0 || states.some(({ pending }) => pending === 'saving')) saveState.set(saving);
    else if (states.some(({ pending }) => pending === 'typed')) saveState.set(dirty);
    else if (busy) saveState.set({ type: 'saved', at: ports.clock.now() });
    else return;
    busy = saveState.value.type !== 'saved';
  };

  return {
    saveState,
    open(kind, id, fresh, initial, machine) {
      const left = fresh
        ? undefined
        : [...live].find((session) => session.isClosed && session.kind === kind && session.id === id);
      if (left) {
        left.reopen();
        return left;
      }
      const session = createSession({
        ...ports,
        kind,
        id,
        initial,
        fresh,
        ...(machine && { machine }),
        onState: () => queueMicrotask(onState),
        onClosed: (closed) => {
          live.delete(closed);
          ports.shownFiles?.end(closed);
          onState();
        },
      });
      live.add(session);
      ports.shownFiles?.follow(session);
      onState();
      return session;
    },
    journalEntries: () => [...[...live].flatMap((session) => session.journalEntry() ?? []), ...[...others].flatMap(journaled)],
    async track(work, entry) {
      const tracked: Tracked = { entry, since: ports.clock.now(), mark: null };
      others.add(tracked);
      onState();
      try {
        return await work;
      } finally {
        others.delete(tracked);
        // Saved, or refused and said so: either way it must not come back at the next start.
        if (tracked.mark) ports.clearJournal(tracked.mark);
        onState();
      }
    },
    unsavedSince() {
      const times = [...[...live].flatMap((session) => session.unsavedSince ?? []), ...[...others].map(({ since }) => since)];
      return times.length === 0 ? null : Math.min(...times);
    },
    unsaved: () =>
      [...live]
        .filter(({ kind, pending }) => pending !== 'none' && !ledger.get(kind)?.wordless)
        .map(({ kind, id, fields }) => ({ kind, id, fields })),
    onScreen: () => [...live].map(({ kind, id, fields }) => ({ kind, id, fields })),
    onStorageGone() {
      gone = true;
      onState();
    },
    async flush() {
      await Promise.all([...live].map((session) => session.flush()));
    },
    refresh(keys, localSeq) {
      for (const session of live) {
        if (keys === null || keys.some(([kind, id]) => kind === session.kind && id === session.id))
          void session.refresh(localSeq);
      }
    },
    retry() {
      for (const session of live) session.retry();
    },
  };
}
