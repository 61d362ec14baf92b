/** The state of the backups of a workspace, over all of their places, in words. */
import type { BackupPace, BackupPlace } from '#core/backup-places.ts';
import { errorText } from './error-text.ts';
import { ago, clockTime, count, duration } from './time-text.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
const paceMs = (pace: BackupPace): number => (pace === 'daily' ? DAY_MS : Number(pace) * MINUTE_MS);
/** Something is wrong when so many times the pace of this device have passed without a backup of what was written, or so long without any. */
const PACES = 3;
const WEEK_MS = 7 * DAY_MS;
/** What is due when the app is opened is caught up soon after. */
const GRACE_MS = 60 * MINUTE_MS;

export interface BackupHealth {
  /** `bad` is part of the state of the whole app. */
  readonly tone: 'good' | 'plain' | 'warn' | 'bad';
  /** *Last verified 12 minutes ago, on this device*. */
  readonly title: string;
  /** What to know or to do, place by place. */
  readonly advice: readonly string[];
}

export function backupHealth(places: readonly BackupPlace[], now: number): BackupHealth {
  // What lay in a folder that is gone is no way back now.
  const verified = places.filter(({ state, failure }) => state.lastVerifiedAt !== null && failure?.error.type !== 'PlaceGone');
  const newest = Math.max(...verified.map(({ state }) => state.lastVerifiedAt ?? 0), 0);
  const advice = places.flatMap((place) => problemOf(place, now));
  if (verified.length === 0) {
    const isFailing = places.some(({ failure }) => failure !== null);
    return {
      tone: isFailing ? 'bad' : 'plain',
      title: 'No backup yet',
      advice: isFailing ? advice : ['The first one is made by itself, soon after something was written.'],
    };
  }
  const where = verified.length === 1 && verified[0] ? placeName(verified[0]) : `in ${count(verified.length, 'place')}`;
  const age = now - newest;
  const title = `Last verified ${ago(age)}, ${where}`;
  if (isOverdue(places, newest, now)) {
    const since = `Overdue: what was written in the last ${duration(age)} is in no backup that was verified. Open Backups, and press Back up now.`;
    return { tone: 'bad', title, advice: [since, ...advice] };
  }
  return { tone: advice.length > 0 ? 'warn' : 'good', title, advice };
}

function isOverdue(places: readonly BackupPlace[], newest: number, now: number): boolean {
  const [device] = places;
  const age = now - newest;
  if (age > WEEK_MS + GRACE_MS) return true;
  // Where nothing has changed since, the next one lies ahead.
  return device !== undefined && device.nextAt <= now && age > PACES * paceMs(device.pace);
}

function problemOf(place: BackupPlace, now: number): readonly string[] {
  const name = placeName(place);
  if (place.isBarred) return [`Not allowed ${name}: open Backups, and let Holdfast into the folder again.`];
  if (!place.failure) return [];
  const { error, since, retryAt } = place.failure;
  const { title, advice } = errorText(error);
  return [
    `Failing since ${clockTime(since, now)}, ${name}: ${title}. ${advice} It is tried again at ${clockTime(retryAt, now)}.`,
  ];
}

const placeName = ({ type, name }: BackupPlace): string =>
  type === 'device' ? 'on this device' : type === 'server' ? 'on the server' : `in the folder ${name}`;
