import type { Token, TokensList } from 'marked';
import { hashText } from '#core/hash.ts';
import { escapeHtml } from './escape-html.ts';
import { numberFootnotes } from './footnote-syntax.ts';
import { findFrontMatter } from './front-matter.ts';
import { groupHtml } from './html-groups.ts';
import { lexMarkdown, tokensToHtml, walkTokens } from './markdown-syntax.ts';
import { sanitizeHtml } from './sanitize-html.ts';

/** A top-level piece of a text: a paragraph, a list, a block of code, HTML with all that it encloses. Equal `key`s look equal. */
export interface MarkdownBlock {
  readonly key: string;
  readonly render: () => DocumentFragment;
}

/**
 * Markdown in blocks, each of which renders to a fragment that is safe to put into the page: no scripts, no styles, no
 * forms, no request to another host. Raw HTML in the text goes through the same sieve.
 */
export function parseMarkdown(markdown: string): readonly MarkdownBlock[] {
  const { properties, length } = findFrontMatter(markdown);
  const tokens = lex(markdown.slice(length));
  const start = properties === null ? [] : [block(`front matter\n${properties}`, () => frontMatterHtml(properties))];
  if (tokens === null) return [...start, block(markdown, () => `<p>${escapeHtml(markdown)}</p>`)];
  const footnotes = numberFootnotes(tokens, walkTokens);
  // A definition at the end of the text changes links at its beginning.
  const links = Object.keys(tokens.links).length === 0 ? '' : hashText(JSON.stringify(tokens.links));
  const groups = groupHtml(
    tokens.filter(({ type }) => type !== 'space' && type !== 'def' && type !== 'footnote'),
    htmlInside,
  );
  const blocks = groups.map((group) => {
    const raw = group.map((token) => token.raw.trimEnd()).join('\n\n');
    const numbers = footnotes ? group.map((token) => footnotes.numbersIn(token)).join() : '';
    return block(`${raw}\n${links}${numbers}`, () => tokensToHtml(group));
  });
  const foot = footnotes?.render(tokensToHtml);
  return [...start, ...blocks, ...(foot ? [block(`footnotes\n${footnotes?.raw}${links}`, () => foot)] : [])];
}

const block = (key: string, html: () => string): MarkdownBlock => ({ key, render: () => sanitizeHtml(html()) });

/** Null for a text that is nested beyond all measure. */
function lex(text: string): TokensList | null {
  try {
    return lexMarkdown(text);
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}

const frontMatterHtml = (properties: string): string =>
  `<details><summary>Front matter</summary><pre><code class="language-yaml">${escapeHtml(properties)}\n</code></pre></details>`;

function htmlInside(token: Token): readonly string[] {
  const found: string[] = [];
  walkTokens([token], (inner) => {
    if (inner.type === 'html') found.push(inner.raw);
  });
  return found;
}
