/** Times as a person reads them, in the browser's own language. All arguments are wall time in ms. */

import { once } from './once.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

// Made at the first use: the six of them take 40 to 70 ms of a cold start, while the engine reads its tables. And made once:
// `toLocaleString` makes a new one at each call, 0.3 ms, and the status bar counts at every key.
const clock = once(() => new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit' }));
const weekday = once(() => new Intl.DateTimeFormat(undefined, { weekday: 'short' }));
const dayMonth = once(() => new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short' }));
const dayMonthYear = once(() => new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short', year: 'numeric' }));
const number = once(() => new Intl.NumberFormat());
const full = once(() => new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' }));

/** Short enough for a list: `now`, `2 min`, `3 h`, `Yesterday`, `Mon`, `4 Oct`, `4 Oct 2024`. */
export function briefTime(at: number, now: number): string {
  const age = now - at;
  if (age < MINUTE_MS) return 'now';
  if (age < HOUR_MS) return `${Math.floor(age / MINUTE_MS)} min`;
  const days = calendarDays(at, now);
  if (days === 0) return `${Math.floor(age / HOUR_MS)} h`;
  if (days === 1) return 'Yesterday';
  if (days < 7) return weekday().format(at);
  return new Date(at).getFullYear() === new Date(now).getFullYear() ? dayMonth().format(at) : dayMonthYear().format(at);
}

/** For the status bar: `14:05` today, with the day before. */
export function clockTime(at: number, now: number): string {
  return calendarDays(at, now) === 0 ? clock().format(at) : `${dayMonth().format(at)}, ${clock().format(at)}`;
}

/** Date and time in full, for titles and lists of revisions. */
export function fullTime(at: number): string {
  return full().format(at);
}

/** Today in the name of a file: `2026-11-22` (UTC). */
export const fileDay = (): string => new Date().toISOString().slice(0, 10);

/** A length of time in words: `3 hours`, `2 days`. */
export function duration(ms: number): string {
  if (ms < MINUTE_MS) return 'less than a minute';
  if (ms < HOUR_MS) return count(Math.floor(ms / MINUTE_MS), 'minute');
  if (ms < 2 * DAY_MS) return count(Math.floor(ms / HOUR_MS), 'hour');
  return count(Math.floor(ms / DAY_MS), 'day');
}

/** How long ago something was: `just now`, `3 hours ago`. */
export const ago = (ms: number): string => (ms < MINUTE_MS ? 'just now' : `${duration(ms)} ago`);

/** `1 change`, `3 changes`; `3 entries` where the plural is given. */
export function count(amount: number, word: string, words = `${word}s`): string {
  return `${amountText(amount)} ${amount === 1 ? word : words}`;
}

/** A number with the separators of the browser's language. */
export const amountText = (amount: number): string => number().format(amount);

function calendarDays(at: number, now: number): number {
  const startOfDay = (time: number): number => new Date(time).setHours(0, 0, 0, 0);
  // Rounded, because a day with a change of the clocks has 23 or 25 hours.
  return Math.round((startOfDay(now) - startOfDay(at)) / DAY_MS);
}
