/** Footnotes as on GitHub: `[^name]` in a text, and `[^name]: words` on a line of its own, with indented lines that belong to it. */
import type { Token, TokenizerAndRendererExtension, Tokens, TokensList } from 'marked';
import { escapeHtml } from './escape-html.ts';

const DEFINITION =
  /^ {0,3}\[\^([^\]\s[]{1,100})\]:[ \t]*([^\n]*(?:\n(?![ \t]*\n| {0,3}\[\^)[^\n]+|\n(?:[ \t]*\n)+(?: {4}|\t)[^\n]*)*)(?:\n|$)/;
const REFERENCE = /^\[\^([^\]\s[]{1,100})\]/;

/** The labels that each text defines, by the list of its tokens. Blocks are read before what is in their lines. */
const defined = new WeakMap<object, Map<string, Tokens.Generic>>();

export const footnoteExtensions: readonly TokenizerAndRendererExtension[] = [
  {
    name: 'footnote',
    level: 'block',
    childTokens: ['tokens'],
    tokenizer(source) {
      const [raw, label, words] = DEFINITION.exec(source) ?? [];
      if (raw === undefined || label === undefined || words === undefined) return undefined;
      const tokens = this.lexer.blockTokens(words.replace(/\n(?: {1,4}|\t)/g, '\n'), []);
      const token: Tokens.Generic = { type: 'footnote', raw, label, tokens };
      const labels = defined.get(this.lexer.tokens) ?? new Map<string, Tokens.Generic>();
      defined.set(this.lexer.tokens, labels);
      if (!labels.has(label.toLowerCase())) labels.set(label.toLowerCase(), token);
      return token;
    },
    renderer: () => '',
  },
  {
    name: 'footnoteRef',
    level: 'inline',
    tokenizer(source) {
      const [raw, label] = REFERENCE.exec(source) ?? [];
      if (raw === undefined || label === undefined || !defined.get(this.lexer.tokens)?.has(label.toLowerCase())) return undefined;
      return { type: 'footnoteRef', raw, label: label.toLowerCase(), number: 0, nth: 1 };
    },
    renderer: ({ label, number, nth }) =>
      `<sup><a href="#${anchor('footnote', label)}" data-anchor="${anchor('reference', label, nth)}" aria-label="Footnote ${number}">${number}</a></sup>`,
  },
];

/** Names that no heading has: a colon never enters a heading's. */
const anchor = (kind: 'footnote' | 'reference', label: string, nth = 1): string =>
  escapeHtml(`${kind}:${encodeURIComponent(label)}${nth > 1 ? `:${nth}` : ''}`);

interface Footnote {
  readonly token: Tokens.Generic;
  uses: number;
}

type Walk = (tokens: readonly Token[], visit: (token: Token) => void) => void;

export interface Footnotes {
  /** The numbers that a token shows: what is drawn depends on them. */
  numbersIn(token: Token): string;
  readonly raw: string;
  /** The notes as a section of HTML; null where none is used. */
  render(parse: (tokens: Token[]) => string): string | null;
}

/** Numbers the footnotes of a text in the order in which they are used. */
export function numberFootnotes(tokens: TokensList, walk: Walk): Footnotes | null {
  const labels = defined.get(tokens);
  if (!labels) return null;
  const used = new Map<string, Footnote>();
  const number = (token: Token): void => {
    if (token.type !== 'footnoteRef' || !('label' in token)) return;
    const definition = labels.get(token.label);
    if (!definition) return;
    const note = used.get(token.label) ?? { token: definition, uses: 0 };
    used.set(token.label, note);
    note.uses++;
    Object.assign(token, { number: [...used.keys()].indexOf(token.label) + 1, nth: note.uses });
  };
  walk(
    tokens.filter(({ type }) => type !== 'footnote'),
    number,
  );
  // A note may refer to another: a Map goes on to what is added meanwhile.
  for (const { token } of used.values()) walk(token.tokens ?? [], number);
  return {
    numbersIn(token) {
      if (!token.raw.includes('[^')) return '';
      const numbers: string[] = [];
      walk([token], (inner) => {
        if (inner.type === 'footnoteRef' && 'nth' in inner) numbers.push(`${inner.number}.${inner.nth}`);
      });
      return numbers.join();
    },
    raw: [...used.values()].map(({ token, uses }) => `${token.raw}${uses}`).join(''),
    render(parse) {
      if (used.size === 0) return null;
      const items = [...used].map(([label, { token, uses }]) => {
        const back = Array.from({ length: Math.min(uses, 20) }, (_, at) => backLink(label, at + 1));
        return `<li data-anchor="${anchor('footnote', label)}">${withLinks(parse(token.tokens ?? []), back.join(' '))}</li>`;
      });
      return `<section class="footnotes"><hr><ol>${items.join('\n')}</ol></section>`;
    },
  };
}

const backLink = (label: string, nth: number): string =>
  `<a href="#${anchor('reference', label, nth)}" aria-label="Back to the text">↩${nth > 1 ? `<sup>${nth}</sup>` : ''}</a>`;

/** The ways back are at the end of the last paragraph. */
function withLinks(html: string, links: string): string {
  const end = /<\/p>\s*$/.exec(html);
  return end ? `${html.slice(0, end.index)} ${links}</p>` : `${html}${links}`;
}
