/** One device: a disk and a cookie jar that survive, and contexts that do not. */

import type { SyncState } from '#app/app.ts';
import type { BlobNews, SyncNews } from '#core/channels.ts';
import type { Ledger } from '#core/entity.ts';
import { mintId, toHex } from '#core/ids.ts';
import type { ConflictPolicy } from '#core/merge/merge.ts';
import type { Write } from '#core/ports.ts';
import { ledger as todaysLedger } from '#entities/index.ts';
import { GUARD_LIMITS } from '#store/draft/deletion-guard.ts';
import { asCounters } from '#store/schema/context.ts';
import type { MetaRow } from '#store/schema/meta-rows.ts';
import { type EntityRow, type OutboxRow, type WorkspaceTables, workspaceSchema } from '#store/schema/schema.ts';
import type { SaveRequest, StoreChange } from '#store/store.ts';
import { createMemoryCopyDisk } from '#support/memory-copy-disk.ts';
import type { Identity } from '#sync/enter.ts';
import type { BlobPorts, ContextPorts, Product } from './adapters.ts';
import { type BackupOracle, createBackupOracle } from './backup-oracle.ts';
import type { BlobOracle } from './blob-oracle.ts';
import { connectCopyDisk } from './copy-disk.ts';
import { type CopyOracle, createCopyOracle } from './copy-oracle.ts';
import { type CourierActor, startCourier } from './courier-actor.ts';
import { createDeviceBackups, type DeviceBackups } from './device-backups.ts';
import { createDeviceChannel, type DeviceChannel } from './device-channel.ts';
import { createDeviceClock, type DeviceClock } from './device-clock.ts';
import { createDeviceFiles, type DeviceFiles } from './device-files.ts';
import { createDeviceLocks, type DeviceLocks } from './device-locks.ts';
import { createDisk, type Disk } from './disk.ts';
import { createDiskOracle, type DiskOracle } from './disk-oracle.ts';
import { createGuardOracle, type GuardOracle } from './guard-oracle.ts';
import type { IntentOracle } from './intent-oracle.ts';
import { createLink, type Link, type WireTap } from './network.ts';
import { newerLedger } from './newer-app.ts';
import type { DevicePlan } from './plan.ts';
import type { Prng } from './prng.ts';
import type { Actor, Scheduler } from './scheduler.ts';
import type { ScreenOracle } from './screen-oracle.ts';
import type { ServerHost } from './server-host.ts';
import { openTab, type Tab } from './tab.ts';
import { type Tokens, wordsIn, wordsTakenOut } from './tokens.ts';
import type { Verdict } from './verdict.ts';
import type { WireOracle } from './wire-oracle.ts';

export interface DeviceDeps {
  readonly scheduler: Scheduler;
  readonly product: Product;
  readonly server: ServerHost;
  readonly verdict: Verdict;
  readonly wire: WireOracle;
  readonly tokens: Tokens;
  readonly intent: IntentOracle;
  readonly screen: ScreenOracle | null;
  /** Absent where nobody has any blobs. */
  readonly blobs: BlobOracle | null;
  /** For a person who reads a trace: not part of the run. */
  readonly onDetail: (line: string) => void;
}

export interface Account {
  readonly accountId: string;
  readonly accountKey: string;
}

export const mintAccount = (nowMs: number, random: Prng): Account => ({
  accountId: mintId(nowMs, random),
  accountKey: toHex(random.bytes(16)),
});

export interface Device {
  readonly name: string;
  readonly deviceId: string;
  readonly isNewer: boolean;
  /** Another version of the app: every tab hands over what it holds, and starts again. */
  update(to: Ledger): void;
  readonly link: Link;
  readonly disk: Disk<WorkspaceTables>;
  readonly files: DeviceFiles;
  readonly backups: DeviceBackups;
  readonly backupOracle: BackupOracle;
  /** As this version of the app has it. */
  ledger(): Ledger;
  /** Where its database is. */
  localSeq(): number;
  readonly clock: DeviceClock;
  readonly oracle: DiskOracle;
  readonly guard: GuardOracle;
  /** The tab in that place, opened where there is none. */
  tab(place: number): Tab;
  openTabs(): readonly Tab[];
  /** Ends the service worker at the gate that it reaches after `gates` others. */
  doomCourier(gates: number): void;
  /** Every context dies. With `power`, commits that had not reached the disk go, too. */
  killBrowser(power: boolean): void;
  killBrowserSoon(gates: number, power: boolean): void;
  setOnline(online: boolean): void;
  /** Everything of this origin is gone, but for what the person remembers: the account's code. */
  evict(): void;
  /** The browser loses its databases, and keeps its cookies and the second copy. */
  lose(onServer: ReadonlySet<string>): void;
  /** What would come back from the second copy. */
  readonly copy: Pick<CopyOracle, 'words' | 'lacks'>;
  /** The person has taken these words out, having seen them. */
  noteErased(words: Iterable<string>): void;
  openEditorsDirty(): boolean;
}

const MINUTE = 60_000;
const SYNCED = 'invariant 23: synced is said only when the server has it all';
/** A commit in another context is learned of by a message, which may be lost; the next look at the store finds it. */
const UNHEARD_MS = 90_000;

export function createDevice(index: number, plan: DevicePlan, account: Account, root: Prng, deps: DeviceDeps): Device {
  const { scheduler, product, server, verdict, wire, tokens, intent, screen, blobs, onDetail } = deps;
  const name = `d${index}`;
  const random = root.fork(name);
  const clock = createDeviceClock(scheduler, plan.skewMs);
  const cookies = new Map<string, string>();
  const guard = createGuardOracle({
    device: name,
    deviceId: () => deviceId,
    now: clock.now,
    limits: plan.guard ?? GUARD_LIMITS,
    ledger: newerLedger,
    verdict,
  });
  let answers = 0;
  const tap: WireTap = {
    ...wire,
    onBytesRequest: (...request) => blobs?.onBytesRequest(...request),
    onBytesAnswer: (...answer) => blobs?.onBytesAnswer(...answer),
    onRequest(of, request) {
      guard.onRequest(request);
      wire.onRequest(of, request);
      blobs?.onPush(of, request);
    },
    onArrival(...arrival) {
      answers += 1;
      wire.onArrival(...arrival);
      const [of, request, { json }] = arrival;
      blobs?.onWords(of, request, json);
    },
  };
  const link = createLink(name, scheduler, random.fork('link'), server, cookies, tap);
  const owner = { name, deviceId: () => deviceId, now: clock.now };
  const oracle = createDiskOracle(
    owner,
    newerLedger,
    verdict,
    wire,
    (before, after) => guard.onChange(before, after, oracle.entities()),
    (...row) => blobs?.onRow(name, ...row),
  );
  const disk = createDisk('kv', workspaceSchema, scheduler, (commit) => {
    if (commit.writes.some((write) => 'put' in write && write.put === 'meta' && write.row.key === 'marker')) marked = true;
    for (const write of commit.writes) onDetail(`          ${name} ${describeWrite(write)}`);
    const judge = backupOracle.onCommit(commit.writes, oracle);
    guard.onCommit(commit.writes, () => oracle.onCommit(commit));
    judge();
    blobs?.afterCommit(name);
  });
  const files = createDeviceFiles(scheduler);
  const backups = createDeviceBackups(scheduler, clock.now);
  const backupOracle = createBackupOracle({
    device: name,
    ledger: () => ledger,
    tokens,
    intent,
    verdict,
    onGone: guard.confirmed,
  });
  blobs?.addDevice({
    name,
    now: clock.now,
    wasRight: () => clock.wasRight(0, scheduler.now()),
    files: () => files.files,
    backups: backups.lists,
    rowsOf: (store) => oracle.rowsOf(store),
  });
  const workspaceId = mintId(clock.now(), random);
  const copyDisk = createMemoryCopyDisk();
  const copy = createCopyOracle(name, copyDisk, workspaceId, scheduler.now, verdict);
  let marked = false;
  let ledger: Ledger = plan.newer === true ? newerLedger : todaysLedger;
  let deviceId = mintId(clock.now(), random);
  const { loss = 0.05 } = plan;
  let locks: DeviceLocks = createDeviceLocks(scheduler);
  let channel: DeviceChannel<StoreChange | SyncNews> = createDeviceChannel(scheduler, random.fork('channel'), loss);
  let news: DeviceChannel<BlobNews> = createDeviceChannel(scheduler, random.fork('news'), loss);
  let contexts: Actor[] = [];
  let tabs: (Tab | undefined)[] = [];
  let worker: CourierActor | null = null;
  const tag = { isKept: false };
  let started = 0;
  /** The operating system and the browser's own process. */
  const system = scheduler.actor(`${name}.system`);
  wire.expectAccount(name, account.accountId);

  const policy = (): ConflictPolicy =>
    oracle.entity('settings', '00000000-0000-7000-8000-000000000001')?.fields.conflictPolicy === 'ask' ? 'ask' : 'newer';

  const blobPorts = (actor: Actor): BlobPorts => {
    return { files: files.connect(actor), news: news.for(actor), backupTexts: () => backups.texts(actor) };
  };
  const ports = (actor: Actor, prompt = false): ContextPorts => {
    contexts = [...contexts.filter((context) => context.alive()), actor];
    return {
      kv: disk.connect(actor, prompt),
      clock: clock.for(actor),
      random: random.fork(actor.name),
      locks: locks.for(actor),
      channel: channel.for(actor, actor.name.endsWith('.copy')),
      transport: link.for(actor),
      bytes: link.for(actor),
      ...(plan.largeBody === undefined ? {} : { largeBody: plan.largeBody }),
      ledger,
      workspaceId,
      identity: { ...account, deviceId, deviceName: name } satisfies Identity,
      policy,
      ...(plan.bulkFrom === undefined ? {} : { bulkFrom: plan.bulkFrom }),
      ...(plan.pushLimit === undefined ? {} : { pushLimit: plan.pushLimit }),
      ...(plan.applyBatch === undefined ? {} : { applyBatch: plan.applyBatch }),
      ...(plan.pageSize === undefined ? {} : { pageSize: plan.pageSize }),
      ...(plan.guard === undefined ? {} : { guardLimits: plan.guard }),
      ...(blobs ? { blobs: blobPorts(actor) } : {}),
      ...(plan.copies ? { copy: connectCopyDisk(copyDisk, scheduler, actor), marked } : {}),
    };
  };

  const openTabs = (): readonly Tab[] => tabs.filter((tab): tab is Tab => tab?.isOpen() === true);

  /** The service worker is informed; it is started where it does not run. */
  const requestDrain = (force: boolean): boolean => {
    if (!plan.courier) return false;
    if (!worker?.actor.alive()) {
      const actor = scheduler.actor(`${name}.sw${++started}`, { lag: plan.lag });
      worker = startCourier(scheduler, product, actor, ports(actor), tag);
    }
    worker.deliver(force);
    return true;
  };

  const tab = (place: number): Tab => {
    const known = tabs[place];
    if (known?.isOpen()) return known;
    const before = answers;
    const opened = openTab(
      {
        scheduler,
        product,
        ports,
        requestDrain,
        backups,
        isOnline: link.isOnline,
        onSyncState: (state) => checkSynced(state, before),
        onIssued: noteRemovals,
        onSaved: (request) => {
          const { kind, id, patch, typedAt } = request;
          intent.kept(name, kind, id, patch, typedAt);
          tokens.noteSaved(JSON.stringify(patch));
          copy.noteSaved(wordsIn(patch));
          checkSaved(kind, id, patch);
          tokens.noteRemoved(removedBy(request), name, `${kind}/${id}`);
          screen?.kept(kind, id, patch);
        },
        onCopyEnd: () => copy.noteEnd(),
        onJournaled: (entry) => {
          noteRemovals({ patch: entry.patch, base: entry.was });
          tokens.noteJournaled(JSON.stringify(entry.patch));
          intent.kept(name, entry.kind, entry.id, entry.patch, entry.typedAt);
          screen?.kept(entry.kind, entry.id, entry.patch);
        },
      },
      `${name}.tab${place}.${++started}`,
      place,
      plan.lag,
    );
    tabs[place] = opened;
    return opened;
  };

  /** Words that the person had before their eyes and took out: removed by the person, once that is handed over. */
  const noteRemovals = (handed: Pick<SaveRequest, 'patch' | 'base'>): void =>
    tokens.excuse(takenOutBy(handed), `erased on ${name}`);
  const takenOutBy = ({ patch, base }: Pick<SaveRequest, 'patch' | 'base'>): readonly string[] => {
    const known = Object.fromEntries(Object.keys(patch).map((field) => [field, base[field] ?? null]));
    return wordsTakenOut(known, patch).filter((word) => erased.has(word));
  };
  /** Of a word that was there twice, one may be left. */
  const removedBy = (request: SaveRequest): readonly string[] => {
    const left = wordsIn(request.patch);
    return takenOutBy(request).filter((word) => !left.has(word));
  };
  const erased = new Set<string>();

  /** "Saved" was said: what it was said of is on this device's disk. */
  const checkSaved = (kind: string, id: string, patch: object): void => {
    const here = wordsIn([...oracle.rows()]);
    for (const word of wordsIn(patch)) {
      if (!here.has(word) && tokens.get(word)?.excuse === null) {
        verdict.fail('invariant 1: saved is said only after the commit', `${name} ${kind}/${id} ${word}`);
      }
    }
  };

  /** "Synced" was said: the server has answered for every change, but for those that this page cannot have learned of yet. */
  const checkSynced = ({ type }: SyncState, before: number): void => {
    if (type !== 'synced') return;
    if (answers === before) verdict.fail(SYNCED, `${name} has received nothing from the server since the tab was opened`);
    for (const { kind, id, queuedAt } of oracle.outbox()) {
      if (clock.now() - queuedAt < UNHEARD_MS) continue;
      verdict.fail(SYNCED, `${name} ${kind}/${id}`);
    }
  };

  const reload = (): void => {
    oracle.reload(disk.rows);
    guard.reload(oracle.rows());
  };

  const killBrowser = (power: boolean): void => {
    for (const actor of contexts) scheduler.kill(actor, power ? 'power cut' : 'browser killed');
    contexts = [];
    tabs = [];
    worker = null;
    locks = createDeviceLocks(scheduler);
    channel = createDeviceChannel(scheduler, random.fork(`channel${++started}`), loss);
    news = createDeviceChannel(scheduler, random.fork(`news${started}`), loss);
    if (!power) return;
    disk.cutPower();
    files.cutPower();
    reload();
  };

  return {
    name,
    get deviceId() {
      return deviceId;
    },
    isNewer: plan.newer === true,
    update(to) {
      if (to === ledger) return;
      for (const open of openTabs()) {
        open.hide();
        open.kill('updated');
      }
      if (worker) scheduler.kill(worker.actor, 'updated');
      ledger = to;
    },
    link,
    disk,
    files,
    backups,
    backupOracle,
    ledger: () => ledger,
    localSeq: () =>
      asCounters([...oracle.rowsOf('meta')].find((row) => (row as MetaRow).key === 'state') as MetaRow | undefined).localSeq,
    clock,
    oracle,
    guard,
    tab,
    openTabs,
    killBrowser,
    killBrowserSoon(gates, power) {
      // The first context to come that far takes all others with it.
      for (const actor of contexts) if (actor.alive()) scheduler.doom(actor, gates, 'browser killed', () => killBrowser(power));
    },
    doomCourier(gates) {
      if (worker?.actor.alive()) scheduler.doom(worker.actor, gates, 'service worker killed');
    },
    setOnline(online) {
      const back = online && !link.isOnline();
      link.setOnline(online);
      for (const tab of openTabs()) tab.setOnline(online);
      if (!back) return;
      // The browser's own sync event: at once, and twice more, whether or not a tab is open, where a tag was left for it.
      if (!plan.courier) return;
      for (const ms of [0, 5 * MINUTE, 20 * MINUTE]) {
        scheduler.timer(system, ms, () => link.isOnline() && tag.isKept && requestDrain(true), 'sync event');
      }
    },
    openEditorsDirty: () => openTabs().some((tab) => tab.isDirty()),
    noteErased(words) {
      for (const word of words) {
        erased.add(word);
        if (tokens.get(word)?.stored === false) tokens.excuse([word], `typed over on ${name}`);
      }
    },
    lose(onServer) {
      copy.check(oracle.entities(), onServer);
      killBrowser(false);
      tag.isKept = false;
      disk.erase();
      reload();
    },
    copy,
    evict() {
      killBrowser(false);
      copyDisk.texts.clear();
      marked = false;
      tag.isKept = false;
      disk.erase();
      files.erase();
      backups.erase();
      blobs?.forget(name);
      reload();
      cookies.clear();
      deviceId = mintId(clock.now(), random);
    },
  };
}

const tail = (id: string | null): string => id?.slice(-4) ?? '-';

function describeWrite(write: Write<WorkspaceTables>): string {
  if ('deleteRange' in write) return `delete ${write.deleteRange} ${String(write.lower)} to ${String(write.upper)}`;
  if ('delete' in write) return `delete ${write.delete} ${String(write.key)}`;
  const { put, row } = write;
  if (put === 'entities') {
    const { kind, id, fields, place, version, queued, sent, localSeq } = row as EntityRow;
    const links = `version ${tail(version)} queued ${tail(queued)} sent ${tail(sent)} localSeq ${localSeq}`;
    return `entity ${kind}/${tail(id)} place ${place} ${links} ${JSON.stringify(fields)}`;
  }
  if (put === 'outbox') {
    const { opId, state, op } = row as OutboxRow;
    return `outbox ${tail(opId)} ${state} base ${tail(op?.base ?? null)}`;
  }
  return `${put} ${JSON.stringify(row)}`;
}
