/** What is said of the backups of all places: when they were verified, what is wrong, and when that is part of the state of the app. */
import { expect, test } from 'vitest';
import type { BackupPlace } from '#core/backup-places.ts';
import { backupHealth } from '#ui/text/backup-health.ts';

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const NOW = 1_790_000_000_000;

const placeOf = (verifiedAgo: number | null, more: Partial<BackupPlace> = {}): BackupPlace => ({
  ...{ id: 'device', type: 'device', name: '', pace: '30', isMirror: false, isBarred: false, isBusy: false, failure: null },
  nextAt: NOW + 30 * MINUTE,
  state: {
    ...{ backups: 1, bytes: 1, last: null, mirroredAt: null, checkedAt: null, lackingFiles: 0 },
    lastVerifiedAt: verifiedAgo === null ? null : NOW - verifiedAgo,
  },
  ...more,
});
const folder = (verifiedAgo: number | null, more: Partial<BackupPlace> = {}) =>
  placeOf(verifiedAgo, { id: 'f', type: 'folder', name: 'Stick', ...more });

test('says when a backup was last verified, and in how many places', () => {
  expect(backupHealth([placeOf(12 * MINUTE)], NOW)).toEqual({
    tone: 'good',
    title: 'Last verified 12 minutes ago, on this device',
    advice: [],
  });
  expect(backupHealth([placeOf(0), folder(DAY)], NOW).title).toBe('Last verified just now, in 2 places');
  expect(backupHealth([placeOf(null)], NOW)).toMatchObject({ tone: 'plain', title: 'No backup yet' });
});

test('is bad when something has waited for three times the pace, and when none was verified for a week', () => {
  const due = { nextAt: NOW - MINUTE };
  expect(backupHealth([placeOf(91 * MINUTE, due)], NOW)).toMatchObject({
    tone: 'bad',
    advice: [expect.stringMatching(/^Overdue/)],
  });
  expect(backupHealth([placeOf(89 * MINUTE, due)], NOW).tone).toBe('good');
  // Nothing was written since.
  expect(backupHealth([placeOf(6 * DAY)], NOW).tone).toBe('good');
  expect(backupHealth([placeOf(8 * DAY)], NOW).tone).toBe('bad');
  expect(backupHealth([placeOf(2 * DAY, { ...due, pace: 'daily' })], NOW).tone).toBe('good');
  // Another place has one.
  expect(backupHealth([placeOf(91 * MINUTE, due), folder(MINUTE)], NOW).tone).toBe('good');
});

test('says since when a place fails, why, and what to do; and that a folder is not allowed', () => {
  const failure = { error: { type: 'QuotaExceeded' }, since: NOW - DAY, attempts: 3, retryAt: NOW + MINUTE } as const;
  const failing = backupHealth([placeOf(MINUTE), folder(DAY, { failure })], NOW);
  expect(failing.tone).toBe('warn');
  expect(failing.advice).toEqual([expect.stringMatching(/^Failing since .*, in the folder Stick: .*It is tried again at/)]);
  expect(backupHealth([placeOf(MINUTE), folder(DAY, { isBarred: true })], NOW).advice[0]).toContain(
    'let Holdfast into the folder again',
  );
  expect(backupHealth([placeOf(null, { failure })], NOW).tone).toBe('bad');
  // A folder that is gone is no way back, whatever lay in it.
  const gone = { failure: { ...failure, error: { type: 'PlaceGone' } } } as const;
  expect(backupHealth([placeOf(DAY), folder(MINUTE, gone)], NOW).title).toBe('Last verified 24 hours ago, on this device');
});
