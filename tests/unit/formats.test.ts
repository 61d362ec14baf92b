/** What the buttons, commands and keys of the formats do to a text and its selection. */
import { history, redo, undo } from '@codemirror/commands';
import { markdownLanguage } from '@codemirror/lang-markdown';
import { EditorSelection, EditorState, type StateCommand } from '@codemirror/state';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { indentLines, outdentLines } from '#ui/panels/notes/editor/indent-lines.ts';
import { formatBold, formatCode, formatItalic, formatLink } from '#ui/panels/notes/editor/inline-formats.ts';
import {
  formatBullets,
  formatCodeOrBlock,
  formatHeading,
  formatNumbers,
  formatQuote,
  formatTasks,
  tickTasks,
} from '#ui/panels/notes/editor/line-formats.ts';

const formatHeading2 = formatHeading(2);

/** A text with `[` and `]`-like marks: « is where the selection begins, » where it ends, ¦ a caret. */
function open(marked: string): EditorState {
  const caret = marked.indexOf('¦');
  const from = caret >= 0 ? caret : marked.indexOf('«');
  const to = caret >= 0 ? caret : marked.indexOf('»') - 1;
  const doc = marked.replace(/[«»¦]/g, '');
  return EditorState.create({
    doc,
    selection: EditorSelection.single(from, to),
    extensions: [markdownLanguage, history(), EditorState.lineSeparator.of('\n')],
  });
}

function show({ doc, selection: { main } }: EditorState): string {
  const text = doc.toString();
  if (main.empty) return `${text.slice(0, main.head)}¦${text.slice(main.head)}`;
  return `${text.slice(0, main.from)}«${text.slice(main.from, main.to)}»${text.slice(main.to)}`;
}

function run(state: EditorState, ...commands: readonly StateCommand[]): EditorState {
  let next = state;
  for (const command of commands)
    command({
      state: next,
      dispatch: ({ state: after }) => {
        next = after;
      },
    });
  return next;
}

const changed = (marked: string, ...commands: readonly StateCommand[]): string => show(run(open(marked), ...commands));

describe('marks inside a line', () => {
  test.each([
    ['a selection', 'a «word» here', formatBold, 'a **«word»** here'],
    ['blanks at the ends stay outside', 'a« word »here', formatBold, 'a« **word** »here'],
    ['the word at the caret', 'a wo¦rd here', formatItalic, 'a *wo¦rd* here'],
    ['nothing: a place to write', 'a ¦', formatBold, 'a **¦**'],
    ['nothing, taken back', 'a **¦**', formatBold, 'a ¦'],
    ['an empty line', '¦', formatItalic, '*¦*'],
    ['each line by itself', '«one\n\ntwo»', formatBold, '**«one**\n\n**two»**'],
    ['items and headings keep their marks', '«- one\n## two\n> three»', formatBold, '«- **one**\n## **two**\n> **three»**'],
    ['what is marked already is taken in', '«a **b** c»', formatBold, '**«a b c»**'],
    ['taken away inside the marks', '**«word»**', formatBold, '«word»'],
    ['taken away with the marks selected', '«**word**»', formatBold, '«word»'],
    ['taken away at the caret', '**wo¦rd**', formatBold, 'wo¦rd'],
    ['taken away from a part', '**one «two»**', formatBold, '**one** «two»'],
    ['taken away from the middle', '**one «two» three**', formatBold, '**one** «two» **three**'],
    ['given back to that part', '**one** «two»', formatBold, '**one «two»**'],
    ['italic inside bold', '**«word»**', formatItalic, '***«word»***'],
    ['bold out of both', '***«word»***', formatBold, '*«word»*'],
    ['italic out of both', '***«word»***', formatItalic, '**«word»**'],
    ['the other sign of italic', '_«word»_', formatItalic, '«word»'],
    ['right to left', 'هذه «ملاحظة» هنا', formatBold, 'هذه **«ملاحظة»** هنا'],
    ['beside full-width punctuation', '含«「重点」»内容', formatBold, '含**«「重点」»**内容'],
    ['and away again', '含**«「重点」»**内容', formatBold, '含«「重点」»内容'],
    ['code', 'a «word»', formatCode, 'a `«word»`'],
    ['code that holds a backtick', 'a «b`c»', formatCode, 'a `` «b`c» ``'],
    ['code, taken away', 'a `«word»`', formatCode, 'a «word»'],
  ])('%s', (_, before, command, expected) => {
    expect(changed(before, command)).toBe(expected);
  });

  test('several selections are marked at once', () => {
    const state = EditorState.create({
      doc: 'one two',
      selection: EditorSelection.create([EditorSelection.range(0, 3), EditorSelection.range(4, 7)]),
      extensions: [markdownLanguage, EditorState.allowMultipleSelections.of(true)],
    });
    expect(run(state, formatBold).doc.toString()).toBe('**one** **two**');
    expect(run(state, formatBold, formatBold).doc.toString()).toBe('one two');
  });

  test('a link: words, its address, and words again', () => {
    expect(changed('see «this» one', formatLink)).toBe('see [this](«https://») one');
    expect(changed('see «this» one', formatLink, formatLink)).toBe('see «this» one');
    expect(changed('«https://example.com»', formatLink)).toBe('[¦](https://example.com)');
    expect(changed('[wo¦rds](https://example.com)', formatLink)).toBe('«words»');
  });
});

describe('lines', () => {
  test.each([
    ['a heading', 'wo¦rds', formatHeading2, '## wo¦rds'],
    ['another level', '# wo¦rds', formatHeading2, '## wo¦rds'],
    ['a heading out of an item', '- wo¦rds', formatHeading2, '## wo¦rds'],
    ['an empty line', '¦', formatBullets, '- ¦'],
    ['an empty line, taken back', '- ¦', formatBullets, '¦'],
    ['several lines', '«one\ntwo»', formatBullets, '- «one\n- two»'],
    ['blank lines between are left alone', '«one\n\ntwo»', formatTasks, '- [ ] «one\n\n- [ ] two»'],
    ['some are items already', '«- one\ntwo»', formatBullets, '«- one\n- two»'],
    ['numbers', '«one\ntwo\nthree»', formatNumbers, '1. «one\n2. two\n3. three»'],
    ['numbers go on', '1. one\ntw¦o', formatNumbers, '1. one\n2. tw¦o'],
    ['nested items have numbers of their own', '«- a\n  - b\n  - c\n- d»', formatNumbers, '«1. a\n  1. b\n  2. c\n2. d»'],
    ['tasks out of items', '- on¦e', formatTasks, '- [ ] on¦e'],
    ['tasks of a numbered list', '1. on¦e', formatTasks, '1. [ ] on¦e'],
    ['a ticked task stays ticked', '«- [x] one\ntwo»', formatTasks, '«- [x] one\n- [ ] two»'],
    ['items inside a quote', '> on¦e', formatBullets, '> - on¦e'],
    ['a quote, blank lines too', '«one\n\ntwo»', formatQuote, '> «one\n>\n> two»'],
    ['a quote, taken away', '«> one\n>\n> two»', formatQuote, '«one\n\ntwo»'],
    ['one level of two', '> > on¦e', formatQuote, '> on¦e'],
    ['a block of code', 'x\n«a\nb»\ny', formatCodeOrBlock, 'x\n```\n«a\nb»\n```\ny'],
    ['a block of code, taken away', 'x\n```\n«a\nb»\n```\ny', formatCodeOrBlock, 'x\n«a\nb»\ny'],
    ['a block of code that holds one', '«```\na»', formatCodeOrBlock, '````\n«```\na»\n````'],
    ['a selection that ends before a line does not mean it', '«one\n»two', formatBullets, '- «one\n»two'],
  ])('%s', (_, before, command, expected) => {
    expect(changed(before, command)).toBe(expected);
  });

  test('boxes are ticked and opened, in items, numbers and quotes', () => {
    expect(changed('«- [ ] a\n> 1. [x] b\n- c\nd»', tickTasks)).toBe('«- [x] a\n> 1. [ ] b\n- [ ] c\nd»');
  });
});

describe('indent', () => {
  test.each([
    ['under the item above', '- a\n- b¦', indentLines, '- a\n  - b¦'],
    ['under a number, by its width', '10. a\n11. b¦', indentLines, '10. a\n    11. b¦'],
    ['with what is inside', '- a\n- b¦\n  - c\n\n  more\n- d', indentLines, '- a\n  - b¦\n    - c\n\n    more\n- d'],
    ['the first item stays', '- a¦', indentLines, '- a¦'],
    ['no deeper than one level', '- a\n  - b¦', indentLines, '- a\n  - b¦'],
    ['inside a quote', '> - a\n> - b¦', indentLines, '> - a\n>   - b¦'],
    ['out again', '- a\n  - b¦\n    - c', outdentLines, '- a\n- b¦\n  - c'],
    ['out to its parent, not further', '- a\n  - b\n    - c¦', outdentLines, '- a\n  - b\n  - c¦'],
    ['several items', '- a\n«- b\n- c»', indentLines, '- a\n  «- b\n  - c»'],
    ['words that are no item', 'wor¦ds', indentLines, '  wor¦ds'],
    ['and back', '  wor¦ds', outdentLines, 'wor¦ds'],
  ])('%s', (_, before, command, expected) => {
    expect(changed(before, command)).toBe(expected);
  });
});

describe('any text', () => {
  const word = fc.constantFrom('one', 'two words', 'ملاحظة', '重点', 'é', '🌱 leaf', 'a.b', '3 of 7');
  const text = fc.array(fc.oneof({ weight: 5, arbitrary: word }, { weight: 1, arbitrary: fc.constant('') }), {
    minLength: 1,
    maxLength: 6,
  });
  const selected = text.chain((lines) => {
    const doc = lines.join('\n');
    return fc.tuple(fc.constant(doc), fc.nat(doc.length), fc.nat(doc.length));
  });
  const stateOf = ([doc, anchor, head]: readonly [string, number, number]): EditorState =>
    EditorState.create({ doc, selection: { anchor, head }, extensions: [markdownLanguage, history()] });

  test.each([
    ['bold', formatBold],
    ['italic', formatItalic],
    ['code', formatCode],
    ['heading', formatHeading2],
    ['list', formatBullets],
    ['numbers', formatNumbers],
    ['tasks', formatTasks],
    ['quote', formatQuote],
    ['block of code', formatCodeOrBlock],
  ])('%s twice is as before, and one undo takes one back', (_, command) => {
    fc.assert(
      fc.property(selected, (given) => {
        const before = stateOf(given);
        const once = run(before, command);
        expect(run(once, command).doc.toString()).toBe(before.doc.toString());
        expect(run(once, undo).doc.toString()).toBe(before.doc.toString());
        expect(run(once, undo, redo).doc.toString()).toBe(once.doc.toString());
      }),
    );
  });

  test('any command on any Markdown leaves every letter in its order, and is one step of undo', () => {
    const line = fc.constantFrom(
      '- a',
      '  - **b** c',
      '1. d',
      '> e *f*',
      '## g',
      '- [x] h',
      '```',
      '`i`',
      '',
      '***j***',
      '[k](l)',
      '| m | n |',
    );
    const commands = [
      formatBold,
      formatItalic,
      formatCode,
      formatHeading2,
      formatBullets,
      formatNumbers,
      formatTasks,
      formatQuote,
      indentLines,
      outdentLines,
    ];
    const given = fc.array(line, { minLength: 1, maxLength: 8 }).chain((lines) => {
      const doc = lines.join('\n');
      return fc.tuple(fc.constant(doc), fc.nat(doc.length), fc.nat(doc.length), fc.constantFrom(...commands));
    });
    const letters = (state: EditorState): string => state.doc.toString().replace(/[^a-wyz]/g, '');
    fc.assert(
      fc.property(given, ([doc, anchor, head, command]) => {
        const before = stateOf([doc, anchor, head]);
        const once = run(before, command);
        expect(letters(once)).toBe(letters(before));
        if (once.doc.toString() !== doc) expect(run(once, undo).doc.toString()).toBe(doc);
      }),
    );
  });

  test('a text that is only to be read is left alone', () => {
    const state = EditorState.create({
      doc: 'word',
      selection: { anchor: 0, head: 4 },
      extensions: [markdownLanguage, EditorState.readOnly.of(true)],
    });
    for (const command of [formatBold, formatLink, formatBullets, formatQuote, formatCodeOrBlock, indentLines, outdentLines])
      expect(run(state, command).doc.toString()).toBe('word');
  });
});
