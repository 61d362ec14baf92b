/** However the network cuts what a server sends, in the middle of a mark, a letter or a line end: the answer is the same. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { addDelta, EMPTY_DELTA } from '#features/chat/answer.ts';
import { createThoughtSplitter } from '#features/chat/thought-tags.ts';
import { askOver } from '#support/asked-server.ts';
import { runs } from '#support/property-runs.ts';
import { servers } from '#support/shapes/index.ts';

const bodies = servers.flatMap(({ answers }) => answers.map(({ body, contentType }) => ({ body, contentType })));
const cuts = fc.array(fc.nat(20_000), { maxLength: 40 });

test('every known answer is the same, cut anywhere', async () => {
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...bodies), cuts, async ({ body, contentType }, places) => {
      expect(await askOver(body, contentType, places)).toEqual(await askOver(body, contentType));
    }),
    { numRuns: runs(300) },
  );
});

test('every known answer is the same, byte by byte', async () => {
  for (const { body, contentType } of bodies) {
    const places = Array.from({ length: new TextEncoder().encode(body).length }, (_, at) => at);
    expect(await askOver(body, contentType, places)).toEqual(await askOver(body, contentType));
  }
});

/** Text as models write it, marks and beginnings of marks among it. */
const word = fc.constantFrom(
  '<think>',
  '</think>',
  '<Thinking>',
  '</thinking>',
  '[THINK]',
  '[/THINK]',
  '<|channel|>analysis<|message|>',
  '<|end|>',
  '<|start|>assistant',
  '<|channel|>final<|message|>',
  '<th',
  '</',
  '<',
  '`',
  '```',
  '~~~\n',
  '\n',
  '\n\n',
  ' ',
  'a',
  'word ',
  '🌱',
  'İ',
);

function split(pieces: readonly string[]): { readonly text: string; readonly reasoning: string } {
  const splitter = createThoughtSplitter();
  const parts = [...pieces.flatMap((piece) => splitter.push(piece)), ...splitter.end()];
  return parts.reduce((whole, part) => addDelta(whole, { ...EMPTY_DELTA, ...part }), EMPTY_DELTA);
}

test('thoughts and text do not depend on where the marks are cut', () => {
  fc.assert(
    fc.property(fc.array(word, { maxLength: 14 }), fc.array(fc.nat(200), { maxLength: 30 }), (words, places) => {
      const text = words.join('');
      const at = [...new Set(places.map((place) => place % (text.length + 1)))].sort((a, b) => a - b);
      const pieces = [0, ...at].map((from, index) => text.slice(from, at[index] ?? text.length));
      const [cut, whole] = [split(pieces), split([text])];
      expect({ text: cut.text, reasoning: cut.reasoning }).toEqual({ text: whole.text, reasoning: whole.reasoning });
    }),
    { numRuns: runs(2000) },
  );
});

test('a text without marks comes as it is', () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: 'grapheme', maxLength: 12 }), { maxLength: 6 }), (pieces) => {
      const text = pieces.join('');
      fc.pre(!/[<[◁]/.test(text));
      expect(split(pieces)).toMatchObject({ text, reasoning: '' });
    }),
  );
});
