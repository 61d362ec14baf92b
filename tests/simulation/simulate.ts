/** One run: builds the world of a plan, lets everything happen, heals it, waits until it is quiet, and judges. */
import { encodeBody } from '#core/body.ts';
import { BINNED_AT, type Ledger, viewFields } from '#core/entity.ts';
import { hashText } from '#core/hash.ts';
import { mintId } from '#core/ids.ts';
import { readStandIn } from '#core/large-body.ts';
import { tailOf, tailsIn } from '#core/lineage.ts';
import type { RemoteEntity } from '#core/protocol.ts';
import { ledger } from '#entities/index.ts';
import type { BlobKey } from '#server/blobs/blob-store.ts';
import type { Storage } from '#server/storage/storage.ts';
import { type EntityRow, type HistoryRow, PURGED } from '#store/schema/schema.ts';
import type { BlobsCopy } from '#support/memory-server-blobs.ts';
import { answerDeletions, type Product, product as realProduct } from './adapters.ts';
import { endRestores, judgeBackups, judgeServerBackups } from './backup-person.ts';
import { type BlobOracle, createBlobOracle } from './blob-oracle.ts';
import { openPictures } from './blob-person.ts';
import { createDevice, type Device, mintAccount } from './device.ts';
import { START_MS } from './device-clock.ts';
import { createIntentOracle, type IntentOracle } from './intent-oracle.ts';
import { newerLedger } from './newer-app.ts';
import { act, type PersonDeps } from './person.ts';
import type { Act, Plan } from './plan.ts';
import { createPrng } from './prng.ts';
import { createScheduler } from './scheduler.ts';
import { createScreenOracle, type ScreenOracle } from './screen-oracle.ts';
import { type Claimed, createServerHost, type ServerCopy, type ServerHost } from './server-host.ts';
import type { Tab } from './tab.ts';
import { createTokens, type Tokens, wordsIn } from './tokens.ts';
import { createVerdict, type Verdict } from './verdict.ts';
import { FAIR } from './weather.ts';
import { createWireOracle } from './wire-oracle.ts';

export interface RunOptions {
  /** The product's parts, or what a mutation puts in their place. */
  readonly product?: Product;
  readonly storage?: (storage: Storage) => Storage;
  readonly onTrace?: (line: string) => void;
}

export interface Outcome {
  readonly violations: readonly string[];
  readonly traceHash: number;
  readonly steps: number;
  /** Virtual ms from the end of all trouble until everything was quiet. */
  readonly quietAfterMs: number;
  readonly words: number;
}

/** Far more than any sound run needs; a run that reaches it goes round in circles. */
const MAX_STEPS = 20_000;
const SLICE_MS = 10_000;
/** Longer than a backoff and a regular pull. */
const QUIET_FOR_MS = 65_000;
/** Backoff ends at a minute, a device without a pending change pulls once a minute, and merges may go to and fro once. */
const QUIET_WITHIN_MS = 5 * 60_000;
/** The server collects every hour, and a device asks every three days what the server lacks. */
const HOUR_MS = 3_600_000;
const BLOB_WAITS_MS = [HOUR_MS, HOUR_MS, ...Array<number>(5).fill(24 * HOUR_MS)];

export async function simulate(plan: Plan, options: RunOptions = {}): Promise<Outcome> {
  const random = createPrng(plan.seed).fork('world');
  const scheduler = createScheduler(plan.seed, options.onTrace);
  const verdict = createVerdict(scheduler.note);
  const tokens = createTokens();
  const watch = {
    onWhole: ({ hash }: BlobKey, bytes: Uint8Array) => blobs?.onServerWhole(hash, bytes, scheduler.now()),
    onClaim(key: BlobKey, what: Claimed) {
      // What is lost is taken from its row too.
      if (server.files.whole(key)) blobs?.onServerRemoval(key.hash, what, scheduler.now());
    },
  };
  const server = await createServerHost(scheduler, random, options.storage, plan.blobs ? watch : null);
  const wire = createWireOracle(verdict, server.life, server.isFull);
  const account = mintAccount(START_MS, random);
  const screen = plan.alone ? createScreenOracle(verdict) : null;
  const intent = createIntentOracle(tokens, verdict);
  const onServer = (hash: string) => server.files.whole({ accountId: account.accountId, hash });
  const blobs = plan.blobs ? createBlobOracle({ verdict, onServer }) : null;
  const deps = {
    scheduler,
    product: options.product ?? realProduct,
    server,
    verdict,
    wire,
    tokens,
    intent,
    screen,
    blobs,
    onDetail: options.onTrace ?? (() => {}),
  };
  const devices = plan.devices.map((device, index) => createDevice(index, device, account, random, deps));
  const director = scheduler.actor('director');
  const things: PersonDeps['things'] = new Map();
  const underWay: PersonDeps['underWay'] = new Set();
  const people: PersonDeps = {
    scheduler,
    tokens,
    things,
    underWay,
    screen,
    intent,
    product: deps.product,
    verdict,
    blobs,
    mintId: () => mintId(START_MS + scheduler.now(), random),
    knowsAll: (device, kind, id) => knowsAll(world, device, kind, id),
  };
  const world: World = { plan, devices, server, tokens, verdict, intent, screen, blobs, underWay, accountId: account.accountId };
  const copies: ServerCopy[] = [];

  let left = plan.acts.length;
  let ended = false;
  for (const step of plan.acts) {
    const deed = async (): Promise<void> => {
      await perform(step);
      left -= 1;
    };
    scheduler.timer(director, step.at, () => scheduler.spawn(director, step.do, deed), step.do);
  }
  const end = (): void => {
    if (left > 0) scheduler.spawn(director, 'wait for the plan', async () => end());
    else ended = true;
  };
  scheduler.timer(director, (plan.acts.at(-1)?.at ?? 0) + 1000, end, 'end of the plan');
  const limits = { maxSteps: MAX_STEPS, done: () => verdict.violations.length > 0 || ended };
  const run = (untilMs: number) => scheduler.run({ ...limits, untilMs: scheduler.now() + untilMs });

  let quietAfterMs = 0;
  try {
    await run(Number.POSITIVE_INFINITY);
    if (verdict.violations.length === 0) {
      quietAfterMs = await acknowledge();
      if (verdict.violations.length === 0) await judge(world);
      if (verdict.violations.length === 0) await judgeBlobs();
    }
  } catch (error) {
    verdict.fail('invariant 24: a bug was thrown', error instanceof Error ? (error.stack ?? error.message) : String(error));
  } finally {
    await server.close();
  }
  return {
    violations: verdict.violations,
    traceHash: scheduler.traceHash(),
    steps: scheduler.steps(),
    quietAfterMs,
    words: [...tokens.all()].length,
  };

  /** Ends all trouble, opens every device, and waits. Gives how long it took. */
  async function acknowledge(): Promise<number> {
    scheduler.note('HEAL');
    judgeProgress(world);
    const start = scheduler.now();
    scheduler.pardonAll();
    server.resume();
    const latest = latestOf(devices);
    for (const device of devices) {
      device.disk.repair();
      device.files.repair();
      device.backups.repair();
      device.link.setWeather(FAIR);
      device.setOnline(true);
      device.update(latest);
      // A new tab beside the old ones: its start replays what closed tabs have left.
      const tab = device.tab(2);
      if (plan.backups) {
        const busy = { page: tab.page };
        underWay.add(busy);
        scheduler.spawn(tab.page, 'end restores', async () => {
          await endRestores(device, tab, deps);
          underWay.delete(busy);
        });
      }
    }
    ended = false;
    while (scheduler.now() - start < QUIET_WITHIN_MS) {
      for (const device of devices) tryAgain(device, device.tab(2));
      if ((await run(SLICE_MS)) === 'steps') return outOfSteps();
      if (verdict.violations.length > 0) return 0;
      if (!(await whatIsLoud(world))) {
        // An account that nobody had entered yet holds as little as one that is new.
        const seqNow = async () => (await positionOf(world))?.seq ?? 0;
        const seq = await seqNow();
        await run(QUIET_FOR_MS);
        const later = await seqNow();
        if (seq !== later)
          verdict.fail('invariant 6: quiet stays quiet', `the account went from seq ${seq} to ${later} by itself`);
        return scheduler.now() - start;
      }
    }
    verdict.fail('invariant 8: everything gets quiet', `${await whatIsLoud(world)}`);
    return scheduler.now() - start;
  }

  /** Files are slower than words: days later the server has each of them, and a person who looks at a note sees what is in it. */
  async function judgeBlobs(): Promise<void> {
    if (!blobs) return;
    await server.verify();
    for (const ms of BLOB_WAITS_MS) {
      if (blobs.whatIsMissing() === null) return;
      for (const device of devices) lookAtFiles(device.tab(2), device, blobs);
      // A removal that its process did not end is taken over by the next collection that is an hour later.
      server.collect(account.accountId);
      if ((await run(ms)) === 'steps') return void outOfSteps();
      if (verdict.violations.length > 0) return;
    }
    const missing = blobs.whatIsMissing();
    if (missing !== null) verdict.fail('invariant 28: files follow', missing);
  }

  function lookAtFiles(tab: Tab, device: Device, seen: BlobOracle): void {
    tab.watch();
    scheduler.spawn(tab.page, 'look at the files', async () => {
      await tab.call('try again', (store) => store.retryQuarantined());
      for (const { place, fields } of [...device.oracle.entities()])
        if (place !== PURGED) await openPictures(JSON.stringify(fields), device, tab, seen);
    });
  }

  /** The person looks, answers what they are asked, and presses "Try again": an answer that refuses may still have been on its way before. */
  function tryAgain(device: Device, tab: Tab): void {
    tab.watch();
    scheduler.spawn(tab.page, 'try again', async () => {
      await tab.call('try again', (store) => store.retryQuarantined());
      await tab.call('answer', (store) => answerDeletions(store, 'delete', device.guard.answered));
    });
  }

  function outOfSteps(): number {
    verdict.fail('invariant 8: everything gets quiet', `not within ${MAX_STEPS} steps`);
    return 0;
  }

  async function perform(step: Act): Promise<void> {
    switch (step.do) {
      case 'server-kill':
        return server.killSoon(step.gates);
      case 'server-stop':
        return server.stop(step.ms);
      case 'server-full':
        return server.fill(step.ms);
      case 'server-copy':
        copies.push(server.copy());
        return;
      case 'server-restore': {
        const copy = copies.at(-1);
        const kept = copy && step.files ? keptFiles(copy.files, step.files) : undefined;
        if (copy) await destroy(world, () => server.restore(copy, step.rotate, kept));
        return;
      }
      case 'server-collect':
        return server.collect(account.accountId, step.pushes);
      case 'server-wipe':
        return destroy(world, () => server.wipe());
      default:
        break;
    }
    const device = devices[step.device % devices.length] as Device;
    switch (step.do) {
      case 'open':
        device.tab(step.tab);
        return;
      case 'close':
      case 'reload':
      case 'hide': {
        const tab = device.openTabs()[step.tab];
        if (step.do === 'hide') tab?.hide();
        else tab?.close(random.below(8));
        // The new page of a reload begins when the old one has ended.
        if (step.do === 'reload')
          tab?.page.onKill(() => scheduler.spawn(director, 'reloaded', async () => void device.tab(tab.place)));
        return;
      }
      case 'kill':
        if (step.what === 'courier') device.doomCourier(step.gates);
        else if (step.what === 'browser' || step.what === 'power') device.killBrowserSoon(step.gates, step.what === 'power');
        else device.openTabs()[step.tab]?.doom(step.what, step.gates);
        return;
      case 'evict':
        tokens.forgetRemovals((removed) => removed.device === device.name);
        intent.forgetDevice(device.name);
        intent.forgetTitles();
        return destroy(world, async () => device.evict());
      case 'lose':
        // What was taken out in the last moment is not in the copy yet; what was sent is known to the server alone.
        tokens.forgetRemovals(({ device: by, key }, word) => by === device.name && !device.copy.lacks(key, word));
        intent.forgetDevice(device.name);
        // What was deleted here is in the history alone, which is not copied.
        tokens.excuse(wordsIn([...device.oracle.rows()].filter(isKeptDeletion)), 'deleted');
        return destroy(world, async () => device.lose((await holdings(world)).words));
      case 'clock':
        if (step.forMs !== undefined) {
          const putRight = (): void => device.clock.jump(-step.byMs);
          scheduler.timer(director, step.forMs, putRight, 'the clock is put right');
        }
        return device.clock.jump(step.byMs);
      case 'disk':
        return device.disk.fail({ type: step.fault, skip: step.skip, times: step.times });
      case 'backup-full':
        return device.backups.fill(step.skip, step.times);
      case 'backup-damage':
        return device.backups.damage(step.place, step.how);
      case 'file-full':
        return device.files.fill(step.skip, step.times);
      case 'online':
      case 'offline':
        return device.setOnline(step.do === 'online');
      case 'weather': {
        const { badness, latencyMs } = step;
        return device.link.setWeather({
          dropRequest: badness / 3,
          dropAnswer: badness / 2,
          duplicate: badness / 2,
          strange: badness / 2,
          latencyMs,
        });
      }
      default:
        return act(step, device, people);
    }
  }
}

/** What is left of the blobs in a copy. */
function keptFiles(files: BlobsCopy, which: 'copy' | 'some' | 'none'): BlobsCopy {
  const share = { copy: 1, some: 0.5, none: 0 }[which];
  return new Map([...files].slice(0, Math.floor(files.size * share)));
}

/** The newest version of the app that anybody has: in the end all do. */
const latestOf = (devices: readonly Device[]): Ledger => (devices.some(({ isNewer }) => isNewer) ? newerLedger : ledger);

interface World {
  readonly plan: Plan;
  readonly devices: readonly Device[];
  readonly server: ServerHost;
  readonly tokens: Tokens;
  readonly verdict: Verdict;
  readonly intent: IntentOracle;
  readonly screen: ScreenOracle | null;
  readonly blobs: BlobOracle | null;
  readonly underWay: PersonDeps['underWay'];
  readonly accountId: string;
}

async function read<T>(world: World, body: Parameters<ServerHost['storage']['read']>[0]): Promise<T> {
  const result = await world.server.storage.read(body);
  if (!result.ok) throw new Error(result.error.type);
  return result.value as T;
}

type Position = { readonly epoch: string; readonly seq: number; readonly lastOpId: string | null } | undefined;
const positionOf = (world: World): Promise<Position> => read<Position>(world, (reader) => reader.account(world.accountId));

/** What the server holds now: one line by entity, and all bodies. */
async function holdings({
  server,
  accountId,
}: World): Promise<{ readonly lines: readonly string[]; readonly words: ReadonlySet<string> }> {
  const result = await server.storage.read(async (reader) => {
    const heads = await reader.headsAfter(accountId, 0, 1_000_000);
    const entities = await reader.versionsAt(
      accountId,
      heads.map(({ seq }) => seq),
    );
    return {
      lines: heads.map(({ kind, id, version, deleted }, at) => line(kind, id, version, deleted, hashOf(entities[at]))).sort(),
      words: wordsIn(entities.map(({ body }) => server.wholeBody(body) ?? '').join(' ')),
    };
  });
  if (!result.ok) throw new Error(result.error.type);
  return result.value;
}

/** Of the body itself, whether it travelled inside of its op or not. */
const hashOf = (entity: RemoteEntity | undefined): string => readStandIn(entity?.body ?? null)?.blob ?? entity?.hash ?? '';

const line = (kind: string, id: string, version: string | null, deleted: boolean, hash: string): string =>
  `${kind}/${id} ${version} ${deleted ? 'deleted' : hash.slice(0, 12)}`;

async function everywhere(world: World): Promise<ReadonlySet<string>> {
  const found = new Set((await holdings(world)).words);
  for (const device of world.devices) for (const word of wordsIn([...device.oracle.rows()])) found.add(word);
  return found;
}

/** Runs what takes a whole copy away. A word of which that was the only one cannot be expected back. */
async function destroy(world: World, deed: () => Promise<void>): Promise<void> {
  const before = await everywhere(world);
  const life = world.server.life();
  await (world.blobs ? world.blobs.destroy(deed) : deed());
  if (world.server.life() !== life) await forgetLostPasts(world);
  const after = new Set([...(await everywhere(world)), ...world.devices.flatMap((device) => [...device.copy.words()])]);
  world.tokens.excuse(
    [...before].filter((word) => !after.has(word)),
    'the only copy was destroyed',
  );
}

/**
 * Two devices have two versions of an entity that the server has lost, of which neither contains the other: it was put back twice. The
 * nearest version that the two have in common is then whole nowhere.
 */
async function forgetLostPasts({ server, accountId, devices, tokens, intent }: World): Promise<void> {
  const rows = devices.flatMap(({ oracle }) => [...oracle.entities()]);
  const versions = rows.flatMap(({ version }) => version ?? []);
  const result = await server.storage.read((reader) => reader.appliedOps(accountId, versions));
  if (!result.ok) throw new Error(result.error.type);
  const inLog = new Set(result.value.map(({ opId }) => opId));
  for (const { kind, id } of rows) {
    const lost = devices.flatMap((device) => {
      const row = device.oracle.entity(kind, id);
      return row && row.version !== null && !inLog.has(row.version)
        ? [{ version: row.version, known: knownOf(device, row) }]
        : [];
    });
    if (new Set(lost.map(({ version }) => version)).size < 2) continue;
    const isIn = (one: string, { version, known }: (typeof lost)[number]): boolean => one === version || known.has(tailOf(one));
    const areInOrder = lost.every((one) => lost.every((other) => isIn(one.version, other) || isIn(other.version, one)));
    if (areInOrder) continue;
    tokens.forgetRemovals((removed) => removed.key === `${kind}/${id}`);
    tokens.ignoreRemovals(`${kind}/${id}`);
    intent.forgetPlace(kind, id);
  }
}

/** The versions that a row contains, by their short names. */
function knownOf({ oracle }: Device, { kind, id, lineage, older = '' }: EntityRow): ReadonlySet<string> {
  const chunks = [...oracle.rows()].flatMap((row) =>
    'tails' in row && 'key' in row && String(row.key).startsWith(`ancestors/${kind}/${id}/`) ? [String(row.tails)] : [],
  );
  return new Set([...tailsIn([...chunks, older].join('')), ...lineage.map(tailOf)]);
}

/** Whether a device has everything that anybody has done with an entity, and the server has it, too. */
async function knowsAll(world: World, device: Device, kind: string, id: string): Promise<boolean> {
  const row = device.oracle.entity(kind, id);
  if (!row || world.devices.some(({ link, openEditorsDirty }) => link.isBusy() || openEditorsDirty())) return false;
  // A device that has an older version may be the first to offer it to a server that was put back: under a new name, so that
  // nobody can tell that what is known elsewhere contains it.
  const isSame = (one: EntityRow | undefined): boolean =>
    one === undefined || (one.queued === null && one.sent === null && one.version === row.version);
  if (!world.devices.every(({ oracle }) => isSame(oracle.entity(kind, id)))) return false;
  if (world.devices.some(({ oracle }) => [...oracle.rows()].some((one) => 'builtOn' in one))) return false;
  // A new child brings its parent back.
  if (
    world.devices.some(({ oracle }) =>
      [...oracle.entities()].some((one) => one.parent === id && (one.queued !== null || one.sent !== null)),
    )
  )
    return false;
  const { server, accountId } = world;
  const result = await server.storage.read(async (reader) => {
    const heads = await reader.headsAfter(accountId, 0, 1_000_000);
    const unknown = heads.filter((head) => device.oracle.entity(head.kind, head.id)?.version !== head.version);
    const news = await reader.versionsAt(
      accountId,
      unknown.map(({ seq }) => seq),
    );
    return {
      isNewest: heads.some((head) => head.kind === kind && head.id === id && head.version === row.version),
      // So does one that the server has taken and this device has not pulled: who deletes the parent has not seen its words.
      namesIt: news.some(({ deleted, body }) => !deleted && server.wholeBody(body)?.includes(id)),
    };
  });
  return result.ok && result.value.isNewest && !result.value.namesIt;
}

/** What is still under way; null when all is quiet. */
async function whatIsLoud(world: World): Promise<string | null> {
  const position = await positionOf(world);
  if ([...world.underWay].some(({ page }) => page.alive())) return 'somebody waits for a note to open';
  for (const device of world.devices) {
    if (device.openEditorsDirty()) return `${device.name} has typed what is not saved`;
    const waiting = [...device.oracle.outbox()];
    if (waiting.length > 0) return `${device.name} has ${waiting.length} in its outbox: ${JSON.stringify(waiting[0])}`;
    const sync = device.oracle.sync();
    if (sync?.failure) return `${device.name} failed: ${JSON.stringify(sync.failure)}`;
    if (sync?.reconciling) return `${device.name} is reconciling`;
    if (!position && [...device.oracle.entities()].length > 0) return `the server does not know the account of ${device.name}`;
    if (position && (sync?.cursor !== position.seq || sync.epoch !== position.epoch)) {
      return `${device.name} is at ${sync?.epoch} ${sync?.cursor}, the server at ${position.epoch} ${position.seq}`;
    }
    // A server that was put back may have come to the same seq by other changes: the device has not learned of that yet.
    if (position && sync?.seen?.seq === position.seq && sync.seen.opId !== position.lastOpId)
      return `${device.name} has seen ${sync.seen.opId}, the server has ${position.lastOpId}`;
    const held = [...device.oracle.rows()].find((row) => 'deletion' in row);
    if (held) return `${device.name} holds a deletion: ${JSON.stringify(held)}`;
    const left = [...device.oracle.rows()].find((row) => 'builtOn' in row);
    if (left) return `${device.name} has a journal row that nobody replays: ${JSON.stringify(left)}`;
    // What left a device that has since been closed or cleared may still reach the server.
    if (device.link.isBusy()) return `${device.name} has a request under way`;
  }
  return null;
}

async function judge(world: World): Promise<void> {
  const { devices, verdict, tokens } = world;
  const { lines } = await holdings(world);
  for (const device of devices) {
    const own = [...device.oracle.entities()]
      .map((row) => {
        const deleted = row.place === PURGED;
        const text = deleted ? '' : (row.raw ?? encodeBody(row));
        return line(row.kind, row.id, row.version, deleted, hashText(text));
      })
      .sort();
    const missing = lines.filter((one) => !own.includes(one));
    const extra = own.filter((one) => !lines.includes(one));
    if (missing.length + extra.length > 0) {
      verdict.fail('invariant 6: all hold the same', `${device.name} lacks ${missing.join('; ')}, has ${extra.join('; ')}`);
    }
    const left = [...device.oracle.outbox()];
    if (left.length > 0)
      verdict.fail('invariant 8: everything gets quiet', `${device.name} still has ${JSON.stringify(left[0])}`);
  }
  const rows = devices.map(({ oracle }) => [...oracle.entities()]);
  world.intent.judge(rows[0] ?? []);
  world.screen?.judge(rows[0] ?? []);
  for (const device of devices) await judgeBackups(device, verdict);
  judgeRemovals(world, rows.flat());
  if (!world.plan.acts.some((act) => act.do === 'server-restore' || act.do === 'server-wipe')) {
    judgeFamilies(world, rows.flat());
    await judgeServerBackups(world.server, world.accountId, verdict);
  }
  const found = await everywhere(world);
  const inSight = wordsIn(devices.flatMap(({ oracle }) => [...oracle.rows()].filter(isInSight)));
  const shown = shownOn(world);
  for (const token of tokens.all()) {
    if (!token.saved || token.excuse !== null) continue;
    if (!found.has(token.word)) verdict.fail('invariant 7: no silent loss', `${token.word}, written by ${token.origin}`);
    else if (!inSight.has(token.word)) {
      verdict.fail('invariant 5: no edit is only in the history of what lives', `${token.word}, written by ${token.origin}`);
    } else if (!shown.has(token.word)) {
      verdict.fail('invariant 5: no edit is in a field that no app shows', `${token.word}, written by ${token.origin}`);
    }
  }
}

/** A child that the server took after the deletion of its parent has brought it back. Holds within one life of the server. */
function judgeFamilies({ verdict }: World, rows: readonly EntityRow[]): void {
  const graves = new Map(rows.filter(({ place }) => place === PURGED).map((row) => [row.id, row]));
  for (const { kind, id, place, parent, seq } of rows) {
    const grave = graves.get(parent ?? '');
    if (place === PURGED || !grave || seq < grave.seq) continue;
    verdict.fail('invariant 22: a new child brings its parent back', `${kind}/${id} of ${grave.kind}/${grave.id}`);
  }
}

/** Nothing that needs a page to try again: whatever was edited a minute ago was sent while the person looked. */
const CALM: ReadonlySet<Act['do']> = new Set([
  'new',
  'type',
  'erase',
  'undo',
  'untag',
  'move',
  'set',
  'resolve',
  'open',
  'online',
]);
const SENT_WITHIN_MS = 60_000;

/** With a page visible and the server reachable what waits is sent; with none open when the network is back. */
function judgeProgress({ plan, devices, verdict }: World): void {
  for (const { name, oracle } of plan.unattended ? devices : []) {
    const left = [...oracle.outbox()].find((row) => row.state !== 'parked');
    if (left) verdict.fail('invariant 8: what waits is sent with no tab open', `${name} ${JSON.stringify(left)}`);
  }
  if (!plan.acts.every((step) => CALM.has(step.do))) return;
  for (const { name, clock, oracle } of devices) {
    const late = [...oracle.outbox()].find((row) => row.state !== 'parked' && row.queuedAt < clock.now() - SENT_WITHIN_MS);
    if (late) verdict.fail('invariant 8: what waits is sent while somebody looks', `${name} ${JSON.stringify(late)}`);
  }
}

/** What a person took out stays out, unless somebody put it in again, or a merge says that it came back. */
function judgeRemovals({ tokens, verdict }: World, rows: readonly EntityRow[]): void {
  const isReport = ({ kind }: EntityRow): boolean => kind === 'merge-log' || kind === 'conflict';
  const reported = wordsIn(rows.filter(isReport));
  const here = wordsIn(rows.filter((row) => !isReport(row) && row.place !== PURGED).map(({ fields }) => fields));
  for (const { word, origin, removed, broughtBack } of tokens.all()) {
    if (!removed || broughtBack || reported.has(word) || !here.has(word)) continue;
    verdict.fail(
      'invariant 18: what was removed stays removed',
      `${word}, written by ${origin}, removed on ${removed.device} from ${removed.key}`,
    );
  }
}

const isKeptDeletion = (row: object): boolean => 'reason' in row && 'order' in row && (row as HistoryRow).reason === 'delete';

/** Where a person finds it: what is, conflicts, merge log, quarantine; kept revisions only of what was deleted. */
const isInSight = (row: object): boolean => !('reason' in row && 'order' in row) || (row as HistoryRow).reason === 'delete';

/** What the app shows of a row: of an entity the fields that it knows, of an older version as its migrations make them. */
function shownOf(row: object, shown: Ledger): unknown {
  if (!('lineage' in row && 'stamps' in row)) return row;
  const { kind, v, fields } = row as EntityRow;
  const declaration = shown.get(kind);
  if (!declaration) return row;
  const view = Object.entries(viewFields(declaration, v, fields));
  return view.filter(([field]) => field === BINNED_AT || Object.hasOwn(declaration.fields, field));
}

function shownOn({ devices }: World): ReadonlySet<string> {
  const shown = latestOf(devices);
  return wordsIn(devices.flatMap(({ oracle }) => [...oracle.rows()].filter(isInSight).map((row) => shownOf(row, shown))));
}
