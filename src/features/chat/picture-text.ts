/** Pictures inside the text of an answer: gateways write them as Markdown with a `data:` URL. */

/** A piece of the text, or a picture that is in its place. */
export type TextPart =
  | { readonly text: string }
  /** `inText`: what is around it makes it a picture already, and takes an address in its place. */
  | { readonly picture: string; readonly inText: boolean };

export interface PictureSplitter {
  push(text: string): readonly TextPart[];
  /** The end of the text. A picture that is not whole is left out. */
  end(): readonly TextPart[];
}

const MARK = 'data:image/';
/** What comes before the address of a picture in Markdown and in HTML. */
const OPENING = /(?:!\[[^\]\n]*\]\(\s*<?|<img\b[^>\n]*\bsrc\s*=\s*["']?)$/i;
const CLOSING = /[\s)"'<>\]`\\]/;
const FENCE = /^ {0,3}(?:`{3,}|~{3,})/;
/** A base64 text of 100 MB: more is no picture that would be kept. */
const MAX_CHARS = 140_000_000;

/** Takes pictures out of a text that comes in pieces, cut anywhere. In a fenced block nothing is one. Linear in the length of the text. */
export function createPictureSplitter(): PictureSplitter {
  /** The line so far, for what comes before a picture; only its end where it is long. */
  let line = '';
  let isFenced = false;
  /** What may be the beginning of the mark. */
  let held = '';
  let picture: { readonly pieces: string[]; chars: number; readonly inText: boolean } | null = null;

  const follow = (text: string): void => {
    const lines = `${line}${text}`.split('\n');
    for (const ended of lines.slice(0, -1)) if (FENCE.test(ended)) isFenced = !isFenced;
    const last = lines.at(-1) ?? '';
    line = last.length > 2000 ? last.slice(-2000) : last;
  };

  function read(text: string, parts: TextPart[]): void {
    for (let rest = text; rest !== ''; ) {
      if (picture) {
        const end = rest.search(CLOSING);
        const piece = end < 0 ? rest : rest.slice(0, end);
        picture.chars += piece.length;
        if (picture.chars <= MAX_CHARS) picture.pieces.push(piece);
        if (end < 0) return;
        const { pieces, inText } = picture;
        parts.push({ picture: pieces.join(''), inText });
        picture = null;
        rest = rest.slice(end);
        continue;
      }
      const at = rest.indexOf(MARK);
      const before = at < 0 ? withoutMark(rest) : rest.slice(0, at);
      if (before !== '') {
        follow(before);
        parts.push({ text: before });
      }
      if (at < 0) {
        held = rest.slice(before.length);
        return;
      }
      const inText = OPENING.test(line);
      const isPicture = !isFenced && (inText || line.trim() === '');
      rest = rest.slice(at);
      if (isPicture) {
        picture = { pieces: [MARK], chars: MARK.length, inText };
        line += MARK;
      } else {
        follow(MARK);
        parts.push({ text: MARK });
      }
      rest = rest.slice(MARK.length);
    }
  }

  return {
    push(text) {
      const parts: TextPart[] = [];
      const whole = held + text;
      held = '';
      read(whole, parts);
      return parts;
    },
    end() {
      // A bare address ends with the text; inside Markdown it was cut off.
      if (picture) return picture.inText ? [{ text: ')' }] : [{ picture: picture.pieces.join(''), inText: false }];
      return held === '' ? [] : [{ text: held }];
    },
  };
}

/** A text without what may be the beginning of the mark at its end. */
function withoutMark(text: string): string {
  for (let length = Math.min(MARK.length - 1, text.length); length > 0; length--)
    if (MARK.startsWith(text.slice(-length))) return text.slice(0, -length);
  return text;
}
