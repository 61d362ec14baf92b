import { describe, expect, test } from 'vitest';
import { createPrng } from './prng.ts';
import { type Actor, createScheduler, type Scheduler } from './scheduler.ts';

const LIMITS = { maxSteps: 100_000 };

/** Three actors that hand numbers around, wait, and are killed: enough to show any difference in order. */
async function runSmallWorld(
  seed: number,
): Promise<{ readonly hash: number; readonly lines: readonly string[]; readonly log: readonly string[] }> {
  const lines: string[] = [];
  const log: string[] = [];
  const scheduler = createScheduler(seed, (line) => lines.push(line));
  const walk = (actor: Actor, rounds: number): void =>
    scheduler.spawn(actor, 'start', async () => {
      for (let round = 0; round < rounds; round++) {
        await scheduler.gate(actor, `round ${round}`);
        log.push(`${actor.name}${round}`);
        if (round % 3 === 0) await new Promise<void>((resolve) => scheduler.timer(actor, 100 * round, resolve, 'sleep'));
        for (let link = 0; link < round * 5; link++) await null;
      }
    });
  const actors = ['a', 'b', 'c'].map((name) => scheduler.actor(name, { lag: name === 'c' ? 0.5 : 0 }));
  for (const actor of actors) walk(actor, 12);
  scheduler.doom(actors[1] as Actor, 7, 'doomed');
  await scheduler.run(LIMITS);
  return { hash: scheduler.traceHash(), lines, log };
}

describe('the scheduler', () => {
  test('the same seed gives the same run, line by line', async () => {
    for (let seed = 0; seed < 20; seed++) {
      const [first, second] = [await runSmallWorld(seed), await runSmallWorld(seed)];
      expect(second.lines).toEqual(first.lines);
      expect(second.hash).toBe(first.hash);
    }
  });

  test('different seeds give different runs', async () => {
    const runs = await Promise.all(Array.from({ length: 50 }, (_, seed) => runSmallWorld(seed)));
    expect(new Set(runs.map((run) => run.hash)).size).toBe(50);
    expect(new Set(runs.map((run) => run.log.join())).size).toBe(50);
  });

  test('a killed actor stops at its gate forever, and its promises never acknowledge', async () => {
    const scheduler = createScheduler(1);
    const actor = scheduler.actor('tab');
    const reached: string[] = [];
    const reactions: string[] = [];
    actor.onKill(() => reactions.push('died'));
    scheduler.spawn(actor, 'start', async () => {
      try {
        reached.push('one');
        await scheduler.gate(actor, 'before');
        reached.push('two');
        await scheduler.gate(actor, 'after');
        reached.push('three');
      } finally {
        reached.push('finally');
      }
    });
    scheduler.timer(actor, 50, () => reached.push('timer'), 'late');
    scheduler.doom(actor, 2, 'test');
    expect(await scheduler.run(LIMITS)).toBe('idle');
    await scheduler.run(LIMITS);
    expect(reached).toEqual(['one', 'two']);
    expect(reactions).toEqual(['died']);
    expect(actor.alive()).toBe(false);
  });

  test('a gate of a dead actor never opens', async () => {
    const scheduler = createScheduler(1);
    const actor = scheduler.actor('tab');
    scheduler.kill(actor, 'test');
    let opened = false;
    void scheduler.gate(actor, 'late').then(() => {
      opened = true;
    });
    await scheduler.run(LIMITS);
    expect(opened).toBe(false);
  });

  test('time moves only to the next timer, and stops at the limit', async () => {
    const scheduler = createScheduler(1);
    const actor = scheduler.actor('tab');
    const fired: number[] = [];
    for (const ms of [3000, 10, 3000, 700_000]) scheduler.timer(actor, ms, () => fired.push(scheduler.now()), 'tick');
    const cancel = scheduler.timer(actor, 20, () => fired.push(-1), 'cancelled');
    cancel();
    expect(await scheduler.run({ ...LIMITS, untilMs: 60_000 })).toBe('time');
    expect(fired).toEqual([10, 3000, 3000]);
    expect(scheduler.now()).toBe(60_000);
    expect(await scheduler.run(LIMITS)).toBe('idle');
    expect(fired.at(-1)).toBe(700_000);
  });

  test('what an actor throws ends the run with it', async () => {
    const scheduler: Scheduler = createScheduler(1);
    scheduler.spawn(scheduler.actor('tab'), 'start', async () => {
      throw new Error('a bug');
    });
    await expect(scheduler.run(LIMITS)).rejects.toThrow('a bug');
  });
});

describe('the seeded chance', () => {
  test('is even enough: no face of a die is favoured over 60,000 throws', () => {
    const random = createPrng(7);
    const faces = [0, 0, 0, 0, 0, 0];
    for (let n = 0; n < 60_000; n++) {
      const face = random.below(6);
      faces[face] = (faces[face] ?? 0) + 1;
    }
    for (const count of faces) expect(Math.abs(count - 10_000)).toBeLessThan(500);
  });

  test('forks do not move each other', () => {
    const one = createPrng(3);
    const two = createPrng(3);
    one.fork('x').bytes(1000);
    expect(one.fork('y').bytes(8)).toEqual(two.fork('y').bytes(8));
    expect(one.fraction()).toBe(two.fraction());
  });
});
