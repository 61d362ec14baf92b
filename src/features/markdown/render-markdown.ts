import { marked, type Token } from 'marked';
import { sanitizeHtml } from './sanitize-html.ts';

/** A top-level piece of a text: a paragraph, a list, a block of code. Equal `key`s look equal. */
export interface MarkdownBlock {
  readonly key: string;
  readonly render: () => DocumentFragment;
}

/**
 * Markdown (GitHub's flavour) in blocks, each of which renders to a fragment that is safe to put into the page: no
 * scripts, no styles, no forms, no request to another host. Raw HTML in the text goes through the same sieve.
 */
export function parseMarkdown(markdown: string): readonly MarkdownBlock[] {
  const tokens = marked.lexer(markdown, { gfm: true });
  // A definition at the end of the text changes links at its beginning.
  const definitions = Object.keys(tokens.links).length === 0 ? '' : JSON.stringify(tokens.links);
  return tokens
    .filter(({ type }) => type !== 'space' && type !== 'def')
    .map((token) => ({ key: `${token.raw.trimEnd()}\n${definitions}`, render: () => renderToken(token) }));
}

function renderToken(token: Token): DocumentFragment {
  return sanitizeHtml(marked.parser([token], { gfm: true }));
}
