import { WORK_LIMIT, type WorkMeter } from './merge-diff.ts';
import { mergeSequences, type Stretch, type Versions } from './merge-sequences.ts';
import { joinWords, splitWords } from './merge-words.ts';

export interface TextVersions {
  readonly base: string;
  readonly older: string;
  readonly newer: string;
}

export interface TextMerge {
  readonly text: string;
  /** The places that both sides changed, in order: `text` holds the newer side's words, `lost` the older side's. */
  readonly overlaps: readonly { readonly kept: string; readonly lost: string }[];
  /** Steps of work, as counted for the limit. */
  readonly work: number;
}

/**
 * Three-way merge of a text: by lines, then by words inside the lines that both sides changed. Where the same words were
 * changed differently the newer side stands and the place is reported. Lines are what stands between line breaks; an
 * empty text has none.
 *
 * Bounded: past `workLimit` steps the differences get coarser, up to the whole text as one overlap.
 */
export function mergeText(versions: TextVersions, workLimit: number = WORK_LIMIT): TextMerge {
  const meter: WorkMeter = { spent: 0, limit: workLimit };
  const lines: string[] = [];
  const overlaps: { kept: string; lost: string }[] = [];
  const split = { base: splitLines(versions.base), older: splitLines(versions.older), newer: splitLines(versions.newer) };
  for (const stretch of mergeSequences(split, meter)) {
    if ('items' in stretch) {
      for (const line of stretch.items) lines.push(line);
      continue;
    }
    const merged = mergeLines(stretch.overlap, meter);
    for (const line of merged.lines) lines.push(line);
    overlaps.push(...merged.overlaps);
  }
  return { text: lines.join('\n'), overlaps, work: meter.spent };
}

const splitLines = (text: string): readonly string[] => (text === '' ? [] : text.split('\n'));

/**
 * Lines that both sides changed. One side deleting what the other edited cannot be merged by words; and where more than
 * half of the words overlap, a mixture of two sentences would be neither: the newer side's lines stand as a whole.
 */
function mergeLines(lines: Versions, meter: WorkMeter): { lines: readonly string[]; overlaps: TextMerge['overlaps'] } {
  const whole = { lines: lines.newer, overlaps: [{ kept: lines.newer.join('\n'), lost: lines.older.join('\n') }] };
  if (lines.older.length === 0 || lines.newer.length === 0) return whole;
  const words: Versions = {
    base: splitWords(lines.base.join('\n')),
    older: splitWords(lines.older.join('\n')),
    newer: splitWords(lines.newer.join('\n')),
  };
  meter.spent += words.base.length + words.older.length + words.newer.length;
  const stretches = mergeSequences(words, meter);
  const overlapping = stretches.reduce((sum, stretch) => sum + ('overlap' in stretch ? stretch.overlap.base.length : 0), 0);
  if (overlapping * 2 > words.base.length) return whole;
  return {
    lines: joinWords(stretches.flatMap(keptItems)).split('\n'),
    overlaps: stretches.flatMap((stretch) =>
      'overlap' in stretch ? [{ kept: joinWords(stretch.overlap.newer), lost: joinWords(stretch.overlap.older) }] : [],
    ),
  };
}

const keptItems = (stretch: Stretch): readonly string[] => ('items' in stretch ? stretch.items : stretch.overlap.newer);
