/** The root of a tab's store worker: opens the active workspace and puts its store behind Comlink. */
import { expose } from 'comlink';
import type { SyncNews } from '#core/channels.ts';
import { err, ok } from '#core/result.ts';
import { fetchTransport } from '#platform/fetch-transport.ts';
import { openChannel, systemClock, systemRandom, webLocks } from '#platform/system.ts';
import { deleteCaches, eraseDatabases } from '#store/erase.ts';
import { forgetLocalAccount, listLocalAccounts } from '#store/local-accounts.ts';
import { measureUsage } from '#store/usage.ts';
import type { StoreWorkerApi } from '#store/worker-api.ts';
import { openActive, openWorkspace } from '#store/workspace.ts';
import { createDrainer, type Drainer } from '#sync/drainer.ts';

const ports = { clock: systemClock, random: systemRandom, locks: webLocks, openChannel };

type Active = Extract<Awaited<ReturnType<typeof openActive>>, { ok: true }>['value'];
type Opened = { readonly active: Active; readonly drainer: Drainer; readonly deviceName: string };
let opening: ReturnType<typeof open> | null = null;

async function open(deviceName: string) {
  const result = await openActive(ports, { deviceName });
  if (!result.ok) return result;
  const { row, syncStore, channel, isSyncOn } = result.value;
  const news = { post: (message: SyncNews) => channel.post(message) };
  const drainer = createDrainer({
    ...ports,
    workspaceId: row.id,
    identity: row,
    store: syncStore,
    transport: fetchTransport,
    channel: news,
    isOn: isSyncOn,
  });
  const opened: Opened = { active: result.value, drainer, deviceName };
  return ok(opened);
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
  list: withStore(({ store }, request) => store.list(request)),
  count: withStore(({ store }, kind, place) => store.count(kind, place)),
  changedSince: withStore(({ store }, localSeq, limit) => store.changedSince(localSeq, limit)),
  history: withStore(({ store }, kind, id) => store.history(kind, id)),
  purge: withStore(({ store }, kind, ids) => store.purge(kind, ids)),
  release: withStore(({ store }) => store.release()),
  summary: withStore(({ store }) => store.summary()),
  retryQuarantined: withStore(({ store }, only) => store.retryQuarantined(only)),
  heldDeletions: withStore(({ store }) => store.heldDeletions()),
  decideDeletions: withStore(({ store }, word) => store.decideDeletions(word)),
  quarantined: withStore(({ statusStore }) => statusStore.quarantined()),
  exportQuarantined: withStore(({ statusStore }, keys) => statusStore.exportQuarantined(keys)),
  discardQuarantined: withStore(({ statusStore }, kind, id) => statusStore.discardQuarantined(kind, id)),
  countKinds: withStore(({ statusStore }) => statusStore.countKinds()),
  versions: withStore(({ statusStore }, after) => statusStore.versions(after)),
  events: withStore(({ statusStore }) => statusStore.events()),
  logEvent: withStore(({ statusStore }, event) => statusStore.logEvent(event)),
  clearEvents: withStore(({ statusStore }) => statusStore.clearEvents()),
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
    return folded.ok ? result.value.drainer.run({ force }) : folded;
  },
  async openAccount({ accountId, accountKey, deviceId, ...known }, join) {
    const result = await opened();
    if (!result.ok) return result;
    const { active, deviceName } = result.value;
    const added = await active.registry.add({ deviceName, account: { accountId, accountKey, deviceId } });
    if (!added.ok) return added;
    const target = await openWorkspace(ports, added.value, active.memory);
    if (!target.ok) return target;
    const brought = join === 'bring' ? await target.value.bringAlong(active) : ok(0);
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
  usage: withStore(({ kv }) => measureUsage(kv)),
  localAccounts: withStore((active) => listLocalAccounts(ports, active.registry, active, active.memory)),
  forgetAccount: withStore((active, workspaceId) => forgetLocalAccount(ports, active.registry, active, workspaceId)),
  freeCaches: withStore(async ({ registry, row }) => {
    const rows = await registry.list();
    return deleteCaches(rows.ok ? rows.value.map(({ id }) => id) : [row.id]);
  }),
  erase: withStore(async ({ registry, row }) => {
    const rows = await registry.list();
    return eraseDatabases(rows.ok ? rows.value.map(({ id }) => id) : [row.id]);
  }),
};

expose(Object.freeze(api));
