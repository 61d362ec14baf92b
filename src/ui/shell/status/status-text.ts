import type { SaveState, SyncState } from '#app/app.ts';
import type { IconName } from '#ui/parts/icon.ts';
import { errorText } from '#ui/text/error-text.ts';
import type { ErrorAction } from '#ui/text/error-types.ts';
import { filesHeldUpText } from '#ui/text/file-refusal-text.ts';
import { count, duration } from '#ui/text/time-text.ts';

/** One half of the status bar. */
export interface StatusText {
  readonly word: string;
  readonly detail?: string;
  /** Why it is so. Where there is little room it is shown without the detail. */
  readonly reason?: string;
  readonly tone: 'plain' | 'good' | 'warn' | 'bad';
  readonly icon?: IconName;
  /** Makes the word a link. */
  readonly href?: string;
  readonly action?: ErrorAction;
}

type FilesState = NonNullable<Extract<SyncState, { readonly type: 'synced' }>['files']>;

/** Documents, as a person counts them. */
const changes = (pending: number): string => `${count(pending, 'change')} waiting`;

/** Files follow the words. */
function filesText({ waiting, refused, heldUp }: FilesState): Partial<StatusText> {
  if (waiting === refused) return { detail: `${count(waiting, 'file')} refused`, href: '/status' };
  const detail = `${count(waiting, 'file')} to send`;
  if (!heldUp) return { detail, href: '/status' };
  return { detail, reason: filesHeldUpText(heldUp.error).why, tone: 'warn', href: '/status', action: 'retry' };
}

/** The word of the save state. "Saved" without a save of this session still is a fact: all that there is was committed. */
export function saveText(state: SaveState, lastSavedAt: number | null): StatusText {
  switch (state.type) {
    case 'clean':
      return lastSavedAt === null ? { word: '', tone: 'plain' } : { word: 'Saved', tone: 'good', icon: 'check' };
    case 'dirty':
    case 'saving':
      return { word: 'Saving…', tone: 'plain', icon: 'pencil' };
    case 'saved':
      return { word: 'Saved', tone: 'good', icon: 'check' };
    case 'error': {
      const { title, action } = errorText(state.error);
      return {
        word: 'Not saved',
        reason: title,
        tone: 'bad',
        icon: 'circle-alert',
        action: action === 'none' ? 'retry' : action,
      };
    }
  }
}

/** The word of the sync state, with how much is waiting and since when. */
export function syncText(state: SyncState, nowMs: number): StatusText {
  switch (state.type) {
    case 'unasked':
      return { word: 'Nothing to sync', tone: 'plain', icon: 'cloud' };
    case 'synced':
      if (state.toDecide > 0)
        return {
          word: 'Synced',
          detail: `${state.toDecide} to decide`,
          tone: 'warn',
          icon: 'cloud-check',
          href: '/status/conflicts',
        };
      return { word: 'Synced', tone: 'plain', icon: 'cloud-check', ...(state.files && filesText(state.files)) };
    case 'syncing':
      return { word: 'Syncing…', tone: 'plain', icon: 'cloud' };
    case 'offline':
      return { word: 'Offline', ...(state.pending > 0 && { detail: changes(state.pending) }), tone: 'plain', icon: 'cloud-off' };
    case 'waiting':
      return {
        word: changes(state.pending),
        ...(state.reason && { detail: errorText(state.reason).title }),
        tone: 'plain',
        icon: 'cloud',
      };
    case 'signed-out':
      return {
        word: 'Sign in to sync',
        ...(state.pending > 0 && { detail: changes(state.pending) }),
        tone: 'warn',
        icon: 'cloud-off',
        href: '/settings/account',
      };
    case 'account-deleted':
      return {
        word: 'Account deleted',
        detail: 'kept on this device',
        tone: 'warn',
        icon: 'cloud-off',
        href: '/settings/account',
      };
    case 'stuck': {
      const reason = state.reason && errorText(state.reason);
      // Everything else is synced: one entry that the server refused stops nothing.
      if (reason?.action === 'quarantine')
        return { word: reason.title, tone: 'warn', icon: 'shield-alert', href: '/status/quarantine', action: 'quarantine' };
      const age = `for ${duration(nowMs - state.since)}`;
      const detail = state.pending > 0 ? `${age}, ${changes(state.pending)}` : age;
      const action = reason?.action === 'none' || !reason ? 'retry' : reason.action;
      return {
        word: 'Sync is stuck',
        detail,
        ...(reason && { reason: reason.title }),
        tone: 'bad',
        icon: 'circle-alert',
        href: '/status',
        action,
      };
    }
    case 'insecure':
      return {
        word: 'Sync needs https',
        ...(state.pending > 0 && { detail: changes(state.pending) }),
        tone: 'warn',
        icon: 'cloud-off',
        href: '/settings/sync',
      };
    case 'off':
      return {
        word: 'Sync is off',
        ...(state.pending > 0 && { detail: changes(state.pending) }),
        tone: 'plain',
        icon: 'cloud-off',
        href: '/settings/sync',
      };
  }
}

/** What is read out: only that which needs the person. Empty where nothing does. */
export function alarmText(save: SaveState, sync: SyncState, nowMs: number): string {
  if (save.type === 'error') {
    const { title, advice } = errorText(save.error);
    return `Not saved: ${title}. ${advice}`;
  }
  if (sync.type === 'stuck' || sync.type === 'signed-out' || sync.type === 'account-deleted') {
    const { word, detail } = syncText(sync, nowMs);
    // The age would be read out again each minute.
    return sync.type === 'stuck' ? word : [word, detail].filter(Boolean).join(', ');
  }
  return '';
}
