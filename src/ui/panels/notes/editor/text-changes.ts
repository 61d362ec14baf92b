import { diffChars } from 'diff';

/** A replacement in the old text: offsets in UTF-16 units, as CodeMirror counts. */
export interface TextChange {
  readonly from: number;
  readonly to: number;
  readonly insert: string;
}

/** Beyond this many differing characters, or this much time, the differing stretch is replaced as a whole. */
const MOST_EDITS = 2_000;
const MOST_MS = 25;

/**
 * The changes that turn `before` into `after`, small and in order, so that a caret between them stays where it is.
 * Merged text usually differs in a few places: what is equal at both ends is cut off before anything is compared.
 */
export function textChanges(before: string, after: string): readonly TextChange[] {
  if (before === after) return [];
  const start = commonStart(before, after);
  const end = commonEnd(before, after, start);
  const from = start;
  const to = before.length - end;
  const removed = before.slice(from, to);
  const insert = after.slice(start, after.length - end);
  if (removed === '' || insert === '') return [{ from, to, insert }];
  const parts = diffChars(removed, insert, { maxEditLength: MOST_EDITS, timeout: MOST_MS });
  if (!parts) return [{ from, to, insert }];
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
  const most = Math.min(a.length, b.length);
  let at = 0;
  while (at < most && a.charCodeAt(at) === b.charCodeAt(at)) at++;
  return isInsidePair(a, at) || isInsidePair(b, at) ? at - 1 : at;
}

function commonEnd(a: string, b: string, start: number): number {
  const most = Math.min(a.length, b.length) - start;
  let length = 0;
  while (length < most && a.charCodeAt(a.length - 1 - length) === b.charCodeAt(b.length - 1 - length)) length++;
  return isInsidePair(a, a.length - length) || isInsidePair(b, b.length - length) ? length - 1 : length;
}

/** Whether an offset would cut a character in two that takes two units. */
function isInsidePair(text: string, at: number): boolean {
  const before = text.charCodeAt(at - 1);
  const after = text.charCodeAt(at);
  return before >= 0xd800 && before < 0xdc00 && after >= 0xdc00 && after < 0xe000;
}
