/** Opens a workspace's database with its store and its sync side: the same for the store worker and the service worker. */
import type { BackupPace } from '#core/backup-places.ts';
import { type SyncNews, workspaceChannel } from '#core/channels.ts';
import type { KvError, StoreError } from '#core/errors.ts';
import type { KnownAccount } from '#core/known-account.ts';
import type { ConflictPolicy } from '#core/merge/merge.ts';
import type { Channel, Clock, Kv, Locks, Random } from '#core/ports.ts';
import { err, ok, type Result } from '#core/result.ts';
import { effectiveSetting, isSyncOn, type SettingSources } from '#entities/effective-settings.ts';
import { type FileSettings, fileSettings } from '#entities/file-settings.ts';
import { ledger } from '#entities/index.ts';
import { SETTINGS_ID } from '#entities/settings.ts';
import type { NewWorkspace } from '#store/accounts/account-moves.ts';
import { isUndecided, markDatabase } from '#store/accounts/marker.ts';
import { createRegistry, REGISTRY_NAME, type Registry, workspaceName } from '#store/accounts/registry.ts';
import { IN_USE_MS, LONG_UNUSED_MS } from '#store/blobs/leaving.ts';
import { openKv } from '#store/kv/db.ts';
import { createMemoryKv } from '#store/kv/kv-memory.ts';
import { withRoom } from '#store/kv/with-room.ts';
import { replayJournal, replayWhenGone } from '#store/save/replay-journal.ts';
import { MARKER, type StoreContext } from '#store/schema/context.ts';
import { type JournalTables, journalSchema, journalWithin, readJournalKv } from '#store/schema/journal-database.ts';
import type { Recovered } from '#store/schema/meta-rows.ts';
import { REGISTRY_VERSION, type RegistryTables, registrySchema, type WorkspaceRow } from '#store/schema/registry-schema.ts';
import { WORKSPACE_VERSION, type WorkspaceTables, workspaceSchema } from '#store/schema/schema.ts';
import { createStore } from './create-store.ts';
import type { Store, StoreChange } from './store.ts';

export interface WorldPorts {
  readonly clock: Clock;
  readonly random: Random;
  readonly locks: Locks;
  readonly openChannel: <M>(name: string) => Channel<M> & { close(): void };
}

export interface Workspace {
  readonly row: WorkspaceRow;
  readonly kv: Kv<WorkspaceTables>;
  readonly journal: Kv<JournalTables>;
  readonly store: Store;
  /** What the other sides of the store are made of: `createSyncStore`, `createStatusStore`, `bringAlong`. Not all need them. */
  readonly context: StoreContext;
  readonly channel: Channel<StoreChange | SyncNews> & { close(): void };
  /** Whether the person lets this device sync. */
  readonly isSyncOn: () => Promise<Result<boolean, KvError>>;
  /** How the person wants files to be kept on this device. */
  readonly fileSettings: () => Promise<Result<FileSettings, StoreError>>;
  /** How often the person wants a backup of this workspace on this device. */
  readonly backupPace: () => Promise<Result<BackupPace, StoreError>>;
  /** Called after each change of the workspace, made here or elsewhere. Gives the way to end that. */
  readonly onChanged: (listener: (change: StoreChange) => void) => () => void;
  /** Folds in what closed tabs left in the journal. Gives how many rows stay there; fails where the journal cannot be read now. */
  readonly replayJournal: () => Promise<Result<number, KvError>>;
  /** Waits for the tabs whose rows stay, and saves these then. */
  readonly replayWhenGone: () => Promise<void>;
  close(): void;
}

/** What a start may need beside the ports. */
export interface StartOptions {
  /** Finds the account that this device's cookie still opens, where nothing else is left; null where there is none. */
  readonly askByCookie?: () => Promise<KnownAccount | null>;
  /** Whether there was work in this browser before: asked where nothing is found. */
  readonly wasUsed?: () => Promise<boolean>;
  /** Called after each commit to the registry. */
  readonly onRegistry?: () => void;
}

/** The registry on the device. `memory` where the browser refuses IndexedDB: the app runs, and says that nothing stays. */
export async function openRegistry(
  { clock, random }: WorldPorts,
  onCommit?: () => void,
): Promise<Result<{ readonly registry: Registry; readonly memory: boolean }, KvError>> {
  const opened = await openKv<RegistryTables>(REGISTRY_NAME, REGISTRY_VERSION, registrySchema);
  if (opened.ok) {
    const kv = onCommit ? afterCommit(opened.value, onCommit) : opened.value;
    return ok({ registry: createRegistry(kv, clock, random), memory: false });
  }
  if (opened.error.type !== 'StorageDisabled') return opened;
  return ok({ registry: createRegistry(createMemoryKv(registrySchema), clock, random), memory: true });
}

/**
 * The registry's active workspace, or the one of that id, which must be there. Where the registry is empty it is brought
 * back from the second copy, or by the account's cookie; only where neither knows of one is a workspace created, with an
 * account of its own.
 */
export async function openActive(
  ports: WorldPorts,
  fresh: NewWorkspace,
  workspaceId: string | null = null,
  start: StartOptions = {},
): Promise<Result<Workspace & { readonly registry: Registry; readonly memory: boolean }, KvError>> {
  const opened = await openRegistry(ports, start.onRegistry);
  if (!opened.ok) return opened;
  const { registry, memory } = opened.value;
  const recovered = memory ? ok(null) : await recoverLost(registry, workspaceId, start);
  if (!recovered.ok) return recovered;
  const row = workspaceId === null || memory ? await registry.active(fresh) : await registry.get(workspaceId);
  if (!row.ok) return row;
  if (!row.value) return err({ type: 'StorageFailed', reason: 'this account is no longer in this browser' });
  const workspace = await openWorkspace(ports, row.value, memory);
  if (!workspace.ok) return workspace;
  if (!memory && row.value.marked !== true) {
    const from = recovered.value;
    const marked = await markDatabase(
      workspace.value.kv,
      row.value,
      ports.clock,
      from && { at: ports.clock.now(), from, unsent: null },
      undefined,
      // Asked by every tab that is in time: one that finds it made does not know what the other has found.
      row.value.isFirst === true && ((await start.wasUsed?.()) ?? false),
    );
    if (!marked.ok) return marked;
    const noted = await registry.update(row.value.id, { marked: true });
    if (!noted.ok) return noted;
  }
  return ok({ ...workspace.value, registry, memory });
}

/** An empty registry was lost, or never filled: under a tab that has worked in it, or before this start. */
async function recoverLost(
  registry: Registry,
  workspaceId: string | null,
  { askByCookie = async () => null }: StartOptions,
): Promise<Result<Recovered['from'] | null, KvError>> {
  const state = await registry.state();
  if (!state.ok) return state;
  if (state.value.activeId !== null) return ok(null);
  if (workspaceId !== null) return err({ type: 'StorageGone' });
  const { recoverRegistry } = await import('#store/second-copy/recover.ts');
  return recoverRegistry(registry, askByCookie);
}

/** The same database, which tells of each commit. */
const afterCommit = (kv: Kv<RegistryTables>, tell: () => void): Kv<RegistryTables> => ({
  ...kv,
  async transact(...args) {
    const result = await kv.transact(...args);
    if (result.ok) tell();
    return result;
  },
});

/** For words this is plenty, and most files stay. */
const ROOM_BYTES = 64_000_000;

/** Rare: its code comes when there is no room. */
async function loadRoomSteps(kv: Kv<WorkspaceTables>, journal: Kv<JournalTables>, ports: WorldPorts, workspaceId: string) {
  const { clock } = ports;
  const [{ roomSteps }, { freeCaches }, { letGoUnused }, { openBlobContext }] = await Promise.all([
    import('#store/save/make-room.ts'),
    import('#store/accounts/free-caches.ts'),
    import('#store/blobs/let-go.ts'),
    import('#store/blobs/open-blobs.ts'),
  ]);
  return roomSteps({
    kv,
    clock,
    freeCaches: () => freeCaches(workspaceId, clock),
    letFilesGo: [LONG_UNUSED_MS, IN_USE_MS].map((unusedMs) => async () => {
      const context = await openBlobContext({ ...ports, kv, journal, workspaceId });
      const freed = await letGoUnused(context, { unusedMs, bytes: ROOM_BYTES });
      return freed.ok ? ok(freed.value.bytes) : freed;
    }),
  });
}

/** Opens a workspace's databases. One that the browser has lost is filled from the second copy first. Its journal may open later. */
export async function openWorkspace(ports: WorldPorts, row: WorkspaceRow, memory: boolean): Promise<Result<Workspace, KvError>> {
  const journal = memory ? createMemoryKv(journalSchema) : readJournalKv(row.id, ports.clock);
  const opened = memory
    ? ok(createMemoryKv(workspaceSchema))
    : await openKv<WorkspaceTables>(workspaceName(row.id), WORKSPACE_VERSION, workspaceSchema);
  const closeBoth = (): void => {
    if (opened.ok) opened.value.close();
    journal.close();
  };
  if (!opened.ok) {
    closeBoth();
    return opened;
  }
  const marked = memory || row.marked !== true ? ok(false) : await markDatabase(opened.value, row, ports.clock);
  if (!marked.ok) {
    closeBoth();
    return marked;
  }
  const kv = memory
    ? opened.value
    : withRoom(opened.value, ports.clock, () => loadRoomSteps(opened.value, journal, ports, row.id));
  const channel = ports.openChannel<StoreChange | SyncNews>(workspaceChannel(row.id));
  let policy: ConflictPolicy = 'newer';
  const context: StoreContext = {
    kv,
    clock: ports.clock,
    random: ports.random,
    ledger,
    workspaceId: row.id,
    deviceId: row.deviceId,
    channel: {
      post(message) {
        channel.post(message);
        // A channel does not deliver its own messages, and the change may be ours.
        noteChange(message);
      },
    },
    policy: () => policy,
  };
  const store = createStore(context);
  const readSettings = async (): Promise<Result<SettingSources, StoreError>> => {
    const [settings, own] = await Promise.all([store.get('settings', SETTINGS_ID), store.get('device-settings', row.deviceId)]);
    if (!settings.ok) return settings;
    return own.ok ? ok({ settings: settings.value?.fields, deviceSettings: own.value?.fields }) : own;
  };
  const readPolicy = async (): Promise<void> => {
    const sources = await readSettings();
    if (sources.ok) policy = effectiveSetting('conflictPolicy', sources.value).value;
  };
  const listeners = new Set<(change: StoreChange) => void>();
  function noteChange(change: StoreChange): void {
    for (const listener of listeners) listener(change);
    const { keys, kinds = keys?.map(([kind]) => kind) } = change;
    // The policy takes effect in every context at once, wherever it was changed.
    if (!kinds || kinds.includes('settings') || kinds.includes('device-settings')) void readPolicy();
  }
  await readPolicy();
  const unsubscribe = channel.onMessage((message) => {
    if (message.type === 'changed') noteChange(message);
  });
  return ok({
    row,
    kv,
    journal,
    store,
    context,
    channel,
    onChanged(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    async replayJournal() {
      const before = await replayJournal(journalWithin(kv), store, ports.locks);
      if (!before.ok) return before;
      const replayed = await replayJournal(journal, store, ports.locks);
      return replayed.ok ? ok(before.value + replayed.value) : replayed;
    },
    async replayWhenGone() {
      await Promise.all([journalWithin(kv), journal].map((database) => replayWhenGone(database, store, ports.locks)));
    },
    async isSyncOn() {
      const result = await kv.read({ own: { get: 'entities', key: ['device-settings', row.deviceId] }, marker: MARKER });
      return result.ok ? ok(isSyncOn(result.value.own?.fields) && !isUndecided(result.value.marker)) : result;
    },
    async fileSettings() {
      const sources = await readSettings();
      return sources.ok ? ok(fileSettings(sources.value)) : sources;
    },
    async backupPace() {
      const sources = await readSettings();
      return sources.ok ? ok(effectiveSetting('backupEvery', sources.value).value) : sources;
    },
    close() {
      unsubscribe();
      channel.close();
      closeBoth();
    },
  });
}
