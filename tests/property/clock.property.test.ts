import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  formatStamp,
  hearServer,
  isStamp,
  isSuspectStamp,
  MAX_DRIFT_MS,
  parseStamp,
  presentMs,
  rankStamp,
  receive,
  type ServerTime,
  type Stamp,
  type StampParts,
  stampTag,
  tick,
  tickAfter,
  tickTyped,
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

/** What a clock goes through: own writes and received stamps, while wall time moves, stops or jumps. */
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

const NOW = 1_790_000_000_000;
const HOUR_MS = 3_600_000;
const YEAR_MS = 365 * 24 * HOUR_MS;

describe('a device whose clock was wrong', () => {
  test('of what is committed late is the time of typing, though this device’s own clock was once set far ahead', () => {
    const aheadMs = fc.integer({ min: MAX_DRIFT_MS + 1, max: 1e11 });
    const lateMs = fc.integer({ min: 0, max: 60_000 });
    fc.assert(
      fc.property(
        fc.integer({ min: 1_700_000_000_000, max: 1_800_000_000_000 }),
        aheadMs,
        lateMs,
        tags,
        (nowMs, ahead, late, tag) => {
          const last = formatStamp({ ms: nowMs + ahead, counter: 0, tag });
          expect(parseStamp(tickTyped(last, nowMs - late, nowMs, tag, ZERO_STAMP)).ms).toBe(nowMs - late);
        },
      ),
    );
  });

  test('stamps by the right time again with its first save after that, however far ahead it was', () => {
    fc.assert(
      fc.property(stamps, fc.array(stamps, { maxLength: 5 }), times, tags, (last, replaced, nowMs, tag) => {
        const stamp = tickAfter(last, replaced, nowMs, tag);
        expect(isSuspectStamp(stamp, nowMs + 1)).toBe(false);
        expect(parseStamp(stamp).ms).toBeGreaterThanOrEqual(nowMs);
        for (const before of [last, ...replaced]) expect(stamp > rankStamp(before, nowMs)).toBe(true);
      }),
    );
  });

  test('knows the time from one answer, as long as nobody sets the clock again', () => {
    const errors = fc.oneof(fc.integer({ min: -5 * YEAR_MS, max: 5 * YEAR_MS }), fc.integer({ min: -HOUR_MS, max: HOUR_MS }));
    fc.assert(
      fc.property(errors, fc.nat(20 * HOUR_MS), fc.nat(30_000), (error, elapsed, latency) => {
        const server = hearServer(undefined, NOW, NOW + latency + error);
        const present = presentMs(NOW + elapsed + error, server);
        expect(Math.abs(present - (NOW + elapsed))).toBeLessThanOrEqual(MAX_DRIFT_MS + latency);
      }),
    );
  });

  test('knows the time when its clock is set right after it was far ahead, or long behind', () => {
    const errors = fc.oneof(
      fc.integer({ min: HOUR_MS, max: 5 * YEAR_MS }).map((ms) => [ms, fc.nat(ms - 2 * MAX_DRIFT_MS)] as const),
      fc.integer({ min: -5 * YEAR_MS, max: -24 * HOUR_MS + MAX_DRIFT_MS }).map((ms) => [ms, fc.nat(YEAR_MS)] as const),
    );
    const cases = errors.chain(([error, elapsed]) => fc.tuple(fc.constant(error), elapsed));
    fc.assert(
      fc.property(cases, ([error, elapsed]) => {
        const server = hearServer(undefined, NOW, NOW + error);
        expect(Math.abs(presentMs(NOW + elapsed, server) - (NOW + elapsed))).toBeLessThanOrEqual(MAX_DRIFT_MS);
      }),
    );
  });

  test('is never earlier than what the server has said, whenever its clock is set', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(HOUR_MS), fc.integer({ min: -YEAR_MS, max: YEAR_MS }), fc.boolean())), (steps) => {
        let known: ServerTime | undefined;
        let trueMs = NOW;
        let heardMs = 0;
        for (const [elapsed, error, isHeard] of steps) {
          trueMs += elapsed;
          if (isHeard) known = hearServer(known, trueMs, trueMs + error);
          if (isHeard) heardMs = trueMs;
          // The server's word is written down every few minutes only.
          if (heardMs > 0) expect(presentMs(trueMs + error, known)).toBeGreaterThanOrEqual(heardMs - 2 * MAX_DRIFT_MS);
        }
      }),
    );
  });

  test('believes no server that has no clock', () => {
    const known = hearServer(undefined, NOW, NOW + YEAR_MS);
    for (const serverMs of [0, 1, NOW / 1000, NOW * 1000]) {
      expect(hearServer(known, serverMs, NOW)).toBe(known);
      expect(hearServer(undefined, serverMs, NOW)).toBeUndefined();
    }
  });

  test('writes the server’s word down no more often than every few minutes, while its clock is right', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -2000, max: 2000 }), { minLength: 2, maxLength: 60 }), (errors) => {
        let known: ServerTime | undefined;
        const kept = new Set<ServerTime | undefined>();
        errors.forEach((error, index) => {
          known = hearServer(known, NOW + index * 1000, NOW + index * 1000 + error);
          kept.add(known);
        });
        expect(kept.size).toBe(1);
      }),
    );
  });

  test('dates no save but those made in the wrong time: each ranks later than the one before it, as typed', () => {
    const step = fc.record({
      elapsed: fc.integer({ min: 1000, max: HOUR_MS }),
      error: fc.constantFrom(0, 0, 0, YEAR_MS, 24 * HOUR_MS, -HOUR_MS, 10 * 60_000),
      isSent: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(step, { minLength: 2, maxLength: 12 }), tags, (steps, tag) => {
        let clock: Stamp = ZERO_STAMP;
        let field: { stamp: Stamp; acceptedAt: number | null } | null = null;
        let known: ServerTime | undefined;
        let trueMs = NOW;
        for (const { elapsed, error, isSent } of steps) {
          trueMs += elapsed;
          const present = Math.max(presentMs(trueMs + error, known), field?.acceptedAt ?? 0);
          clock = tickAfter(clock, field ? [field.stamp] : [], present, tag);
          if (field) expect(clock > rankStamp(field.stamp, field.acceptedAt ?? present)).toBe(true);
          if (error === 0 && known?.skewMs === 0) {
            expect(isSuspectStamp(clock, trueMs)).toBe(false);
            expect(parseStamp(clock).ms).toBeGreaterThanOrEqual(trueMs);
          }
          field = { stamp: clock, acceptedAt: isSent ? trueMs : null };
          if (isSent) known = hearServer(known, trueMs, trueMs + error);
        }
      }),
    );
  });
});
