/** Markdown as notes and answers write it: GitHub's flavour, with formulas and footnotes, and emphasis beside any script. */
import { Marked, type Token, Tokenizer, type Tokens, type TokensList } from 'marked';
import cjkFriendly from 'marked-cjk-friendly';
import { boundTokenizer } from './bounded-tokenizer.ts';
import { footnoteExtensions } from './footnote-syntax.ts';
import { DISPLAY_START, formulaExtensions } from './formula-syntax.ts';
import { titleLinkExtension } from './title-links.ts';

/** A bare address may begin here. */
const ADDRESS = /^(?:https?:\/\/|ftp:\/\/|www\.)\S{0,4000}/i;
/** Ends it: full-width and typographic punctuation is none of an address's characters. */
const ENDS_ADDRESS = /[\u2014\u2018-\u201f\u2026\u3000-\u3004\u3007-\u303f\uff01-\uff0f\uff1a-\uff20\uff3b-\uff40\uff5b-\uff65]/;
/** The longest address of mail. */
const MAIL_LENGTH = 512;
const MOST_LOOKED_THROUGH = 2_000_000;
/** A line without the sign of a quote before one that has it. */
const QUOTED_AGAIN = /\n(?! {0,3}>)[^\n]*(?=\n {0,3}>)/g;
const MOST_TURNS = 500;
/** A dollar inside a stretch of text, where a formula may begin: not after a letter or digit. */
const DOLLAR = /[^\w\\$]\$/;
/** A stretch of text is looked through for signs so far at once: else each sign would cost the rest of its paragraph. */
const STRETCH = 512;
/** Where a stretch may end without cutting an address or a line break: before blanks, or behind a letter that no address has. */
const STRETCH_END = /^[\s\S]*(?:\S(?=\s)|[^\p{ASCII}])/u;

const BLANK_LINE = /\n[ \t]*\n/;
/** A formula that begins later in a paragraph stays inside it. */
const PARAGRAPH_HEAD = 2000;

/** The lines before a formula that has lines of its own; the whole source where a blank line, or nothing, comes before one. */
function beforeDisplay(source: string): string {
  const at = DISPLAY_START.exec(source.slice(0, PARAGRAPH_HEAD))?.index ?? 0;
  const lines = source.slice(0, at + 1);
  return at === 0 || BLANK_LINE.test(lines) ? source : lines;
}

class NoteTokenizer extends Tokenizer {
  /** Characters of addresses that were looked through and are none of theirs, as behind a bracket that nothing closes. */
  lookedThrough = 0;

  override url(source: string): Tokens.Link | undefined {
    if (this.lookedThrough > MOST_LOOKED_THROUGH) return undefined;
    const address = ADDRESS.exec(source)?.[0] ?? '';
    const end = ENDS_ADDRESS.exec(address)?.index;
    const token = super.url(end === undefined ? source.slice(0, Math.max(address.length, MAIL_LENGTH)) : address.slice(0, end));
    this.lookedThrough += Math.max(0, address.length - (token?.raw.length ?? 0));
    return token;
  }

  /** Each line that goes on with a quote after one without its sign costs the rest of the quote. */
  override blockquote(source: string): Tokens.Blockquote | undefined {
    const [raw = ''] = this.rules.block.blockquote.exec(source) ?? [];
    const turn = [...raw.matchAll(QUOTED_AGAIN)][MOST_TURNS];
    return super.blockquote(turn ? raw.slice(0, turn.index + turn[0].length) : raw);
  }

  /** Stops before a formula, as it does before other signs. */
  override inlineText(source: string): Tokens.Text | undefined {
    const stretch =
      source.length > STRETCH ? (STRETCH_END.exec(source.slice(0, STRETCH))?.[0] ?? source.slice(0, STRETCH)) : source;
    const at = DOLLAR.exec(stretch)?.index;
    return super.inlineText(at === undefined ? stretch : stretch.slice(0, at + 1));
  }

  /** A formula on lines of its own ends the paragraph before it. */
  override paragraph(source: string): Tokens.Paragraph | undefined {
    return super.paragraph(beforeDisplay(source));
  }

  /** And the heading: else each of many formulas would cost the rest of the text, in which no line of `===` comes. */
  override lheading(source: string): Tokens.Heading | undefined {
    return super.lheading(beforeDisplay(source));
  }
}

const marked = new Marked({ gfm: true });
const tokenizer = new NoteTokenizer();
marked.setOptions({ tokenizer });
marked.use(cjkFriendly(), { extensions: [...formulaExtensions, ...footnoteExtensions, titleLinkExtension] });
// One tilde strikes nothing: H~2~O, and "~5 to ~7", are what they are.
marked.use({ tokenizer: { del: (source) => (source.startsWith('~~') ? false : undefined) } });
const limits = boundTokenizer(marked.defaults.tokenizer ?? tokenizer);

/** The tokens of a text. Throws for what is nested beyond all measure. */
export function lexMarkdown(text: string): TokensList {
  limits.start();
  tokenizer.lookedThrough = 0;
  return marked.lexer(text);
}

/** HTML of tokens: untrusted, to be sanitised. */
export const tokensToHtml = (tokens: readonly Token[]): string => marked.parser([...tokens]);

/** Visits tokens and what is inside them, in the order of the text. */
export function walkTokens(tokens: readonly Token[], visit: (token: Token) => void): void {
  void marked.walkTokens([...tokens], visit);
}
