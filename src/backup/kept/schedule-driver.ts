/**
 * Has backups made when they are due: in one tab of a workspace, beside whatever else it does. What it needs to know is read when it is
 * wanted; nothing of it lives on in memory alone but the timer.
 */

import { type BackupFailure, type BackupPace, type BackupPlace, type BackupSchedule, DEVICE_PLACE } from '#core/backup-places.ts';
import type { DatabaseState } from '#core/backup-rows.ts';
import type { BackupInfo, BackupList, BackupWatch, MadeReason } from '#core/backups.ts';
import type { BackupError } from '#core/errors.ts';
import type { Clock } from '#core/ports.ts';
import { ok, type Result } from '#core/result.ts';
import { addFailure, isCheckDue, isUndamaged, lastCheckOf, lastVerifiedOf, newestOf, nextDue, stateOf } from './schedule.ts';

/** What the schedule itself needs could not be read: it looks again. */
const AGAIN_MS = 5 * 60_000;
/** A restore is going on: it looks again. */
const RESTORING_MS = 30_000;
/** From the first change of an empty workspace to its first backup: some words are to be in it. */
const FIRST_MS = 20_000;

export interface DriverPorts {
  readonly clock: Clock;
  /** Whether a restore is being written, or taken back: nobody needs a backup of half of it, and both would take longer. */
  readonly isRestoring: () => Promise<boolean>;
  readonly pace: () => Promise<Result<BackupPace, BackupError>>;
  readonly state: () => Promise<Result<DatabaseState, BackupError>>;
  readonly list: () => Promise<Result<BackupList, BackupError>>;
  readonly backUp: (reason: MadeReason, watch?: BackupWatch) => Promise<Result<BackupInfo, BackupError>>;
  readonly verify: (id: string) => Promise<Result<BackupInfo, BackupError>>;
  readonly readFailure: () => Promise<Result<BackupFailure | null, BackupError>>;
  /** Goes on with the other places. Gives when to look again, wall time in ms. */
  readonly others: () => Promise<number>;
  readonly writeFailure: (failure: BackupFailure | null) => Promise<Result<void, BackupError>>;
}

export interface BackupDriver {
  /** Begins to keep the schedule. The returned function ends it. */
  start(): () => void;
  /** Does what is due now, once. Gives when to look again, wall time in ms. Throws what its ports throw. */
  step(): Promise<number>;
  /** The pace may be another: the schedule looks again. */
  look(): void;
  /** Something was written. Cheap: where there is a backup already, the schedule decides. */
  changed(): void;
  /** A backup at once, whether or not something is new. What becomes of it counts for the schedule. */
  backUp(reason: MadeReason, watch?: BackupWatch): Promise<Result<BackupInfo, BackupError>>;
  /** The newest backup that has everything: made now, where something has changed since the last one, or that was found damaged. */
  fresh(): Promise<Result<BackupInfo, BackupError>>;
  /** This device as a place. */
  place(): Promise<Result<BackupPlace, BackupError>>;
  schedule(): Promise<Result<BackupSchedule, BackupError>>;
}

export function createBackupDriver(ports: DriverPorts): BackupDriver {
  const { clock } = ports;
  let cancel: (() => void) | null = null;
  let isOn = false;
  let isLooking = false;
  /** While it looked: what it has read by then may be old. */
  let isAskedAgain = false;
  /** There was nothing yet to back up: the first words do not wait for the pace. */
  let isEmpty = false;
  /** Since it began to look. */
  let hasNews = false;

  let making = 0;

  const readAll = async () => {
    const [pace, state, list, failure] = await Promise.all([ports.pace(), ports.state(), ports.list(), ports.readFailure()]);
    if (!pace.ok) return pace;
    if (!state.ok) return state;
    if (!list.ok) return list;
    if (!failure.ok) return failure;
    const { bytes } = list.value;
    // What was brought from elsewhere says nothing of how this workspace is backed up.
    const backups = list.value.backups.filter(({ reason }) => reason !== 'brought');
    const last = newestOf(backups.filter(isUndamaged), state.value.database);
    return ok({ pace: pace.value, now: state.value, failure: failure.value, backups, bytes, last });
  };

  const backUp = async (reason: MadeReason, watch?: BackupWatch): Promise<Result<BackupInfo, BackupError>> => {
    making += 1;
    const made = await ports.backUp(reason, watch).finally(() => {
      making -= 1;
    });
    const failure = await ports.readFailure();
    const before = failure.ok ? failure.value : null;
    if (!made.ok && made.error.type !== 'BackupStopped') {
      await ports.writeFailure(addFailure(before, made.error, clock.now()));
    } else if (made.ok && before) await ports.writeFailure(null);
    return made;
  };

  /** The device first: the others get copies of what is there. Gives when to look again. */
  const step = async (): Promise<number> => {
    if (await ports.isRestoring()) return clock.now() + RESTORING_MS;
    const at = await stepHere();
    return Math.min(at, await ports.others());
  };

  const stepHere = async (): Promise<number> => {
    const facts = await readAll();
    const nowMs = clock.now();
    if (!facts.ok) {
      // A place that cannot be read takes no backup either.
      const failure = await ports.readFailure();
      if (failure.ok) await ports.writeFailure(addFailure(failure.value, facts.error, nowMs));
      return nowMs + AGAIN_MS;
    }
    const due = nextDue(facts.value, nowMs);
    isEmpty = !due.isDue && facts.value.backups.length === 0 && facts.value.failure === null;
    const made = due.isDue ? await backUp('schedule') : null;
    const { backups } = facts.value;
    const newest = made?.ok ? made.value : backups[0];
    if (newest && isCheckDue(lastCheckOf(backups, nowMs), nowMs)) await ports.verify(newest.id);
    if (!due.isDue) return due.at;
    const after = await readAll();
    return after.ok ? nextDue(after.value, clock.now()).at : clock.now() + AGAIN_MS;
  };

  const look = (): void => {
    if (isLooking) isAskedAgain = true;
    if (!isOn || isLooking) return;
    cancel?.();
    isLooking = true;
    isAskedAgain = false;
    hasNews = false;
    void step()
      .catch(() => clock.now() + AGAIN_MS)
      .then((at) => {
        isLooking = false;
        // Never at once again, whatever the clock does.
        const waitMs = isEmpty && hasNews ? FIRST_MS : Math.max(1000, at - clock.now());
        if (isOn) cancel = clock.setTimer(isAskedAgain ? 0 : waitMs, look);
      });
  };

  return {
    start() {
      isOn = true;
      look();
      return () => {
        isOn = false;
        cancel?.();
      };
    },
    step,
    look,
    changed() {
      hasNews = true;
      if (!isEmpty || !isOn || isLooking) return;
      isEmpty = false;
      cancel?.();
      cancel = clock.setTimer(FIRST_MS, look);
    },
    backUp,
    async fresh() {
      const facts = await readAll();
      if (!facts.ok) return facts;
      const { last, now } = facts.value;
      const hasAll = last?.localSeq === now.localSeq && last.database === now.database;
      return last && hasAll ? ok(last) : backUp('schedule');
    },
    async place() {
      const facts = await readAll();
      if (!facts.ok) return facts;
      const { pace, backups, bytes, failure } = facts.value;
      return ok({
        ...{ id: DEVICE_PLACE, type: 'device', name: '', pace, isMirror: false, failure, isBarred: false, isBusy: making > 0 },
        state: stateOf(backups, bytes, facts.value.last, clock.now()),
        nextAt: nextDue(facts.value, clock.now()).at,
      });
    },
    async schedule() {
      const facts = await readAll();
      if (!facts.ok) return facts;
      const { pace, backups, failure } = facts.value;
      return ok({
        pace,
        lastMadeAt: backups[0]?.madeAt ?? null,
        lastVerifiedAt: lastVerifiedOf(backups),
        nextAt: nextDue(facts.value, clock.now()).at,
        failure,
        shrunken: shrunkenOf(backups),
      });
    },
  };
}

function shrunkenOf(backups: readonly BackupInfo[]): BackupSchedule['shrunken'] {
  const [newest] = backups;
  const before = backups.find(({ isShrunken }) => !isShrunken);
  return newest?.isShrunken && before ? { id: newest.id, before: before.counts, now: newest.counts } : null;
}
