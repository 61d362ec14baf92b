/** When a person learns that the storage gets full, and in which words. */
import { describe, expect, test } from 'vitest';
import type { SaveState } from '#app/app.ts';
import { type StorageLevel, storageLevel, storageText } from '#ui/text/storage-level.ts';

const GB = 1_000_000_000;
const saved: SaveState = { type: 'saved', at: 1 };
const refused: SaveState = { type: 'error', error: { type: 'QuotaExceeded' } };

describe('the level', () => {
  const shares: readonly (readonly [number, StorageLevel])[] = [
    [0, 'fine'],
    [0.799, 'fine'],
    [0.8, 'filling'],
    [0.949, 'filling'],
    [0.95, 'nearly'],
    [0.999, 'nearly'],
    [1, 'full'],
    [1.2, 'full'],
  ];
  test.each(shares)('at %d of the quota is %s', (share, level) => {
    expect(storageLevel({ usedBytes: share * 10 * GB, quotaBytes: 10 * GB }, saved)).toBe(level);
  });

  test('is full when the browser refused to save, whatever its figures say, and not for another failure', () => {
    const empty = { usedBytes: 0, quotaBytes: 10 * GB };
    expect(storageLevel(empty, refused)).toBe('full');
    expect(storageLevel(null, refused)).toBe('full');
    expect(storageLevel(empty, { type: 'error', error: { type: 'WorkerTimeout' } })).toBe('fine');
  });

  test('is fine where the browser names no figures', () => {
    expect(storageLevel(null, saved)).toBe('fine');
    expect(storageLevel({ usedBytes: 1, quotaBytes: 0 }, saved)).toBe('fine');
  });
});

test('each level has words of its own and a next step, and never claims more than is so', () => {
  const figures = { usedBytes: 9.56 * GB, quotaBytes: 10 * GB };
  expect(storageText('filling', { ...figures, usedBytes: 8.39 * GB }).title).toBe('Storage is 83 % full');
  expect(storageText('nearly', figures).title).toBe('Storage is 95 % full');
  expect(storageText('full', null).title).toBe('Storage is full');
  for (const level of ['filling', 'nearly'] as const) expect(storageText(level, figures).advice).toMatch(/export a copy/i);
  expect(storageText('full', figures).advice).toMatch(/kept in this tab/);
});
