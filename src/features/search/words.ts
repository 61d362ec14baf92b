/** How a text becomes words: the same for what is indexed, what is asked for, and what is marked in a snippet. */
import { blankReferences } from '#core/blobs.ts';
import { UNSPACED_SCRIPTS } from '#core/text.ts';
import { fold } from './fold.ts';

/** One word of a text: folded, and where it is in the text. */
export interface Word {
  readonly term: string;
  readonly start: number;
  readonly end: number;
}

/** A soft hyphen and a joiner are inside a word. */
const LETTERS = '\\p{L}\\p{N}\\p{M}\\u00ad\\u200d';
/**
 * A run of letters of scripts with spaces, or of one without; or one sign that is no letter and no mark of Markdown: an
 * arrow, a currency, an emoji. An underscore divides words: it is emphasis, or replaces a space.
 */
const RUN = new RegExp(
  `(?<unspaced>(?=[${LETTERS}])[${UNSPACED_SCRIPTS}](?:(?=[${LETTERS}])[${UNSPACED_SCRIPTS}\\p{M}])*)|(?:(?![${UNSPACED_SCRIPTS}])[${LETTERS}])+|(?![\\x00-\\x7f])[\\p{Sc}\\p{Sm}\\p{So}]`,
  'gu',
);
/** The signs behind a word that make it another one: C++, C#, Na+. */
const SIGNS = /\+\+|[#+](?![\p{L}\p{N}+#])/uy;
/** Nobody searches for the bytes of an image; as words they would fill the index. */
const DATA_URL = /data:[\w.+-]+\/[\w.+-]+[^\s"')>]*/g;
/** Longer ones are keys and hashes: their beginning finds them. */
const MAX_CHARACTERS = 40;

/** A run of a text, folded; `signed`: with the signs behind it. */
interface Run extends Word {
  readonly isUnspaced: boolean;
  readonly signed: Word | null;
}

function* runsOf(text: string): Generator<Run> {
  const searched = blankReferences(blankDataUrls(text));
  for (const { 0: run, index, groups } of searched.matchAll(RUN)) {
    const isUnspaced = groups?.['unspaced'] !== undefined;
    const term = fold(run);
    const end = index + run.length;
    if (term !== '')
      yield { term, start: index, end, isUnspaced, signed: isUnspaced ? null : signedWord(searched, term, index, end) };
  }
}

function signedWord(text: string, term: string, start: number, end: number): Word | null {
  const next = text.charCodeAt(end);
  if (next !== 0x2b && next !== 0x23) return null;
  SIGNS.lastIndex = end;
  const [signs] = SIGNS.exec(text) ?? [];
  return signs === undefined ? null : { term: term + signs, start, end: end + signs.length };
}

const short = (term: string): string => (term.length > MAX_CHARACTERS ? term.slice(0, MAX_CHARACTERS) : term);

/** Emphasis in the middle of a word: **Photo**synthesis. */
const EMPHASIS = /^(?:\*{1,3}|~~|==){1,2}$/;

/**
 * The words of a text in their order, with their places in it: one with signs behind it comes without them and with them, and one
 * that is emphasised in part comes in its parts and whole.
 */
export function* wordsOf(text: string): Generator<Word> {
  let whole: Word | null = null;
  let isJoined = false;
  for (const run of runsOf(text)) {
    const goesOn: boolean = whole !== null && !run.isUnspaced && isEmphasis(text, whole.end, run.start);
    if (whole && isJoined && !goesOn) yield { ...whole, term: short(whole.term) };
    isJoined = goesOn;
    whole = goesOn && whole ? { term: whole.term + run.term, start: whole.start, end: run.end } : run.isUnspaced ? null : run;
    if (run.isUnspaced) yield* pairsOf(text.slice(run.start, run.end), run.start);
    else yield { term: short(run.term), start: run.start, end: run.end };
    if (run.signed) yield run.signed;
  }
  if (whole && isJoined) yield { ...whole, term: short(whole.term) };
}

/** Whether nothing but a mark of emphasis is between these places, with letters on both sides: `2*3` is none. */
const isEmphasis = (text: string, from: number, to: number): boolean =>
  to > from && to - from <= 6 && EMPHASIS.test(text.slice(from, to)) && !/\p{N}/u.test(text.charAt(from - 1) + text.charAt(to));

/** The words of a text, folded, without their places: what MiniSearch takes. */
export function termsOf(text: string): string[] {
  const terms: string[] = [];
  for (const { term } of wordsOf(text)) terms.push(term);
  return terms;
}

/** A word that is asked for. */
export interface AskedWord {
  readonly term: string;
  /** Of a phrase: neither the beginning of a word nor a typing error fits. */
  readonly isWhole: boolean;
  /** What is looked for where no text has the word with its signs. */
  readonly unsigned: string | null;
}

/** What a person asks for. All words must be there, those of a phrase as they follow each other. */
export interface Query {
  readonly words: readonly AskedWord[];
  /** Each as `atomsOf` gives it. */
  readonly phrases: readonly (readonly string[])[];
}

const PHRASE = /"([^"]*)"|“([^”]*)”|„([^“”]*)[“”]|«([^»]*)»|「([^」]*)」|『([^』]*)』/g;

/** What was typed, divided. What is in quotes is a phrase; a quote that is not closed yet is none. */
export function splitPhrases(text: string): { readonly phrases: readonly string[]; readonly rest: string } {
  const phrases: string[] = [];
  const rest = text.replace(PHRASE, (_, ...groups) => {
    phrases.push(groups.slice(0, 6).find((group) => group !== undefined) ?? '');
    return ' ';
  });
  return { phrases, rest };
}

export function readQuery(text: string): Query {
  const { phrases, rest } = splitPhrases(text);
  const words = new Map<string, AskedWord>();
  for (const phrase of phrases) for (const word of askedWords(phrase, true)) words.set(word.term, word);
  for (const word of askedWords(rest, false)) if (!words.has(word.term)) words.set(word.term, word);
  return { words: [...words.values()], phrases: phrases.map(atomsOf).filter((atoms) => atoms.length > 0) };
}

function* askedWords(text: string, isWhole: boolean): Generator<AskedWord> {
  for (const run of runsOf(text)) {
    if (run.isUnspaced) {
      const pairs = [...pairsOf(text.slice(run.start, run.end), run.start)];
      // The last character alone asks for nothing more than the pair that ends with it.
      for (const { term } of pairs.slice(0, Math.max(1, pairs.length - 1))) yield { term, isWhole: false, unsigned: null };
    } else if (run.signed) yield { term: run.signed.term, isWhole, unsigned: short(run.term) };
    else yield { term: short(run.term), isWhole, unsigned: null };
  }
}

/** A text as phrases are compared: words, and the single characters of scripts without spaces. */
export function atomsOf(text: string): string[] {
  const atoms: string[] = [];
  for (const { term, isUnspaced, signed } of runsOf(text)) {
    if (isUnspaced) atoms.push(...term);
    else atoms.push(signed?.term ?? term);
  }
  return atoms;
}

/** Whether a phrase is in a text. A sign behind a word of the text need not be asked for. */
export function hasPhrase(text: string, phrase: readonly string[]): boolean {
  const atoms = atomsOf(text);
  const fits = (atom = '', asked: string): boolean => atom.startsWith(asked) && /^[+#]*$/.test(atom.slice(asked.length));
  return atoms.some((_, at) => phrase.every((asked, offset) => fits(atoms[at + offset], asked)));
}

/** Every two neighbouring characters, and the last one alone, so that a single character finds what begins with it. */
function* pairsOf(word: string, at: number): Generator<Word> {
  let start = at;
  const characters = [...word];
  for (const [index, character] of characters.entries()) {
    const next = characters[index + 1] ?? '';
    const end = start + character.length;
    const term = fold(character + next);
    if (term !== '') yield { term, start, end: end + next.length };
    start = end;
  }
}

/** Keeps every place as it is. */
function blankDataUrls(text: string): string {
  return text.includes('data:') ? text.replace(DATA_URL, (url) => ' '.repeat(url.length)) : text;
}
