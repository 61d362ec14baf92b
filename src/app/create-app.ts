/** Builds the page's services and connects them: store worker, sessions, journal, sync, service worker, accounts. */
import { DEVICE_CHANNEL, type DeviceNews, openLock, type SyncNews, tabLock, workspaceChannel } from '#core/channels.ts';
import type { StoreError } from '#core/errors.ts';
import { mintId } from '#core/ids.ts';
import { ok, type Result } from '#core/result.ts';
import { isSyncOn } from '#entities/effective-settings.ts';
import { SETTINGS_ID } from '#entities/settings.ts';
import { hasLocks, openChannel, systemClock, systemRandom } from '#platform/system.ts';
import { createStoreClient } from '#store/calls/store-client.ts';
import type { OpenedWorkspace } from '#store/calls/worker-api.ts';
import { type JournalEvents, openJournal } from '#store/save/journal.ts';
import type { StoreChange } from '#store/store.ts';
import { createAccountWatch, lookWhenSeen } from './account-watch.ts';
import { createAccounts } from './accounts.ts';
import type { AccountInfo, App } from './app.ts';
import { lazyChats, stopAnswers, wakeWaitingPrompts } from './chat/open-chats.ts';
import { deviceName } from './device-name.ts';
import { watchDurability } from './durability.ts';
import { watchInstall } from './install.ts';
import { clearRow, createJournalKeeper } from './journal-keeper.ts';
import { type JournalState, keepJournal } from './kept-journal.ts';
import { readKnownAccount, writeKnownAccount } from './known-account.ts';
import { createKnownViews } from './known-views.ts';
import { listenForPokes } from './live-events.ts';
import { readAllDocuments } from './memory-documents.ts';
import { createSource } from './observable.ts';
import { lazySearch } from './search/open-search.ts';
import { sendOnBlur } from './send-on-blur.ts';
import { createSessions } from './sessions.ts';
import { followConflicts } from './status/open-conflicts.ts';
import { lazyStatus, reportLater } from './status/open-status.ts';
import { watchStorage } from './storage-notice.ts';
import { createSwBridge } from './sw-bridge.ts';
import { createSyncDriver } from './sync-driver.ts';
import { createTabGuard } from './tab-guard.ts';
import { createThisDevice } from './this-device.ts';
import { typedReads, typedSessions } from './typed-views.ts';
import { watchPage } from './watch-page.ts';

type ChangeListener = (keys: StoreChange['keys']) => void;

/**
 * Opens the workspace of this device and gives the app. It resolves as soon as the local database is open: the first
 * paint never waits for the network.
 */
export async function createApp(spawn: () => Worker): Promise<Result<App, StoreError>> {
  const name = deviceName();
  const known = readKnownAccount(name);
  const client = createStoreClient({ spawn, deviceName: name, ...(known && { known }) });
  const opened = await client.opened();
  return opened.ok ? ok(await connect(client, opened.value)) : opened;
}

async function connect(client: ReturnType<typeof createStoreClient>, { row, memory, recovered }: OpenedWorkspace): Promise<App> {
  const mint = (): string => mintId(Date.now(), systemRandom);
  const tab = mint();
  // Held while this tab lives: nobody replays its journal rows before it is gone.
  void navigator.locks?.request(tabLock(tab), () => new Promise<never>(() => {}));
  void navigator.locks?.request(openLock(row.id), { mode: 'shared' }, () => new Promise<never>(() => {}));
  // What is typed must find it open: the end of a page waits for nothing.
  const beforeOutdated = async (): Promise<void> => void (await keeper.write());
  const onGone = (): void => {
    sessions.onStorageGone();
    storage.onGone();
  };
  const look = () => client.summary();
  const open = (events: JournalEvents) => openJournal(row.id, tab, systemClock, events);
  const kept = { clock: systemClock, open, beforeOutdated, look, onStorageGone: onGone };
  const journal = memory ? null : await keepJournal(kept);

  const views = createKnownViews(client);
  const sessions = createSessions({
    autosaveMs: HAND_OVER_MS,
    save: views.save,
    get: (kind, id) => client.get(kind, id),
    mintId: mint,
    clock: systemClock,
    clearJournal: (mark) => void (journal && clearRow(journal, systemClock, mark)),
  });

  const storage = watchStorage({
    recovered,
    forgetRecovered: () => void client.forgetRecovered(),
    documents: () => sessions.onScreen(),
  });

  const bridge = createSwBridge({ reload: () => void guard.replace(() => location.reload()) });
  const driver = createSyncDriver({
    clock: systemClock,
    surroundings: { online: navigator.onLine, visible: document.visibilityState === 'visible', insecure: !hasLocks() },
    requestDrain: (force) => (memory ? Promise.resolve(false) : bridge.requestDrain(row.id, force)),
    async drainHere(force) {
      const drained: Result<unknown, StoreError> = await client.drain(force);
      return drained.ok || (drained.error.type !== 'WorkerLost' && drained.error.type !== 'WorkerTimeout');
    },
    readSummary: async () => {
      const result = await client.summary();
      return result.ok ? result.value : null;
    },
  });

  const listeners = new Set<ChangeListener>();
  const channel = openChannel<StoreChange | SyncNews>(workspaceChannel(row.id));
  channel.onMessage((message) => {
    if (message.type !== 'changed') return driver.onNews(message);
    const { keys, localSeq } = message;
    views.noteChange(keys, localSeq);
    sessions.refresh(keys, localSeq);
    for (const listener of [...listeners]) listener(keys);
    if (keys === null || keys.some(([kind]) => kind === 'device-settings')) void readSyncSwitch();
    driver.onCommit();
  });

  const syncEnabled = createSource(true);
  const readSyncSwitch = async (): Promise<void> => {
    const own = await client.get('device-settings', row.deviceId);
    if (!own.ok || isSyncOn(own.value?.fields) === syncEnabled.value) return;
    syncEnabled.set(!syncEnabled.value);
    driver.setEnabled(syncEnabled.value);
  };

  const lastSavedAt = createSource<number | null>(null);
  const keeper = createJournalKeeper({ sessions, journal, clock: systemClock });
  const saveError = (): StoreError | null => (sessions.saveState.value.type === 'error' ? sessions.saveState.value.error : null);
  const guard = createTabGuard({
    clock: systemClock,
    flush: () => sessions.flush(),
    writeJournal: () => keeper.write(),
    unsaved: async () => (memory ? await readAllDocuments(client) : sessions.unsaved()),
    saveError,
    isAllInMemory: () => memory && lastSavedAt.value !== null,
  });
  /** What is typed goes into the journal at once, by the page itself, then to the store, then to the server. */
  const endPage = async (): Promise<void> => {
    void keeper.write();
    await sessions.flush();
    await client.release();
    driver.leave();
  };
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'hidden') void endPage();
  });
  addEventListener('pagehide', () => {
    // A page that goes seldom lives to see its flush end. The courier reads what it has in the journal.
    driver.leave();
    void endPage();
  });
  addEventListener('beforeunload', (event) => {
    void keeper.write();
    if (guard.mustWarn()) event.preventDefault();
  });

  const { saveState } = sessions;
  sendOnBlur({
    page: document,
    saveState,
    flush: () => sessions.flush(),
    release: () => client.release(),
    drain: () => driver.drain(),
  });

  const info = (): AccountInfo => ({
    workspaceId: row.id,
    accountId: row.accountId,
    deviceId: row.deviceId,
    deviceName: row.deviceName,
    entered: row.entered,
    recoverable: row.recoverable,
    loginName: row.loginName,
    hasKey: row.accountKey !== '',
  });
  const current = createSource<AccountInfo>(info());
  current.subscribe((account) => {
    if (account.entered && !memory) writeKnownAccount(account);
  });
  const lastSyncedAt = createSource<number | null>(null);
  const durability = watchDurability(memory);
  driver.summary.subscribe((summary) => {
    if (!summary) return;
    if (summary.lastSavedAt !== null) durability.onFirstSave();
    lastSavedAt.set(summary.lastSavedAt);
    lastSyncedAt.set(summary.lastSyncedAt);
    if (summary.lastSyncedAt !== null && !current.value.entered) current.set({ ...current.value, entered: true });
  });

  const update = createSource<{ readonly apply: () => Promise<void> } | null>(null);
  bridge.waiting.subscribe((waiting) => {
    if (!waiting) return;
    const apply = async (): Promise<void> => {
      // Every other tab asks for itself when the new version has taken over.
      if (!(await guard.mayReplace())) return;
      // A drain that wakes the old service worker while the new one takes over holds it back, in Chromium for minutes.
      await driver.whenIdle();
      await bridge.applyUpdate();
    };
    update.set({ apply });
  });

  watchPage(driver);
  void readSyncSwitch().finally(() => driver.start({ joined: row.entered || row.recoverable || recovered !== null }));
  if (!memory) {
    const onPoke = (seq: number): void => {
      // Our own push pokes us, too; by then the drain has usually pulled up to it.
      setTimeout(() => {
        // A lower number than ours is news, too: the server was restored from an older copy.
        if (driver.summary.value?.cursor !== seq) driver.drain();
      }, POKE_DELAY_MS);
    };
    // Before the first sync this device has no cookie, and the server would refuse the stream.
    const stop = lastSyncedAt.subscribe((at) => {
      if (at === null) return;
      queueMicrotask(() => stop());
      listenForPokes(row.id, row.accountId, { enabled: syncEnabled, onPoke, onRefused: () => driver.drain() });
    });
  }

  const restart = (): void => guard.leave(() => location.assign('/'));
  const mayLeave = async (): Promise<boolean> => {
    if (!(await guard.mayReplace())) return false;
    await endPage();
    return true;
  };
  const watch = createAccountWatch({
    workspaceId: row.id,
    deviceId: row.deviceId,
    now: () => Date.now(),
    readState: () => client.accountState(),
    resume: () => void client.resumeBringing(),
    async move(stays) {
      if (!(await mayLeave())) return false;
      // The settings of the account that was left are no place to be.
      const isAtHome = stays && !location.pathname.startsWith('/settings');
      guard.leave(() => (isAtHome ? location.reload() : location.assign('/')));
      return true;
    },
  });
  if (!memory) {
    const look = (): void => void watch.look();
    openChannel<DeviceNews>(DEVICE_CHANNEL).onMessage(({ type }) => {
      if (type === 'accounts') look();
    });
    lookWhenSeen(look);
    sessions.saveState.subscribe(({ type }) => {
      if (type === 'dirty') watch.onTyping();
      // What kept this tab here is on the disk now.
      if (type === 'saved' && watch.isLeft.value) void watch.goThere();
    });
    // What was opened while this tab started, and what an earlier start of the browser has not brought to its end.
    setTimeout(look, FIRST_LOOK_MS);
  }
  const account = createAccounts({
    client,
    current,
    mayReplace: mayLeave,
    isRefused: () => driver.state.value.type === 'signed-out',
    watch,
  });
  const reads = typedReads(client);
  const { get: getChanged } = typedReads({ ...client, get: views.getChanged });
  const patchBy: App['patchBy'] = async (kind, id, change, by) => {
    // What is typed comes first: an edit that arrived after "Move to bin" would take the entity out again.
    await sessions.flush();
    const found = await client.get(kind, id);
    if (!found.ok) return found;
    const previous = found.value?.fields ?? {};
    const patch = change(previous);
    if (patch === null) return ok(null);
    const was = Object.fromEntries(
      Object.keys(patch).flatMap((field) => (previous[field] === undefined ? [] : [[field, previous[field]]])),
    );
    const machine = by === 'machine' && ({ machine: true } as const);
    const request = { kind, id, patch, was, builtOn: found.value?.localSeq ?? 0, saveId: mint(), ...machine };
    const saved = await sessions.track(views.save(request));
    return saved.ok ? ok({ previous: was }) : saved;
  };
  const onChange: App['onChange'] = (listener) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  };
  const conflicts = followConflicts({ ...reads, summary: driver.summary, onChange });
  const parts: Omit<App, 'chats' | 'status'> = {
    account,
    // A device that the server has never met need not sign out.
    device: createThisDevice({
      client,
      revokeSelf: () => (lastSyncedAt.value !== null && syncEnabled.value ? account.revoke(row.deviceId) : null),
      restart,
    }),
    install: watchInstall(),
    saveState: sessions.saveState,
    journal: journal?.state ?? createSource<JournalState>({ type: 'open' }),
    syncState: driver.state,
    summary: driver.summary,
    lastSavedAt,
    lastSyncedAt,
    durability: durability.state,
    keepStorage: durability.ask,
    update,
    storageNotice: storage.notice,
    reload: () => guard.replace(() => location.reload()),
    unsavedWords: guard.question,
    conflicts,
    ...typedSessions(sessions, mint, { conflicts, deviceId: row.deviceId }),
    ...reads,
    getChanged,
    async patch(kind, id, patch, by) {
      const patched = await patchBy(kind, id, () => patch, by);
      return patched.ok ? ok(patched.value ?? { previous: {} }) : patched;
    },
    patchBy,
    count: (kind, lifecycle) => client.count(kind, lifecycle),
    async exportZip(signal, onProgress) {
      const { exportZip } = await import('#backup/export-zip.ts');
      return exportZip(
        { list: (request) => reads.list(request), count: (kind, lifecycle) => client.count(kind, lifecycle) },
        signal,
        onProgress,
      );
    },
    async purge(kind, ids, act) {
      await stopAnswers(chats, kind, ids);
      return client.purge(kind, ids, act);
    },
    onChange,
    async retry() {
      sessions.retry();
      await client.retryQuarantined();
      await client.release();
      driver.drain({ force: true });
    },
    heldDeletions: () => client.heldDeletions(),
    async decideDeletions(answer, shown) {
      const decided = await client.decideDeletions(answer, shown);
      if (decided.ok) driver.drain({ force: true });
      return decided;
    },
    search: lazySearch(row.id),
    settingsId: SETTINGS_ID,
    deviceId: row.deviceId,
  };
  const chats = lazyChats(parts, row.id);
  wakeWaitingPrompts(parts, chats);
  const drain = (): void => driver.drain({ force: true });
  const status = lazyStatus({ app: parts, client, accountId: row.accountId, drain });
  reportLater(parts, client);
  return { ...parts, chats, status };
}

const POKE_DELAY_MS = 400;
/** The first paint and the first key come before. */
const FIRST_LOOK_MS = 500;
/** Leaves the commit of a slow disk its time: what is typed is to be safe within 250 ms of the key. */
const HAND_OVER_MS = 150;
