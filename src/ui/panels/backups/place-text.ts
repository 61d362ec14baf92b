/** A place of backups in words. */
import { html, type TemplateResult } from 'lit';
import type { BackupPlace } from '#core/backup-places.ts';
import type { BroughtFrom } from '#core/backups.ts';
import { byteText } from '#ui/text/byte-text.ts';
import { errorText } from '#ui/text/error-text.ts';
import { ago, clockTime, count } from '#ui/text/time-text.ts';

/** What a place is called, where it is one of several. */
export const placeName = ({ type, name }: Pick<BackupPlace, 'type' | 'name'>): string =>
  type === 'device' ? 'This device' : type === 'server' ? 'The server' : name;

/** Where a backup was brought from: *brought from notes.zip*. */
export const broughtText = ({ type, name }: BroughtFrom): TemplateResult =>
  html`brought from ${type === 'server' ? 'the server' : html`<bdi>${name}</bdi>`}`;

/** What lies in a place, and when it was last looked at: *12 backups, 3 MB; verified 2 minutes ago*. */
export function stateText({ state, isMirror, failure }: BackupPlace, now: number): string {
  const { backups, bytes, lastVerifiedAt, mirroredAt } = state;
  if (backups === 0) return failure ? 'Nothing is there' : 'Nothing is there yet';
  return [
    `${count(backups, 'backup')}, ${byteText(bytes)}`,
    lastVerifiedAt === null ? 'none of them is whole' : `verified ${ago(now - lastVerifiedAt)}`,
    ...(isMirror && mirroredAt !== null ? [`mirrored ${ago(now - mirroredAt)}`] : []),
  ].join('; ');
}

/** What is wrong with a place, and what to do; null where nothing is. */
export function troubleOf(place: BackupPlace, now: number): { readonly title: string; readonly advice: string } | null {
  const { failure, isBarred } = place;
  if (isBarred) {
    return {
      title: 'The browser asks for your permission again',
      advice: 'It forgets it when the browser is closed. Press Allow: what is due is written at once.',
    };
  }
  if (!failure) return null;
  const { title, advice } = errorText(failure.error);
  const since = now - failure.since > 60_000 ? ` It fails since ${clockTime(failure.since, now)}.` : '';
  return { title, advice: `${advice}${since} It is tried again at ${clockTime(failure.retryAt, now)}.` };
}
