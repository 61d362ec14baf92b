import { describe, expect, test } from 'vitest';
import { createNameTally } from '#core/name-tally.ts';
import { cleanName, cleanTag, isSameName, splitNames } from '#core/names.ts';

const composed = 'caf\u00e9';
const decomposed = 'cafe\u0301';

describe('a name as it is kept', () => {
  test.each([
    [decomposed, composed],
    ['  study \t notes\u00a0', 'study notes'],
    ['zero\u200bwidth\ufeff', 'zerowidth'],
    ['\u200eעברית\u200f', 'עברית'],
    ['soft\u00adhyphen', 'softhyphen'],
    ['line\nbreak', 'line break'],
    ['\u0007', ''],
    ['\u200b', ''],
    ['می\u200cروم', 'می\u200cروم'],
    ['\u200cend\u200d', 'end'],
    ['👩\u200d🔬', '👩\u200d🔬'],
    ['ＡＢＣ', 'ＡＢＣ'],
  ])('%j is kept as %j', (typed, kept) => {
    expect(cleanName(typed)).toBe(kept);
    expect(cleanName(kept)).toBe(kept);
  });

  test.each([
    ['#exam', 'exam'],
    ['##exam', 'exam'],
    ['# exam', 'exam'],
    ['＃試験', '試験'],
    ['\u200b#exam', 'exam'],
    ['C#', 'C#'],
    ['#', ''],
  ])('the tag %j is kept as %j', (typed, kept) => expect(cleanTag(typed)).toBe(kept));
});

describe('two names are the same', () => {
  test.each([
    [composed, decomposed],
    ['Exam', 'exam'],
    ['ＡＢＣ', 'abc'],
    ['ｶﾌｪ', 'カフェ'],
    ['❤', '❤\ufe0f'],
    ['ΟΔΟΣ', 'οδος'],
    ['a\u200bb', 'ab'],
  ])('%j and %j', (a, b) => expect(isSameName(a, b)).toBe(true));

  test.each([
    ['resume', 'résumé'],
    ['isi', 'ısı'],
    ['か', 'が'],
    ['a b', 'ab'],
    ['C', 'C#'],
  ])('but not %j and %j', (a, b) => expect(isSameName(a, b)).toBe(false));
});

test.each([
  ['biology,exam', ['biology', 'exam']],
  ['生物，试验', ['生物', '试验']],
  ['生物、試験', ['生物', '試験']],
  ['a;b；c', ['a', 'b', 'c']],
  ['علوم، لغة؛ فن', ['علوم', 'لغة', 'فن']],
  ['one\ntwo\r\nthree\u2028four', ['one', 'two', 'three', 'four']],
  ['#biology #exam', ['biology', 'exam']],
  ['C #', ['C #']],
  [' , ,', []],
  [`${composed},${decomposed}, CAFÉ`, [composed]],
  ['two words, third', ['two words', 'third']],
])('the text %j is the names %j', (text, names) => expect(splitNames(text)).toEqual(names));

describe('a tally of names', () => {
  test('counts variants as one name, in the form that most documents have', () => {
    const tally = createNameTally();
    for (const names of [['Exam'], ['exam'], ['exam', 'EXAM'], [decomposed], []]) tally.add(names);
    expect(tally.counts()).toEqual([
      { name: 'exam', count: 3 },
      { name: decomposed, count: 1 },
    ]);
  });

  test('follows documents that change and leave', () => {
    const tally = createNameTally();
    tally.add(['Exam']);
    tally.add(['exam']);
    tally.remove(['exam']);
    expect(tally.counts()).toEqual([{ name: 'Exam', count: 1 }]);
    tally.remove(['Exam']);
    expect(tally.counts()).toEqual([]);
  });

  test('takes among equally used forms the same one on every device', () => {
    const [one, other] = [createNameTally(), createNameTally()];
    for (const name of ['exam', 'Exam']) one.add([name]);
    for (const name of ['Exam', 'exam']) other.add([name]);
    expect(one.counts()).toEqual(other.counts());
  });
});
