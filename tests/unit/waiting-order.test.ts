import { expect, test } from 'vitest';
import { orderWaiting } from '#features/chat/waiting-order.ts';

const prompt = (id: string, createdAt: number, follows: string | null = null) => ({ id, createdAt, follows });
const order = (...prompts: readonly ReturnType<typeof prompt>[]) => orderWaiting(prompts).map(({ id }) => id);

test('prompts that wait are asked in the order in which they were sent, whatever their ids and whichever waited first', () => {
  expect(order(prompt('a', 3), prompt('c', 1), prompt('b', 2))).toEqual(['c', 'b', 'a']);
  expect(order(prompt('b', 1), prompt('a', 1), prompt('c', 1))).toEqual(['b', 'a', 'c']);
});

test('a prompt that follows another comes after it, also where the clock was set back between the two', () => {
  expect(order(prompt('b', 1, 'a'), prompt('a', 5), prompt('c', 2, 'b'), prompt('d', 0))).toEqual(['d', 'a', 'b', 'c']);
});

test('prompts that follow each other in a circle are each named once', () => {
  expect(order(prompt('a', 1, 'b'), prompt('b', 2, 'a'))).toEqual(['b', 'a']);
});
