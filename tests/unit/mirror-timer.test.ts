/** When live mirrors are written, on a clock that a test moves. */
import { expect, test } from 'vitest';
import { createMirrorTimer } from '#backup/kept/mirror-timer.ts';
import { createMovedClock } from '#support/moved-clock.ts';

const SECOND = 1000;

function openTimer(tookMs = 0) {
  const { clock, pass } = createMovedClock();
  const written: number[] = [];
  const timer = createMirrorTimer(clock, async () => {
    written.push(clock.now());
    if (tookMs > 0) await new Promise<void>((resolve) => clock.setTimer(tookMs, resolve));
  });
  const start = clock.now();
  return { timer, pass, seconds: () => written.map((at) => (at - start) / SECOND) };
}

test('is written five seconds after the last change', async () => {
  const { timer, pass, seconds } = openTimer();
  timer.changed();
  await pass(3 * SECOND);
  timer.changed();
  await pass(60 * SECOND);
  expect(seconds()).toEqual([8]);
});

test('and while changes go on, every thirty seconds', async () => {
  const { timer, pass, seconds } = openTimer();
  for (let second = 0; second < 60; second++) {
    timer.changed();
    await pass(SECOND);
  }
  await pass(10 * SECOND);
  expect(seconds()).toEqual([30, 60]);
});

test('takes no more than a tenth of the time, and forgets no change that came while it was written', async () => {
  const { timer, pass, seconds } = openTimer(4 * SECOND);
  timer.changed();
  await pass(6 * SECOND);
  timer.changed();
  await pass(100 * SECOND);
  expect(seconds()).toEqual([5, 45]);
});

test('ends', async () => {
  const { timer, pass, seconds } = openTimer();
  timer.changed();
  timer.stop();
  await pass(60 * SECOND);
  expect(seconds()).toEqual([]);
});
