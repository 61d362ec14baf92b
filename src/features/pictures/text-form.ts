/** Whether bytes are text, and whether that text is a drawing. */
import type { Bytes } from './bytes.ts';

/** Control characters that no text has (the binary data bytes of the WHATWG's MIME Sniffing, section 3). */
const isControl = (byte: number): boolean =>
  byte <= 0x08 || byte === 0x0b || (byte >= 0x0e && byte <= 0x1a) || (byte >= 0x1c && byte <= 0x1f);

/** Finds out whether bytes that come in pieces are UTF-8 text. */
export function createTextCheck() {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let isText = true;
  const take = (act: () => void): void => {
    try {
      act();
    } catch {
      isText = false;
    }
  };
  return {
    /** Gives false as soon as it is known to be none. */
    add(bytes: Bytes): boolean {
      if (isText && bytes.some(isControl)) isText = false;
      if (isText) take(() => decoder.decode(bytes, { stream: true }));
      return isText;
    },
    /** After the last piece: whether a character was cut in two. */
    end(): boolean {
      if (isText) take(() => decoder.decode());
      return isText;
    },
  };
}

/** How much of a text is looked at for its first element. */
const HEAD_CHARS = 65_536;
const SVG_ROOT = /<(?:[\w.-]{1,64}:)?svg(?=[\s/>])/y;
const SPACE = /\s*/y;

/** Where what begins at `at` and ends with `end` is over; the text's end where it does not end. */
function after(text: string, at: number, end: string): number {
  const found = text.indexOf(end, at);
  return found < 0 ? text.length : found + end.length;
}

/** Behind a document type, which may declare things between brackets. */
function afterDoctype(text: string, at: number): number {
  const bracket = text.indexOf('[', at);
  const close = text.indexOf('>', at);
  return bracket >= 0 && bracket < close ? after(text, after(text, bracket, ']'), '>') : after(text, at, '>');
}

/** Whether a text is an SVG drawing: XML whose first element is `svg`. What HTML has inside of it does not count. */
export function isSvg(whole: string): boolean {
  const text = whole.slice(0, HEAD_CHARS);
  let at = text.startsWith('\ufeff') ? 1 : 0;
  while (at < text.length) {
    SPACE.lastIndex = at;
    at += SPACE.exec(text)?.[0].length ?? 0;
    if (text.startsWith('<?', at)) at = after(text, at, '?>');
    else if (text.startsWith('<!--', at)) at = after(text, at + 4, '-->');
    else if (/^<!doctype/i.test(text.slice(at, at + 9))) at = afterDoctype(text, at);
    else break;
  }
  SVG_ROOT.lastIndex = at;
  return SVG_ROOT.test(text);
}
