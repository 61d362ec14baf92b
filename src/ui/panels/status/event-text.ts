import type { DeviceEvent, LoggedEvent } from '#app/status/status-service.ts';
import { kindName } from '#entities/kind-names.ts';
import { errorText } from '#ui/text/error-text.ts';
import { reasonText } from '#ui/text/quarantine-text.ts';
import { count } from '#ui/text/time-text.ts';

export type EventTone = 'plain' | 'good' | 'bad';

/** One line of the event log, in words. */
export function eventText(event: DeviceEvent): { readonly text: string; readonly tone: EventTone } {
  switch (event.type) {
    case 'started':
      return { text: `Holdfast was opened (${event.detail})`, tone: 'plain' };
    case 'synced':
      return { text: 'Synced with the server', tone: 'good' };
    case 'sync-failed':
      return { text: `Not synced: ${errorText(event.error).title}`, tone: 'bad' };
    case 'save-failed':
      return { text: `Not saved: ${errorText(event.error).title}`, tone: 'bad' };
    case 'save-recovered':
      return { text: 'Saving works again', tone: 'good' };
    case 'room-made':
      return {
        text:
          event.states === 0
            ? 'The storage was full: the search index made room, and is made again later'
            : `The storage was full: ${count(event.states, 'earlier revision')} made room`,
        tone: 'plain',
      };
    case 'quarantined':
      return { text: `The server refused a ${kindName(event.kind)}: ${reasonText(event.detail).title}`, tone: 'bad' };
    case 'retried':
      return { text: `Tried again: ${count(Number(event.detail) || 1, 'refused entry', 'refused entries')}`, tone: 'plain' };
    case 'discarded':
      return { text: `A refused change of a ${kindName(event.kind)} was discarded`, tone: 'plain' };
    case 'decided':
      return { text: `A conflict in a ${kindName(event.kind)} was decided`, tone: 'plain' };
    case 'merge-undone':
      return { text: `A merge of a ${kindName(event.kind)} was undone`, tone: 'plain' };
    case 'restored':
      return { text: `An earlier revision of a ${kindName(event.kind)} was restored`, tone: 'plain' };
    case 'deletions-held':
      return {
        text: `Another device deleted a lot: ${count(event.count, 'deletion waits', 'deletions wait')} for your answer`,
        tone: 'bad',
      };
    case 'own-deletions-held':
      return {
        text: `A lot was deleted here: ${count(event.count, 'deletion waits', 'deletions wait')} for your answer`,
        tone: 'bad',
      };
    case 'deletions-confirmed':
      return {
        text: `${count(event.count, 'entry was', 'entries were')} deleted on another device, after somebody had confirmed the number`,
        tone: 'plain',
      };
    case 'deletions-decided':
      return event.answer === 'delete'
        ? { text: `You let ${count(event.count, 'deletion')} happen`, tone: 'plain' }
        : { text: `You kept ${count(event.count, 'entry', 'entries')} that had been deleted`, tone: 'plain' };
    case 'damaged':
      return {
        text: `Damaged on the server or on the way, and asked for again: ${count(event.count, 'entry', 'entries')}`,
        tone: 'bad',
      };
    case 'withheld':
      return {
        text: `The server does not give ${count(event.count, 'entry', 'entries')} now: asked for again with every sync`,
        tone: 'plain',
      };
    case 'updated':
      return { text: 'A new version of Holdfast is ready', tone: 'plain' };
    case 'failed':
      return { text: `A part of the app failed: ${event.detail}`, tone: 'bad' };
  }
}

/** The log as a text file: one line an event, times in UTC so that two devices can be laid side by side. */
export function eventsAsText(events: readonly LoggedEvent[]): string {
  const line = ({ at, until, times, event }: LoggedEvent): string => {
    const span = times > 1 ? ` (${times} times, until ${new Date(until).toISOString()})` : '';
    return `${new Date(at).toISOString()}  ${event.type}  ${eventText(event).text}${span}`;
  };
  return `${events.map(line).join('\n')}\n`;
}

/** A failure of late, with what to do about it. */
export interface RecentError {
  readonly title: string;
  readonly advice: string;
  readonly at: number;
  readonly times: number;
  /** The same part has worked since. */
  readonly isOver: boolean;
}

const RECENT_MS = 24 * 3_600_000;
const MAX_RECENT = 5;

/** The failures of the last day, each once, newest first; that a server could not be reached is none. `events` come newest first. */
export function recentErrors(events: readonly LoggedEvent[], now: number): readonly RecentError[] {
  const errors = new Map<string, RecentError>();
  let savesWork = false;
  let syncWorks = false;
  for (const { event, until, times } of events) {
    if (now - until > RECENT_MS) break;
    if (event.type === 'save-recovered') savesWork = true;
    if (event.type === 'synced') syncWorks = true;
    if (event.type !== 'save-failed' && event.type !== 'sync-failed') continue;
    // A network that is away is no error: what waits is said on top.
    if (event.error.type === 'Network') continue;
    const { title, advice } = errorText(event.error);
    const known = errors.get(title);
    const isOver = event.type === 'save-failed' ? savesWork : syncWorks;
    errors.set(title, known ? { ...known, times: known.times + times } : { title, advice, at: until, times, isOver });
  }
  return [...errors.values()].slice(0, MAX_RECENT);
}
