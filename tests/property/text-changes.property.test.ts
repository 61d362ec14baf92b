/** What the editor does with a text from elsewhere: it must become that text exactly, and leave alone what is equal. */
import fc from 'fast-check';
import { describe, expect, test, vi } from 'vitest';
import { mapOffset, type TextChange, textChanges } from '#ui/text/text-changes.ts';

function apply(text: string, changes: readonly TextChange[]): string {
  let result = '';
  let at = 0;
  for (const { from, to, insert } of changes) {
    result += text.slice(at, from) + insert;
    at = to;
  }
  return result + text.slice(at);
}

/** Texts with few different characters, so that they have much in common; among them halves that make an astral character. */
const text = fc.array(fc.constantFrom('a', 'b', ' ', '\n', '🌱', '🌲', 'é'), { maxLength: 60 }).map((parts) => parts.join(''));

describe('the changes between two texts', () => {
  test('turn the one into the other', () => {
    fc.assert(
      fc.property(text, text, (before, after) => {
        expect(apply(before, textChanges(before, after))).toBe(after);
      }),
    );
  });

  test('are in order, apart from each other and never empty', () => {
    fc.assert(
      fc.property(text, text, (before, after) => {
        let end = -1;
        for (const { from, to, insert } of textChanges(before, after)) {
          expect(from).toBeGreaterThan(end);
          expect(to - from + insert.length).toBeGreaterThan(0);
          end = to;
        }
      }),
    );
  });

  test('never cut a character in two', () => {
    fc.assert(
      fc.property(text, text, (before, after) => {
        for (const { from, to, insert } of textChanges(before, after)) {
          for (const part of [before.slice(0, from), before.slice(from, to), insert]) expect(part.isWellFormed()).toBe(true);
        }
      }),
    );
  });

  test('leave the caret at its words when something is written before or behind it', () => {
    fc.assert(
      fc.property(text, text, text, text, (head, tail, added, more) => {
        const before = `${head}|${tail}`;
        const after = `${added}${head}|${tail}${more}`;
        // Unique marks, so that there is only one reading of what was added.
        fc.pre(!`${head}${tail}${added}${more}`.includes('|'));
        const caret = mapOffset(head.length, textChanges(before, after));
        expect(after.slice(caret).includes('|') || after[caret - 1] === '|').toBe(true);
      }),
      { examples: [['🌱 ', '', '🌱b\n🌲aééa🌱 ', 'é\nb aa🌲🌱']] },
    );
  });

  test('keep the caret exactly where another line was edited', () => {
    const before = 'first line\nsecond line\nthird line';
    const caret = before.indexOf('third') + 3;
    const after = 'FIRST line, longer\nsecond line\nthird line';
    expect(after.slice(0, mapOffset(caret, textChanges(before, after)))).toBe('FIRST line, longer\nsecond line\nthi');
  });

  test('leave the caret at its words however slow the machine is', () => {
    const clock = vi.spyOn(Date, 'now');
    let now = 0;
    // Each look at the clock takes a second.
    clock.mockImplementation(() => (now += 1000));
    const changes = textChanges('🌱 |', '🌱b\n🌲aééa🌱 🌱 |é\nb aa🌲🌱');
    clock.mockRestore();
    expect(changes.length).toBeGreaterThan(1);
  });

  test('leave the caret in its line where long stretches before and behind it were rewritten', () => {
    const page = (word: string): string => Array.from({ length: 400 }, (_, at) => `${word} ${at} ${word.repeat(9)}`).join('\n');
    const before = `${page('one')}\nthe line with the caret\n${page('two')}`;
    const after = `${page('six')}\nthe line with the caret\n${page('ten')}`;
    const caret = mapOffset(before.indexOf('caret'), textChanges(before, after));
    expect(after.slice(caret, caret + 5)).toBe('caret');
  });

  test('are one replacement where a comparison would take too long', () => {
    const before = 'a '.repeat(30_000);
    const after = 'b '.repeat(30_000);
    const changes = textChanges(before, after);
    expect(changes).toHaveLength(1);
    expect(apply(before, changes)).toBe(after);
  });
});
