import { diffSequences, WORK_LIMIT, type WorkMeter } from './diff.ts';
import { goesBefore, joinLines, joinWords, separateWords, splitLines, splitWords, textOf } from './pieces.ts';
import { containsInOrder, type Grain, mergeSequences, type Stretch, type Versions } from './sequences.ts';

export interface TextVersions {
  readonly base: string;
  readonly older: string;
  readonly newer: string;
}

/** A place that both sides changed: the newer side's words, which win, and the older side's. */
export interface TextOverlap {
  readonly kept: string;
  readonly lost: string;
}

export interface TextMerge {
  readonly text: string;
  /** In the order of the text. */
  readonly overlaps: readonly TextOverlap[];
  /** Steps of work, as counted for the limit. */
  readonly work: number;
}

/** One equal line is one line that both sides hold; of words it takes three. */
const SHARED_LINES = 1;
const SHARED_WORDS = 3;

/** Up to so many changes are an edit; more are one if the runs that they leave are on average so long. */
const FEW_CHANGES = 2;
const KEPT_RUN = 3;

/** Cutting a text into words costs about so many steps a letter. */
const CHAR_COST = 1;

/**
 * Three-way merge of a text: by lines, then by words inside the lines that both sides changed. Where the same words were
 * changed differently the newer side wins and the place is reported. Lines are what is between line breaks; an
 * empty text has none.
 *
 * Bounded: past `workLimit` steps the differences get coarser, up to the whole text as one overlap.
 */
export function mergeText({ base, older, newer }: TextVersions, workLimit: number = WORK_LIMIT): TextMerge {
  const meter: WorkMeter = { spent: 0, limit: workLimit };
  const versions = { base: splitLines(base), older: splitLines(older), newer: splitLines(newer) };
  const { lines, overlaps } = mergeLines(versions, meter);
  return { text: joinLines(lines), overlaps, work: meter.spent };
}

/** Whether a text goes on from another, or has all of its lines in their order. */
export function holdsText(whole: string, part: string): boolean {
  return whole.startsWith(part) || containsInOrder(splitLines(whole), splitLines(part));
}

interface LineMerge {
  readonly lines: readonly string[];
  readonly overlaps: readonly TextOverlap[];
}

function mergeLines(versions: Versions, meter: WorkMeter): LineMerge {
  const grain: Grain = { meter, sharedItems: SHARED_LINES, separate: () => [], goesFirst: () => false };
  const parts = mergeSequences(versions, grain).map((stretch) =>
    'items' in stretch ? { lines: stretch.items, overlaps: [] } : mergeOverlappingLines(stretch.overlap, meter),
  );
  return { lines: parts.flatMap((part) => part.lines), overlaps: parts.flatMap((part) => part.overlaps) };
}

/**
 * Lines that both sides changed. One side deleting what the other edited cannot be merged by words, nor can two texts
 * that only share a word here and there: a mixture of two sentences would be neither. Then the newer side's lines win.
 */
function mergeOverlappingLines(lines: Versions, meter: WorkMeter): LineMerge {
  const whole = { lines: lines.newer, overlaps: [{ kept: joinLines(lines.newer), lost: joinLines(lines.older) }] };
  if (lines.older.length === 0 || lines.newer.length === 0 || lines.base.length === 0) return whole;
  // Both wrote on an empty line: that is two insertions of lines.
  if (lines.base.every((line) => textOf(line) === '')) return mergeLines({ ...lines, base: [] }, meter);
  const chars = lines.base.concat(lines.older, lines.newer).reduce((sum, line) => sum + line.length, 0);
  if (meter.spent + chars * CHAR_COST > meter.limit) return whole;
  meter.spent += chars * CHAR_COST;
  const words: Versions = {
    base: splitWords(joinLines(lines.base)),
    older: splitWords(joinLines(lines.older)),
    newer: splitWords(joinLines(lines.newer)),
  };
  if (!isEdit(words.base, words.older, meter) || !isEdit(words.base, words.newer, meter)) return whole;
  const stretches = mergeSequences(words, { meter, sharedItems: SHARED_WORDS, separate: separateWords, goesFirst: goesBefore });
  return {
    // Cut plainly: where all words went, an empty line is left, which `splitLines` would take for no line at all.
    lines: joinWords(stretches.flatMap(keptItems)).split('\n'),
    overlaps: stretches.flatMap((stretch) =>
      'overlap' in stretch ? [{ kept: joinWords(stretch.overlap.newer), lost: joinWords(stretch.overlap.older) }] : [],
    ),
  };
}

/**
 * Whether `side` is the base with changes, and not another text that has some words in common with it. Whoever edits
 * leaves runs of words; what two different sentences share is single words here and there.
 */
function isEdit(base: readonly string[], side: readonly string[], meter: WorkMeter): boolean {
  const changes = diffSequences(base, side, meter);
  const kept = changes.reduce((sum, { start, end }) => sum - (end - start), base.length);
  return changes.length <= FEW_CHANGES || kept >= changes.length * KEPT_RUN;
}

const keptItems = (stretch: Stretch): readonly string[] => ('items' in stretch ? stretch.items : stretch.overlap.newer);
