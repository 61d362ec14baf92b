/** Broadcasts that come in any order, late, or not at all: the page reads again where one was lost, and only there. */
import fc from 'fast-check';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createMissedChanges } from '#app/missed-changes.ts';
import { systemClock } from '#platform/system.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const SINCE = 7;
const inTime = fc.integer({ min: 0, max: 900 });
const commit = fc.record({ puts: fc.integer({ min: 0, max: 3 }), arrivesMs: fc.option(inTime) });

/** Commits as broadcasts, each with the ms after which it arrives; null: never. */
function follow(commits: readonly { readonly puts: number; readonly arrivesMs: number | null }[]) {
  const missed: number[] = [];
  const changes = createMissedChanges(systemClock, SINCE, (localSeq) => missed.push(localSeq));
  let localSeq = SINCE;
  let lost = false;
  for (const { puts, arrivesMs } of commits) {
    const broadcast = { after: localSeq, localSeq: localSeq + puts };
    localSeq = broadcast.localSeq;
    if (arrivesMs !== null) setTimeout(() => changes.note(broadcast), arrivesMs);
    else if (puts > 0) lost = true;
  }
  changes.check(localSeq);
  vi.advanceTimersByTime(10_000);
  return { missed, localSeq, lost, changes };
}

test('one that is lost is found with the next summary, and those that only come late are not', () => {
  fc.assert(
    fc.property(fc.array(commit, { maxLength: 12 }), (commits) => {
      const { missed, localSeq, lost } = follow(commits);
      expect(missed).toEqual(lost ? [localSeq] : []);
    }),
  );
});

test('one that is lost between two that arrive is found without a summary', () => {
  const missed: number[] = [];
  const changes = createMissedChanges(systemClock, SINCE, (localSeq) => missed.push(localSeq));
  changes.note({ after: SINCE, localSeq: SINCE + 1 });
  changes.note({ after: SINCE + 2, localSeq: SINCE + 4 });
  vi.advanceTimersByTime(10_000);
  expect(missed).toEqual([SINCE + 4]);
});

test('what is read again is not read a second time, and a later loss is found', () => {
  const { missed, localSeq, changes } = follow([{ puts: 2, arrivesMs: null }]);
  changes.check(localSeq);
  vi.advanceTimersByTime(10_000);
  expect(missed).toEqual([localSeq]);
  changes.check(localSeq + 1);
  vi.advanceTimersByTime(10_000);
  expect(missed).toEqual([localSeq, localSeq + 1]);
});

test('broadcasts of an earlier version, which do not say after what they come, hide nothing behind the last of them', () => {
  const missed: number[] = [];
  const changes = createMissedChanges(systemClock, SINCE, (localSeq) => missed.push(localSeq));
  changes.note({ localSeq: SINCE + 3 });
  changes.check(SINCE + 3);
  vi.advanceTimersByTime(10_000);
  expect(missed).toEqual([]);
  changes.check(SINCE + 4);
  vi.advanceTimersByTime(10_000);
  expect(missed).toEqual([SINCE + 4]);
});
