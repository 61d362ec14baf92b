import { backupErrorTexts } from './backup-error-texts.ts';
import type { ErrorText, ErrorTexts, UiError } from './error-types.ts';
import { fileErrorTexts } from './file-error-texts.ts';
import { INSECURE_ADVICE } from './insecure.ts';

const KEPT = 'What is not saved yet is kept in this tab and tried again.';
const ON_DEVICE = 'Your work is saved on this device and goes out when it can.';

const texts: ErrorTexts = {
  ...backupErrorTexts,
  ...fileErrorTexts,

  // The device's storage.
  QuotaExceeded: () => ({
    title: 'This device is full',
    advice: `${KEPT} Free some space on this device, or empty the bin, and try again.`,
    action: 'storage',
  }),
  StorageDisabled: ({ reason }) => ({
    title: 'Storage is switched off',
    advice: `This browser does not let Holdfast keep anything (${reason}). Leave private browsing or allow site data, and copy what you need before you close this tab.`,
    action: 'storage',
  }),
  ConnectionLost: () => ({
    title: 'The connection to storage broke',
    advice: `${KEPT} If this stays, reload the page.`,
    action: 'retry',
  }),
  UpgradeBlocked: () => ({
    title: 'Another tab is in the way',
    advice: 'An older Holdfast tab holds the storage. Close the other Holdfast tabs, then try again.',
    action: 'retry',
  }),
  NewerDatabase: () => ({
    title: 'This tab is out of date',
    advice: 'A newer Holdfast has already run here. Reload the page to get it.',
    action: 'reload',
  }),
  StorageGone: () => ({
    title: 'The browser has deleted Holdfast’s storage',
    advice:
      'Nothing more can be saved in this tab. Save what is open here as a file, then reload: Holdfast brings back your account and all that it can.',
    action: 'reload',
  }),
  StorageFailed: ({ reason }) => ({
    title: 'Storage failed',
    advice: `${KEPT} The browser says: ${reason}. If this stays, open the rescue page and download your work.`,
    action: 'rescue',
  }),
  Canceled: () => ({
    title: 'The file was not added',
    advice: 'Adding it was stopped, and nothing of it was kept. Add it again whenever you like.',
    action: 'none',
  }),
  WrongBytes: () => ({
    title: 'The file came damaged',
    advice: 'What came is not what was asked for, so it was not kept. It is asked for again with the next sync.',
    action: 'retry',
  }),
  BlobMissing: () => ({
    title: 'This file is not on the server',
    advice:
      'The device that added it has not sent it yet. Open Holdfast there and let it sync, then try again; if it is on no device any more, add it anew.',
    action: 'retry',
  }),
  SyncOff: () => ({
    title: 'Sync is switched off on this device',
    advice: 'This file is not on this device. Switch sync on in the settings to get it from the server.',
    action: 'none',
  }),
  NeedsHttps: () => ({
    title: 'This needs https',
    advice: INSECURE_ADVICE,
    action: 'none',
  }),
  DeletionsHeld: ({ count }) => ({
    title: count === 1 ? '1 deletion waits for you' : `${count} deletions wait for you`,
    advice: `A lot was deleted, here or on another device, and has not gone further: look at the list, then delete it everywhere, or keep it.`,
    action: 'decide-deletions',
  }),
  Quarantined: ({ count }) => ({
    title: count === 1 ? 'The server refused 1 entry' : `The server refused ${count} entries`,
    advice:
      'They are whole on this device and everything else is synced. Try again, or look at them: each can be edited, exported or given up.',
    action: 'quarantine',
  }),
  KeyUnknown: () => ({
    title: 'This browser does not know the account’s key',
    advice:
      'It was lost when the browser deleted Holdfast’s storage. Your work is here and syncs. Look at the recovery code on another device and enter it here.',
    action: 'none',
  }),
  SyncSilent: () => ({
    title: 'The sync does not answer',
    advice: 'Your work is saved on this device. Try again; if this stays, close all Holdfast tabs and open it again.',
    action: 'retry',
  }),
  NotFound: ({ kind }) => ({
    title: `This ${kind} is not on this device`,
    advice: 'It may not have arrived yet, or it was deleted permanently. Sync, or go back to the list.',
    action: 'none',
  }),
  NewerEntity: ({ kind }) => ({
    title: `This ${kind} needs a newer Holdfast`,
    advice: 'It was written by a newer version. You can read it here; reload to update, then edit it.',
    action: 'reload',
  }),
  InvalidPatch: ({ field }) => ({
    title: 'A value does not fit',
    advice: `The field “${field}” cannot hold this value. Change it and it will be saved.`,
    action: 'none',
  }),
  Stayed: () => ({
    title: 'You stayed here',
    advice:
      'This tab holds words that are not saved, so nothing was changed. Save them as a file or free some space, then try again.',
    action: 'none',
  }),
  WorkerTimeout: () => ({
    title: 'Storage is slow to answer',
    advice: `${KEPT} If this stays, reload the page.`,
    action: 'retry',
  }),
  WorkerLost: () => ({
    title: 'The storage worker stopped',
    advice: `${KEPT} If this stays, reload the page.`,
    action: 'retry',
  }),

  // The way to the server.
  Network: () => ({
    title: 'The server cannot be reached',
    advice: `${ON_DEVICE} Check the network; you can go on writing.`,
    action: 'retry',
  }),
  ServerError: ({ status }) => ({
    title: `The server has a problem (${status})`,
    advice: `${ON_DEVICE} Nothing to do here: it is tried again by itself.`,
    action: 'retry',
  }),
  RateLimited: () => ({
    title: 'The server asks for a pause',
    advice: `${ON_DEVICE} It is tried again by itself in a moment.`,
    action: 'none',
  }),
  SignedOut: () => ({
    title: 'This device is signed out',
    advice: `${ON_DEVICE} Sign in to sync again.`,
    action: 'sign-in',
  }),
  Forbidden: ({ reason }) => ({
    title: 'The server refused this device',
    advice: `${ON_DEVICE} The server says: ${reason}. Sign in again, or ask whoever runs the server.`,
    action: 'sign-in',
  }),
  AccountDeleted: () => ({
    title: 'This account was deleted',
    advice:
      'What is on this device stays here, and is sent nowhere. Under Settings, Account, you can begin a new account with it.',
    action: 'sign-in',
  }),
  ReconcileNeeded: () => ({
    title: 'The server has a different past',
    advice: 'It was restored or wiped. Holdfast compares everything and brings back what is missing; nothing is deleted.',
    action: 'retry',
  }),
  TooLarge: () => ({
    title: 'A change is too large to send at once',
    advice: `${ON_DEVICE} It is sent in smaller parts.`,
    action: 'retry',
  }),
  UpdateRequired: () => ({
    title: 'Holdfast must be updated to sync',
    advice: `${ON_DEVICE} Reload the page to update.`,
    action: 'reload',
  }),
  ServerFull: () => ({
    title: 'The server is full',
    advice: `${ON_DEVICE} Ask whoever runs the server for space; deleting and shortening still pass.`,
    action: 'retry',
  }),
  Rejected: ({ status, reason }) => ({
    title: 'The server did not take a change',
    advice: `${ON_DEVICE} The server says: ${reason} (${status}). The change is set aside and the others go on.`,
    action: 'retry',
  }),

  // Forms.
  NameTooLong: ({ most }) => ({
    title: 'The name is too long',
    advice: `At most ${most} characters fit into the lists of devices. Shorten it, and save it again.`,
    action: 'none',
  }),
  BadCode: ({ reason }) => ({
    title: 'This code does not open an account',
    advice: `${reason} Check the words and their order.`,
    action: 'none',
  }),
  NotConfirmed: ({ word }) => ({
    title: 'Nothing was deleted',
    advice: `Type “${word}” into the field to confirm it.`,
    action: 'none',
  }),
  NameTaken: () => ({
    title: 'This name is taken',
    advice: 'Someone on this server already uses it. Choose another name.',
    action: 'none',
  }),
  WrongPassword: () => ({
    title: 'Name or password is wrong',
    advice: 'Check both, or enter with the recovery code instead.',
    action: 'none',
  }),
};

/**
 * The words and the next step for an expected failure. Total over `UiError`: a new type does not compile without words. What
 * another tab or a log holds may be of a newer version.
 */
export function errorText(error: UiError): ErrorText {
  const text = texts[error.type] as ((error: UiError) => ErrorText) | undefined;
  return text?.(error) ?? { title: error.type, advice: 'Update Holdfast to read what this means.', action: 'none' };
}
