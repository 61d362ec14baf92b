/**
 * Has the newest backup of this device copied to each other place when it is due there. Each place has its own pace, state and failure, and none keeps another
 * waiting for longer than its copy takes.
 */

import type { BackupFailure, BackupPace, PlaceState } from '#core/backup-places.ts';
import type { DatabaseState } from '#core/backup-rows.ts';
import type { BackupInfo, BackupList, BackupWatch } from '#core/backups.ts';
import type { BackupError } from '#core/errors.ts';
import type { Clock } from '#core/ports.ts';
import { err, ok, type Result } from '#core/result.ts';
import type { Received } from './kept-backups.ts';
import { addFailure, isCheckDue, isUndamaged, newestOf, nextDue, retryOf, stateOf } from './schedule.ts';

/** What a place is, as far as its schedule goes. */
export interface PlaceFacts {
  readonly id: string;
  readonly pace: BackupPace;
  readonly isMirror: boolean;
  readonly state: PlaceState;
  readonly failure: BackupFailure | null;
}

export interface PlacesPorts<P extends PlaceFacts> {
  readonly clock: Pick<Clock, 'now'>;
  readonly workspaceId: string;
  readonly state: () => Promise<Result<DatabaseState, BackupError>>;
  readonly places: () => Promise<Result<readonly P[], BackupError>>;
  /** The newest backup of this device; where something has changed since that was made, one is made first. */
  readonly fresh: () => Promise<Result<BackupInfo, BackupError>>;
  readonly copy: (place: P, id: string, watch?: BackupWatch) => Promise<Result<Received, BackupError>>;
  /** Writes the live mirror there. */
  readonly mirror: (place: P) => Promise<Result<Received, BackupError>>;
  readonly list: (place: P) => Promise<Result<BackupList, BackupError>>;
  readonly verify: (place: P, id: string) => Promise<Result<BackupInfo, BackupError>>;
  /**
   * Writes the pictures and files of a backup that the place lacks and this device has by now; `isThorough`: all that lie there are read, and those that are
   * damaged written anew. Gives how many could not be had.
   */
  readonly fill: (place: P, id: string, isThorough: boolean) => Promise<Result<number, BackupError>>;
  /** Reads all of a backup of this device: a copy has found it damaged. */
  readonly verifyHere: (id: string) => Promise<Result<BackupInfo, BackupError>>;
  readonly update: (
    place: P,
    patch: { readonly state?: PlaceState; readonly failure?: BackupFailure | null },
  ) => Promise<Result<void, BackupError>>;
}

export interface PlacesDriver<P extends PlaceFacts> {
  /** Copies to every place where one is due, and tries again the mirrors that have failed. Gives when to look again, wall time in ms. */
  step(): Promise<number>;
  /** Copies to this place now, whatever its schedule. */
  copyTo(place: P, watch?: BackupWatch): Promise<Result<void, BackupError>>;
  /** Writes the live mirrors, but for those that fail and are to be tried later. Gives whether all that it tried were written. */
  mirrorAll(): Promise<boolean>;
  /** When the next one is due there. */
  nextAt(place: P, now: DatabaseState): number;
  /** Something is being written there. */
  isBusy(id: string): boolean;
}

/** Files that a place lacks are looked for again after so long. */
const FILL_MS = 15 * 60_000;
/** Where there are no places, or what is needed could not be read: nobody waits for an answer. */
const AGAIN_MS = 5 * 60_000;

export function createPlacesDriver<P extends PlaceFacts>(ports: PlacesPorts<P>): PlacesDriver<P> {
  const { clock } = ports;
  type Kind = 'copy' | 'mirror';
  const busy = new Map<string, { readonly kind: Kind; readonly work: Promise<Result<void, BackupError>> }>();

  type Write = (place: P) => Promise<Result<Received, BackupError>>;

  const dueOf = ({ pace, state, failure }: P, now: DatabaseState) =>
    nextDue({ pace, last: state.last, now, failure }, clock.now());

  /** What lies there now. */
  async function look(place: P, lackingFiles: number): Promise<Result<PlaceState, BackupError>> {
    const [found, now] = await Promise.all([ports.list(place), ports.state()]);
    if (!found.ok) return found;
    const { backups, bytes } = found.value;
    // What an earlier browser or another device keeps there says nothing of how this workspace is backed up.
    const own = backups.filter(({ workspace }) => workspace === ports.workspaceId);
    // A mirror is beside what the schedule makes.
    const scheduled = own.filter(({ reason }) => reason !== 'mirror');
    const last = newestOf(scheduled.filter(isUndamaged), now.ok ? now.value.database : null);
    return ok({ ...stateOf(own, bytes, last, clock.now(), lackingFiles), backups: backups.length });
  }

  async function copy(place: P, watch?: BackupWatch): Promise<Result<Received, BackupError>> {
    const made = await ports.fresh();
    if (!made.ok) return made;
    const copied = await ports.copy(place, made.value.id, watch);
    // The next backup writes anew what the check finds damaged.
    if (!copied.ok && copied.error.type === 'BackupDamaged') await ports.verifyHere(made.value.id);
    return copied;
  }

  async function writeAndNote(place: P, write: Write): Promise<Result<void, BackupError>> {
    const copied = await write(place);
    const state = copied.ok ? await look(place, copied.value.lackingFiles) : copied;
    if (!state.ok) {
      if (state.error.type !== 'BackupStopped') {
        await ports.update(place, { failure: addFailure(place.failure, state.error, clock.now()) });
      }
      return err(state.error);
    }
    return ports.update(place, { state: state.value, failure: null });
  }

  /** Whoever asks for what is being written there shares it; neither a copy nor a mirror takes the place of the other. */
  async function writeTo(place: P, kind: Kind, write: Write): Promise<Result<void, BackupError>> {
    for (let running = busy.get(place.id); running; running = busy.get(place.id)) {
      if (running.kind === kind) return running.work;
      await running.work.catch(() => {});
    }
    const work = writeAndNote(place, write).finally(() => busy.delete(place.id));
    busy.set(place.id, { kind, work });
    return work;
  }
  const copyTo = (place: P, watch?: BackupWatch): Promise<Result<void, BackupError>> =>
    writeTo(place, 'copy', (one) => copy(one, watch));
  const mirrorTo = (place: P): Promise<Result<void, BackupError>> => writeTo(place, 'mirror', ports.mirror);
  const mayTry = ({ failure }: P): boolean => retryOf(failure, clock.now()) <= clock.now();

  const filledAt = new Map<string, number>();

  /** All of the newest one there is read again after a week; files that it lacks are looked for more often. */
  async function check(place: P): Promise<void> {
    const isThorough = isCheckDue(place.state.checkedAt, clock.now());
    const isLacking = place.state.lackingFiles > 0 && clock.now() - (filledAt.get(place.id) ?? 0) >= FILL_MS;
    if (!mayTry(place) || !(isThorough || isLacking)) return;
    filledAt.set(place.id, clock.now());
    const checked = await checkNow(place, isThorough);
    // The service worker had no more time.
    if (!checked.ok && checked.error.type === 'BackupStopped') return;
    await ports.update(place, checked.ok ? checked.value : { failure: addFailure(place.failure, checked.error, clock.now()) });
  }

  async function checkNow(place: P, isThorough: boolean): Promise<Result<{ readonly state?: PlaceState }, BackupError>> {
    const found = await ports.list(place);
    if (!found.ok) return found;
    const newest = found.value.backups.find(({ workspace }) => workspace === ports.workspaceId);
    if (!newest) return ok({});
    const checked = isThorough ? await ports.verify(place, newest.id) : ok(newest);
    if (!checked.ok) return checked;
    const filled = await ports.fill(place, newest.id, isThorough);
    if (!filled.ok) return filled;
    const state = await look(place, filled.value);
    return state.ok ? ok({ state: state.value }) : state;
  }

  return {
    async step() {
      const places = await ports.places();
      if (!places.ok) return clock.now() + AGAIN_MS;
      for (const place of places.value) {
        const now = await ports.state();
        // Its last words may be nowhere but in the mirror, and perhaps nothing is changed any more.
        const isMirrorLate = place.isMirror && place.failure !== null && mayTry(place);
        const copied = now.ok && dueOf(place, now.value).isDue ? await copyTo(place) : null;
        if (isMirrorLate && (copied?.ok ?? true)) await mirrorTo(place);
        else if (!copied) await check(place);
      }
      const [after, now] = await Promise.all([ports.places(), ports.state()]);
      if (!after.ok || !now.ok) return clock.now() + AGAIN_MS;
      const lookAt = (place: P): number => {
        const { at } = dueOf(place, now.value);
        return place.isMirror && place.failure ? Math.min(at, retryOf(place.failure, clock.now())) : at;
      };
      return Math.min(Number.POSITIVE_INFINITY, ...after.value.map(lookAt));
    },
    copyTo,
    async mirrorAll() {
      const places = await ports.places();
      if (!places.ok) return false;
      let isWhole = true;
      for (const place of places.value.filter((one) => one.isMirror && mayTry(one))) {
        if (!(await mirrorTo(place)).ok) isWhole = false;
      }
      return isWhole;
    },
    nextAt: (place, now) => dueOf(place, now).at,
    isBusy: (id) => busy.has(id),
  };
}
