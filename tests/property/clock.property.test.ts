import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  formatStamp,
  isStamp,
  isSuspectStamp,
  MAX_DRIFT_MS,
  parseStamp,
  rankStamp,
  receive,
  type StampParts,
  stampTag,
  tick,
  ZERO_STAMP,
} from '#core/clock.ts';
import { runs } from '#support/property-runs.ts';

/** Nine digits of base 36 reach the year 5188. */
const LAST_MS = 36 ** 9 - 1;
const LAST_COUNTER = 36 ** 4 - 1;

const times = fc.oneof(
  fc.integer({ min: 1_700_000_000_000, max: 1_800_000_000_000 }),
  fc.maxSafeNat().map((ms) => ms % LAST_MS),
);
const tags = fc.stringMatching(/^[0-9a-f]{8}$/);
const parts: fc.Arbitrary<StampParts> = fc.record({
  ms: times,
  counter: fc.oneof(fc.nat(3), fc.nat(LAST_COUNTER)),
  tag: tags,
});
const stamps = parts.map(formatStamp);

describe('a stamp', () => {
  test('is read as it was written', () => {
    fc.assert(
      fc.property(parts, (value) => {
        expect(isStamp(formatStamp(value))).toBe(true);
        expect(parseStamp(formatStamp(value))).toEqual(value);
      }),
    );
  });

  test('sorts as text by time, then counter, then device', () => {
    const order = (a: StampParts, b: StampParts): number =>
      a.ms - b.ms || a.counter - b.counter || (a.tag < b.tag ? -1 : a.tag > b.tag ? 1 : 0);
    const pairs = fc.oneof(
      fc.tuple(parts, parts),
      fc.tuple(parts, tags).map(([a, tag]) => [a, { ...a, tag }] as const),
      fc.tuple(parts, fc.nat(LAST_COUNTER)).map(([a, counter]) => [a, { ...a, counter }] as const),
    );
    fc.assert(
      fc.property(pairs, ([a, b]) => {
        const [left, right] = [formatStamp(a), formatStamp(b)];
        expect(Math.sign(order(a, b))).toBe(left < right ? -1 : left > right ? 1 : 0);
      }),
    );
  });

  test('is nothing else', () => {
    fc.assert(
      fc.property(fc.string(), stamps, fc.string({ minLength: 1 }), (text, stamp, more) => {
        expect(isStamp(text)).toBe(false);
        expect(isStamp(stamp + more)).toBe(false);
        expect(isStamp(more + stamp)).toBe(false);
      }),
    );
    expect(isStamp(`${ZERO_STAMP}\n`)).toBe(false);
    expect(isStamp('00000000A-0000-00000000')).toBe(false);
    expect(isStamp('000000000-0000-0000000g')).toBe(false);
  });

  test('ends in the tag of its device', () => {
    fc.assert(
      fc.property(fc.uuid({ version: 7 }), times, (deviceId, nowMs) => {
        const stamp = tick(ZERO_STAMP, nowMs, stampTag(deviceId));
        expect(isStamp(stamp)).toBe(true);
        expect(deviceId.endsWith(parseStamp(stamp).tag)).toBe(true);
      }),
    );
  });
});

/** What a clock goes through: own writes and received stamps, while wall time moves, stands still or jumps. */
const events = fc.array(fc.record({ kind: fc.constantFrom('tick', 'receive'), nowMs: times, remote: stamps }), { maxLength: 60 });

describe('the clock', () => {
  test('gives every write a later stamp than all before it, whatever wall time does', () => {
    fc.assert(
      fc.property(events, tags, (steps, tag) => {
        let last = ZERO_STAMP;
        for (const { kind, nowMs, remote } of steps) {
          const next = kind === 'tick' ? tick(last, nowMs, tag) : receive(last, remote, nowMs);
          if (kind === 'tick') expect(next > last).toBe(true);
          else expect(next >= last).toBe(true);
          expect(isStamp(next)).toBe(true);
          last = next;
        }
      }),
      { numRuns: runs(500) },
    );
  });

  test('is never pushed more than the bound ahead of the latest wall time by what others claim', () => {
    fc.assert(
      fc.property(events, tags, (steps, tag) => {
        let last = ZERO_STAMP;
        let latestMs = 0;
        for (const { kind, nowMs, remote } of steps) {
          latestMs = Math.max(latestMs, nowMs);
          last = kind === 'tick' ? tick(last, nowMs, tag) : receive(last, remote, nowMs);
          // A full counter moves on to the next millisecond: at most one for each write.
          expect(parseStamp(last).ms).toBeLessThanOrEqual(latestMs + MAX_DRIFT_MS + steps.length);
        }
      }),
      { numRuns: runs(500) },
    );
  });

  test('writes after what it has seen, if that was within the bound', () => {
    fc.assert(
      fc.property(stamps, times, tags, fc.integer({ min: -MAX_DRIFT_MS, max: MAX_DRIFT_MS }), (last, nowMs, tag, ahead) => {
        const remote = formatStamp({ ms: Math.max(0, nowMs + ahead), counter: 7, tag: 'ffffffff' });
        expect(tick(receive(last, remote, nowMs), nowMs, tag) > remote).toBe(true);
      }),
    );
  });

  test('goes on in the next millisecond when its counter is full', () => {
    const full = formatStamp({ ms: 1000, counter: LAST_COUNTER, tag: 'aaaaaaaa' });
    expect(parseStamp(tick(full, 1000, 'aaaaaaaa'))).toEqual({ ms: 1001, counter: 0, tag: 'aaaaaaaa' });
  });

  test('takes a clock before 1970 and fractions of a millisecond', () => {
    const lasts = parts.filter(({ ms, counter }) => ms < LAST_MS && counter < LAST_COUNTER);
    fc.assert(
      fc.property(lasts, fc.double({ noNaN: true, min: -2, max: 2 }), fc.boolean(), tags, (last, offset, near, tag) => {
        const next = tick(formatStamp(last), near ? last.ms + offset : offset * 1e12, tag);
        expect(isStamp(next)).toBe(true);
        expect(next > formatStamp(last)).toBe(true);
      }),
      { numRuns: runs(500) },
    );
  });
});

describe('the rank of a stamp', () => {
  test('is the stamp itself, or the time of its acceptance if it claims to be later than that and the bound', () => {
    fc.assert(
      fc.property(parts, fc.option(times), (value, acceptedAt) => {
        const stamp = formatStamp(value);
        const suspect = acceptedAt !== null && value.ms > acceptedAt + MAX_DRIFT_MS;
        expect(isSuspectStamp(stamp, acceptedAt)).toBe(suspect);
        expect(rankStamp(stamp, acceptedAt)).toBe(suspect ? formatStamp({ ...value, ms: acceptedAt }) : stamp);
      }),
    );
  });
});
