/**
 * Has a restore tried once a week, in one tab of a workspace: of its newest backup, and while nobody is writing. What it needs to know is read when it is
 * wanted.
 */
import { type Drills, hasHeld } from '#core/drills.ts';
import type { BackupError } from '#core/errors.ts';
import type { Clock } from '#core/ports.ts';
import type { Result } from '#core/result.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** After one in which everything came back, after one in which something did not, and after one that did not end. */
const WEEK_MS = 7 * DAY_MS;
const AGAIN_MS = DAY_MS;
const RETRY_MS = 6 * HOUR_MS;
/** Nothing was written for so long. */
const QUIET_MS = 2 * 60_000;

export interface DrillPorts {
  readonly clock: Clock;
  readonly drills: () => Promise<Result<Drills, BackupError>>;
  /** The position of the workspace's database: another one after each change. */
  readonly localSeq: () => Promise<Result<number, BackupError>>;
  /** Tries the newest backup, if there is one, and notes the outcome. */
  readonly run: () => Promise<unknown>;
}

/** When the next one is due, wall time in ms. A clock that was set back makes nothing wait. */
export function nextDrill({ last, failure }: Drills, nowMs: number): number {
  const times = [last && last.at + (hasHeld(last) ? WEEK_MS : AGAIN_MS), failure && failure.at + RETRY_MS];
  const at = Math.max(0, ...times.map((time) => time ?? 0));
  return at - nowMs > WEEK_MS ? nowMs : at;
}

/** Begins to keep the schedule. The returned function ends it. */
export function keepDrills({ clock, drills, localSeq, run }: DrillPorts): () => void {
  let isOn = true;
  let cancel: () => void = () => {};
  let seen: number | null = null;

  /** Gives when to look again. */
  const step = async (): Promise<number> => {
    const known = await drills();
    const now = await localSeq();
    const nowMs = clock.now();
    if (!known.ok || !now.ok) return nowMs + HOUR_MS;
    const at = nextDrill(known.value, nowMs);
    if (at > nowMs) return at;
    const isQuiet = seen === now.value;
    seen = now.value;
    if (!isQuiet) return nowMs + QUIET_MS;
    await run();
    return clock.now() + HOUR_MS;
  };

  const look = (): void => {
    void step()
      .catch(() => clock.now() + HOUR_MS)
      .then((at) => {
        if (isOn) cancel = clock.setTimer(Math.min(DAY_MS, Math.max(1000, at - clock.now())), look);
      });
  };
  look();
  return () => {
    isOn = false;
    cancel();
  };
}
