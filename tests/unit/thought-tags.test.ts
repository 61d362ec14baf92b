import { describe, expect, test } from 'vitest';
import { addDelta, EMPTY_DELTA } from '#features/chat/answer.ts';
import { createThoughtSplitter } from '#features/chat/thought-tags.ts';

/** What is shown after each piece. */
function shown(...pieces: readonly string[]): readonly (readonly [text: string, reasoning: string])[] {
  const splitter = createThoughtSplitter();
  let whole = EMPTY_DELTA;
  const take = (parts: ReturnType<typeof splitter.end>): readonly [string, string] => {
    for (const part of parts) whole = addDelta(whole, { ...EMPTY_DELTA, ...part });
    return [whole.text, whole.reasoning];
  };
  return [...pieces.map((piece) => take(splitter.push(piece))), take(splitter.end())];
}
const read = (text: string) => shown(text).at(-1);

describe('thoughts in the text of an answer', () => {
  test('go where thoughts go, with the mark cut in two, and while they stream in', () => {
    expect(shown('<th', 'ink>\nThe user asks **2+2**.', '\n</thi', 'nk>\n\nFour', '.')).toEqual([
      ['', ''],
      ['', 'The user asks **2+2**.'],
      ['', 'The user asks **2+2**.'],
      ['Four', 'The user asks **2+2**.'],
      ['Four.', 'The user asks **2+2**.'],
      ['Four.', 'The user asks **2+2**.'],
    ]);
  });

  test.each([
    ['in capitals, with white space before it', '\n <THINK>a</THINK> b', ['b', 'a']],
    ['of another name', '<thinking>a</thinking>b', ['b', 'a']],
    ['of Magistral', '[THINK]a[/THINK]b', ['b', 'a']],
    ['of gpt-oss', '<|channel|>analysis<|message|>a<|end|><|start|>assistant<|channel|>final<|message|>b', ['b', 'a']],
    [
      'of gpt-oss, whole',
      '<|start|>assistant<|channel|>analysis<|message|>a<|end|><|start|>assistant<|channel|>final<|message|>b<|return|>',
      ['b', 'a'],
    ],
    ['of gpt-oss, without any', '<|channel|>final<|message|>b<|return|>', ['b', '']],
    ['of Cohere', '<|START_THINKING|>a<|END_THINKING|><|START_RESPONSE|>b<|END_RESPONSE|>', ['b', 'a']],
    ['of OpenThinker', '<|begin_of_thought|>\na\n<|end_of_thought|>\n\n<|begin_of_solution|>\nb<|end_of_solution|>', ['b', 'a']],
    ['of Hunyuan, with the answer in marks, too', '<think>\na\n</think>\n<answer>\nb\n</answer>', ['b\n', 'a']],
    [
      'with an answer that speaks of its marks',
      '<think>a</think>Use `<answer>b</answer>` here.',
      ['Use `<answer>b</answer>` here.', 'a'],
    ],
    ['that are empty', '<think>\n\n</think>\n\nFour.', ['Four.', '']],
    ['that never end', '<think>\nOn and on\n', ['', 'On and on']],
    ['in two parts', '<think>a</think>b\n<think>c</think>d', ['b\nd', 'a\n\nc']],
    ['one right behind the other', '<think>a</think>\n<think>b</think>c', ['c', 'a\n\nb']],
    ['whose beginning is not marked', 'First a.\n</think>\n\nb', ['b', 'First a.']],
    ['of which only the end is left', '</think>\n\nb', ['b', '']],
  ])('%s', (_, text, expected) => {
    expect(read(text)).toEqual(expected);
  });

  test.each([
    ['a mark in the middle of an answer', 'Write <think> before it.'],
    ['a mark in a block of code', 'Like this:\n```\n<think>\na\n</think>\n```\n'],
    ['an end mark between ticks', 'Close it with `</think>` then.'],
    ['what only begins like a mark', '<thinker> and <th'],
    ['what is a mark only behind thoughts', '<answer>\nx\n</answer>'],
    ['white space', '  \n a'],
  ])('%s is left as it is', (_, text) => {
    expect(read(text)).toEqual([text, '']);
  });
});
