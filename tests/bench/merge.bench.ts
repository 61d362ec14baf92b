/** The merge of a long note: it runs in every save that meets another device's change. */
import { formatStamp } from '#core/clock.ts';
import type { Body } from '#core/entity.ts';
import { hashText } from '#core/hash.ts';
import { type MergeSide, merge3 } from '#core/merge/merge.ts';
import { note } from '#entities/note.ts';
import { type Figure, sized, writeSection } from './report.ts';
import { sample } from './statistics.ts';

const LINES = 4000;
const WORDS = 2000;

const stamp = (ms: number, tag: string): string => formatStamp({ ms, counter: 0, tag });

const side = (text: string, ms: number, tag: string): MergeSide => ({
  body: { fields: { text }, stamps: { text: stamp(ms, tag) } },
  deviceId: `0198c0de-0000-7000-8000-0000${tag}`,
  acceptedAt: null,
});

function mergeTexts(base: string, mine: string, theirs: string): () => unknown {
  const baseBody: Body = { fields: { text: base }, stamps: { text: stamp(1000, '00000000') } };
  return () =>
    merge3({
      base: baseBody,
      mine: side(mine, 2000, '0000000a'),
      theirs: side(theirs, 3000, '0000000b'),
      declaration: note,
      policy: 'newer',
    });
}

const lines = Array.from({ length: LINES }, (_, index) => (index % 7 === 0 ? '' : `- line ${index % 900} of the chapter`));
const changed = (offset: number, word: string): string =>
  lines.map((line, index) => (index % 40 === offset ? `${line} ${word}` : line)).join('\n');
const words = Array.from({ length: WORDS }, (_, index) => `word${index % 300}`);
const reworded = (offset: number): string => words.map((word, index) => (index % 50 === offset ? `${word}x` : word)).join(' ');

const at = async (what: string, body: () => unknown): Promise<Figure> => {
  return { what, durability: 'memory', samples: await sample(sized(20, 3), body) };
};

writeSection({
  name: 'merge',
  title: 'Merging a long note',
  targets: [],
  figures: [
    await at(
      `${LINES} lines, both sides change one in forty`,
      mergeTexts(lines.join('\n'), changed(3, 'mine'), changed(21, 'theirs')),
    ),
    await at(`${WORDS} words in one line, both change one in fifty`, mergeTexts(words.join(' '), reworded(3), reworded(28))),
    await at('SHA-256 of 1 MB of text', () => hashText('a study note '.repeat(80_000))),
  ],
  notes: ['In Node, one process. The same code runs in the store worker and in the service worker.'],
});
