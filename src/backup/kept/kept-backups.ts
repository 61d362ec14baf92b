/**
 * The backups of a workspace in one place. What writes or removes holds the lock of the place; what only reads does not: a list and its parts are never
 * changed, only removed.
 */

import type { RowReader } from '#core/backup-rows.ts';
import type { BackedUpVersions, BackupInfo, BackupList, BackupProgress, MadeReason } from '#core/backups.ts';
import type { Ledger } from '#core/entity.ts';
import type { KeyPair } from '#core/entity-key.ts';
import { mintId } from '#core/ids.ts';
import type { Clock, Locks, Random } from '#core/ports.ts';
import type { StopSignal } from '#core/stop.ts';
import { type Bringing, bringRecords } from './bring-records.ts';
import { type Check, type Checks, checkOf, readChecks, writeChecks } from './checks.ts';
import { type CopyOptions, copyBackup, copyLacking, type FilesBothWays, fillFiles, type Lacking } from './copy-backup.ts';
import { caught, Failure, take } from './failure.ts';
import { findVersions } from './find-versions.ts';
import {
  BROUGHT_MS,
  infoFrom,
  isBrought,
  keptAnew,
  keptAtLeast,
  keptUntil,
  soundParts,
  stateOf,
  withoutHealed,
} from './kept-state.ts';
import { type KnownManifests, readKnown } from './known-manifests.ts';
import { makeBackup } from './make-backup.ts';
import { idOfManifest, type Manifest, manifestPath, readManifest } from './manifest.ts';
import { newestFirst } from './newest-first.ts';
import type { Place } from './place.ts';
import { isShrunken, planRemoval } from './retention.ts';
import { newestOf } from './schedule.ts';
import { idsIn, type Named, sweepPlace } from './sweep-place.ts';
import { verifyBackup } from './verify.ts';

/** How many folders are looked into at a time. */
const AT_ONCE = 32;

export interface KeptBackupsOptions {
  readonly place: Place;
  /** Of the place: whoever writes there holds it. */
  readonly lock: string;
  readonly ledger: Ledger;
  readonly clock: Clock;
  readonly random: Random;
  readonly locks: Locks;
  /** As `Date.getTimezoneOffset`, of now. */
  readonly offsetMinutes: number;
  /** Those that were read before, for whoever looks into the same place again and again. */
  readonly manifests?: KnownManifests;
  /** Other devices may write there, through a program that copies their files in any order. */
  readonly isShared?: boolean;
  /** Called under the lock before lists are removed, with the ids of those that stay. */
  readonly onRemoval?: (left: readonly string[]) => Promise<void>;
}

/** Who makes a backup, and of what. */
export interface BackedUp extends Pick<Manifest, 'app' | 'account' | 'workspace' | 'device'> {
  readonly rows: RowReader;
}

export interface Run {
  readonly signal: StopSignal;
  /** Waited for after each transaction and each part. */
  readonly pause: () => Promise<void>;
  /** Called with how far it is. */
  readonly tell?: (progress: BackupProgress) => void;
}

interface Looked extends Named {
  readonly checks: Checks;
}

export interface Received extends Lacking {
  readonly info: BackupInfo;
}

/** Everything throws a `Failure`; see `BackupCalls` for what the calls do. */
export function createKeptBackups(options: KeptBackupsOptions) {
  const { place, lock, ledger, clock, random, locks, offsetMinutes, manifests, isShared = false, onRemoval } = options;
  /** Waits for whoever writes there. */
  const alone = async <V>(body: () => Promise<V>): Promise<V> => (await locks.hold(lock, body)) as V;

  async function readAll(): Promise<Looked> {
    const found: Manifest[] = [];
    const unreadable: { name: string; isNewer: boolean }[] = [];
    for (const name of await place.list('')) {
      if (idOfManifest(name) === null) continue;
      const file = await place.read(name);
      const read = file && (await readKnown(manifests, name, file));
      if (read?.ok && manifestPath(read.value.id) === name) found.push(read.value);
      // Left by a write that was killed: it has never counted.
      else if (file?.size === 0) continue;
      // Removed since it was listed: not there.
      else if (read) unreadable.push({ name, isNewer: !read.ok && read.error === 'newer' });
    }
    return { manifests: newestFirst(found), unreadable, checks: await readChecks(place) };
  }

  const find = async (id: string): Promise<Manifest> => {
    const file = await place.read(manifestPath(id));
    const read = file && (await readManifest(file));
    if (!read) throw new Failure({ type: 'BackupMissing' });
    if (!read.ok) throw new Failure({ type: read.error === 'newer' ? 'BackupNewer' : 'BackupDamaged' });
    return read.value;
  };

  /** The names of all parts that lie there. */
  async function listParts(withSweep: boolean): Promise<Set<string>> {
    const names = new Set<string>();
    for (let from = 0; from < 256; from += AT_ONCE) {
      const folders = Array.from({ length: AT_ONCE }, (_, at) => `parts/${(from + at).toString(16).padStart(2, '0')}`);
      if (withSweep) await Promise.all(folders.map((folder) => place.sweep(folder)));
      for (const found of await Promise.all(folders.map((folder) => place.list(folder))))
        for (const name of found) names.add(name);
    }
    return names;
  }

  /** Removes backups of those found, and what only they named. */
  async function removeAll(ids: readonly string[], there: ReadonlySet<string>, found: Named): Promise<void> {
    const isRemoved = ({ id }: Manifest): boolean => ids.includes(id);
    const left = { ...found, manifests: found.manifests.filter((one) => !isRemoved(one)) };
    await onRemoval?.(idsIn(left).filter((id) => !ids.includes(id)));
    for (const id of ids) await place.remove(manifestPath(id));
    await sweepPlace({ place, clock, isShared }, there, left, found.manifests.filter(isRemoved));
  }

  /** What was written anew is whole again, and what may be removed beside the new one is. */
  async function settle(
    made: Manifest,
    { manifests, unreadable, checks }: Looked,
    there: ReadonlySet<string>,
    lacking: readonly string[] = [],
  ): Promise<BackupInfo> {
    const all = newestFirst([made, ...manifests]);
    const healed = keptAnew(withoutHealed(checks, made, lacking), made, nowMs());
    if (healed !== checks) {
      const ids = all.map(({ id }) => id);
      await writeChecks(place, healed, ids);
    }
    const states = (which: readonly Manifest[]) => which.map((one) => stateOf(infoOf(one, healed)));
    const removable = [
      // Those of another workspace, which may go on elsewhere, are its own to remove.
      ...planRemoval(states(all.filter((one) => !isBrought(one) && one.workspace === made.workspace)), offsetMinutes),
      // What was brought goes when nothing needs it any more.
      ...states(all.filter(isBrought)).flatMap(({ id, isPinned }) => (isPinned ? [] : [id])),
    ];
    // Whoever had this one made is about to use it.
    const removed = removable.filter((id) => id !== made.id);
    // The backup counts already: what cannot be removed now is removed after the next one.
    if (removed.length > 0) await removeAll(removed, there, { manifests: all, unreadable }).catch(() => {});
    return infoOf(made, healed);
  }

  const make = ({ rows, ...about }: BackedUp, reason: MadeReason, run: Run, files: CopyOptions['files']): Promise<Received> =>
    alone(async () => {
      await place.sweep('');
      const found = await readAll();
      const own = found.manifests.filter((one) => one.workspace === about.workspace && !isBrought(one));
      const there = await listParts(own.length === 0);
      const known = own.find((one) => !infoOf(one, found.checks).isShrunken);
      let lackingFiles = 0;
      const made = await makeBackup({
        place,
        rows,
        ledger,
        last: newestOf(own, take(await rows.state()).database),
        kept: soundParts(there, found.checks),
        about: { ...about, id: mintId(nowMs(), random), madeAt: nowMs(), reason },
        isShrunken: (counts) => known !== undefined && isShrunken(known.counts, counts, ledger),
        async beforeList(manifest) {
          if (files) lackingFiles = await copyLacking(manifest, files, run);
        },
        ...run,
      });
      return { info: await settle(made, found, there), lackingFiles, lackingParts: [] };
    });

  type Which = (manifests: readonly Manifest[]) => readonly Manifest[];
  const markAlone = async (which: Which, change: (check: Check) => Check): Promise<Checks> => {
    const { manifests, checks } = await readAll();
    const changes = which(manifests).map(({ id }) => [id, change(checkOf(checks, id))] as const);
    const changed = { ...checks, ...Object.fromEntries(changes) };
    const ids = manifests.map((one) => one.id);
    await writeChecks(place, changed, ids);
    return changed;
  };
  const mark: typeof markAlone = (...marking) => alone(() => markAlone(...marking));
  /** Whoever brings a backup is about to look at it. One that was made here to be kept stays for longer. */
  const keepToLookAt = (one: Manifest, known: Partial<Check> = {}): Promise<Checks> =>
    markAlone(the(one.id), (check) => keptAtLeast({ ...check, ...known }, nowMs() + BROUGHT_MS, one));
  const the = (id: string) => (manifests: readonly Manifest[]) => manifests.filter((one) => one.id === id);
  /** A clock that says a time before 1970 makes backups all the same. */
  const nowMs = (): number => Math.max(0, clock.now());
  const infoOf = (manifest: Manifest, checks: Checks): BackupInfo => infoFrom(manifest, checks, nowMs());

  return {
    async list(): Promise<BackupList> {
      const { manifests, unreadable, checks } = await readAll();
      const parts = new Map(manifests.flatMap((one) => one.parts.map(({ hash, bytes }) => [hash, bytes] as const)));
      const bytes = [...parts.values()].reduce((sum, one) => sum + one, 0);
      return { backups: manifests.map((one) => infoOf(one, checks)), unreadable, bytes };
    },

    /** The states of one entity in all of them: what was brought from elsewhere among them. */
    async versions(key: KeyPair, { signal, pause }: Run): Promise<BackedUpVersions> {
      const { manifests } = await readAll();
      return findVersions({ place, manifests, key, declaration: ledger.get(key[0]), signal, pause });
    },

    /** Copies a backup of another place to this one, or what of it is missing here. It counts as any other then; one that was made here is made whole. */
    receive: (given: Manifest, options: Run & Pick<CopyOptions, 'from' | 'files' | 'acceptDamage'>): Promise<Received> =>
      alone(async () => {
        await place.sweep('');
        const { manifests, ...looked } = await readAll();
        const before = manifests.find(({ id }) => id === given.id);
        const isOwn = before !== undefined && !isBrought(before) && isBrought(given);
        const manifest = isOwn ? before : given;
        const found = { ...looked, manifests, ...(isOwn && { checks: await keepToLookAt(before) }) };
        const others = found.manifests.filter(({ id }) => id !== manifest.id);
        const there = await listParts(others.length === 0);
        const sound = soundParts(there, found.checks);
        const named = new Set(found.manifests.flatMap(({ parts }) => parts.map(({ hash }) => hash)));
        const kept = place.comparesHashes ? sound : new Set([...sound].filter((hash) => named.has(hash)));
        const lacking = await copyBackup({ ...options, manifest, to: place, kept, left: sound });
        return { info: await settle(manifest, { ...found, manifests: others }, there, lacking.lackingParts), ...lacking };
      }),

    backUp: async (about: BackedUp, reason: MadeReason, run: Run): Promise<BackupInfo> =>
      (await make(about, reason, run, null)).info,

    /** A backup with the reason `mirror`, made here from the rows, with the files that lie beside it. It takes the place of the one before it. */
    mirror: (about: BackedUp, files: NonNullable<CopyOptions['files']>, run: Run): Promise<Received> =>
      make(about, 'mirror', run, files),

    /** Writes the files of a backup that are not there, or, where all of them are to be read, not whole. Gives how many could not be had. */
    async fill(id: string, files: FilesBothWays, isThorough: boolean, run: Run): Promise<number> {
      const manifest = await find(id);
      const write = await fillFiles(manifest, files, isThorough && place.comparesHashes !== true, run);
      return write ? alone(write) : 0;
    },

    /** Keeps what comes from elsewhere, beside the backups that were made here. */
    bring: (bringing: Bringing, run: Run): Promise<BackupInfo> =>
      alone(async () => {
        const { checks } = await readAll();
        const all = await listParts(true);
        const brought = await bringRecords(place, { all, sound: soundParts(all, checks) }, bringing, run);
        // Before anyone else may tidy: one of the same content may have been released.
        return infoOf(brought, await keepToLookAt(brought, { checkedAt: nowMs(), damaged: [] }));
      }),

    async verify(id: string, rows: RowReader | null, run: Run): Promise<BackupInfo> {
      const manifest = await find(id);
      const { manifests } = await readAll();
      const away = (one: Manifest): number => Math.abs(one.madeAt - manifest.madeAt);
      const others = manifests.filter((one) => one.id !== id).sort((a, b) => away(a) - away(b));
      const damaged = await verifyBackup({ place, manifest, others, rows, ledger, ...run });
      const checks = await mark(the(id), (check) => ({ ...check, checkedAt: nowMs(), damaged }));
      // Removed meanwhile: what was read of it says nothing.
      if (!Object.hasOwn(checks, id)) throw new Failure({ type: 'BackupMissing' });
      return infoOf(manifest, checks);
    },

    remove: (id: string): Promise<void> => alone(async () => removeAll([id], await listParts(true), await readAll())),

    async pin(id: string, until: number | null): Promise<void> {
      await find(id);
      await mark(the(id), (check) => keptUntil(check, until));
    },

    /**
     * Keeps it until then, wall time in ms, for whoever reads it from beginning to end. Nobody waits where at least half of that time is left anyway. A place
     * that takes no writes is read all the same: it makes no room either.
     */
    async keepWhileRead(id: string, until: number): Promise<void> {
      const manifest = await find(id);
      const known = checkOf(await readChecks(place), id);
      if (keptAtLeast(known, (nowMs() + until) / 2, manifest) === known) return;
      await caught(() => mark(the(id), (check) => keptAtLeast(check, until, manifest)));
    },

    async accept(id: string): Promise<void> {
      await find(id);
      await mark(
        (manifests) => manifests.slice(manifests.findIndex((one) => one.id === id)).filter(({ shrunken }) => shrunken),
        (check) => ({ ...check, accepted: true }),
      );
    },

    find,
  };
}
