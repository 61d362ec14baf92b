/** Links from note to note: `[[Title]]`, and `[[Title|other words]]`. */
import type { TokenizerAndRendererExtension } from 'marked';
import { cutText } from '#core/text.ts';
import { escapeHtml } from './escape-html.ts';

/** Where a link keeps the title that it leads to. Which note that is, the page finds out. */
export const TITLE_LINK = 'data-linked-title';

const MOST_CHARS = 200;
const TITLE = `[^\\s[\\]|^][^[\\]|\\n]{0,${MOST_CHARS - 1}}`;
/** With the words behind a bar: in a table with a backslash before it. Before a bracket it is Markdown's own link of `[words]`. */
const LINK = `\\[\\[(${TITLE})(?:\\\\?\\|([^[\\]\\n]{1,${MOST_CHARS}}))?\\]\\](?![([])`;

export interface TitleLink {
  readonly from: number;
  readonly to: number;
  readonly title: string;
}

/** The links in one line or text, also those that stand in code. */
export function findTitleLinks(text: string): readonly TitleLink[] {
  return [...text.matchAll(new RegExp(LINK, 'g'))].map(({ 0: raw, 1: title = '', index }) => ({
    from: index,
    to: index + raw.length,
    title: title.trim(),
  }));
}

/** A title as it can be written in a link. */
export const linkableTitle = (title: string): string =>
  cutText(title.replace(/[[\]|\s]+/g, ' ').replace(/^[\s^]+/, ''), MOST_CHARS).trim();

const AT_START = new RegExp(`^!?${LINK}`);

export const titleLinkExtension: TokenizerAndRendererExtension = {
  name: 'titleLink',
  level: 'inline',
  // No `start`: the text before it ends at a bracket anyway, and looking for one from each place would take the square of the length.
  tokenizer(source) {
    const [raw, title, words] = AT_START.exec(source) ?? [];
    if (raw === undefined || title === undefined) return undefined;
    // The text says itself where `[title]` leads.
    if (this.lexer.tokens.links[title.trim().toLowerCase()]) return undefined;
    return { type: 'titleLink', raw, title: title.trim(), words: (words ?? title).trim() };
  },
  renderer: ({ title, words }) => `<a ${TITLE_LINK}="${escapeHtml(title)}">${escapeHtml(words)}</a>`,
};
