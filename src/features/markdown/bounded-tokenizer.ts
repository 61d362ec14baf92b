/** Limits for texts that are made to hold up the page: what is nested deeper, or searched for longer, is shown as it is written. */
import type { Tokenizer } from 'marked';

/** Lists in quotes in lists: nobody reads deeper, and each level reads its text again. */
const MOST_LEVELS = 40;
/** Characters looked through without success, for the ends of signs that open something. A note of 100,000 characters needs a few thousand. */
const MOST_CHARS = 10_000_000;

/** What opens a search for its end. Where it finds none, it has looked through the rest of the paragraph. */
const OPENERS = { emStrong: '*_', del: '~', link: '[!', reflink: '[!', codespan: '`', tag: '<', autolink: '<' } as const;
const NESTED = ['blockquote', 'list', ...(Object.keys(OPENERS) as (keyof typeof OPENERS)[])] as const;

type Read = (this: Tokenizer, ...args: [string, ...unknown[]]) => unknown;

/** Puts the limits around a tokenizer. Call `start` before each text. */
export function boundTokenizer(tokenizer: Tokenizer): { start(): void } {
  let level = 0;
  let chars = 0;
  for (const name of NESTED) {
    const read = tokenizer[name] as Read;
    const openers: string = name in OPENERS ? OPENERS[name as keyof typeof OPENERS] : '';
    const bounded: Read = function (source, ...rest) {
      const opens = openers.includes(source.charAt(0));
      if (level >= MOST_LEVELS || (openers !== '' && (!opens || chars > MOST_CHARS))) return undefined;
      level++;
      try {
        const token = read.call(this, source, ...rest);
        if (!token) chars += openers === '' ? 0 : source.length;
        return token;
      } finally {
        level--;
      }
    };
    Object.assign(tokenizer, { [name]: bounded });
  }
  return {
    start() {
      level = 0;
      chars = 0;
    },
  };
}
