/** A line of Markdown in parts: what it is quoted by, its indent, and what makes it a heading or an item of a list. */

/** Everything before the words of a line. */
export const LINE_START =
  /^(?:[ \t]{0,3}>[ \t]?)*[ \t]*(?:#{1,6}(?:[ \t]+|$)|(?:[-*+]|\d{1,9}[.)])(?:[ \t]+|$)(?:\[[ xX]\](?:[ \t]+|$))?)?/;

const PARTS =
  /^((?:[ \t]{0,3}>[ \t]?)*)([ \t]*)(#{1,6}(?:[ \t]+|$))?((?:[-*+]|\d{1,9}[.)])(?:[ \t]+|$))?(\[[ xX]\](?:[ \t]+|$))?(.*)$/s;

export interface LineParts {
  /** Such as `> `, once for each level. */
  readonly quote: string;
  readonly indent: string;
  /** Such as `## `. */
  readonly heading: string;
  /** Such as `- ` or `12. `. */
  readonly marker: string;
  /** Such as `[x] `; only behind a marker. */
  readonly box: string;
  readonly words: string;
}

export function readLine(text: string): LineParts {
  const [, quote = '', indent = '', heading = '', marker = '', box = '', words = ''] = PARTS.exec(text) ?? [];
  if (heading !== '') return { quote, indent, heading, marker: '', box: '', words: marker + box + words };
  return marker === ''
    ? { quote, indent, heading, marker, box: '', words: box + words }
    : { quote, indent, heading, marker, box, words };
}

/** Width of an indent in columns. */
export const columnsOf = (indent: string): number => indent.replaceAll('\t', '    ').length;

export const isNumber = (marker: string): boolean => /^\d/.test(marker);
