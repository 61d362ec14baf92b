/** Which backups stay, and when the next is due. */
import { describe, expect, test } from 'vitest';
import { isShrunken, type KeptState, planRemoval } from '#backup/kept/retention.ts';
import { addFailure, newestOf, nextDue, type ScheduleFacts } from '#backup/kept/schedule.ts';
import type { BackupFailure } from '#core/backup-places.ts';
import { ledger } from '#entities/index.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
/** A Sunday, 12:00 in UTC. */
const NOON = Date.UTC(2026, 10, 29, 12);

const backup = (madeAt: number, more: Partial<KeptState> = {}): KeptState => ({
  id: String(madeAt).padStart(15, '0'),
  madeAt,
  isWhole: true,
  isShrunken: false,
  isPinned: false,
  isMirror: false,
  ...more,
});
const leftOf = (backups: readonly KeptState[], offset = 0): readonly KeptState[] => {
  const removed = planRemoval(
    [...backups].sort((a, b) => b.madeAt - a.madeAt),
    offset,
  );
  return backups.filter(({ id }) => !removed.includes(id)).sort((a, b) => b.madeAt - a.madeAt);
};

describe('retention', () => {
  test('of live mirrors keeps the newest, and beside it the last one that had not lost much; none takes the place of another backup', () => {
    const mirror = (minute: number, more: Partial<KeptState> = {}) => backup(NOON + minute * MINUTE, { isMirror: true, ...more });
    const made = Array.from({ length: 10 }, (_, n) => backup(NOON - n * MINUTE));
    expect(leftOf([...made, mirror(1), mirror(2), mirror(3)])).toEqual([mirror(3), ...made]);
    const halved = { isShrunken: true };
    expect(leftOf([...made, mirror(1), mirror(2), mirror(3, halved), mirror(4, halved)])).toEqual([
      mirror(4, halved),
      mirror(2),
      ...made,
    ]);
  });

  test('keeps the last 10, one a day for 14 days and one a week for 8, and nothing else', () => {
    const all = Array.from({ length: 100 * 48 }, (_, n) => backup(NOON - n * 30 * MINUTE));
    const left = leftOf(all).map(({ madeAt }) => madeAt);
    expect(left.slice(0, 10)).toEqual(all.slice(0, 10).map(({ madeAt }) => madeAt));
    const days = new Set(left.map((at) => Math.floor(at / DAY)));
    expect([...days].slice(0, 14)).toEqual(Array.from({ length: 14 }, (_, n) => Math.floor(NOON / DAY) - n));
    // Weeks end on Sundays: the newest of the eighth is seven of them ago.
    expect(left.at(-1)).toBe(Date.UTC(2026, 10, 29 - 49, 23, 30));
    expect(left.length).toBeLessThanOrEqual(32);
  });

  test('goes by the person’s days: what was made at 23:30 there is another day than 0:30', () => {
    // Ten later ones take the first places.
    const later = Array.from({ length: 10 }, (_, n) => backup(NOON + DAY + n * MINUTE));
    const [before, after] = [backup(Date.UTC(2026, 10, 28, 22, 30)), backup(Date.UTC(2026, 10, 28, 23, 30))];
    expect(leftOf([...later, before, after], -60)).toEqual(expect.arrayContaining([before, after]));
    expect(leftOf([...later, before, after], 0)).not.toContainEqual(before);
  });

  test('never takes the last one that is whole, nor one that is pinned', () => {
    const old = backup(NOON - 300 * DAY);
    const pinned = backup(NOON - 301 * DAY, { isPinned: true, isWhole: false });
    const damaged = Array.from({ length: 400 }, (_, n) => backup(NOON - n * 12 * HOUR, { isWhole: false }));
    expect(leftOf([...damaged, old, pinned])).toEqual(expect.arrayContaining([old, pinned]));
  });

  test('by a shrunken state takes no other than shrunken ones', () => {
    const whole = Array.from({ length: 40 }, (_, n) => backup(NOON - DAY - n * MINUTE));
    const shrunken = Array.from({ length: 40 }, (_, n) => backup(NOON - n * MINUTE, { isShrunken: true }));
    const left = leftOf([...whole, ...shrunken]);
    expect(left).toEqual(expect.arrayContaining(whole));
    expect(left.length).toBeLessThan(60);
    // When the state is back, they age as any other.
    expect(leftOf([...whole, ...shrunken, backup(NOON + 1)]).length).toBeLessThan(20);
  });
});

describe('a shrunken state', () => {
  const count = (live: number, binned = 0) => ({ live, binned });
  test.each([
    ['half is there', { note: count(10) }, { note: count(5) }, false],
    ['less than half is there', { note: count(10) }, { note: count(4) }, true],
    ['a kind is gone', { note: count(10), chat: count(10) }, { note: count(10) }, true],
    ['there were few', { note: count(9), chat: count(1) }, { note: count(1) }, false],
    ['all is gone of few', { note: count(2) }, {}, true],
    ['it is in the bin', { note: count(20) }, { note: count(0, 20) }, false],
    ['the log was thinned', { note: count(5), 'merge-log': count(100) }, { note: count(5) }, false],
    ['a kind of a newer app is gone', { sticky: count(40) }, { sticky: count(1) }, true],
    ['there was nothing', {}, {}, false],
  ])('%s', (_what, before, now, expected) => {
    expect(isShrunken(before, now, ledger)).toBe(expected);
  });
});

describe('the schedule', () => {
  const facts = (more: Partial<ScheduleFacts> = {}): ScheduleFacts => ({
    pace: '30',
    last: { madeAt: NOON, localSeq: 10, database: 1 },
    now: { localSeq: 11, database: 1 },
    failure: null,
    ...more,
  });

  test('is due when its pace has passed and something has changed', () => {
    expect(nextDue(facts(), NOON + 10 * MINUTE)).toEqual({ isDue: false, at: NOON + 30 * MINUTE });
    expect(nextDue(facts(), NOON + 30 * MINUTE)).toEqual({ isDue: true, at: NOON + 30 * MINUTE });
    expect(nextDue(facts({ pace: 'daily' }), NOON + 23 * HOUR).isDue).toBe(false);
    const same = { localSeq: 10, database: 1 };
    expect(nextDue(facts({ now: same }), NOON + DAY)).toEqual({ isDue: false, at: NOON + DAY + 30 * MINUTE });
  });

  test('is due at once where there is no backup, unless nothing was ever written', () => {
    expect(nextDue(facts({ last: null }), NOON).isDue).toBe(true);
    expect(nextDue(facts({ last: null, now: { localSeq: 0, database: 1 } }), NOON).isDue).toBe(false);
  });

  test('is due for a database that was made anew, though its counter says the same', () => {
    expect(nextDue(facts({ now: { localSeq: 10, database: 2 } }), NOON + HOUR).isDue).toBe(true);
  });

  test('waits longer after each failure, an hour at most, and remembers the first', () => {
    let failure: BackupFailure | null = null;
    const waits: number[] = [];
    for (let n = 0; n < 9; n++) {
      failure = addFailure(failure, { type: 'QuotaExceeded' }, NOON + n * DAY);
      waits.push((failure.retryAt - NOON - n * DAY) / MINUTE);
    }
    expect(waits).toEqual([1, 2, 4, 8, 16, 32, 60, 60, 60]);
    expect(failure).toMatchObject({ since: NOON, attempts: 9 });
    const at = NOON + 8 * DAY + 30 * MINUTE;
    expect(nextDue(facts({ failure }), at)).toEqual({ isDue: false, at: NOON + 8 * DAY + HOUR });
  });

  test('a clock that was ahead or behind makes nothing wait longer, and nothing run again and again', () => {
    const ahead = { madeAt: NOON + 300 * DAY, localSeq: 8, database: 1 };
    expect(nextDue(facts({ last: ahead }), NOON).isDue).toBe(true);
    const next = { madeAt: NOON, localSeq: 11, database: 1 };
    expect(newestOf([ahead, next], 1)).toBe(next);
    const failure = addFailure(null, { type: 'PlaceGone' }, NOON + 300 * DAY);
    expect(nextDue(facts({ failure }), NOON).at).toBeLessThanOrEqual(NOON + HOUR);
  });
});
