import { expect, test } from 'vitest';
import { createOwnLocks } from '#platform/own-locks.ts';

test('locks of one context: one holder at a time, in their order, also after one has failed', async () => {
  const locks = createOwnLocks();
  const steps: string[] = [];
  const work = (name: string, fails = false) =>
    locks.hold('a', async () => {
      steps.push(`${name} begins`);
      await null;
      steps.push(`${name} ends`);
      if (fails) throw new Error(name);
      return name;
    });
  const results = await Promise.allSettled([work('one'), work('two', true), work('three')]);
  expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  expect(steps).toEqual(['one begins', 'one ends', 'two begins', 'two ends', 'three begins', 'three ends']);
});

test('who does not want to wait gets nothing while another holds it, and it afterwards', async () => {
  const locks = createOwnLocks();
  let letGo = (): void => {};
  const first = locks.hold('a', () => new Promise<void>((resolve) => (letGo = resolve)));
  await null;
  expect(await locks.hold('a', async () => 'second', { ifAvailable: true })).toBeUndefined();
  expect(await locks.hold('b', async () => 'other', { ifAvailable: true })).toBe('other');
  letGo();
  await first;
  expect(await locks.hold('a', async () => 'third', { ifAvailable: true })).toBe('third');
});
