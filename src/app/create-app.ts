/** Builds the page's services and connects them: store worker, sessions, journal, sync, service worker, accounts. */
import { type BlobNews, blobChannel, openLock, type SyncNews, tabLock, workspaceChannel } from '#core/channels.ts';
import type { StoreError } from '#core/errors.ts';
import { mintId } from '#core/ids.ts';
import { ok, type Result } from '#core/result.ts';
import { SETTINGS_ID } from '#entities/settings.ts';
import { hasLocks, openChannel, systemClock, systemRandom } from '#platform/system.ts';
import { createStoreClient } from '#store/calls/store-client.ts';
import type { OpenedWorkspace } from '#store/calls/worker-api.ts';
import { type JournalEvents, openJournal } from '#store/save/journal.ts';
import type { StoreChange } from '#store/store.ts';
import { createAccounts } from './accounts.ts';
import type { AccountInfo, App } from './app.ts';
import { createBackups } from './backups.ts';
import { lazyChats, stopAnswers, wakeWaitingPrompts } from './chat/open-chats.ts';
import { createFiles } from './create-files.ts';
import { deviceName } from './device-name.ts';
import { watchDurability } from './durability.ts';
import { followAccounts } from './follow-accounts.ts';
import { followBlobs } from './follow-blobs.ts';
import { watchInstall } from './install.ts';
import { clearRow, createJournalKeeper } from './journal-keeper.ts';
import { type JournalState, keepJournal } from './kept-journal.ts';
import { readKnownAccount, writeKnownAccount } from './known-account.ts';
import { createKnownViews } from './known-views.ts';
import { drainOnPokes } from './live-events.ts';
import { readAllDocuments } from './memory-documents.ts';
import { createMissedChanges } from './missed-changes.ts';
import { createSource } from './observable.ts';
import { askBeforeEnd, watchPageEnd } from './page-end.ts';
import { createPatches } from './patches.ts';
import { lazyPictures } from './pictures/open-pictures.ts';
import { followRestoresElsewhere } from './restores-elsewhere.ts';
import { lazySearch } from './search/open-search.ts';
import { sendOnBlur } from './send-on-blur.ts';
import { createSessions } from './sessions.ts';
import { createShownFiles } from './shown-files.ts';
import { noteUse, wasUsed } from './start-choice.ts';
import { followConflicts } from './status/open-conflicts.ts';
import { lazyStatus, reportLater } from './status/open-status.ts';
import { watchStorage } from './storage-notice.ts';
import { createSwBridge } from './sw-bridge.ts';
import { createSyncDriver } from './sync-driver.ts';
import { createSyncSwitch } from './sync-switch.ts';
import { createTabGuard } from './tab-guard.ts';
import { createThisDevice } from './this-device.ts';
import { typedGet, typedReads, typedSessions } from './typed-views.ts';
import { offerUpdate } from './update-offer.ts';
import { watchPage } from './watch-page.ts';

type ChangeListener = (keys: StoreChange['keys']) => void;

/**
 * Opens the workspace of this device and gives the app. It resolves as soon as the local database is open: the first
 * paint never waits for the network.
 */
export async function createApp(spawn: () => Worker): Promise<Result<App, StoreError>> {
  const name = deviceName();
  const known = readKnownAccount(name);
  const client = createStoreClient({ spawn, deviceName: name, ...(known && { known }), wasUsed: wasUsed() });
  const opened = await client.opened();
  return opened.ok ? ok(await connect(client, opened.value)) : opened;
}

async function connect(client: ReturnType<typeof createStoreClient>, workspace: OpenedWorkspace): Promise<App> {
  const { row, memory, recovered } = workspace;
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
    shownFiles: createShownFiles(systemClock, (hashes) => client.noteShownFiles(tab, hashes)),
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
  const onChanged = (keys: StoreChange['keys'], localSeq: number): void => {
    views.noteChange(keys, localSeq);
    sessions.refresh(keys, localSeq);
    for (const listener of [...listeners]) listener(keys);
    syncSwitch.onChange(keys);
    driver.onCommit();
  };
  const missed = createMissedChanges(systemClock, workspace.localSeq, (localSeq) => onChanged(null, localSeq));
  channel.onMessage((message) => {
    if (message.type !== 'changed') return driver.onNews(message);
    missed.note(message);
    onChanged(message.keys, message.localSeq);
  });
  driver.summary.subscribe((summary) => summary && missed.check(summary.localSeq));

  const sendingFile = followBlobs({ clock: systemClock, channel: openChannel<BlobNews>(blobChannel(row.id)), driver });

  const syncSwitch = createSyncSwitch(client, row.deviceId, driver);
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
  const endPage = watchPageEnd({ keeper, sessions, client, driver, guard });
  sendOnBlur({
    page: document,
    saveState: sessions.saveState,
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
    isDeleted: row.isDeleted === true,
  });
  const current = createSource<AccountInfo>(info());
  current.subscribe((account) => {
    if (account.entered && !memory) writeKnownAccount(account);
  });
  const lastSyncedAt = createSource<number | null>(null);
  const durability = watchDurability(memory);
  driver.summary.subscribe((summary) => {
    if (!summary) return;
    if (summary.lastSavedAt !== null) {
      durability.onFirstSave();
      noteUse();
    }
    lastSavedAt.set(summary.lastSavedAt);
    lastSyncedAt.set(summary.lastSyncedAt);
    if (summary.lastSyncedAt !== null && !current.value.entered) current.set({ ...current.value, entered: true });
  });

  watchPage(driver);
  void syncSwitch.read().finally(() => driver.start({ joined: row.entered || row.recoverable || recovered !== null }));
  if (!memory) drainOnPokes({ row, enabled: syncSwitch.enabled, lastSyncedAt, driver });

  const restart = (): void => guard.leave(() => location.assign('/'));
  const mayLeave = async (): Promise<boolean> => {
    if (!(await guard.mayReplace())) return false;
    await endPage();
    return true;
  };
  const watch = followAccounts({
    ...{ row, client, sessions, guard, mayLeave, memory },
    isUndecided: () => syncSwitch.isUndecided.value,
  });
  const account = createAccounts({
    client,
    current,
    lastSyncedAt,
    enabled: syncSwitch.enabled,
    nameUnsent: row.nameUnsent ?? false,
    mayReplace: mayLeave,
    isRefused: () => driver.state.value.type === 'signed-out',
    syncNow: () => void driver.drain({ force: true }),
    watch,
  });
  const reads = typedReads(client);
  const onChange: App['onChange'] = (listener) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  };
  const conflicts = followConflicts({ ...reads, summary: driver.summary, onChange });
  const backups = createBackups(client, row.id);
  const parts: Omit<App, 'chats' | 'status'> = {
    account,
    backups,
    start: {
      isUndecided: syncSwitch.isUndecided,
      async decide() {
        const decided = await client.decideStart();
        if (decided.ok) await syncSwitch.read();
        return decided;
      },
    },
    restoresElsewhere: followRestoresElsewhere({ backups, onChange }),
    // A device that the server has never met need not sign out.
    device: createThisDevice({
      client,
      revokeSelf: () => (lastSyncedAt.value !== null && syncSwitch.enabled.value ? account.revoke(row.deviceId) : null),
      restart,
    }),
    install: watchInstall(),
    saveState: sessions.saveState,
    journal: journal?.state ?? createSource<JournalState>({ type: 'open' }),
    syncState: driver.state,
    summary: driver.summary,
    sendingFile,
    lastSavedAt,
    lastSyncedAt,
    durability: durability.state,
    keepStorage: durability.ask,
    update: offerUpdate(bridge, guard, driver),
    storageNotice: storage.notice,
    reload: () => guard.replace(() => location.reload()),
    unsavedWords: guard.question,
    conflicts,
    files: createFiles(client, { get: reads.get, settingsId: SETTINGS_ID, deviceId: row.deviceId }, lazyPictures(), askBeforeEnd),
    ...typedSessions(sessions, mint, { conflicts, deviceId: row.deviceId }),
    ...reads,
    getChanged: typedGet(views.getChanged),
    ...createPatches({ store: { get: client.get, save: views.save }, sessions, mintId: mint, clock: systemClock }),
    count: (kind, lifecycle) => client.count(kind, lifecycle),
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

/** Leaves the commit of a slow disk its time: what is typed is to be safe within 250 ms of the key. */
const HAND_OVER_MS = 150;
