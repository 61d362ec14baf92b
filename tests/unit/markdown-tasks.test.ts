/** A box that is ticked in the preview changes its own brackets in the text, and nothing else. */
import { describe, expect, test } from 'vitest';
import { toggleTask } from '#features/markdown/tasks.ts';

function toggled(text: string, nth: number, total: number): string | null {
  const change = toggleTask(text, nth, total);
  return change && text.slice(0, change.from) + change.insert + text.slice(change.to);
}

describe('a task in the preview', () => {
  test.each([
    ['the second of two', '- [ ] a\n- [ ] b', 1, 2, '- [ ] a\n- [x] b'],
    ['one that is done', '- [x] a', 0, 1, '- [ ] a'],
    ['with a capital', '1. [X] a', 0, 1, '1. [ ] a'],
    [
      'behind a block of code',
      '```\n- [ ] no\n```\n\n    - [ ] no\n\n- [ ] a',
      0,
      1,
      '```\n- [ ] no\n```\n\n    - [ ] no\n\n- [x] a',
    ],
    ['inside another', '- [ ] a\n  - [ ] b\n- [ ] c', 1, 3, '- [ ] a\n  - [x] b\n- [ ] c'],
    ['in a quote', '> - [ ] a\n> - [ ] b', 1, 2, '> - [ ] a\n> - [x] b'],
    ['between line ends of Windows', '- [ ] a\r\n- [ ] b\r\n', 1, 2, '- [ ] a\r\n- [x] b\r\n'],
    ['behind brackets in words', 'see [ ] and - [ ] x\n\n* [ ] a', 0, 1, 'see [ ] and - [ ] x\n\n* [x] a'],
  ])('%s', (_name, text, nth, total, expected) => {
    expect(toggled(text, nth, total)).toBe(expected);
  });

  test('a text that has other boxes by now is left alone', () => {
    expect(toggleTask('- [ ] a', 0, 2)).toBe(null);
    expect(toggleTask('no tasks', 0, 0)).toBe(null);
  });
});
