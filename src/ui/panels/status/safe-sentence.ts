import type { App, SaveState, StoreSummary, SyncState } from '#app/app.ts';
import { byteText } from '#ui/text/byte-text.ts';
import { errorText } from '#ui/text/error-text.ts';
import { filesHeldUpText } from '#ui/text/file-refusal-text.ts';
import { INSECURE_ADVICE } from '#ui/text/insecure.ts';
import { count, duration } from '#ui/text/time-text.ts';

/** A shorter time needs no words. */
const MINUTE_MS = 60_000;

/** The one sentence on top of the panel: what happens to the work if everything is closed now. */
export interface SafeSentence {
  readonly tone: 'good' | 'plain' | 'warn' | 'bad';
  readonly title: string;
  /** What to know or to do, where there is something. */
  readonly text: string;
}

export interface SafeFacts {
  readonly save: SaveState;
  readonly sync: SyncState;
  readonly summary: StoreSummary | null;
  readonly durability: App['durability']['value'];
  readonly now: number;
}

/** `2 files (3.4 MB) are still to be sent`. */
export const filesLeft = ({ waiting, bytes }: StoreSummary['files']): string =>
  `${count(waiting, 'file')} (${byteText(bytes)}) ${waiting === 1 ? 'is' : 'are'} still to be sent`;

/** What cannot be kept comes first, then what is not saved, then what the server does not have yet. */
export function safeSentence({ save, sync, summary, durability, now }: SafeFacts): SafeSentence {
  if (save.type === 'error') {
    const { title, advice } = errorText(save.error);
    return { tone: 'bad', title: `Not saved: ${title}`, text: advice };
  }
  if (save.type === 'dirty' || save.type === 'saving')
    return { tone: 'plain', title: 'Saving what you have just written…', text: 'This takes less than a second.' };
  const pending = 'pending' in sync ? sync.pending : 0;
  const oldest = summary?.oldestPendingAt ?? summary?.oldestQuarantinedAt ?? null;
  const since = oldest === null || now - oldest < MINUTE_MS ? '' : ` since ${duration(now - oldest)}`;
  const waiting = `${count(pending, 'change')} ${pending === 1 ? 'waits' : 'wait'} for the server${since}`;
  const files: StoreSummary['files'] = summary?.files ?? { waiting: 0, bytes: 0, refused: 0 };
  const left = [pending > 0 ? waiting : '', files.waiting > 0 ? filesLeft(files) : '']
    .filter((part) => part !== '')
    .join(', and ');
  if (durability === 'memory' && left !== '')
    return {
      tone: 'bad',
      title: `Not safe to close: this browser keeps nothing, and ${left}`,
      text: 'Stay until everything is synced, or copy what you need.',
    };
  if (sync.type === 'stuck' && sync.reason?.type === 'Quarantined')
    return { tone: 'warn', title: `Saved on this device. ${errorText(sync.reason).title}`, text: errorText(sync.reason).advice };
  if (sync.type === 'stuck') {
    const reason = sync.reason && errorText(sync.reason);
    const held = pending > 0 ? `Saved on this device, but ${waiting}` : 'Saved on this device, but the sync is stuck';
    return {
      tone: 'bad',
      title: reason ? `${held}: ${reason.title}` : held,
      text:
        reason?.advice ?? 'The server can be reached, and yet nothing moves. Try again; your work stays here whatever happens.',
    };
  }
  if (sync.type === 'insecure')
    return {
      tone: 'warn',
      title: left === '' ? 'Saved on this device only' : `Saved on this device only: ${left}`,
      text: INSECURE_ADVICE,
    };
  if (sync.type === 'off')
    return {
      tone: 'warn',
      title: left === '' ? 'Saved on this device only' : `Saved on this device only: ${left}`,
      text: 'Sync is switched off here. Switch it on in the settings to have your work elsewhere, too.',
    };
  if (sync.type === 'account-deleted')
    return {
      tone: 'warn',
      title: 'Saved on this device only: the account was deleted',
      text: 'Everything that is here stays here, and is sent nowhere. To have it on other devices as well, begin a new account with it under Settings, Account.',
    };
  if (sync.type === 'signed-out')
    return {
      tone: 'warn',
      title: left === '' ? 'Saved on this device' : `Saved on this device, ${left}`,
      text: 'This device is signed out. Sign in to sync again.',
    };
  if (pending > 0)
    return {
      tone: 'plain',
      title: `Saved on this device, ${left}`,
      text: 'You can close: what waits is sent as soon as the server can be reached.',
    };
  if (summary?.lastSavedAt == null && summary?.lastSyncedAt == null)
    return { tone: 'plain', title: 'There is nothing to lose yet', text: 'What you write is saved on this device at once.' };
  if (summary.lastSyncedAt === null)
    return {
      tone: 'plain',
      title: left === '' ? 'Saved on this device' : `Saved on this device, ${left}`,
      text: 'The server has not been asked yet.',
    };
  if (files.waiting > 0)
    return {
      tone: files.waiting === files.refused || files.heldUp ? 'warn' : 'plain',
      title: `Saved on this device, ${filesLeft(files)}`,
      text:
        files.waiting === files.refused
          ? 'The server does not take them. They stay here, whole; below is what it says.'
          : files.heldUp
            ? `You can close: everything written is on the server. ${filesHeldUpText(files.heldUp.error).why}; below is what helps.`
            : 'You can close: everything written is on the server, and the files go on where they have stopped.',
    };
  if (sync.type === 'syncing')
    return {
      tone: 'plain',
      title: 'Saved on this device',
      text: 'The server is just being asked whether there is anything new.',
    };
  if (sync.type === 'offline')
    return { tone: 'plain', title: 'Saved on this device', text: 'It had reached the server, too, when that last answered.' };
  if (sync.type !== 'synced')
    return { tone: 'plain', title: 'Saved on this device', text: 'The server has not answered yet since the app was opened.' };
  return {
    tone: 'good',
    title: 'Safe to close: everything is saved on this device and on the server',
    text: summary.openConflicts > 0 ? `${count(summary.openConflicts, 'conflict')} can be decided whenever you like.` : '',
  };
}
