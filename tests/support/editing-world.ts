/**
 * Pages that edit one note over one store in memory, with everything between a key and its commit in the hand of a test: when
 * a timer fires, when a save reaches the store, whether its answer arrives, and how a page ends.
 */
import { createSession, type LiveSession } from '#app/entity-session.ts';
import { tabLock } from '#core/channels.ts';
import type { Fields } from '#core/entity.ts';
import type { StoreError } from '#core/errors.ts';
import { mintId } from '#core/ids.ts';
import type { Locks } from '#core/ports.ts';
import { err, type Result } from '#core/result.ts';
import { ledger } from '#entities/index.ts';
import { systemRandom } from '#platform/system.ts';
import { createStore } from '#store/create-store.ts';
import { createMemoryKv } from '#store/kv/kv-memory.ts';
import { createJournal } from '#store/save/journal.ts';
import { replayJournal, replayWhenGone } from '#store/save/replay-journal.ts';
import { type UnsavedRow, workspaceSchema } from '#store/schema/schema.ts';
import type { SaveAnswer, SaveRequest, Store } from '#store/store.ts';

/** A save that a page has handed over. */
export interface Handed {
  readonly request: SaveRequest;
  /** Lets it reach the store; the page receives nothing yet. */
  arrive(): Promise<void>;
  /** The page receives the store's answer, once the save has arrived. */
  answer(): Promise<void>;
  /** The page learns that its worker is lost. */
  lose(error?: StoreError): Promise<void>;
}

export interface EditingPage {
  readonly session: LiveSession;
  /** What is on its way, oldest first: at most one. */
  readonly handed: readonly Handed[];
  /** Fires what is planned. */
  fireTimers(): Promise<void>;
  /** As at `visibilitychange: hidden` and at the end: what is not committed goes into the journal. */
  writeJournal(): Promise<void>;
  /** The page is gone, and with it its lock: what it has not journalled is lost. */
  end(): void;
}

/** What happens while rows are replayed. */
export interface ReplayTrouble {
  /** After the rows have been listed. */
  readonly beforeLock?: () => Promise<void>;
  /** After a row has been read under the lock of its tab. */
  readonly beforeSave?: () => Promise<void>;
  readonly refuse?: boolean;
  /** So many saves are committed, and their answers lost with the connection. */
  readonly unheard?: number;
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

export function createEditingWorld() {
  let nowMs = Date.now();
  const kv = createMemoryKv(workspaceSchema);
  const mint = (): string => mintId(nowMs, systemRandom);
  const clock = { now: () => nowMs };
  const [workspaceId, deviceId, id] = [mint(), mint(), mint()];
  const channel = { post: () => {} };
  const store = createStore({ kv, clock, random: systemRandom, ledger, workspaceId, deviceId, channel, policy: () => 'newer' });
  const living = new Set<string>();
  /** A living tab holds its own lock, and no other. */
  const locks: Locks = { hold: async (name, body) => ([...living].some((tab) => name === tabLock(tab)) ? undefined : body()) };

  const openPage = async (initial: Fields | null = null): Promise<EditingPage> => {
    const tab = mint();
    living.add(tab);
    let timers: (() => void)[] = [];
    let handed: Handed[] = [];
    let isOpen = true;
    const journal = createJournal(kv, tab, clock);
    const save = (request: SaveRequest): Promise<Result<SaveAnswer, StoreError>> => {
      if (!isOpen) return new Promise(() => {});
      const { promise, resolve } = Promise.withResolvers<Result<SaveAnswer, StoreError>>();
      let arrived: Promise<Result<SaveAnswer, StoreError>> | null = null;
      const settle = async (answer: Result<SaveAnswer, StoreError>): Promise<void> => {
        handed = handed.filter((one) => one !== entry);
        if (isOpen) resolve(answer);
        await turn();
      };
      const entry: Handed = {
        request,
        async arrive() {
          arrived ??= store.save(request);
          await arrived;
        },
        answer: async () => settle(await (arrived ?? store.save(request))),
        lose: (error = { type: 'WorkerLost', reason: 'killed' }) => settle(err(error)),
      };
      handed.push(entry);
      return promise;
    };
    const session = createSession({
      kind: 'note',
      id,
      initial: initial ?? {},
      fresh: initial !== null,
      save,
      get: (...key) => store.get(...key),
      mintId: mint,
      clock: {
        now: () => nowMs,
        setTimer(_ms, fire) {
          timers.push(fire);
          return () => {
            timers = timers.filter((one) => one !== fire);
          };
        },
      },
      onState: () => {},
      onClosed: () => {},
      clearJournal: (mark) => void journal.clear(mark),
    });
    await turn();
    return {
      session,
      get handed() {
        return handed;
      },
      async fireTimers() {
        for (const fire of timers.splice(0)) if (isOpen) fire();
        await turn();
      },
      async writeJournal() {
        const entry = session.journalEntry();
        if (entry) await journal.write([entry]);
      },
      end() {
        isOpen = false;
        living.delete(tab);
      },
    };
  };

  return {
    id,
    kv,
    store,
    openPage,
    now: () => nowMs,
    /** Lets time pass. */
    wait(ms: number) {
      nowMs += ms;
    },
    /** What a start or a drain does with the rows of pages that are gone. Gives how many stay. */
    /** Waits for the end of every tab whose row stays; `ended` says when that is. */
    async replayWhenGone(ended: Promise<void>): Promise<void> {
      const hold: Locks['hold'] = async (name, body, { ifAvailable } = {}) => {
        if (!ifAvailable) await ended;
        return locks.hold(name, body);
      };
      await replayWhenGone(kv, store, { hold });
    },
    async replay({ beforeLock, beforeSave, refuse, unheard = 0 }: ReplayTrouble = {}): Promise<number> {
      let lost = unheard;
      const save: Store['save'] = async (request) => {
        await beforeSave?.();
        if (refuse) return err({ type: 'QuotaExceeded' });
        const saved = await store.save(request);
        lost -= 1;
        return lost < 0 ? saved : err({ type: 'ConnectionLost', reason: 'broken' });
      };
      const hold: Locks['hold'] = async (...args) => {
        await beforeLock?.();
        return locks.hold(...args);
      };
      const left = await replayJournal(kv, { save }, { hold });
      return left.ok ? left.value : -1;
    },
    async fields(): Promise<Fields> {
      const found = await store.get('note', id);
      return found.ok ? (found.value?.fields ?? {}) : {};
    },
    async rows(): Promise<readonly UnsavedRow[]> {
      const found = await kv.read({ rows: { list: 'unsaved', limit: 100 } });
      return found.ok ? found.value.rows : [];
    },
    /** Everything that a person can still find: the note and the merge log. */
    async everything(): Promise<string> {
      const log = await store.list({ kind: 'merge-log', limit: 1000 });
      const note = await store.get('note', id);
      return JSON.stringify([note, log]);
    },
  };
}

export type EditingWorld = ReturnType<typeof createEditingWorld>;
