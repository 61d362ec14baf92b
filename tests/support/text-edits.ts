import fc from 'fast-check';

/**
 * Documents and edits for the tests of the merge. An edit writes words that occur nowhere else (`a00`, `a01`, … of
 * the device `a`), so that a test can tell where each of them went.
 */
export interface TextEdit {
  readonly kind: (typeof editKinds)[number];
  readonly at: number;
  readonly size: number;
}

const editKinds = ['insert', 'replace', 'remove', 'append-word', 'line', 'paragraph', 'remove-lines', 'move-line'] as const;

/** Without moves: a moved line counts as removed here and written there, so that it can live on twice or be brought back. */
const plainKinds = editKinds.filter((kind) => kind !== 'move-line');

const editArbitrary = (kinds: readonly TextEdit['kind'][], maxLength: number): fc.Arbitrary<readonly TextEdit[]> =>
  fc.array(fc.record({ kind: fc.constantFrom(...kinds), at: fc.nat(10_000), size: fc.integer({ min: 1, max: 4 }) }), {
    minLength: 1,
    maxLength,
  });

/** Whole lines that are added. */
export const lineEdits = (maxLength: number): fc.Arbitrary<readonly TextEdit[]> =>
  editArbitrary(['line', 'paragraph'], maxLength);
export const textEdits = (maxLength: number): fc.Arbitrary<readonly TextEdit[]> => editArbitrary(editKinds, maxLength);
export const plainTextEdits = (maxLength: number): fc.Arbitrary<readonly TextEdit[]> => editArbitrary(plainKinds, maxLength);

/** Everyday text, in which words and empty lines repeat. */
export const proseArbitrary: fc.Arbitrary<string> = fc
  .array(
    fc.oneof(
      {
        weight: 3,
        arbitrary: fc
          .array(fc.constantFrom(...'the cell is small and green a plant of light'.split(' ')), { minLength: 1, maxLength: 20 })
          .map((words) => `${words.join(' ')}.`),
      },
      { weight: 2, arbitrary: fc.constant('') },
      { weight: 1, arbitrary: fc.constantFrom('- [ ] water', '## Light', '---') },
    ),
    { maxLength: 14 },
  )
  .map((lines) => lines.join('\n'));

const distinct = (maxLines: number, maxWords: number): fc.Arbitrary<string> =>
  fc.array(fc.integer({ min: 1, max: maxWords }), { minLength: 1, maxLength: maxLines }).map((lengths) => {
    let count = 0;
    const next = (): string => `w${String(count++).padStart(3, '0')}`;
    return lengths.map((length) => Array.from({ length }, next).join(' ')).join('\n');
  });

/** Text in which no word occurs twice: there is only one way to see what an edit did. */
export const distinctProse: fc.Arbitrary<string> = distinct(12, 12);

/** A few words on a few lines: nearly every edit of one side meets one of the other. */
export const distinctNote: fc.Arbitrary<string> = distinct(3, 3);

/** `text` after `edits`, with new words that begin with `tag`. */
export function applyTextEdits(text: string, edits: readonly TextEdit[], tag: string): string {
  let count = 0;
  const fresh = (size: number): string[] => Array.from({ length: size }, () => `${tag}${String(count++).padStart(2, '0')}`);
  return edits.reduce((current, { kind, at, size }) => {
    const lines = current.split('\n');
    const line = at % lines.length;
    const words = (lines[line] ?? '').split(' ');
    const word = (at >> 3) % words.length;
    if (kind === 'line') lines.splice(line, 0, fresh(size).join(' '));
    else if (kind === 'paragraph') lines.splice(line, 0, fresh(size).join(' '), '');
    else if (kind === 'remove-lines') lines.splice(line, size);
    else if (kind === 'move-line') lines.splice((at >> 5) % lines.length, 0, ...lines.splice(line, 1));
    else {
      if (kind === 'append-word') words.push(...fresh(size));
      else words.splice(word, kind === 'insert' ? 0 : size, ...(kind === 'remove' ? [] : fresh(size)));
      lines[line] = words.join(' ');
    }
    return lines.join('\n');
  }, text);
}

export const wordsOf = (text: string): readonly string[] => text.match(/[\p{L}\p{N}]+/gu) ?? [];
