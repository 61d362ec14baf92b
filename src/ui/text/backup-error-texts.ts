/** The words of what prevents backups. */
import type { SyncError } from '#core/errors.ts';
import type { ErrorTexts } from './error-types.ts';

/** Why the server keeps no backup now, and what to do. */
function serverAdvice(cause: SyncError): string {
  const kept = 'Backups on this device are kept as always.';
  switch (cause.type) {
    case 'ServerFull':
      return `${kept} Remove backups that lie on the server, or ask whoever runs it for more room.`;
    case 'AccountDeleted':
      return `${kept} The account was deleted there, and its backups with it. Settings, Account, has the way to go on.`;
    case 'SignedOut':
    case 'Forbidden':
      return `${kept} This device is signed out: sign in again under Settings, Account.`;
    case 'Rejected':
      return `${kept} It may be too old to keep backups. It says: ${cause.reason}.`;
    case 'UpdateRequired':
      return `${kept} Reload the page to update.`;
    default:
      return `${kept} It is tried again by itself; check the network.`;
  }
}

export const backupErrorTexts = {
  PlacePermission: () => ({
    title: 'No permission for the backup folder',
    advice:
      'The browser asks again after it was closed. Open Backups and let Holdfast into the folder; your work itself is saved.',
    action: 'none',
  }),
  PlaceGone: () => ({
    title: 'The backup folder is gone',
    advice: 'It was moved, deleted or unplugged. Plug it in or choose it again under Backups; your work itself is saved.',
    action: 'retry',
  }),
  PlaceFailed: ({ reason }) => ({
    title: 'The backup could not be written',
    advice: `It is tried again by itself, and earlier backups are still there. The browser says: ${reason}.`,
    action: 'retry',
  }),
  PlaceServer: ({ cause }) => ({
    title: cause.type === 'ServerFull' ? 'The server has no room for more backups' : 'The server cannot be used for backups now',
    advice: serverAdvice(cause),
    action: cause.type === 'SignedOut' || cause.type === 'Forbidden' ? 'sign-in' : 'retry',
  }),
  BackupStopped: () => ({
    title: 'The backup was stopped',
    advice: 'Nothing of it counts, and earlier backups are still there. The next one goes on with what was written.',
    action: 'retry',
  }),
  BackupMissing: () => ({
    title: 'This backup is no longer there',
    advice: 'It was removed, or the browser deleted it. Look at the list again and choose another one.',
    action: 'none',
  }),
  BackupDamaged: () => ({
    title: 'This backup is damaged',
    advice: 'Check it under Backups to see which entries are missing from it, and take those from another backup.',
    action: 'none',
  }),
  BackupNewer: () => ({
    title: 'This backup needs a newer Holdfast',
    advice: 'It was made by a newer version. Reload to update, then open it again; nothing was changed.',
    action: 'reload',
  }),
  BackupInUse: () => ({
    title: 'This backup is needed for a restore',
    advice: 'A restore from it was interrupted. Go on with it under Backups, or take it back; then the backup can be removed.',
    action: 'none',
  }),
} satisfies Partial<ErrorTexts>;
