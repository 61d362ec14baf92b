/** The words of the status bar: the promise that the screen makes about the work. */
import { describe, expect, test } from 'vitest';
import type { SyncState } from '#app/app.ts';
import { heldUpFiles } from '#support/quiet-summary.ts';
import { alarmText, saveText, syncText } from '#ui/shell/status/status-text.ts';

const NOW = 1_760_000_000_000;
const HOUR = 3_600_000;

describe('the save state', () => {
  test.each([
    [{ type: 'clean' } as const, null, ''],
    [{ type: 'clean' } as const, NOW, 'Saved'],
    [{ type: 'dirty' } as const, NOW, 'Saving…'],
    [{ type: 'saving' } as const, NOW, 'Saving…'],
    [{ type: 'saved', at: NOW } as const, NOW, 'Saved'],
    [{ type: 'error', error: { type: 'QuotaExceeded' } } as const, NOW, 'Not saved'],
  ])('%j, last saved at %s: “%s”', (state, at, word) => {
    expect(saveText(state, at).word).toBe(word);
  });

  test('a failure names the reason and offers something to do', () => {
    expect(saveText({ type: 'error', error: { type: 'WorkerTimeout' } }, NOW)).toMatchObject({
      reason: 'Storage is slow to answer',
      action: 'retry',
    });
    expect(saveText({ type: 'error', error: { type: 'InvalidPatch', field: 'x' } }, NOW).action).toBe('retry');
  });
});

describe('the sync state', () => {
  const states: readonly (readonly [SyncState, string, string | undefined])[] = [
    [{ type: 'unasked' }, 'Nothing to sync', undefined],
    [{ type: 'synced', at: NOW, toDecide: 0 }, 'Synced', undefined],
    [{ type: 'synced', at: NOW, toDecide: 1 }, 'Synced', '1 to decide'],
    [{ type: 'synced', at: NOW, toDecide: 0, files: { waiting: 2, refused: 1 } }, 'Synced', '2 files to send'],
    [{ type: 'synced', at: NOW, toDecide: 0, files: { waiting: 1, refused: 1 } }, 'Synced', '1 file refused'],
    [{ type: 'syncing', pending: 2 }, 'Syncing…', undefined],
    [{ type: 'offline', pending: 0 }, 'Offline', undefined],
    [{ type: 'offline', pending: 3 }, 'Offline', '3 changes waiting'],
    [{ type: 'waiting', pending: 1, reason: null, retryAt: null }, '1 change waiting', undefined],
    [{ type: 'signed-out', pending: 0 }, 'Sign in to sync', undefined],
    [{ type: 'insecure', pending: 0 }, 'Sync needs https', undefined],
    [{ type: 'insecure', pending: 2 }, 'Sync needs https', '2 changes waiting'],
    [{ type: 'off', pending: 2 }, 'Sync is off', '2 changes waiting'],
    [
      { type: 'stuck', pending: 3, since: NOW - 3 * HOUR, reason: { type: 'ServerFull' } },
      'Sync is stuck',
      'for 3 hours, 3 changes waiting',
    ],
    [{ type: 'stuck', pending: 0, since: NOW - HOUR, reason: null }, 'Sync is stuck', 'for 1 hour'],
  ];

  test.each(states)('%j', (state, word, detail) => {
    const text = syncText(state, NOW);
    expect([text.word, text.detail]).toEqual([word, detail]);
  });

  test('files that no server takes now are said with the reason and a way to try again', () => {
    const heldUp = heldUpFiles(NOW);
    expect(syncText({ type: 'synced', at: NOW, toDecide: 0, files: { waiting: 2, refused: 0, heldUp } }, NOW)).toMatchObject({
      word: 'Synced',
      detail: '2 files to send',
      reason: 'The server cannot take files now (503)',
      tone: 'warn',
      action: 'retry',
    });
  });

  test('being stuck says why, and always has a button, the one that fits the reason', () => {
    const full: SyncState = { type: 'stuck', pending: 3, since: NOW, reason: { type: 'ServerFull' } };
    expect(syncText(full, NOW).reason).toBe('The server is full');
    expect(syncText({ type: 'stuck', pending: 1, since: NOW, reason: null }, NOW).action).toBe('retry');
    expect(syncText({ type: 'stuck', pending: 1, since: NOW, reason: { type: 'UpdateRequired' } }, NOW).action).toBe('reload');
    const held = { type: 'DeletionsHeld', count: 60 } as const;
    expect(syncText({ type: 'stuck', pending: 0, since: NOW, reason: held }, NOW).action).toBe('decide-deletions');
  });
});

describe('what is read out', () => {
  test('is silent while all goes well, and does not repeat itself as time passes', () => {
    expect(alarmText({ type: 'saving' }, { type: 'syncing', pending: 1 }, NOW)).toBe('');
    const stuck: SyncState = { type: 'stuck', pending: 1, since: NOW - HOUR, reason: null };
    expect(alarmText({ type: 'clean' }, stuck, NOW)).toBe(alarmText({ type: 'clean' }, stuck, NOW + HOUR));
    expect(alarmText({ type: 'error', error: { type: 'QuotaExceeded' } }, stuck, NOW)).toMatch(/^Not saved: /);
  });
});
