/**
 * Takes the thoughts out of an answer's text, where a server leaves them in it: `<think>…</think>` and the other marks of today's
 * models, cut anywhere. A mark counts at the beginning of an answer, and later at the beginning of a line outside a code block once
 * the model has used one: an answer that speaks of `<think>` is left as it is.
 */

/** What a piece of text turned out to be. */
export interface ThoughtPart {
  readonly text: string;
  readonly reasoning: string;
  /** What has come as text so far was a thought: its beginning was never marked (the chat template of DeepSeek R1 and QwQ). */
  readonly recast: boolean;
}

export interface ThoughtSplitter {
  /** `hasThoughts`: the server gives thoughts in a field of its own. */
  push(text: string, hasThoughts?: boolean): readonly ThoughtPart[];
  /** What was held back until more came. */
  end(): readonly ThoughtPart[];
}

/** How thoughts begin and end. */
const TAGS: readonly (readonly [open: string, close: string])[] = [
  ['<think>', '</think>'],
  ['<thinking>', '</thinking>'],
  ['<thought>', '</thought>'],
  ['<thoughts>', '</thoughts>'],
  ['<reasoning>', '</reasoning>'],
  ['<seed:think>', '</seed:think>'],
  ['[think]', '[/think]'],
  ['◁think▷', '◁/think▷'],
  ['<|channel|>analysis<|message|>', '<|end|>'],
  ['<|start|>assistant<|channel|>analysis<|message|>', '<|end|>'],
  ['<|begin_of_thought|>', '<|end_of_thought|>'],
  ['<|start_thinking|>', '<|end_thinking|>'],
  ['<|channel>thought', '<channel|>'],
];
/** What some models put around the answer behind their thoughts, and what a server leaves that passes on their raw format. */
const WRAPS: readonly (readonly [open: string, close: string])[] = [
  ['<|start|>assistant', ''],
  ['<|channel|>final<|message|>', '<|return|>'],
  ['<|begin_of_solution|>', '<|end_of_solution|>'],
  ['<|start_response|>', '<|end_response|>'],
  ['<answer>', '</answer>'],
  ['<response>', '</response>'],
];
/** Those that nobody writes as an answer: they may come without thoughts. */
const RAW_WRAPS = WRAPS.filter(([open]) => open.startsWith('<|'));
const CLOSES = TAGS.map(([, close]) => close).filter((close) => close.includes('/'));

type Mode = 'start' | 'thought' | 'after' | 'answer';

export function createThoughtSplitter(): ThoughtSplitter {
  let mode: Mode = 'start';
  let pending = '';
  let close = '';
  /** The end of what is around the answer; '' where nothing is. */
  let wrapEnd = '';
  let hasThought = false;
  let hasText = false;
  let isFieldUsed = false;
  /** Whether anything of the thought that is being read has come. */
  let isBegun = false;
  let isLineStart = true;
  let fence = '';
  let ticks = 0;
  let parts: ThoughtPart[] = [];

  const add = (text: string, reasoning = ''): void => {
    if (text !== '' || reasoning !== '') parts.push({ text, reasoning, recast: false });
    if (text.trim() !== '') hasText = true;
  };
  const addThought = (thought: string): void => {
    const begins = isBegun ? thought : thought.trimStart();
    if (begins === '') return;
    add('', `${!isBegun && hasThought ? '\n\n' : ''}${begins}`);
    isBegun = true;
  };

  /** Reads on by one step. False where more must come first. */
  const step = (isLast: boolean): boolean => {
    if (pending === '') return false;
    if (mode === 'thought') return readThought(isLast);
    if (mode === 'answer') return readAnswer(isLast);
    const text = pending.trimStart();
    const open = TAGS.find(([mark]) => startsWith(text, mark));
    if (open) {
      enterThought(open, text);
      return true;
    }
    const wraps = mode === 'after' ? WRAPS : RAW_WRAPS;
    const wrap = wraps.find(([mark]) => startsWith(text, mark));
    if (wrap) {
      pending = text.slice(wrap[0].length);
      wrapEnd = wrap[1];
      mode = 'after';
      return true;
    }
    const marks = [...TAGS, ...wraps].map(([mark]) => mark).concat(CLOSES);
    if (!isLast && (text === '' || marks.some((mark) => isBeginning(text, mark)))) return false;
    if (mode === 'after') pending = text;
    mode = 'answer';
    isLineStart = true;
    ticks = 0;
    return true;
  };

  const enterThought = ([open, end]: readonly [string, string], text: string): void => {
    pending = text.slice(open.length);
    close = end;
    isBegun = false;
    mode = 'thought';
  };

  const readThought = (isLast: boolean): boolean => {
    const at = indexOf(pending, close);
    if (at >= 0) {
      addThought(pending.slice(0, at).trimEnd());
      pending = pending.slice(at + close.length);
      hasThought ||= isBegun;
      mode = 'after';
      return true;
    }
    const kept = isLast ? pending.trimEnd().length : heldFrom(pending, [close], true);
    addThought(pending.slice(0, kept));
    pending = isLast ? '' : pending.slice(kept);
    return false;
  };

  const readAnswer = (isLast: boolean): boolean => {
    if (isLineStart) {
      const line = pending.replace(/^[ \t]+/, '');
      const tag = fence === '' && hasThought ? TAGS.find(([mark]) => startsWith(line, mark)) : undefined;
      if (tag) {
        enterThought(tag, line);
        return true;
      }
      const marks = ['```', '~~~', ...(hasThought ? TAGS.map(([mark]) => mark) : [])];
      if (!isLast && (line === '' || marks.some((mark) => isBeginning(line, mark)))) return false;
      const sign = ['```', '~~~'].find((mark) => line.startsWith(mark)) ?? '';
      if (sign !== '') fence = fence === '' ? sign : fence === sign ? '' : fence;
      isLineStart = false;
      ticks = 0;
    }
    const lineEnd = pending.indexOf('\n') + 1;
    const line = lineEnd === 0 ? pending : pending.slice(0, lineEnd);
    const wrapAt = wrapEnd !== '' && fence === '' ? indexOf(line, wrapEnd) : -1;
    if (wrapAt >= 0) {
      add(line.slice(0, wrapAt));
      pending = pending.slice(wrapAt + wrapEnd.length);
      wrapEnd = '';
      return true;
    }
    const orphan = canRecast() ? findOrphan(line) : null;
    if (orphan) {
      add(line.slice(0, orphan.at));
      parts.push({ text: '', reasoning: '', recast: true });
      pending = pending.slice(orphan.at + orphan.length);
      hasThought = true;
      isBegun = true;
      hasText = false;
      mode = 'after';
      return true;
    }
    const held = [...(canRecast() ? CLOSES : []), ...(wrapEnd === '' ? [] : [wrapEnd])];
    const kept = lineEnd > 0 || isLast || held.length === 0 ? line.length : heldFrom(line, held, false);
    ticks += line.slice(0, kept).split('`').length - 1;
    add(line.slice(0, kept));
    pending = pending.slice(kept);
    isLineStart = lineEnd > 0;
    return isLineStart;
  };

  /** Thoughts that were marked, or came in a field of their own, need no end mark in the text. */
  const canRecast = (): boolean => fence === '' && !hasThought && !(isFieldUsed && hasText);

  /** An end without a beginning. In code (between ticks) it is spoken of. */
  const findOrphan = (line: string): { readonly at: number; readonly length: number } | null => {
    for (let at = 0, open = ticks % 2; at < line.length; at++) {
      if (line[at] === '`') open = 1 - open;
      if (open === 1 || !'<[◁'.includes(line.charAt(at))) continue;
      const mark = CLOSES.find((close) => startsWith(line.slice(at, at + close.length), close));
      if (mark !== undefined) return { at, length: mark.length };
    }
    return null;
  };

  const run = (isLast: boolean): readonly ThoughtPart[] => {
    parts = [];
    while (step(isLast)) {
      // Each step takes something from what is pending.
    }
    return parts;
  };

  return {
    push(text, hasThoughts = false) {
      isFieldUsed ||= hasThoughts;
      pending += text;
      return run(false);
    },
    end: () => run(true),
  };
}

/** The marks are compared without case. They are as long in small letters as in capitals. */
const startsWith = (text: string, mark: string): boolean => text.slice(0, mark.length).toLowerCase() === mark;
const isBeginning = (text: string, mark: string): boolean =>
  text.length < mark.length && mark.startsWith(text.toLowerCase()) && text !== '';

/** Where `mark` is, whatever its case: small letters of other scripts may be longer than their capitals. */
function indexOf(text: string, mark: string): number {
  for (let at = text.indexOf(mark.charAt(0)); at >= 0; at = text.indexOf(mark.charAt(0), at + 1))
    if (startsWith(text.slice(at, at + mark.length), mark)) return at;
  return -1;
}

/** From where `text` may be the beginning of a mark, with the white space before it if it is not to be kept. */
function heldFrom(text: string, marks: readonly string[], withSpace: boolean): number {
  const longest = Math.max(...marks.map(({ length }) => length));
  let from = text.length;
  for (let at = Math.max(0, text.length - longest + 1); at < text.length; at++) {
    if (marks.some((mark) => isBeginning(text.slice(at), mark))) {
      from = at;
      break;
    }
  }
  return withSpace ? text.slice(0, from).trimEnd().length : from;
}
