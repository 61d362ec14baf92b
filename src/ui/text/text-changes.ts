import { diffChars } from 'diff';
import { diffSequences } from '#core/merge/diff.ts';

interface Part {
  readonly added?: boolean;
  readonly removed?: boolean;
  readonly value: string;
}

/** A replacement in the old text: offsets in UTF-16 units, as CodeMirror counts. */
export interface TextChange {
  readonly from: number;
  readonly to: number;
  readonly insert: string;
}

/**
 * A stretch with more differing characters than this is compared by lines, and so is one for which even fewer would take
 * too many steps. Steps, not ms: on a busy machine the caret must end at the same place as on an idle one.
 */
const MAX_EDITS = 500;
const MAX_STEPS = 2_000_000;

/**
 * The changes that turn `before` into `after`, small and in order, so that a caret between them stays where it is.
 * Merged text usually differs in a few places: what is equal at both ends is cut off before anything is compared.
 */
export function textChanges(before: string, after: string): readonly TextChange[] {
  if (before === after) return [];
  const start = commonStart(before, after);
  const end = commonEnd(before, after, start);
  const removed = before.slice(start, before.length - end);
  const insert = after.slice(start, after.length - end);
  const parts = removed === '' || insert === '' ? [] : compare(removed, insert);
  return parts.length === 0 ? [{ from: start, to: start + removed.length, insert }] : toChanges(parts, start);
}

/** The parts by characters, or by lines where that would take too long. */
function compare(removed: string, insert: string): readonly Part[] {
  const max = Math.min(MAX_EDITS, Math.floor(MAX_STEPS / (removed.length + insert.length)));
  return diffChars(removed, insert, { maxEditLength: max }) ?? compareLines(splitLines(removed), splitLines(insert));
}

const splitLines = (text: string): readonly string[] => text.split(/(?<=\n)/u);

function compareLines(removed: readonly string[], insert: readonly string[]): readonly Part[] {
  const parts: Part[] = [];
  let at = 0;
  for (const { start, end, sideStart, sideEnd } of diffSequences(removed, insert, { spent: 0, limit: MAX_STEPS })) {
    parts.push(
      { value: removed.slice(at, start).join('') },
      { removed: true, value: removed.slice(start, end).join('') },
      { added: true, value: insert.slice(sideStart, sideEnd).join('') },
    );
    at = end;
  }
  return parts.filter(({ value }) => value !== '');
}

function toChanges(parts: readonly Part[], from: number): readonly TextChange[] {
  const changes: TextChange[] = [];
  let at = from;
  for (const { added, removed: gone, value } of parts) {
    const last = changes.at(-1);
    if (added) {
      // An insertion right after a deletion is one replacement.
      if (last && last.to === at && last.insert === '') changes[changes.length - 1] = { ...last, insert: value };
      else changes.push({ from: at, to: at, insert: value });
    } else if (gone) {
      if (last && last.to === at && last.from === at) changes[changes.length - 1] = { ...last, to: at + value.length };
      else changes.push({ from: at, to: at + value.length, insert: '' });
      at += value.length;
    } else {
      at += value.length;
    }
  }
  return changes;
}

/** Where an offset of the old text is in the new one. An offset inside a replaced stretch goes to its end. */
export function mapOffset(offset: number, changes: readonly TextChange[]): number {
  let shift = 0;
  for (const { from, to, insert } of changes) {
    if (from >= offset && !(from === offset && to > from)) break;
    if (to > offset) return from + shift + insert.length;
    shift += insert.length - (to - from);
  }
  return offset + shift;
}

function commonStart(a: string, b: string): number {
  const max = Math.min(a.length, b.length);
  let at = 0;
  while (at < max && a.charCodeAt(at) === b.charCodeAt(at)) at++;
  return isInsidePair(a, at) || isInsidePair(b, at) ? at - 1 : at;
}

function commonEnd(a: string, b: string, start: number): number {
  const max = Math.min(a.length, b.length) - start;
  let length = 0;
  while (length < max && a.charCodeAt(a.length - 1 - length) === b.charCodeAt(b.length - 1 - length)) length++;
  return isInsidePair(a, a.length - length) || isInsidePair(b, b.length - length) ? length - 1 : length;
}

/** Whether an offset would cut a character in two that takes two units. */
function isInsidePair(text: string, at: number): boolean {
  const before = text.charCodeAt(at - 1);
  const after = text.charCodeAt(at);
  return before >= 0xd800 && before < 0xdc00 && after >= 0xdc00 && after < 0xe000;
}
