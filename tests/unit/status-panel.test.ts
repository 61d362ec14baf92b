/** The words of the Status panel: the promise about closing, the log, what is refused. */
import { describe, expect, test } from 'vitest';
import type { DeviceEvent, LoggedEvent } from '#app/status/status-service.ts';
import { rejectReasons } from '#core/protocol.ts';
import { kindPlural } from '#entities/kind-names.ts';
import { heldUpFiles, quietSummary } from '#support/quiet-summary.ts';
import { eventsAsText, eventText, recentErrors } from '#ui/panels/status/event-text.ts';
import { type SafeFacts, safeSentence } from '#ui/panels/status/safe-sentence.ts';
import { byteText } from '#ui/text/byte-text.ts';
import { valueText } from '#ui/text/field-text.ts';
import { reasonText } from '#ui/text/quarantine-text.ts';

const NOW = 1_790_000_000_000;
const MINUTE = 60_000;

const summary = quietSummary(NOW);

const say = (facts: Partial<SafeFacts> = {}) =>
  safeSentence({
    save: { type: 'clean' },
    sync: { type: 'synced', at: NOW, toDecide: 0 },
    summary,
    durability: 'persistent',
    now: NOW,
    ...facts,
  });

describe('is it safe to close?', () => {
  test('files count: what is still to be sent is said with its size, and what the server refuses, too', () => {
    const withFiles = (files: typeof summary.files) => say({ summary: { ...summary, files } });
    const heldUp = heldUpFiles(NOW);
    expect(withFiles({ waiting: 2, bytes: 3_400_000, refused: 1, heldUp })).toMatchObject({
      tone: 'warn',
      text: expect.stringContaining('The server cannot take files now (503); below'),
    });
    expect(withFiles({ waiting: 2, bytes: 3_400_000, refused: 1 })).toMatchObject({
      tone: 'plain',
      title: 'Saved on this device, 2 files (3.4 MB) are still to be sent',
    });
    expect(withFiles({ waiting: 1, bytes: 900, refused: 1 })).toMatchObject({
      tone: 'warn',
      title: 'Saved on this device, 1 file (900 bytes) is still to be sent',
      text: expect.stringContaining('does not take'),
    });
    const memory = say({ summary: { ...summary, files: { waiting: 1, bytes: 900, refused: 0 } }, durability: 'memory' });
    expect(memory).toMatchObject({ tone: 'bad', title: expect.stringContaining('1 file (900 bytes)') });
  });

  test('nothing waits: whether the server is being asked, was reached before, or never answered since the start, is told apart', () => {
    const textOf = (sync: SafeFacts['sync']) => say({ sync }).text;
    expect(textOf({ type: 'syncing', pending: 0 })).toContain('just being asked');
    expect(textOf({ type: 'offline', pending: 0 })).toContain('when that last answered');
    expect(textOf({ type: 'unasked' })).toContain('has not answered yet since the app was opened');
  });

  test.each([
    [{ type: 'syncing', pending: 0 }, 'Saved on this device, 2 files (3.4 MB) are still to be sent'],
    [{ type: 'offline', pending: 0 }, 'Saved on this device, 2 files (3.4 MB) are still to be sent'],
    [{ type: 'off', pending: 0 }, 'Saved on this device only: 2 files (3.4 MB) are still to be sent'],
    [{ type: 'insecure', pending: 0 }, 'Saved on this device only: 2 files (3.4 MB) are still to be sent'],
    [{ type: 'signed-out', pending: 0 }, 'Saved on this device, 2 files (3.4 MB) are still to be sent'],
    [
      { type: 'waiting', pending: 1, reason: null, retryAt: null },
      'Saved on this device, 1 change waits for the server, and 2 files (3.4 MB) are still to be sent',
    ],
  ] as const)('files count whatever the sync does: %j', (sync, title) => {
    expect(say({ sync, summary: { ...summary, files: { waiting: 2, bytes: 3_400_000, refused: 0 } } }).title).toBe(title);
  });

  test('files count before the server was asked for the first time', () => {
    const files = { waiting: 2, bytes: 3_400_000, refused: 0 };
    expect(say({ sync: { type: 'syncing', pending: 0 }, summary: { ...summary, files, lastSyncedAt: null } })).toMatchObject({
      title: 'Saved on this device, 2 files (3.4 MB) are still to be sent',
      text: 'The server has not been asked yet.',
    });
  });

  test('signed out with all on the server, nothing is said to wait', () => {
    expect(say({ sync: { type: 'signed-out', pending: 0 } }).title).toBe('Saved on this device');
  });

  test('only where all is saved and the server has it', () => {
    expect(say()).toMatchObject({
      tone: 'good',
      title: 'Safe to close: everything is saved on this device and on the server',
    });
  });

  const waiting = { ...summary, pending: 3, oldestPendingAt: NOW - 2 * MINUTE };
  const others: readonly (readonly [string, Partial<SafeFacts>, RegExp])[] = [
    [
      'waiting',
      { sync: { type: 'waiting', pending: 3, reason: null, retryAt: null }, summary: waiting },
      /^Saved on this device, 3 changes wait for the server since 2 minutes$/,
    ],
    [
      'offline',
      { sync: { type: 'offline', pending: 1 }, summary: { ...waiting, pending: 1 } },
      /^Saved on this device, 1 change waits/,
    ],
    ['a failed save', { save: { type: 'error', error: { type: 'QuotaExceeded' } } }, /^Not saved: This device is full/],
    ['typing', { save: { type: 'dirty' } }, /^Saving/],
    ['memory only', { durability: 'memory', sync: { type: 'offline', pending: 2 }, summary: waiting }, /^Not safe to close/],
    [
      'stuck',
      { sync: { type: 'stuck', pending: 3, since: NOW, reason: { type: 'ServerFull' } }, summary: waiting },
      /but 3 changes wait .*: The server is full/,
    ],
    ['plain http', { sync: { type: 'insecure', pending: 3 }, summary: waiting }, /^Saved on this device only: 3 changes wait/],
    ['not asked yet in this run', { sync: { type: 'syncing', pending: 0 } }, /^Saved on this device$/],
    ['off', { sync: { type: 'off', pending: 3 }, summary: waiting }, /^Saved on this device only/],
    ['signed out', { sync: { type: 'signed-out', pending: 3 }, summary: waiting }, /^Saved on this device, 3 changes wait/],
    ['first run', { summary: { ...summary, lastSavedAt: null, lastSyncedAt: null } }, /nothing to lose/],
    ['never synced', { summary: { ...summary, lastSyncedAt: null } }, /^Saved on this device$/],
  ];
  test.each(others)('%s: it does not promise the server', (_, facts, title) => {
    const sentence = say(facts);
    expect(sentence.title).toMatch(title);
    expect(sentence.title).not.toMatch(/^Safe to close/);
    expect(sentence.text.length).toBeGreaterThan(10);
  });
});

const events: readonly DeviceEvent[] = [
  { type: 'started', detail: 'online' },
  { type: 'synced' },
  { type: 'sync-failed', error: { type: 'Network', reason: 'x' } },
  { type: 'save-failed', error: { type: 'QuotaExceeded' } },
  { type: 'save-recovered' },
  { type: 'room-made', states: 0 },
  { type: 'room-made', states: 120 },
  { type: 'quarantined', kind: 'note', detail: 'over-quota' },
  { type: 'retried', kind: '', detail: '2' },
  { type: 'discarded', kind: 'note', detail: 'too-big' },
  { type: 'decided', kind: 'note' },
  { type: 'merge-undone', kind: 'note' },
  { type: 'restored', kind: 'note' },
  { type: 'updated' },
  { type: 'failed', detail: 'TypeError at app.js:1' },
];

describe('the event log', () => {
  test.each(events)('$type has words, and an unknown error does not break it', (event) => {
    expect(eventText(event).text).toMatch(/^[A-Z].{5,}/);
    expect(eventText(event).text).not.toMatch(/undefined|\[object/);
    const foreign = { type: 'sync-failed', error: { type: 'Hologram' } } as unknown as DeviceEvent;
    expect(eventText(foreign).text).toContain('Hologram');
  });

  const logged = (event: DeviceEvent, until: number, times = 1): LoggedEvent => ({
    order: until,
    at: until,
    until,
    times,
    event,
  });

  test('as text it has one line an event', () => {
    const text = eventsAsText(events.map((event, at) => logged(event, NOW - at, at + 1)));
    expect(text.trimEnd().split('\n')).toHaveLength(events.length);
    expect(text).toContain('2026-');
  });

  test('errors of late come once each, with the next step, and say when they are over', () => {
    const failed = { type: 'sync-failed', error: { type: 'SyncSilent' } } as const;
    // That the server cannot be reached is said on top of the panel; a device that was offline has had no error.
    const offline = { type: 'sync-failed', error: { type: 'Network', reason: 'x' } } as const;
    const full = { type: 'save-failed', error: { type: 'QuotaExceeded' } } as const;
    const recent = recentErrors(
      [
        logged({ type: 'synced' }, NOW),
        logged(offline, NOW - MINUTE, 9),
        logged(failed, NOW - MINUTE, 3),
        logged(full, NOW - 2 * MINUTE),
        logged(failed, NOW - 3 * MINUTE, 2),
        logged({ type: 'save-failed', error: { type: 'WorkerTimeout' } }, NOW - 2 * 86_400_000),
      ],
      NOW,
    );
    expect(recent).toMatchObject([
      { times: 5, at: NOW - MINUTE, isOver: true },
      { title: 'This device is full', times: 1, isOver: false },
    ]);
    expect(recent[1]?.advice).toContain('Free some space');
  });
});

test.each([...rejectReasons, 'unreadable', 'a reason of a newer server'])(
  'a refusal for %s has words and a next step',
  (reason) => {
    const { title, advice } = reasonText(reason);
    expect(title).toMatch(/^[a-z]/);
    expect(advice).toMatch(/\.$/);
  },
);

test('values are shown as a person reads them', () => {
  expect([valueText('x'), valueText(null), valueText(true), valueText(3), valueText(['a', 'b']), valueText({ a: 1 })]).toEqual([
    'x',
    '',
    'Yes',
    '3',
    'a\nb',
    '{\n  "a": 1\n}',
  ]);
  expect([byteText(0), byteText(999), byteText(1500), byteText(123_456_789)]).toEqual([
    '0 bytes',
    '999 bytes',
    '1.5 kB',
    '123 MB',
  ]);
});

test('a kind is called by its noun, and one of a newer version as it calls itself', () => {
  expect([kindPlural('merge-log'), kindPlural('exam-paper')]).toEqual(['Merges', 'Exam paper']);
});
