/**
 * Has the newest backup of this device copied to each other place when it is due there. Each place has its own pace, state and failure, and none keeps another
 * waiting for longer than its copy takes.
 */
import type { DatabaseState } from '#core/backup-rows.ts';
import type { BackupFailure, BackupInfo, BackupList, BackupPace, BackupWatch, PlaceState } from '#core/backups.ts';
import type { BackupError } from '#core/errors.ts';
import type { Clock } from '#core/ports.ts';
import { err, ok, type Result } from '#core/result.ts';
import type { Received } from './kept-backups.ts';
import { addFailure, CHECK_MS, newestOf, nextDue, stateOf } from './schedule.ts';

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
  /** Reads all of a backup of this device: a copy has found it damaged. */
  readonly verifyHere: (id: string) => Promise<Result<BackupInfo, BackupError>>;
  readonly update: (
    place: P,
    patch: { readonly state?: PlaceState; readonly failure?: BackupFailure | null },
  ) => Promise<Result<void, BackupError>>;
}

export interface PlacesDriver<P extends PlaceFacts> {
  /** Copies to every place where one is due. Gives when to look again, wall time in ms. */
  step(): Promise<number>;
  /** Copies to this place now, whatever its schedule. */
  copyTo(place: P, watch?: BackupWatch): Promise<Result<void, BackupError>>;
  /** Writes the live mirrors, but for those that fail and are to be tried later. */
  mirrorAll(): Promise<void>;
  /** When the next one is due there. */
  nextAt(place: P, now: DatabaseState): number;
  /** Something is being written there. */
  isBusy(id: string): boolean;
}

/** Where there are no places, or what is needed could not be read: nobody waits for an answer. */
const AGAIN_MS = 5 * 60_000;

export function createPlacesDriver<P extends PlaceFacts>(ports: PlacesPorts<P>): PlacesDriver<P> {
  const { clock } = ports;
  const busy = new Map<string, Promise<Result<void, BackupError>>>();

  type Write = (place: P) => Promise<Result<Received, BackupError>>;

  const dueOf = ({ pace, state, failure }: P, now: DatabaseState) =>
    nextDue({ pace, last: state.last, now, failure }, clock.now());

  /** What lies there now. */
  async function look(place: P, lackingFiles: number): Promise<Result<PlaceState, BackupError>> {
    const [found, now] = await Promise.all([ports.list(place), ports.state()]);
    if (!found.ok) return found;
    const { backups, bytes } = found.value;
    // A mirror is beside what the schedule makes.
    const own = backups.filter(({ workspace, reason }) => workspace === ports.workspaceId && reason !== 'mirror');
    const last = newestOf(own, now.ok ? now.value.database : null);
    return ok(stateOf(backups, bytes, last, lackingFiles));
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

  function writeTo(place: P, write: Write): Promise<Result<void, BackupError>> {
    const running = busy.get(place.id);
    if (running !== undefined) return running;
    const work = writeAndNote(place, write).finally(() => busy.delete(place.id));
    busy.set(place.id, work);
    return work;
  }
  const copyTo = (place: P, watch?: BackupWatch): Promise<Result<void, BackupError>> => writeTo(place, (one) => copy(one, watch));

  /** All of the newest one there is read again after a week. */
  async function check(place: P): Promise<void> {
    if (place.failure || clock.now() - (place.state.checkedAt ?? Number.POSITIVE_INFINITY) < CHECK_MS) return;
    const found = await ports.list(place);
    const newest = found.ok ? found.value.backups.find(({ workspace }) => workspace === ports.workspaceId) : undefined;
    if (!newest) return;
    await ports.verify(place, newest.id);
    const state = await look(place, place.state.lackingFiles);
    if (state.ok) await ports.update(place, { state: state.value });
  }

  return {
    async step() {
      const places = await ports.places();
      if (!places.ok) return clock.now() + AGAIN_MS;
      for (const place of places.value) {
        const now = await ports.state();
        if (now.ok && dueOf(place, now.value).isDue) await copyTo(place);
        else await check(place);
      }
      const [after, now] = await Promise.all([ports.places(), ports.state()]);
      if (!after.ok || !now.ok) return clock.now() + AGAIN_MS;
      return Math.min(Number.POSITIVE_INFINITY, ...after.value.map((place) => dueOf(place, now.value).at));
    },
    copyTo,
    async mirrorAll() {
      const places = await ports.places();
      if (!places.ok) return;
      const mirrors = places.value.filter(({ isMirror, failure }) => isMirror && (failure?.retryAt ?? 0) <= clock.now());
      for (const place of mirrors) await writeTo(place, ports.mirror);
    },
    nextAt: (place, now) => dueOf(place, now).at,
    isBusy: (id) => busy.has(id),
  };
}
