import { describe, expect, test } from 'vitest';
import { WORK_LIMIT } from '#core/merge/diff.ts';
import { mergeText } from '#core/merge/text.ts';

/** Chance that is the same in every run: the work is counted, so that a slow machine does not fail the test. */
function createChance(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff;
    return (state >> 8) % below;
  };
}

const VOCABULARY = Array.from({ length: 300 }, (_, at) => `w${at.toString(36)}`);

function write(chance: (below: number) => number, words: number): string {
  return Array.from({ length: words }, () => VOCABULARY[chance(VOCABULARY.length)]).join(' ');
}

/** The lines after some that were added, removed and gone on with. New words begin with `tag`. */
function edit(lines: readonly string[], count: number, tag: string, chance: (below: number) => number): readonly string[] {
  const edited = [...lines];
  for (let at = 0; at < count; at++) {
    const place = chance(edited.length);
    const kind = chance(3);
    if (kind === 0) edited.splice(place, 0, `${tag}${at} ${write(chance, 5)}`, '');
    else if (kind === 1) edited.splice(place, 1);
    else edited[place] = `${edited[place]} ${tag}${at}`;
  }
  return edited;
}

const newWords = (text: string): readonly string[] => text.match(/\b[ab]\d+\b/g) ?? [];

function expectNothingLost(older: string, newer: string, merged: ReturnType<typeof mergeText>): void {
  const held = new Set([merged.text, ...merged.overlaps.map(({ lost }) => lost)].flatMap(newWords));
  expect([...newWords(older), ...newWords(newer)].filter((word) => !held.has(word))).toEqual([]);
}

describe('the work of a merge', () => {
  test('of 4,000 Markdown lines with 40 edits on each side is small, and leaves no overlap that is none', () => {
    const chance = createChance(1);
    const lines = Array.from({ length: 4000 }, (_, at) =>
      at % 2 ? '' : at % 10 === 0 ? `## ${write(chance, 3)}` : write(chance, 12),
    );
    const [older, newer] = ['a', 'b'].map((tag) => edit(lines, 40, tag, chance).join('\n')) as [string, string];
    const merged = mergeText({ base: lines.join('\n'), older, newer });
    expect(merged.work).toBeLessThan(WORK_LIMIT / 50);
    expect(merged.overlaps.length).toBeLessThan(3);
    expectNothingLost(older, newer, merged);
  });

  test('of one paragraph of 20,000 words that both changed in ten places is small', () => {
    const chance = createChance(2);
    const words = write(chance, 20_000).split(' ');
    const change = (tag: string): string => {
      const changed = [...words];
      for (let at = 0; at < 10; at++) changed.splice(chance(changed.length), chance(3), `${tag}${at}`);
      return changed.join(' ');
    };
    const [older, newer] = [change('a'), change('b')];
    const merged = mergeText({ base: words.join(' '), older, newer });
    expect(merged.work).toBeLessThan(WORK_LIMIT / 5);
    expect(merged.overlaps).toEqual([]);
    expectNothingLost(older, newer, merged);
  });

  const repeated = (count: number, parts: readonly string[]): string[] =>
    Array.from({ length: count }, (_, at) => parts[at % parts.length] as string);
  const shuffled = (lines: readonly string[], chance: (below: number) => number): string =>
    lines.map(() => lines[chance(lines.length)]).join('\n');
  const chance = createChance(3);
  const todo = Array.from({ length: 4000 }, () => ['- [ ] todo', '', '---', 'text', '```'][chance(5)] as string);

  test.each([
    ['4,000 lines of five kinds, shuffled', todo.join('\n'), shuffled(todo, chance), shuffled(todo, chance)],
    ['20,000 words, rewritten by both', write(chance, 20_000), write(chance, 20_000), write(chance, 20_000)],
    ['20,000 times the same word', 'x '.repeat(20_000), `${'x '.repeat(19_000)}a1`, `b1 ${'x '.repeat(21_000)}`],
    ['two words in turn, out of step', 'a b '.repeat(5000), `${'b a '.repeat(5000)}a1`, 'a a b '.repeat(4000)],
    [
      'two lines in turn, out of step',
      repeated(2000, ['x', 'y']).join('\n'),
      repeated(2001, ['y', 'x']).join('\n'),
      repeated(2000, ['x', 'x', 'y']).join('\n'),
    ],
    ['30,000 empty lines', '\n'.repeat(30_000), `${'\n'.repeat(15_000)}a1\n${'\n'.repeat(15_000)}`, `${'\n'.repeat(9000)}b1`],
    ['a word of a million letters', 'x'.repeat(1_000_000), `${'x'.repeat(1_000_000)} a1`, `b1 ${'x'.repeat(1_000_000)}`],
  ])('is bounded for %s', (_name, base, older, newer) => {
    const merged = mergeText({ base, older, newer });
    const items = [base, older, newer].reduce((sum, text) => sum + text.length, 0);
    // Beyond the limit only what is linear in the text.
    expect(merged.work).toBeLessThanOrEqual(WORK_LIMIT + 20 * items);
    expectNothingLost(older, newer, merged);
  });

  test('ends in one overlap of the whole text when there is none left, and loses nothing', () => {
    const lines = ['one', 'two', 'three', 'four'];
    const merged = mergeText({ base: lines.join('\n'), older: 'a1\ntwo\nthree\na2', newer: 'b1\ntwo\nthree\nb2' }, 0);
    expect(merged).toMatchObject({ text: 'b1\ntwo\nthree\nb2', overlaps: [{ lost: 'a1\ntwo\nthree\na2' }] });
  });
});
