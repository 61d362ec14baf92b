/**
 * The root of a tab's store worker: opens the active workspace and puts its store behind Comlink. What the first screen
 * does not ask for (sync, status, accounts) is loaded at its first use: a third of the code.
 */
import { expose } from 'comlink';
import type { SyncNews } from '#core/channels.ts';
import { lazy } from '#core/lazy.ts';
import { err, ok } from '#core/result.ts';
import { ledger } from '#entities/index.ts';
import { openChannel, systemClock, systemRandom, webLocks } from '#platform/system.ts';
import type { StatusStore } from '#store/status-store.ts';
import type { StoreWorkerApi } from '#store/worker-api.ts';
import { openActive, openWorkspace } from '#store/workspace.ts';

const ports = { clock: systemClock, random: systemRandom, locks: webLocks, openChannel };

type Active = Extract<Awaited<ReturnType<typeof openActive>>, { ok: true }>['value'];
type Accounts = Extract<Awaited<ReturnType<typeof loadAccounts>>, { ok: true }>['value'];
let opening: ReturnType<typeof open> | null = null;

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
    isOn: isSyncOn,
  });
}

async function loadStatusStore({ context }: Active) {
  const { createStatusStore } = await import('#store/create-status-store.ts');
  return createStatusStore(context);
}

const loadAccounts = lazy(async () => {
  const [{ bringAlong }, { deleteCaches, eraseDatabases }, accounts, { measureUsage }] = await Promise.all([
    import('#store/bring-along.ts'),
    import('#store/erase.ts'),
    import('#store/local-accounts.ts'),
    import('#store/usage.ts'),
  ]);
  return { bringAlong, deleteCaches, eraseDatabases, measureUsage, ...accounts };
});

async function open(deviceName: string) {
  const result = await openActive(ports, { deviceName });
  if (!result.ok) return result;
  const active = result.value;
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
  async open(deviceName) {
    opening ??= open(deviceName);
    const result = await opening;
    if (!result.ok) {
      opening = null;
      return result;
    }
    const { row, memory, foldJournal } = result.value.active;
    const folded = await foldJournal();
    return folded.ok ? ok({ row, memory }) : folded;
  },
  save: withStore(({ store }, request) => store.save(request)),
  get: withStore(({ store }, kind, id) => store.get(kind, id)),
  getMany: withStore(({ store }, keys) => store.getMany(keys)),
  list: withStore(({ store }, request) => store.list(request)),
  count: withStore(({ store }, kind, place) => store.count(kind, place)),
  changedSince: withStore(({ store }, localSeq, limit) => store.changedSince(localSeq, limit)),
  history: withStore(({ store }, kind, id) => store.history(kind, id)),
  purge: withStore(({ store }, kind, ids) => store.purge(kind, ids)),
  release: withStore(({ store }) => store.release()),
  summary: withStore(({ store }) => store.summary()),
  retryQuarantined: withStore(({ store }, only) => store.retryQuarantined(only)),
  heldDeletions: withStore(({ store }) => store.heldDeletions()),
  decideDeletions: withStore(({ store }, answer, shown) => store.decideDeletions(answer, shown)),
  quarantined: withStatus((store) => store.quarantined()),
  exportQuarantined: withStatus((store, keys) => store.exportQuarantined(keys)),
  discardQuarantined: withStatus((store, kind, id) => store.discardQuarantined(kind, id)),
  countKinds: withStatus((store) => store.countKinds()),
  versions: withStatus((store, after) => store.versions(after)),
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
  async openAccount({ accountId, accountKey, deviceId, ...known }, join) {
    const result = await opened();
    if (!result.ok) return result;
    const { active, deviceName } = result.value;
    // Before anything is written: without this code the work could not be brought along.
    const parts = await loadAccounts();
    if (!parts.ok) return parts;
    const added = await active.registry.add({ deviceName, account: { accountId, accountKey, deviceId } });
    if (!added.ok) return added;
    const target = await openWorkspace(ports, added.value, active.memory);
    if (!target.ok) return target;
    const brought = join === 'bring' ? await parts.value.bringAlong(active.kv, target.value.context, ledger) : ok(0);
    target.value.close();
    if (!brought.ok) {
      await active.registry.activate(active.row.id);
      return brought;
    }
    return active.registry.update(added.value.id, known);
  },
  async startAfresh() {
    const result = await opened();
    if (!result.ok) return result;
    const added = await result.value.active.registry.add({ deviceName: result.value.deviceName });
    return added.ok ? ok(undefined) : added;
  },
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
