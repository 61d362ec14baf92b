/**
 * The root of a tab's store worker: opens the active workspace and puts its store behind Comlink. What the first screen
 * does not ask for (sync, status, accounts) is loaded at its first use: a third of the code.
 */
import { expose } from 'comlink';
import { DEVICE_CHANNEL, type DeviceNews, type SyncNews } from '#core/channels.ts';
import type { KvError, StoreError } from '#core/errors.ts';
import { lazy } from '#core/lazy.ts';
import { err, ok, type Result } from '#core/result.ts';
import { hasLocks, openChannel, systemClock, systemRandom, webLocks } from '#platform/system.ts';
import type { OpenFormer } from '#store/accounts/bring-files-runner.ts';
import { readRecovered } from '#store/accounts/marker.ts';
import { removeTempFiles } from '#store/archive-file.ts';
import { type PartSources, serveCalls } from '#store/calls/store-calls.ts';
import type { StartCalls, StartHints, SyncCalls } from '#store/calls/worker-api.ts';
import { type ActiveWorkspace, type BringSlot, createWorkspaceCalls } from '#store/calls/workspace-calls.ts';
import { asCounters, COUNTERS } from '#store/schema/context.ts';
import type { KeptCopy } from '#store/second-copy/keep-copy.ts';
import type { Store } from '#store/store.ts';
import { openActive } from '#store/workspace.ts';
import { createBackupWork } from './backup-work.ts';
import { type BlobWork, createBlobWork } from './blob-work.ts';

const ports = { clock: systemClock, random: systemRandom, locks: webLocks, openChannel };

type Opened = { readonly active: ActiveWorkspace } & Omit<PartSources, 'start'>;
let opening: Promise<Result<Opened, KvError>> | null = null;
let copy: KeptCopy | null = null;

const NOT_OPEN = err({ type: 'ConnectionLost', reason: 'the store has not been opened' } as const);

/** Sync whose code did not come says so after this time again. */
const RETRY_MS = 5000;

async function loadDrainer({ row, context, channel, isSyncOn }: ActiveWorkspace) {
  const [{ createSyncStore }, { askForCopies }, { createDrainer }, { fetchTransport }, { fetchBytes }] = await Promise.all([
    import('#store/sync/create-sync-store.ts'),
    import('#store/draft/coming-restores.ts'),
    import('#sync/drainer.ts'),
    import('#platform/fetch-transport.ts'),
    import('#platform/fetch-bytes.ts'),
  ]);
  const news = { post: (message: SyncNews) => channel.post(message) };
  return createDrainer({
    ...ports,
    workspaceId: row.id,
    identity: row,
    store: createSyncStore({ ...context, beforeRestore: (ids) => askForCopies(ports, row.id, ids) }),
    transport: fetchTransport,
    bytes: fetchBytes,
    channel: news,
    // Without locks two tabs could talk to the server at once.
    isOn: async () => (hasLocks() ? isSyncOn() : ok(false)),
  });
}

async function loadStatusStore({ context }: ActiveWorkspace) {
  const { createStatusStore } = await import('#store/status/create-status-store.ts');
  return createStatusStore(context);
}

/** Rare: its code comes when a file of an account that was left is to be fetched. */
const formerFiles = lazy(() => import('./former-files.ts'));

async function loadAccountCalls(active: ActiveWorkspace) {
  const { createAccountCalls } = await import('#store/calls/account-calls.ts');
  const openFormer: OpenFormer = async (...args) => {
    const code = await formerFiles();
    return code.ok ? ok(code.value.openFormer(...args)) : code;
  };
  return createAccountCalls({ ports, active, bring, notifyTabs, openFormer });
}

const tabs = openChannel<DeviceNews>(DEVICE_CHANNEL);
const notifyTabs = (): void => tabs.post({ type: 'accounts' });
const bring: BringSlot = { runner: null };

/** What belongs to the device, where that was entered again under another id: before anything is read of it. */
async function confirmDeviceId({ row, registry, context, store }: ActiveWorkspace) {
  const { adoptDeviceId } = await import('#store/accounts/adopt-device-id.ts');
  const adopted = await adoptDeviceId(context, store, row);
  if (adopted.ok) await registry.confirmDeviceId(row.id);
}

const COPY_AGAIN_MS = 20_000;

/** The second copy is begun when the store is open, and nothing waits for it; where its code did not load, a while later. */
function startCopy({ registry, row, kv }: ActiveWorkspace): void {
  const start = async (): Promise<void> => {
    const { keepCopy } = await import('#store/second-copy/keep-copy.ts');
    copy = await keepCopy({ ports, registry, workspaceId: row.id, kv });
  };
  const tryStart = (): void => void start().catch(() => void systemClock.setTimer(COPY_AGAIN_MS, tryStart));
  tryStart();
}

async function findByCookie(known: StartHints['known']) {
  if (!known) return null;
  const [{ findKnownAccount }, { fetchTransport }] = await Promise.all([
    import('#sync/known-account.ts'),
    import('#platform/fetch-transport.ts'),
  ]);
  return findKnownAccount(fetchTransport, known);
}

/** Backups outlive the databases that they were made of. */
async function hasBackups(): Promise<boolean> {
  const { backedUpWorkspaces } = await import('#store/kv/backup-folder.ts');
  return (await backedUpWorkspaces().catch(() => [])).length > 0;
}

async function open(
  deviceName: string,
  workspaceId: string | null,
  { known, wasUsed = false }: StartHints,
): Promise<Result<Opened, KvError>> {
  // What was decrypted when a kill came lies there as text.
  void removeTempFiles(ports.locks).catch(() => {});
  const result = await openActive(ports, { deviceName }, workspaceId, {
    onRegistry: () => copy?.onRegistry(),
    askByCookie: () => findByCookie(known),
    wasUsed: async () => wasUsed || known !== undefined || (await hasBackups()),
  });
  if (!result.ok) return result;
  const active = result.value;
  if (active.row.isRenamed) await confirmDeviceId(active).catch(() => {});
  // Without its code, or without a store to keep it in, there is no copy, and everything else goes on.
  if (!active.memory) startCopy(active);
  const store = ok(createStoreCalls(active));
  const workspace = ok(createWorkspaceCalls({ active, bring, notifyTabs }));
  const blobs = createBlobWork(active);
  const sync = ok(createSyncCalls(active, blobs));
  return ok({
    active,
    store: async () => store,
    workspace: async () => workspace,
    status: lazy(() => loadStatusStore(active)),
    sync: async () => sync,
    accounts: lazy(() => loadAccountCalls(active)),
    blobs: blobs.calls,
    backups: createBackupWork(active, blobs.calls),
  });
}

const createStoreCalls = ({ store }: ActiveWorkspace): Store => ({
  ...store,
  release() {
    // The page may be about to close, and has the courier to ask yet: it does not wait for a long queue to be copied.
    void copy?.flush();
    return store.release();
  },
});

function createSyncCalls(active: ActiveWorkspace, blobs: BlobWork): SyncCalls {
  const { row, channel, replayJournal } = active;
  const load = lazy(() => loadDrainer(active));
  return {
    async drain(force) {
      // A tab that was closed while this one lived. Where the journal cannot be read now, the next drain looks again.
      await replayJournal();
      const drainer = await load();
      if (drainer.ok) {
        const drained = await drainer.value.run({ force });
        if (drained.ok && drained.value.error === null) blobs.onDrained(force);
        return drained;
      }
      const error = { type: 'Network', reason: drainer.error.type } as const;
      const retryAt = systemClock.now() + RETRY_MS;
      // Whoever waits for the drain asks again then: no change is forgotten because code was missing.
      channel.post({ type: 'sync-ended', workspaceId: row.id, error, retryAt, nextDueAt: null });
      return drainer;
    },
  };
}

const start: StartCalls = {
  async open(deviceName, workspaceId, hints) {
    opening ??= open(deviceName, workspaceId, hints);
    const result = await opening;
    if (!result.ok) {
      opening = null;
      return result;
    }
    const { row, memory, kv, replayJournal, replayWhenGone } = result.value.active;
    const [replayed, recovered, counted] = await Promise.all([replayJournal(), readRecovered(kv), kv.read({ state: COUNTERS })]);
    // A journal that does not open keeps nobody from their work: the drains look again.
    if (replayed.ok && replayed.value > 0) void replayWhenGone();
    if (!recovered.ok) return recovered;
    if (!counted.ok) return counted;
    return ok({ row, memory, recovered: recovered.value, localSeq: asCounters(counted.value.state).localSeq });
  },
  ping: async () => ok(undefined),
};
const started = ok(start);

/** A part of the opened workspace. A page calls `open` before anything else; an earlier call is answered as a lost worker. */
const opened =
  <T>(part: (workspace: Opened) => Promise<Result<T, StoreError>>) =>
  async (): Promise<Result<T, StoreError>> => {
    const result = await (opening ?? NOT_OPEN);
    return result.ok ? part(result.value) : result;
  };

expose(
  Object.freeze(
    serveCalls({
      start: async () => started,
      store: opened(({ store }) => store()),
      workspace: opened(({ workspace }) => workspace()),
      status: opened(({ status }) => status()),
      sync: opened(({ sync }) => sync()),
      accounts: opened(({ accounts }) => accounts()),
      blobs: opened(({ blobs }) => blobs()),
      backups: opened(({ backups }) => backups()),
    }),
  ),
);
