import { diffLines, diffWordsWithSpace } from 'diff';

export interface DiffPart {
  readonly text: string;
  readonly changed: boolean;
}

/** A stretch of lines: equal ones, or those of one side with the changed words marked. */
export type DiffBlock =
  | { readonly type: 'same' | 'gap'; readonly text: string; readonly lines: number }
  | { readonly type: 'removed' | 'added'; readonly parts: readonly DiffPart[] };

/** Limits of the comparison: beyond them a stretch counts as wholly replaced, which is coarse but never slow. */
const LINES = { maxEditLength: 4_000, timeout: 250 };
const WORDS = { maxEditLength: 1_000, timeout: 40 };
const MAX_WORD_CHARS = 20_000;
/** Equal lines shown around a change. */
const CONTEXT = 3;

/** How `before` became `after`, by lines and then by words, with long equal stretches folded into gaps. */
export function diffText(before: string, after: string): readonly DiffBlock[] {
  if (before === after) return [];
  const chunks = diffLines(before, after, LINES) ?? [
    { value: before, removed: true, added: false, count: 1 },
    { value: after, removed: false, added: true, count: 1 },
  ];
  const blocks: DiffBlock[] = [];
  for (let at = 0; at < chunks.length; at++) {
    const chunk = chunks[at];
    const following = chunks[at + 1];
    if (!chunk) continue;
    if (!chunk.added && !chunk.removed) {
      blocks.push(...foldEqual(chunk.value, at > 0, at < chunks.length - 1));
    } else if (chunk.removed && following?.added) {
      blocks.push(...replaced(chunk.value, following.value));
      at++;
    } else {
      blocks.push({ type: chunk.added ? 'added' : 'removed', parts: [{ text: chunk.value, changed: true }] });
    }
  }
  return blocks;
}

function replaced(before: string, after: string): readonly DiffBlock[] {
  const words = before.length + after.length > MAX_WORD_CHARS ? undefined : diffWordsWithSpace(before, after, WORDS);
  if (!words) {
    return [
      { type: 'removed', parts: [{ text: before, changed: true }] },
      { type: 'added', parts: [{ text: after, changed: true }] },
    ];
  }
  const side = (other: 'added' | 'removed'): readonly DiffPart[] =>
    words.filter((word) => !word[other]).map(({ value, added, removed }) => ({ text: value, changed: added || removed }));
  return [
    { type: 'removed', parts: side('added') },
    { type: 'added', parts: side('removed') },
  ];
}

/** Keeps the lines next to a change and folds the middle. */
function foldEqual(text: string, hasBefore: boolean, hasAfter: boolean): readonly DiffBlock[] {
  const lines = text.split('\n');
  if (lines.at(-1) === '') lines.pop();
  const head = hasBefore ? CONTEXT : 0;
  const tail = hasAfter ? CONTEXT : 0;
  if (lines.length <= head + tail + 1) return [same(lines)];
  const folded = lines.slice(head, lines.length - tail);
  return [
    ...(head > 0 ? [same(lines.slice(0, head))] : []),
    { type: 'gap', text: folded.join('\n'), lines: folded.length },
    ...(tail > 0 ? [same(lines.slice(-tail))] : []),
  ];
}

const same = (lines: readonly string[]): DiffBlock => ({ type: 'same', text: `${lines.join('\n')}\n`, lines: lines.length });

/** One line of two sides: what is on the left, what on the right. Null where a side has nothing there. */
export type DiffRow = readonly [left: DiffBlock | null, right: DiffBlock | null];

/** The same side by side: removed lines are beside the added ones that follow them, equal ones on both sides. */
export function diffRows(left: string, right: string): readonly DiffRow[] {
  if (left === right) {
    const whole: DiffBlock = { type: 'same', text: left, lines: 1 };
    return [[whole, whole]];
  }
  const rows: DiffRow[] = [];
  const blocks = diffText(left, right);
  for (let at = 0; at < blocks.length; at++) {
    const block = blocks[at];
    const next = blocks[at + 1];
    if (!block) continue;
    if (block.type === 'same' || block.type === 'gap') rows.push([block, block]);
    else if (block.type === 'added') rows.push([null, block]);
    else if (next?.type === 'added') {
      rows.push([block, next]);
      at++;
    } else rows.push([block, null]);
  }
  return rows;
}
