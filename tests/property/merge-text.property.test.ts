import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { diffSequences } from '#core/merge/diff.ts';
import { joinLines, joinWords, splitLines, splitWords } from '#core/merge/pieces.ts';
import { mergeText, type TextMerge } from '#core/merge/text.ts';
import { runs } from '#support/property-runs.ts';
import {
  applyTextEdits,
  distinctNote,
  distinctProse,
  lineEdits,
  plainTextEdits,
  proseArbitrary,
  textEdits,
  wordsOf,
} from '#support/text-edits.ts';

/** A base, and what two devices made of it. */
const edited = (documents: fc.Arbitrary<string>, maxEdits: number, edits = textEdits) =>
  fc.tuple(documents, edits(maxEdits), edits(maxEdits)).map(([base, first, second]) => ({
    base,
    older: applyTextEdits(base, first, 'a'),
    newer: applyTextEdits(base, second, 'b'),
  }));

/** Words, and the emoji that replace words. */
const signsOf = (text: string): readonly string[] => text.match(/[\p{L}\p{N}]+|\p{Extended_Pictographic}/gu) ?? [];

/** Few signs, so that equal lines, blanks and glued words abound. */
const scribble = fc.stringMatching(/^[ab.\s]{0,14}$/);
const anyText = fc.oneof(scribble, fc.string({ unit: 'binary' }), fc.string({ unit: 'grapheme' }), proseArbitrary);

function expectNothingLost({ base, older, newer }: Record<'base' | 'older' | 'newer', string>, merged: TextMerge): void {
  const before = new Set(wordsOf(base));
  const found = new Set([merged.text, ...merged.overlaps.map(({ lost }) => lost)].flatMap(wordsOf));
  const written = [...wordsOf(older), ...wordsOf(newer)].filter((word) => !before.has(word));
  expect(written.filter((word) => !found.has(word))).toEqual([]);
}

describe('the merge of a text', () => {
  test.each([
    ['a few edits in everyday text', edited(proseArbitrary, 2)],
    ['many edits in everyday text', edited(proseArbitrary, 8)],
    ['many edits in distinct words', edited(distinctProse, 8)],
  ])('loses no word that a side wrote without naming it: %s', (_name, versions) => {
    fc.assert(
      fc.property(versions, (texts) => expectNothingLost(texts, mergeText(texts))),
      { numRuns: runs(250) },
    );
  });

  test('loses no word either when it may not spend any work', () => {
    fc.assert(
      fc.property(edited(proseArbitrary, 6), fc.nat(3000), (texts, limit) => {
        const merged = mergeText(texts, limit);
        expectNothingLost(texts, merged);
      }),
      { numRuns: runs(250) },
    );
  });

  test('gives the changed text where only one side changed, and the common one where both wrote the same', () => {
    fc.assert(
      fc.property(anyText, anyText, (base, changed) => {
        expect(mergeText({ base, older: base, newer: changed })).toMatchObject({ text: changed, overlaps: [] });
        expect(mergeText({ base, older: changed, newer: base })).toMatchObject({ text: changed, overlaps: [] });
        expect(mergeText({ base, older: changed, newer: changed })).toMatchObject({ text: changed, overlaps: [] });
      }),
    );
  });

  test.each([
    ['in long texts', distinctProse],
    ['in short ones', distinctNote],
    ['in emoji', distinctNote.map((text) => text.replaceAll(/w0(\d\d)/g, (_, at) => String.fromCodePoint(0x1f400 + Number(at))))],
  ])('keeps what both sides kept, and removes what one removed where nothing overlaps: %s', (_name, documents) => {
    fc.assert(
      fc.property(edited(documents, 4, plainTextEdits), ({ base, older, newer }) => {
        const { text, overlaps } = mergeText({ base, older, newer });
        const [left, right, merged] = [older, newer, text].map((version) => new Set(signsOf(version)));
        for (const word of signsOf(base)) {
          if (left?.has(word) && right?.has(word)) expect(merged).toContain(word);
          else if (overlaps.length === 0) expect(merged).not.toContain(word);
        }
      }),
      { numRuns: runs(1000) },
    );
  });

  test.each([
    ['a line break and a word align equally well', 'Milk\nBread', 'Eggs\nfresh Milk', 'Milk\n', 'Eggs\nfresh Milk\n'],
    ['the word is in another line', 'w000\nw001 w002', 'a00\nw000', 'b01 w000\nw001 b00 w002', 'a00\nb01 w000\nw001 b00 w002'],
    ['the words are emoji', '🥛\n🍞', '🥚\nfresh 🥛', '🥛\n', '🥚\nfresh 🥛\n'],
    ['two lines became the same', 'wash the cup\nwash the pan', 'done\nwash the pan', 'wash the cup\ndone', 'done\ndone'],
  ])('keeps what both sides kept where %s', (_name, base, older, newer, merged) => {
    expect(mergeText({ base, older, newer }).text).toBe(merged);
  });

  test('reports that a line which one side removed is back because the other edited it', () => {
    const merged = mergeText({ base: 'w000 w001\nw002', older: 'w000', newer: 'w000\nb00 w002' });
    expect(merged.text).toBe('w000\nb00 w002');
    expect(merged.overlaps).toEqual([{ kept: 'b00 w002', lost: '' }]);
  });

  test('keeps a word as often as both sides together left it there', () => {
    const repeating = distinctNote.map((text) =>
      text.replaceAll(/w00[3-8]/g, (word) => (Number(word.at(-1)) % 2 ? 'the' : 'cell')),
    );
    fc.assert(
      fc.property(edited(repeating, 3, plainTextEdits), ({ base, older, newer }) => {
        const { text, overlaps } = mergeText({ base, older, newer });
        const all = [text, ...overlaps.map(({ lost }) => lost)].join('\n');
        for (const word of new Set(wordsOf(base))) {
          const count = (version: string): number => wordsOf(version).filter((one) => one === word).length;
          const removed = [older, newer].map((side) => Math.max(0, count(base) - count(side)));
          expect(count(all)).toBeGreaterThanOrEqual(count(base) - removed.reduce((sum, one) => sum + one));
        }
      }),
      { numRuns: runs(1000) },
    );
  });

  // Over a base that is older than what both sides share, nothing tells a shared change for certain. These are the kinds
  // for which the law holds without exception; a handful of edits within the same few words can leave a word twice.
  test.each([
    ['lines that both added', edited(distinctProse, 4, lineEdits)],
    [
      'lines added between paragraphs',
      edited(
        distinctProse.map((text) => text.replaceAll('\n', '\n\n')),
        3,
        lineEdits,
      ),
    ],
    ['one edit on each side', edited(distinctProse, 1, plainTextEdits)],
  ])('merged again with one of its sides stays as it is: %s', (_name, versions) => {
    fc.assert(
      fc.property(versions, ({ base, older, newer }) => {
        const { text, overlaps } = mergeText({ base, older, newer });
        fc.pre(overlaps.length === 0);
        expect(mergeText({ base, older, newer: text }).text).toBe(text);
        expect(mergeText({ base, older: newer, newer: text }).text).toBe(text);
      }),
      { numRuns: runs(300) },
    );
  });

  test('writes no line twice that both sides share, over a base that is older than what they share', () => {
    fc.assert(
      fc.property(edited(distinctProse, 3, lineEdits), lineEdits(3), ({ base, older, newer }, later) => {
        const first = mergeText({ base, older, newer });
        fc.pre(first.overlaps.length === 0);
        const onward = applyTextEdits(newer, later, 'c');
        const { text } = mergeText({ base, older: first.text, newer: onward });
        const words = wordsOf(text);
        expect(words.filter((word, at) => words.indexOf(word) !== at)).toEqual([]);
      }),
      { numRuns: runs(250) },
    );
  });
});

describe('the difference of two sequences', () => {
  const items = fc.array(fc.constantFrom('a', 'b', 'c', 'd', '', 'e'), { maxLength: 40 });

  test('turns the one into the other, whatever work it may spend', () => {
    fc.assert(
      fc.property(items, items, fc.constantFrom(0, 100, 1000, 1_000_000), (base, side, limit) => {
        const hunks = diffSequences(base, side, { spent: 0, limit });
        const result: string[] = [];
        let at = 0;
        for (const { start, end, sideStart, sideEnd } of hunks) {
          expect(start).toBeGreaterThanOrEqual(at);
          result.push(...base.slice(at, start), ...side.slice(sideStart, sideEnd));
          at = end;
        }
        expect([...result, ...base.slice(at)]).toEqual(side);
        for (const [index, hunk] of hunks.entries()) {
          if (index > 0) expect(hunk.start).toBeGreaterThan(hunks[index - 1]?.end ?? 0);
        }
      }),
      { numRuns: runs(500) },
    );
  });

  test('spends no more than it may', () => {
    fc.assert(
      fc.property(items, items, fc.nat(2000), (base, side, limit) => {
        const meter = { spent: 0, limit };
        diffSequences(base, side, meter);
        expect(meter.spent).toBeLessThanOrEqual(limit);
      }),
    );
  });
});

describe('the pieces of a text', () => {
  test('lines and words give back the text that they were cut from', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        expect(joinLines(splitLines(text))).toBe(text);
        expect(joinWords(splitWords(text))).toBe(text);
      }),
      { numRuns: runs(500) },
    );
  });
});
