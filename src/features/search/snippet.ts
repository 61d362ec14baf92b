import { outsideReference } from '#core/blobs.ts';
import { cutText } from '#core/text.ts';
import { withoutMarks } from '#features/markdown/plain-text.ts';
import { wordsOf } from './words.ts';

/** A text in pieces; the marked ones are what was searched for. */
export type MarkedText = readonly { readonly text: string; readonly marked: boolean }[];

/** About two lines of a list. */
const SNIPPET_CHARACTERS = 170;
/** Of that, what is before the first mark. */
const LEAD_CHARACTERS = 40;
/** No more than this of a text is looked through for its best place. */
const LOOKED_THROUGH = 200_000;

/** Marks every word of `text` that is one of `terms`. */
export function mark(text: string, terms: ReadonlySet<string>): MarkedText {
  const pieces: { text: string; marked: boolean }[] = [];
  const add = (piece: string, marked: boolean): void => {
    const last = pieces.at(-1);
    if (piece === '') return;
    if (last?.marked === marked) last.text += piece;
    else pieces.push({ text: piece, marked });
  };
  let at = 0;
  for (const { term, start, end } of wordsOf(text)) {
    if (!terms.has(term) || end <= at) continue;
    add(text.slice(at, Math.max(at, start)), false);
    add(text.slice(Math.max(at, start), end), true);
    at = end;
  }
  add(text.slice(at), false);
  return pieces;
}

/** Where in `text` most different words of `terms` are close together; -1 where none does. */
export function bestPlace(text: string, terms: ReadonlySet<string>): number {
  const hits = [...wordsOf(text.slice(0, LOOKED_THROUGH))].filter(({ term }) => terms.has(term));
  let best = { count: 0, start: -1 };
  for (const [index, { start }] of hits.entries()) {
    const near = new Set<string>();
    for (let next = index; next < hits.length; next++) {
      const hit = hits[next];
      if (!hit || hit.end > start + SNIPPET_CHARACTERS - LEAD_CHARACTERS) break;
      near.add(hit.term);
    }
    if (near.size > best.count) best = { count: near.size, start };
  }
  return best.start;
}

/** What is left of a link at a cut inside its words, or right behind its address. */
const REST_OF_LINK = /^(?:([^[\]()]*)\]\([^)]*\)|\))/;

/** A piece of a Markdown text around `place`, without its marks; its beginning where `place` is -1. */
export function cut(text: string, place: number): string {
  const from = startOfWord(text, outsideReference(text, Math.max(0, place - LEAD_CHARACTERS)), place);
  // What is cut away as marks is not shown: more is taken than fits.
  const end = outsideReference(text, from + 3 * SNIPPET_CHARACTERS);
  const plain = withoutMarks(text.slice(from, end).replace(REST_OF_LINK, '$1'));
  const short = plain.length > SNIPPET_CHARACTERS ? `${cutText(plain, SNIPPET_CHARACTERS).trimEnd()}…` : plain;
  return from > 0 ? `…${short}` : short;
}

/** The first beginning of a word or line at or after `from`, and not after `place`. */
function startOfWord(text: string, from: number, place: number): number {
  if (from === 0) return 0;
  const space = text.slice(from, place).search(/\s\S/);
  return space < 0 ? from : from + space + 1;
}
