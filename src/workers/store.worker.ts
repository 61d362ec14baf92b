/**
 * The root of a tab's store worker: opens the active workspace and puts its store behind Comlink. What the first screen
 * does not ask for (sync, status, accounts) is loaded at its first use: a third of the code.
 */
import { expose } from 'comlink';
import { DEVICE_CHANNEL, type DeviceNews, type SyncNews } from '#core/channels.ts';
import { lazy } from '#core/lazy.ts';
import { err, ok } from '#core/result.ts';
import { hasLocks, openChannel, systemClock, systemRandom, webLocks } from '#platform/system.ts';
import type { BringRunner } from '#store/bring-runner.ts';
import { forgetRecovered, readRecovered } from '#store/marker.ts';
import type { KeptCopy } from '#store/second-copy/keep-copy.ts';
import type { StatusStore } from '#store/status-store.ts';
import type { StartHints, StoreWorkerApi } from '#store/worker-api.ts';
import { openActive } from '#store/workspace.ts';

const ports = { clock: systemClock, random: systemRandom, locks: webLocks, openChannel };

type Active = Extract<Awaited<ReturnType<typeof openActive>>, { ok: true }>['value'];
type Accounts = Extract<Awaited<ReturnType<typeof loadAccounts>>, { ok: true }>['value'];
let opening: ReturnType<typeof open> | null = null;
let copy: KeptCopy | null = null;

/** Sync whose code did not come says so after this time again. */
const RETRY_MS = 5000;

async function loadDrainer({ row, context, channel, isSyncOn }: Active) {
  const [{ createSyncStore }, { createDrainer }, { fetchTransport }] = await Promise.all([
    import('#store/create-sync-store.ts'),
    import('#sync/drainer.ts'),
    import('#platform/fetch-transport.ts'),
  ]);
  const news = { post: (message: SyncNews) => channel.post(message) };
  return createDrainer({
    ...ports,
    workspaceId: row.id,
    identity: row,
    store: createSyncStore(context),
    transport: fetchTransport,
    channel: news,
    // Without locks two tabs could talk to the server at once.
    isOn: async () => (hasLocks() ? isSyncOn() : ok(false)),
  });
}

async function loadStatusStore({ context }: Active) {
  const { createStatusStore } = await import('#store/create-status-store.ts');
  return createStatusStore(context);
}

const loadAccounts = lazy(async () => {
  const [{ createBringRunner }, { joinAccount }, { deleteCaches, eraseDatabases }, accounts, { measureUsage }] =
    await Promise.all([
      import('#store/bring-runner.ts'),
      import('#store/join-account.ts'),
      import('#store/erase.ts'),
      import('#store/local-accounts.ts'),
      import('#store/usage.ts'),
    ]);
  return { createBringRunner, joinAccount, deleteCaches, eraseDatabases, measureUsage, ...accounts };
});

const tabs = openChannel<DeviceNews>(DEVICE_CHANNEL);
const tellTabs = (): void => tabs.post({ type: 'accounts' });
let runner: BringRunner | null = null;

/** Copies work into another account; the code comes with the first of it. */
const bringRunner = ({ createBringRunner }: Accounts, { registry }: Active): BringRunner => {
  runner ??= createBringRunner(ports, registry, tellTabs);
  return runner;
};

/** What belongs to the device, where that was entered anew under another id: before anything is read of it. */
async function settleDeviceId({ row, registry, context, store }: Active) {
  const { adoptDeviceId } = await import('#store/adopt-device-id.ts');
  const adopted = await adoptDeviceId(context, store, row);
  if (adopted.ok) await registry.settleDeviceId(row.id);
}

/** The second copy is begun when the store is open, and nothing waits for it. */
async function startCopy({ registry, row, kv }: Active): Promise<void> {
  const { keepCopy } = await import('#store/second-copy/keep-copy.ts');
  copy = await keepCopy({ ports, registry, workspaceId: row.id, kv });
}

async function findByCookie(known: StartHints['known']) {
  if (!known) return null;
  const [{ findKnownAccount }, { fetchTransport }] = await Promise.all([
    import('#sync/known-account.ts'),
    import('#platform/fetch-transport.ts'),
  ]);
  return findKnownAccount(fetchTransport, known);
}

async function open(deviceName: string, workspaceId: string | null, { known }: StartHints) {
  const result = await openActive(ports, { deviceName }, workspaceId, {
    onRegistry: () => copy?.onRegistry(),
    askByCookie: () => findByCookie(known),
  });
  if (!result.ok) return result;
  const active = result.value;
  if (active.row.isRenamed) await settleDeviceId(active).catch(() => {});
  // Without its code, or without a store to keep it in, there is no copy, and everything else goes on.
  if (!active.memory) void startCopy(active).catch(() => {});
  return ok({
    active,
    deviceName,
    drainer: lazy(() => loadDrainer(active)),
    statusStore: lazy(() => loadStatusStore(active)),
  });
}

/** The opened workspace. A page calls `open` before anything else; a call that comes earlier is answered as a lost worker. */
async function opened() {
  return opening ?? err({ type: 'ConnectionLost', reason: 'the store has not been opened' } as const);
}

const withStore =
  <A extends unknown[], R>(call: (active: Active, ...args: A) => Promise<R>) =>
  async (...args: A) => {
    const result = await opened();
    return result.ok ? call(result.value.active, ...args) : result;
  };

const withStatus =
  <A extends unknown[], R>(call: (store: StatusStore, ...args: A) => Promise<R>) =>
  async (...args: A) => {
    const result = await opened();
    if (!result.ok) return result;
    const store = await result.value.statusStore();
    return store.ok ? call(store.value, ...args) : store;
  };

const withAccounts =
  <A extends unknown[], R>(call: (parts: Accounts, active: Active, ...args: A) => Promise<R>) =>
  async (...args: A) => {
    const result = await opened();
    if (!result.ok) return result;
    const parts = await loadAccounts();
    return parts.ok ? call(parts.value, result.value.active, ...args) : parts;
  };

const api: StoreWorkerApi = {
  async open(deviceName, workspaceId, hints) {
    opening ??= open(deviceName, workspaceId, hints);
    const result = await opening;
    if (!result.ok) {
      opening = null;
      return result;
    }
    const { row, memory, kv, foldJournal, foldWhenGone } = result.value.active;
    const [folded, recovered] = await Promise.all([foldJournal(), readRecovered(kv)]);
    if (!folded.ok) return folded;
    if (folded.value > 0) void foldWhenGone();
    return recovered.ok ? ok({ row, memory, recovered: recovered.value }) : recovered;
  },
  ping: async () => ok(undefined),
  forgetRecovered: withStore(({ kv }) => forgetRecovered(kv)),
  save: withStore(({ store }, request) => store.save(request)),
  get: withStore(({ store }, kind, id) => store.get(kind, id)),
  getMany: withStore(({ store }, keys) => store.getMany(keys)),
  list: withStore(({ store }, request) => store.list(request)),
  count: withStore(({ store }, kind, place) => store.count(kind, place)),
  changedSince: withStore(({ store }, localSeq, limit) => store.changedSince(localSeq, limit)),
  history: withStore(({ store }, kind, id) => store.history(kind, id)),
  purge: withStore(({ store }, kind, ids, act) => store.purge(kind, ids, act)),
  release: withStore(({ store }) => {
    // The page may be about to close, and has the courier to ask yet: it does not wait for a long queue to be copied.
    void copy?.flush();
    return store.release();
  }),
  summary: withStore(({ store }) => store.summary()),
  retryQuarantined: withStore(({ store }, only) => store.retryQuarantined(only)),
  heldDeletions: withStore(({ store }) => store.heldDeletions()),
  decideDeletions: withStore(({ store }, answer, shown) => store.decideDeletions(answer, shown)),
  quarantined: withStatus((store) => store.quarantined()),
  exportQuarantined: withStatus((store, keys) => store.exportQuarantined(keys)),
  discardQuarantined: withStatus((store, kind, id) => store.discardQuarantined(kind, id)),
  countKinds: withStatus((store) => store.countKinds()),
  versions: withStatus((store, after, withHashes) => store.versions(after, withHashes)),
  events: withStatus((store) => store.events()),
  logEvent: withStatus((store, event) => store.logEvent(event)),
  clearEvents: withStatus((store) => store.clearEvents()),
  workspace: withStore(async ({ registry, row }) => {
    const found = await registry.get(row.id);
    return found.ok ? ok(found.value ?? row) : found;
  }),
  updateWorkspace: withStore(({ registry, row }, patch) => registry.update(row.id, patch)),
  async drain(force) {
    const result = await opened();
    if (!result.ok) return result;
    // A tab that was closed while this one lived.
    const folded = await result.value.active.foldJournal();
    if (!folded.ok) return folded;
    const drainer = await result.value.drainer();
    if (drainer.ok) return drainer.value.run({ force });
    const { row, channel } = result.value.active;
    const error = { type: 'Network', reason: drainer.error.type } as const;
    // Whoever waits for the drain asks again then: no change is forgotten because code was missing.
    channel.post({ type: 'sync-ended', workspaceId: row.id, error, retryAt: systemClock.now() + RETRY_MS, nextDueAt: null });
    return drainer;
  },
  openAccount: withAccounts(async (parts, active, account, join) => {
    if (active.memory) return err({ type: 'StorageDisabled', reason: 'no other account can be kept' } as const);
    const joined = await parts.joinAccount(ports, active.registry, active.row, account, join);
    if (!joined.ok) return joined;
    tellTabs();
    if (joined.value === 'bringing') bringRunner(parts, active).resume();
    return joined;
  }),
  switchAccount: withStore(async ({ registry }, workspaceId) => {
    const opened = await registry.open(workspaceId);
    tellTabs();
    return opened;
  }),
  startAfresh: withStore(async ({ registry, row }) => {
    const left = await registry.leave(row.id, { deviceName: row.deviceName });
    tellTabs();
    return left;
  }),
  accountState: withStore(async ({ registry, row }) => {
    const state = await registry.state();
    if (!state.ok) return state;
    const { activeId, rows, brings } = state.value;
    const active = rows.find(({ id }) => id === activeId) ?? row;
    const bring = brings.find((one) => one.state === 'copying');
    const hasWork = brings.some(({ state: how, into }) => how === 'copying' || into === active.id);
    return ok({
      hasWork,
      isResumed: runner !== null,
      workspaceId: active.id,
      deviceId: active.deviceId,
      isBrought: brings.some(({ from, into, state: how }) => how === 'following' && from === row.id && into === active.id),
      bringing: bring
        ? { from: bring.from, done: bring.done, total: bring.total, problem: runner?.problem(bring.from) ?? null }
        : null,
    });
  }),
  resumeBringing: withAccounts(async (parts, active) => {
    bringRunner(parts, active).resume();
    return ok(undefined);
  }),
  stopBringing: withStore(async ({ registry }, from) => {
    const stopped = await registry.stopBring(from);
    tellTabs();
    return stopped;
  }),
  usage: withAccounts(({ measureUsage }, { kv }) => measureUsage(kv)),
  localAccounts: withAccounts(({ listLocalAccounts }, active) =>
    listLocalAccounts(ports, active.registry, active, active.memory),
  ),
  forgetAccount: withAccounts(({ forgetLocalAccount }, active, workspaceId) =>
    forgetLocalAccount(ports, active.registry, active, workspaceId),
  ),
  freeCaches: withAccounts(async ({ deleteCaches }, { registry, row }) => {
    const rows = await registry.list();
    return deleteCaches(rows.ok ? rows.value.map(({ id }) => id) : [row.id]);
  }),
  erase: withAccounts(async ({ eraseDatabases }, { registry, row }) => {
    const rows = await registry.list();
    return eraseDatabases(rows.ok ? rows.value.map(({ id }) => id) : [row.id]);
  }),
};

expose(Object.freeze(api));
