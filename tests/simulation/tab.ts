/**
 * One tab: a page that a person types into, and a store worker behind it that can die alone. What the page shows as
 * saved is the store's answer and nothing else.
 */
import { tabLock } from '#core/channels.ts';
import type { StoreError } from '#core/errors.ts';
import { mintId } from '#core/ids.ts';
import { err, type Result } from '#core/result.ts';
import type { JournalEntry } from '#store/journal.ts';
import type { UnsavedRow } from '#store/schema.ts';
import type { SaveRequest, Store } from '#store/store.ts';
import type { ContextPorts, Product } from './adapters.ts';
import { createEditor, type Editor } from './editor.ts';
import type { Actor, Scheduler } from './scheduler.ts';

export interface TabHost {
  readonly scheduler: Scheduler;
  readonly product: Product;
  readonly deviceId: string;
  ports(actor: Actor): ContextPorts;
  /** Somebody should drain: something was committed, or a page has come to life. */
  wake(force: boolean): void;
  onIssued(request: SaveRequest): void;
  onSaved(request: SaveRequest): void;
  onJournaled(entry: JournalEntry): void;
}

export interface Tab {
  readonly page: Actor;
  isOpen(): boolean;
  /** The person looks at it. */
  watch(): void;
  /** The editor of an entity, loaded; null where the store cannot be read. */
  edit(kind: string, id: string): Promise<Editor | null>;
  /** Calls the tab's store. Resolves with an error where its worker died or is silent. */
  call<V>(label: string, run: (store: Store) => Promise<Result<V, StoreError>>): Promise<Result<V, StoreError>>;
  /** Hidden: what is typed is journalled, handed over, and let go. */
  hide(): void;
  /** Closed by the person: hidden first, then gone a few steps later. */
  close(gates: number): void;
  kill(why: string): void;
  /** Ends the page or its worker at the gate that it reaches after `gates` others. */
  doom(what: 'page' | 'worker', gates: number): void;
  isDirty(): boolean;
}

/** A page asks its worker again after this long without an answer. */
const DEADLINE_MS = 10_000;
/** A visible page asks for a pull this often. */
const PULL_EVERY_MS = 60_000;
/** For so long after the person's last act the page is visible; then the machine sleeps. */
const WATCHED_MS = 15 * 60_000;

export function openTab(host: TabHost, name: string, lag: number): Tab {
  const { scheduler, product } = host;
  const page = scheduler.actor(`${name}.page`, { lag });
  const pagePorts = host.ports(page);
  const tabId = mintId(pagePorts.clock.now(), pagePorts.random);
  const editors = new Map<string, Editor>();
  const journalled = new Set<string>();
  let workers = 0;
  let worker: { readonly actor: Actor; readonly store: Store } | null = null;

  const startWorker = (): { readonly actor: Actor; readonly store: Store } => {
    const actor = scheduler.actor(`${name}.worker${++workers}`, { lag });
    page.onKill(() => scheduler.kill(actor, 'its page is gone'));
    const ports = host.ports(actor);
    const store = product.createStore(ports);
    scheduler.spawn(actor, 'fold', async () => {
      const folded = await product.foldJournal(ports, store);
      if (folded.ok && folded.value > 0) host.wake(false);
    });
    worker = { actor, store };
    return worker;
  };

  const call: Tab['call'] = (label, run) =>
    new Promise((resolve) => {
      let settled = false;
      const settle = (result: Awaited<ReturnType<typeof run>>): void => {
        if (settled) return;
        settled = true;
        cancel();
        scheduler.spawn(page, `reply ${label}`, async () => resolve(result));
      };
      const cancel = scheduler.timer(page, DEADLINE_MS, () => settle(err({ type: 'WorkerTimeout' })), 'deadline');
      const { actor, store } = worker?.actor.alive() ? worker : startWorker();
      scheduler.spawn(actor, label, async () => settle(await run(store)));
    });

  const edit: Tab['edit'] = async (kind, id) => {
    const known = editors.get(`${kind}/${id}`);
    if (known) return known;
    const editor = createEditor(kind, id, {
      ledger: pagePorts.ledger,
      deviceId: host.deviceId,
      get: (...key) => call('get', (store) => store.get(...key)),
      save: (request) => call('save', (store) => store.save(request)),
      mintId: () => mintId(pagePorts.clock.now(), pagePorts.random),
      setTimer: (ms, fire) => scheduler.timer(page, ms, fire, 'autosave'),
      onIssued: host.onIssued,
      onSaved: (request) => {
        host.onSaved(request);
        host.wake(false);
        takeBack(request);
      },
    });
    if (!(await editor.load())) return null;
    const raced = editors.get(`${kind}/${id}`);
    if (raced) return raced;
    editors.set(`${kind}/${id}`, editor);
    return editor;
  };

  /** What was journalled while the page was hidden has been committed by its worker after all. */
  const takeBack = ({ kind, id }: SaveRequest): void => {
    if (!journalled.delete(`${kind}/${id}`)) return;
    scheduler.spawn(page, 'take back', async () => {
      const key = `${tabId}/${kind}/${id}`;
      await pagePorts.kv.transact({}, () => ({ writes: [{ delete: 'unsaved', key }], value: null }), 'relaxed');
    });
  };

  /** The page's own transaction: begun in its last moment, it completes without the page. */
  const writeJournal = (): void => {
    const entries = product.journal ? [...editors.values()].flatMap((editor) => editor.journalEntry() ?? []) : [];
    if (entries.length === 0) return;
    for (const { kind, id } of entries) journalled.add(`${kind}/${id}`);
    const hand = scheduler.actor(`${name}.journal`);
    const { kv, clock } = host.ports(hand);
    const rows = entries.map(
      (entry): UnsavedRow => ({ ...entry, key: `${tabId}/${entry.kind}/${entry.id}`, tab: tabId, at: clock.now() }),
    );
    scheduler.spawn(hand, 'journal', async () => {
      const written = await kv.transact({}, () => ({
        writes: rows.map((row) => ({ put: 'unsaved', row }) as const),
        value: null,
      }));
      if (written.ok) for (const entry of entries) host.onJournaled(entry);
    });
  };

  const hide = (): void => {
    writeJournal();
    for (const editor of editors.values()) editor.flush();
    scheduler.spawn(page, 'release', async () => {
      await call('release', (store) => store.release());
      host.wake(true);
    });
  };

  const doom: Tab['doom'] = (what, gates) => {
    if (what === 'page') scheduler.doom(page, gates, 'page killed');
    else if (worker) scheduler.doom(worker.actor, gates, 'worker killed');
  };

  const pullNow = (): void => {
    pulling = scheduler.now() < watchedUntil;
    if (!pulling) return;
    host.wake(false);
    scheduler.timer(page, PULL_EVERY_MS, pullNow, 'pull');
  };
  let pulling = false;
  let watchedUntil = 0;
  const watch = (): void => {
    watchedUntil = scheduler.now() + WATCHED_MS;
    if (!pulling) pullNow();
  };

  scheduler.spawn(page, 'boot', async () => {
    // Held until the page is gone: its journal rows are its own as long as it lives.
    void pagePorts.locks.hold(tabLock(tabId), () => new Promise(() => {}));
    startWorker();
    watch();
  });
  pagePorts.channel.onMessage(({ keys }) => {
    for (const editor of editors.values()) {
      if (keys === null || keys.some(([kind, id]) => kind === editor.kind && id === editor.id))
        scheduler.spawn(page, 'refresh', () => editor.refresh());
    }
  });

  return {
    page,
    watch,
    edit,
    call,
    hide,
    doom,
    isOpen: () => page.alive(),
    isDirty: () => [...editors.values()].some((editor) => editor.isDirty()),
    kill: (why) => scheduler.kill(page, why),
    close(gates) {
      hide();
      scheduler.doom(page, gates, 'closed');
      scheduler.timer(page, 200, () => scheduler.kill(page, 'closed'), 'close');
    },
  };
}
