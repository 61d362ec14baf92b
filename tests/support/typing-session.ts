/** The real writing session of `corpus/`, as the keystrokes that a person types. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';

/** One edit: at `at`, counted in UTF-16 units as editors count, `removed` units go and `insert` comes. */
export interface Edit {
  readonly at: number;
  readonly removed: number;
  readonly insert: string;
}

/** One key pressed where the caret is, and what it does to the text. */
export interface Keystroke {
  readonly caret: number;
  /** A character, or the name of a key. */
  readonly key: string;
  readonly edit: Edit;
}

export interface TypingSession {
  readonly strokes: readonly Keystroke[];
  /** The text after the last stroke, as the trace itself says. */
  readonly endContent: string;
}

interface Trace {
  readonly startContent: string;
  readonly endContent: string;
  readonly txns: readonly { readonly patches: readonly (readonly [at: number, removed: number, insert: string])[] }[];
}

/** Reads the trace. It begins with an empty text, and its edits lead to `endContent`: both are checked. */
export function readTypingSession(): TypingSession {
  const path = join(process.cwd(), 'tests/support/corpus/friendsforever-flat.json.gz');
  const trace = JSON.parse(gunzipSync(readFileSync(path)).toString()) as Trace;
  if (trace.startContent !== '') throw new Error('The session does not begin with an empty text');
  const strokes: Keystroke[] = [];
  let text = '';
  for (const [position, removed, insert] of trace.txns.flatMap(({ patches }) => patches)) {
    const at = toUnits(text, position);
    for (const stroke of toKeystrokes(text, { at, removed: toUnits(text.slice(at), removed), insert })) {
      strokes.push(stroke);
      text = applyEdit(text, stroke.edit);
    }
  }
  if (text !== trace.endContent) throw new Error('The edits do not lead to the end of the session');
  return { strokes, endContent: trace.endContent };
}

export const applyEdit = (text: string, { at, removed, insert }: Edit): string =>
  text.slice(0, at) + insert + text.slice(at + removed);

/** How many UTF-16 units the first `points` code points of the text take. Most texts have as many of both. */
function toUnits(text: string, points: number): number {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the range of ASCII.
  if (/^[\x00-\x7f]*$/.test(text)) return Math.min(points, text.length);
  let at = 0;
  for (let left = points; left > 0 && at < text.length; left--) at += (text.codePointAt(at) as number) > 0xffff ? 2 : 1;
  return at;
}

/** The marks before which the editor's Backspace takes more than one character, as Markdown editors do. */
const MARKUP = /^\s*([-*+>]|\d+[.)])?\s*$/;

/** The keys that make this edit and no other change in the editor, which has its own mind about lists and white space. */
function toKeystrokes(text: string, { at, removed, insert }: Edit): readonly Keystroke[] {
  const strokes: Keystroke[] = [];
  for (let end = at + removed; end > at; end--) {
    const line = text.slice(text.lastIndexOf('\n', end - 2) + 1, end);
    const edit = { at: end - 1, removed: 1, insert: '' };
    strokes.push(MARKUP.test(line) ? { caret: end - 1, key: 'Delete', edit } : { caret: end, key: 'Backspace', edit });
  }
  const after = text.slice(at + removed);
  let caret = at;
  for (const character of insert) {
    if (character === '\n') strokes.push(...breakLine(text.slice(0, at) + insert.slice(0, caret - at), after));
    else strokes.push({ caret, key: character, edit: { at: caret, removed: 0, insert: character } });
    caret += character.length;
  }
  return strokes;
}

/**
 * Shift+Enter, since Enter alone would go on with a list. The editor swallows the white space behind the caret and
 * indents the new line like the old one; what is then missing is typed again.
 */
function breakLine(before: string, after: string): readonly Keystroke[] {
  const caret = before.length;
  const line = before.slice(before.lastIndexOf('\n') + 1) + after;
  const [swallowed, indent] = [after, line].map((text) => /^[^\S\n]*/.exec(text)?.[0] ?? '') as [string, string];
  const missing = [...swallowed.slice(indent.length)];
  return [
    { caret, key: 'Shift+Enter', edit: { at: caret, removed: swallowed.length, insert: `\n${indent}` } },
    ...missing.map((key, index): Keystroke => {
      const at = caret + 1 + indent.length + index;
      return { caret: at, key, edit: { at, removed: 0, insert: key } };
    }),
  ];
}
