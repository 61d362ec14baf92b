import { expect, test } from 'vitest';
import { createSource } from '#app/observable.ts';
import { createOwnName } from '#app/own-name.ts';
import { readDeviceName } from '#core/device-name.ts';
import type { SyncError } from '#core/errors.ts';
import { err, ok, type Result } from '#core/result.ts';
import { isolate } from '#ui/text/isolate.ts';

test.each([
  ['  My\tlaptop \n', 'My laptop'],
  ['\u202eevil\u202c\u200b', 'evil'],
  ['cafe\u0301', 'caf\u00e9'],
  [' \u200b\u2060 ', ''],
  ['a'.repeat(50), 'a'.repeat(50)],
  ['🧑‍💻'.repeat(30), '🧑‍💻'.repeat(30)],
  ['नि'.repeat(50), 'नि'.repeat(50)],
])('%j is kept as a name', (typed, name) => {
  expect(readDeviceName(typed)).toBe(name);
});

test.each([['a'.repeat(51)], ['👍🏽'.repeat(51)], ['👨‍👩‍👧‍👦'.repeat(50)], [`a${'\u0301\u0302'.repeat(200)}`]])(
  '%j is too long',
  (typed) => {
    expect(readDeviceName(typed)).toBe(null);
  },
);

test('a name in a sentence keeps its direction to itself', () => {
  expect(isolate('הטלפון שלי (2)')).toBe('\u2068הטלפון שלי (2)\u2069');
  expect(isolate('Work laptop')).toBe('Work laptop');
});

/** A device whose server answers what `answers` says, one each, and then well. */
function deviceWith(answers: Result<unknown, SyncError>[], { isUnsent = false, lastSynced = null as number | null } = {}) {
  const rows: object[] = [];
  const sent: string[] = [];
  const current = createSource({ deviceName: 'Chrome on Linux' } as Parameters<typeof createOwnName>[0]['current']['value']);
  const [lastSyncedAt, enabled] = [createSource(lastSynced), createSource(true)];
  const names = createOwnName({
    client: {
      updateWorkspace: async (patch) => {
        rows.push(patch);
        return ok(undefined);
      },
    },
    ...{ current, lastSyncedAt, enabled, isUnsent },
    send: async (name) => {
      sent.push(name);
      return answers.shift() ?? ok({ done: true });
    },
  });
  return { names, rows, sent, current, lastSyncedAt, enabled };
}

const offline = err({ type: 'Network', reason: 'TypeError' } as const);

test('a name given offline is kept at once, and sent when a sync has ended well', async () => {
  const { names, rows, sent, current, lastSyncedAt } = deviceWith([offline], { lastSynced: 1 });
  await names.rename('Desk');
  expect(current.value.deviceName).toBe('Desk');
  expect(rows).toEqual([{ deviceName: 'Desk', nameUnsent: true }]);
  lastSyncedAt.set(2);
  await expect.poll(() => rows.at(-1)).toEqual({ nameUnsent: false });
  lastSyncedAt.set(3);
  expect(sent).toEqual(['Desk', 'Desk']);
});

test('a name from an earlier visit is sent with the next sync, and none while syncing is switched off', async () => {
  const { sent, lastSyncedAt, enabled } = deviceWith([], { isUnsent: true });
  expect(sent).toEqual([]);
  enabled.set(false);
  lastSyncedAt.set(1);
  expect(sent).toEqual([]);
  enabled.set(true);
  lastSyncedAt.set(2);
  expect(sent).toEqual(['Chrome on Linux']);
});

test('a server that refuses a name is not asked again with every sync', async () => {
  const refused = err({ type: 'Rejected', status: 404, reason: 'not-found' } as const);
  const { names, rows, sent, lastSyncedAt } = deviceWith([refused], { lastSynced: 1 });
  await names.rename('Desk');
  lastSyncedAt.set(2);
  expect(sent).toEqual(['Desk']);
  expect(rows).toEqual([{ deviceName: 'Desk', nameUnsent: true }]);
});
