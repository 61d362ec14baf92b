/**
 * One tab: a page that a person types into, with the product's own editing sessions and journal, and a store worker
 * behind it that can die alone. What the page takes for saved is the store's answer and nothing else.
 */

import type { EntitySession, SyncState } from '#app/app.ts';
import { clearRow } from '#app/journal-keeper.ts';
import { tabLock } from '#core/channels.ts';
import type { Fields } from '#core/entity.ts';
import type { BackupError, BlobError, FetchError, StoreError } from '#core/errors.ts';
import { mintId } from '#core/ids.ts';
import { err, type Result } from '#core/result.ts';
import type { JournalEntry } from '#store/save/journal.ts';
import { journalWithin } from '#store/schema/journal-database.ts';
import type { EntityView, SaveRequest, Store } from '#store/store.ts';
import type { Drainer } from '#sync/drainer.ts';
import type { ContextPorts, Product } from './adapters.ts';
import { type BackupWork, createBackupWork } from './backup-actor.ts';
import { type BlobWork, startBlobWork } from './blob-actor.ts';
import type { DeviceBackups } from './device-backups.ts';
import type { Actor, Scheduler } from './scheduler.ts';

export interface TabHost {
  readonly scheduler: Scheduler;
  readonly product: Product;
  /** With `prompt` its transactions begin at once. */
  ports(actor: Actor, prompt?: boolean): ContextPorts;
  readonly backups: DeviceBackups;
  /** Asks the device's service worker; false where there is none. */
  requestDrain(force: boolean): boolean;
  /** The network is there. */
  isOnline(): boolean;
  /** The page says of the sync. */
  onSyncState(state: SyncState): void;
  /** What the person did has been handed over: it may arrive although no answer ever arrives. */
  onIssued(handed: Pick<SaveRequest, 'patch' | 'base'>): void;
  onSaved(request: SaveRequest): void;
  onJournaled(entry: JournalEntry): void;
  /** The context that keeps the second copy has ended. */
  onCopyEnd(): void;
}

/** An entity before the person's eyes. */
export interface Editing {
  readonly session: EntitySession;
  /** What they see: the fields of this version, with initial values for what is absent. */
  fields(): Fields;
  view(): EntityView | null;
  /** Whether this version of the app has such a field. */
  knows(field: string): boolean;
  set(patch: Fields): void;
}

export interface Tab {
  readonly page: Actor;
  /** Where it is among the device's tabs. */
  readonly place: number;
  isOpen(): boolean;
  /** Whether anybody can still type into it: not from the moment on in which it is closed. */
  takesInput(): boolean;
  /** The person looks at it. */
  watch(): void;
  isWatched(): boolean;
  /** Opens an entity that exists on this device; null where it does not, or cannot be read. */
  edit(kind: string, id: string): Promise<Editing | null>;
  /** Opens one that may not exist yet, such as the settings. */
  create(kind: string, id: string, fields: Fields): Promise<Editing | null>;
  /** The person goes on to something else: the session ends when it is saved. */
  leave(kind: string, id: string): void;
  /**
   * Changes an entity without an editor, as a star or *Move to bin* does. `onKept` is called where the page has written its
   * journal before that is committed. Gives whether it was committed; never resolves where the page ends before.
   */
  patch(kind: string, id: string, patch: Fields, onKept: () => void): Promise<boolean>;
  /** Calls the tab's store. Resolves with an error where its worker died or is silent. */
  call<V>(label: string, run: (store: Store) => Promise<Result<V, StoreError>>): Promise<Result<V, StoreError>>;
  /** Calls what the tab's worker does with blobs. */
  callBlobs<V>(
    label: string,
    run: (work: BlobWork) => Promise<Result<V, BlobError | FetchError>>,
  ): Promise<Result<V, BlobError | FetchError>>;
  /** Runs a call in a backup worker of its own, which ends with the page or its worker. */
  callBackups<V>(label: string, run: (work: BackupWork) => Promise<Result<V, BackupError>>): Promise<Result<V, BackupError>>;
  isBackingUp(): boolean;
  /** The browser's word on the network. */
  setOnline(online: boolean): void;
  /** Hidden: what is typed is journalled, handed over, and let go. */
  hide(): void;
  /** Closed by the person: hidden first, then gone at the gate that the page reaches after `gates` others. */
  close(gates: number): void;
  kill(why: string): void;
  /** Ends the page or its worker at the gate that it reaches after `gates` others. */
  doom(what: 'page' | 'worker' | 'backup', gates: number): void;
  isDirty(): boolean;
}

/** As in the store's client. */
const DEADLINE_MS = 10_000;
/** A fetch waits for the network. */
const BLOB_DEADLINE_MS = 10 * 60_000;
/** Shorter timers than this fire before the machine sleeps. */
const AWAKE_MS = 1000;
/** For so long after the person's last act the page is visible; then the machine sleeps. */
const WATCHED_MS = 90_000;

interface Worker {
  readonly actor: Actor;
  readonly store: Store;
  readonly drainer: Drainer;
  /** Null where nobody has any. */
  readonly blobs: BlobWork | null;
  readonly replayJournal: () => Promise<unknown>;
  /** Resolves when the journal has been replayed: no call is answered earlier. */
  readonly opened: Promise<unknown>;
}

export function openTab(host: TabHost, name: string, place: number, lag: number): Tab {
  const { scheduler, product } = host;
  const page = scheduler.actor(`${name}.page`, { lag });
  const ports = host.ports(page);
  const mint = (): string => mintId(ports.clock.now(), ports.random);
  const tabId = mint();
  const open = new Map<string, Editing>();
  let workers = 0;
  let backups = 0;
  let worker: Worker | null = null;
  let backupWorker: Actor | null = null;
  let watchedUntil = 0;
  let closing = false;

  /** In the product it runs in the worker itself; a channel does not deliver its own context's messages here. */
  const keepCopy = (worker: Actor, opened: Promise<unknown>): void => {
    const keeper = scheduler.actor(`${worker.name}.copy`, { lag });
    worker.onKill(() => scheduler.kill(keeper, 'its worker is gone'));
    keeper.onKill(host.onCopyEnd);
    const ports = host.ports(keeper);
    scheduler.spawn(keeper, 'keep the copy', async () => {
      await opened;
      await product.keepCopy(ports);
    });
  };

  const startWorker = (): Worker => {
    const actor = scheduler.actor(`${name}.worker${++workers}`, { lag });
    page.onKill(() => scheduler.kill(actor, 'its page is gone'));
    const own = host.ports(actor);
    const store = product.createStore(own);
    const drainer = product.createDrainer(own, product.createSyncStore(own));
    const replayJournal = () => product.replayJournal(journalWithin(own.kv), store, own.locks);
    const opened = new Promise<unknown>((resolve) => {
      scheduler.spawn(actor, 'open', async () => {
        if (own.copy) await product.openDatabase(own);
        resolve(await replayJournal());
      });
    });
    if (own.copy) keepCopy(actor, opened);
    const blobs = own.blobs ? startBlobWork(scheduler, product, actor, own, own.blobs) : null;
    worker = { actor, store, drainer, blobs, replayJournal, opened };
    return worker;
  };

  /** Runs in the worker's own steps and answers in the page's, or ends with the worker. */
  const invoke = <V, E = never>(label: string, run: (worker: Worker) => Promise<Result<V, E | StoreError>>, deadlineMs: number) =>
    new Promise<Result<V, E | StoreError>>((resolve) => {
      const target = worker?.actor.alive() ? worker : startWorker();
      let acknowledged = false;
      const acknowledge = (result: Result<V, E | StoreError>): void => {
        if (acknowledged) return;
        acknowledged = true;
        cancel();
        scheduler.spawn(page, `reply ${label}`, async () => resolve(result));
      };
      const cancel = scheduler.timer(
        page,
        deadlineMs,
        () => {
          acknowledge(err({ type: 'WorkerTimeout' }));
          scheduler.kill(target.actor, 'silent');
        },
        'deadline',
      );
      // A call that may take minutes does not wait for them where its worker is gone.
      if (deadlineMs === BLOB_DEADLINE_MS)
        target.actor.onKill(() => acknowledge(err({ type: 'WorkerLost', reason: 'simulated' })));
      scheduler.spawn(target.actor, label, async () => {
        await target.opened;
        acknowledge(await run(target));
      });
    });

  const call: Tab['call'] = (label, run) => invoke(label, ({ store }) => run(store), DEADLINE_MS);

  const callBlobs: Tab['callBlobs'] = (label, run) => {
    const within = ({ blobs }: Worker) => {
      if (!blobs) throw new Error('there are no blobs in this plan');
      return run(blobs);
    };
    return invoke(label, within, BLOB_DEADLINE_MS) as ReturnType<typeof run>;
  };

  const callBackups: Tab['callBackups'] = (label, run) =>
    new Promise((resolve) => {
      const parent = worker?.actor.alive() ? worker : startWorker();
      const actor = scheduler.actor(`${name}.backup${++backups}`, { lag });
      backupWorker = actor;
      let isOver = false;
      const answer = (result: Awaited<ReturnType<typeof run>>): void => {
        if (isOver) return;
        isOver = true;
        scheduler.spawn(page, `reply ${label}`, async () => resolve(result));
        scheduler.kill(actor, 'done');
      };
      parent.actor.onKill(() => scheduler.kill(actor, 'its starter is gone'));
      actor.onKill(() => answer(err({ type: 'WorkerLost', reason: 'simulated' })));
      const work = createBackupWork(scheduler, product, actor, host.ports(actor), host.backups);
      scheduler.spawn(actor, label, async () => {
        await parent.opened;
        answer(await run(work));
      });
    });

  const isVisible = (): boolean => scheduler.now() < watchedUntil;
  const driver = product.createSyncDriver({
    clock: {
      now: ports.clock.now,
      steady: scheduler.now,
      // A machine whose person has left sleeps: what waits for longer is seen to when they are back.
      setTimer: (ms, fire) => ports.clock.setTimer(ms, () => (ms < AWAKE_MS || isVisible()) && fire()),
    },
    surroundings: { online: host.isOnline(), visible: false, insecure: false },
    requestDrain: async (force) => host.requestDrain(force),
    async drainHere(force) {
      const drain = async ({ drainer, replayJournal, blobs }: Worker) => {
        await replayJournal();
        const drained = await drainer.run({ force });
        if (drained.ok && drained.value.error === null) blobs?.onDrained(force);
        return drained;
      };
      const drained = await invoke('drain', drain, 20 * DEADLINE_MS);
      return drained.ok || (drained.error.type !== 'WorkerLost' && drained.error.type !== 'WorkerTimeout');
    },
    async readSummary() {
      const summary = await call('summary', (store) => store.summary());
      return summary.ok ? summary.value : null;
    },
  });
  driver.state.subscribe(host.onSyncState);
  if (ports.blobs) product.followBlobs({ clock: ports.clock, channel: ports.blobs.news, driver });

  const journal = product.createJournal(journalWithin(host.ports(page).kv), tabId, ports.clock, ports.ledger);

  const get: Store['get'] = (kind, id) => call('get', (store) => store.get(kind, id));
  const save: Store['save'] = async (request) => {
    host.onIssued(request);
    const answer = await call('save', (store) => store.save(request));
    if (answer.ok) host.onSaved(request);
    return answer;
  };
  const sessions = product.createSessions({
    mintId: mint,
    clock: ports.clock,
    get,
    save,
    clearJournal: (mark) => void clearRow(journal, ports.clock, mark),
    ...(ports.blobs && {
      shownFiles: product.createShownFiles(ports.clock, (hashes) =>
        callBlobs('shown files', ({ store }) => store.noteShown(tabId, hashes)),
      ),
    }),
  });

  const patches = product.createPatches({ store: { get, save }, sessions, mintId: mint, clock: ports.clock });
  /** One for each patch that is not committed: to be called when it is kept all the same. */
  const patching = new Set<() => void>();

  const toEditing = (kind: string, session: EntitySession): Editing => {
    const declared = Object.entries(ports.ledger.get(kind)?.fields ?? {});
    const initial: Fields = Object.fromEntries(declared.map(([field, declaration]) => [field, declaration.initial]));
    const editing: Editing = {
      session,
      fields: () => ({ ...initial, ...session.fields }),
      view: () => session.view.value,
      knows: (field) => Object.hasOwn(initial, field),
      set: (patch) => session.set(patch),
    };
    open.set(`${kind}/${session.id}`, editing);
    return editing;
  };

  const openExisting = async (kind: string, id: string, orCreate: boolean): Promise<Editing | null> => {
    const known = open.get(`${kind}/${id}`);
    if (known) return orCreate ? known : shown(known);
    const found = await call('get', (store) => store.get(kind, id));
    if (!found.ok || (!found.value && !orCreate)) return null;
    const raced = open.get(`${kind}/${id}`);
    if (raced) return orCreate ? raced : shown(raced);
    const editing = toEditing(kind, sessions.open(kind, id, false, {}));
    return found.value ? shown(editing) : editing;
  };

  /** Nobody types into what they do not see yet. */
  const shown = async (editing: Editing): Promise<Editing> => {
    await new Promise<void>((resolve) => {
      if (editing.view()) resolve();
      else editing.session.view.subscribe((view) => view && resolve());
    });
    return editing;
  };

  /** The page's own transaction: begun in its last moment, it completes without the page. */
  const writeJournal = (): void => {
    const entries = sessions.journalEntries();
    // What was done before this moment outlives the page, where the disk takes it.
    const done = [...patching];
    const keep = (): void => {
      for (const onKept of done) onKept();
    };
    if (entries.length === 0) {
      keep();
      return;
    }
    for (const entry of entries) host.onIssued({ patch: entry.patch, base: entry.was });
    const hand = scheduler.actor(`${name}.journal`);
    const last = product.createJournal(journalWithin(host.ports(hand, true).kv), tabId, ports.clock, ports.ledger);
    void last.write(entries).then((written) => {
      if (!written.ok) return;
      for (const entry of entries) host.onJournaled(entry);
      keep();
    });
  };

  const hide = (): void => {
    writeJournal();
    scheduler.spawn(page, 'hide', async () => {
      await sessions.flush();
      await call('release', (store) => store.release());
      driver.leave();
    });
  };

  scheduler.spawn(page, 'boot', async () => {
    // Held until the page is gone: its journal rows are its own as long as it lives.
    void ports.locks.hold(tabLock(tabId), () => new Promise(() => {}));
    if (!worker) startWorker();
    driver.start({ joined: true });
  });
  ports.channel.onMessage((message) => {
    if (message.type !== 'changed') return driver.onNews(message);
    sessions.refresh(message.keys, message.localSeq);
    driver.onCommit();
  });

  return {
    page,
    place,
    call,
    callBlobs,
    callBackups,
    isBackingUp: () => backupWorker?.alive() ?? false,
    hide,
    isOpen: () => page.alive(),
    takesInput: () => page.alive() && !closing,
    watch() {
      watchedUntil = scheduler.now() + WATCHED_MS;
      driver.onSeen(true);
    },
    isWatched: isVisible,
    edit: (kind, id) => openExisting(kind, id, false),
    async create(kind, id, fields) {
      if (Object.keys(fields).length === 0) return openExisting(kind, id, true);
      return toEditing(kind, sessions.open(kind, id, true, fields));
    },
    leave(kind, id) {
      const editing = open.get(`${kind}/${id}`);
      open.delete(`${kind}/${id}`);
      if (editing) scheduler.spawn(page, 'leave', () => editing.session.close());
    },
    async patch(kind, id, patch, onKept) {
      patching.add(onKept);
      const patched = await patches.patch(kind, id, patch);
      patching.delete(onKept);
      return patched.ok;
    },
    setOnline: (online) => driver.onNetwork(online),
    isDirty: () => sessions.journalEntries().length > 0,
    kill: (why) => scheduler.kill(page, why),
    close(gates) {
      closing = true;
      hide();
      scheduler.doom(page, gates, 'closed');
      scheduler.timer(page, 200, () => scheduler.kill(page, 'closed'), 'close');
    },
    doom(what, gates) {
      if (what === 'page') scheduler.doom(page, gates, 'page killed');
      else if (what === 'backup') {
        if (backupWorker?.alive()) scheduler.doom(backupWorker, gates, 'backup worker killed');
      } else if (worker) scheduler.doom(worker.actor, gates, 'worker killed');
    },
  };
}
