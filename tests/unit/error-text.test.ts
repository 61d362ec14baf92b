/** Every failure has words and a next step. The table below does not compile when a type of the union is missing in it. */
import { describe, expect, test } from 'vitest';
import { errorText } from '#ui/text/error-text.ts';
import type { UiError } from '#ui/text/error-types.ts';

const examples: { readonly [T in UiError['type']]: Extract<UiError, { readonly type: T }> } = {
  NeedsHttps: { type: 'NeedsHttps' },
  QuotaExceeded: { type: 'QuotaExceeded' },
  StorageDisabled: { type: 'StorageDisabled', reason: 'SecurityError' },
  ConnectionLost: { type: 'ConnectionLost', reason: 'closed' },
  UpgradeBlocked: { type: 'UpgradeBlocked' },
  NewerDatabase: { type: 'NewerDatabase' },
  StorageGone: { type: 'StorageGone' },
  StorageFailed: { type: 'StorageFailed', reason: 'UnknownError' },
  Canceled: { type: 'Canceled' },
  BlobMissing: { type: 'BlobMissing' },
  SyncOff: { type: 'SyncOff' },
  WrongBytes: { type: 'WrongBytes' },
  NotFound: { type: 'NotFound', kind: 'note', id: 'x' },
  NewerEntity: { type: 'NewerEntity', kind: 'note', id: 'x' },
  InvalidPatch: { type: 'InvalidPatch', field: 'tags' },
  Stayed: { type: 'Stayed' },
  WorkerTimeout: { type: 'WorkerTimeout' },
  WorkerLost: { type: 'WorkerLost', reason: 'error' },
  PlacePermission: { type: 'PlacePermission' },
  PlaceGone: { type: 'PlaceGone' },
  PlaceFailed: { type: 'PlaceFailed', reason: 'NotReadableError' },
  PlaceServer: { type: 'PlaceServer', cause: { type: 'ServerFull' } },
  BackupStopped: { type: 'BackupStopped' },
  BackupMissing: { type: 'BackupMissing' },
  BackupDamaged: { type: 'BackupDamaged' },
  BackupNewer: { type: 'BackupNewer' },
  BackupInUse: { type: 'BackupInUse' },
  Network: { type: 'Network', reason: 'TypeError' },
  ServerError: { type: 'ServerError', status: 500, retryAfterMs: null },
  RateLimited: { type: 'RateLimited', retryAfterMs: 1000 },
  SignedOut: { type: 'SignedOut' },
  Forbidden: { type: 'Forbidden', reason: 'revoked' },
  AccountDeleted: { type: 'AccountDeleted' },
  ReconcileNeeded: { type: 'ReconcileNeeded', epoch: null },
  TooLarge: { type: 'TooLarge' },
  UpdateRequired: { type: 'UpdateRequired' },
  ServerFull: { type: 'ServerFull' },
  DeletionsHeld: { type: 'DeletionsHeld', count: 60 },
  Quarantined: { type: 'Quarantined', count: 2 },
  KeyUnknown: { type: 'KeyUnknown' },
  SyncSilent: { type: 'SyncSilent' },
  Rejected: { type: 'Rejected', status: 400, reason: 'malformed' },
  FileEmpty: { type: 'FileEmpty' },
  FileTooLarge: { type: 'FileTooLarge', bytes: 101_000_000, limitBytes: 100_000_000 },
  FileUnreadable: { type: 'FileUnreadable', reason: 'NotReadableError' },
  PrepareFailed: { type: 'PrepareFailed', reason: 'the worker failed' },
  PrepareStopped: { type: 'PrepareStopped' },
  PictureUnreadable: { type: 'PictureUnreadable', locationKept: false },
  PictureTooLarge: { type: 'PictureTooLarge', width: 20_000, height: 5000, locationKept: true },
  PictureForeign: { type: 'PictureForeign', locationKept: true },
  BadCode: { type: 'BadCode', reason: 'A word is unknown.' },
  NotConfirmed: { type: 'NotConfirmed', word: 'delete' },
  NameTaken: { type: 'NameTaken' },
  NameTooLong: { type: 'NameTooLong', most: 50 },
  WrongPassword: { type: 'WrongPassword' },
};

describe('the words for every error', () => {
  test.each(Object.values(examples))('$type says what happened and what to do', (error) => {
    const { title, advice, action } = errorText(error);
    // The title is in the status bar beside "Not saved": a few words, without a full stop.
    expect(title).toMatch(/^\S.{3,60}[^.]$/);
    expect(advice).toMatch(/[.]$/);
    expect(advice.length).toBeGreaterThan(30);
    expect(action).toBeTruthy();
    expect(`${title} ${advice}`).not.toMatch(/undefined|\[object|null/);
  });

  test('a type is never shown by its code name', () => {
    for (const error of Object.values(examples)) {
      const { title, advice } = errorText(error);
      expect(`${title} ${advice}`).not.toContain(error.type);
    }
  });

  test('no two errors share a title, so that a report names one of them', () => {
    const titles = Object.values(examples).map((error) => errorText(error).title);
    expect(new Set(titles).size).toBe(titles.length);
  });
});
