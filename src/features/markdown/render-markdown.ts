import { marked } from 'marked';
import { sanitizeHtml } from './sanitize-html.ts';

/**
 * Markdown (GitHub's flavour) as a fragment that is safe to put into the page: no scripts, no styles, no forms, no
 * request to another host. Raw HTML in the text goes through the same sieve.
 */
export function renderMarkdown(markdown: string): DocumentFragment {
  return sanitizeHtml(marked.parse(markdown, { async: false, gfm: true, breaks: false }));
}
