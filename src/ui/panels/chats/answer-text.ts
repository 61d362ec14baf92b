import { css, html, type TemplateResult } from 'lit';
import { customElement } from 'lit/decorators.js';
import { highlightCode } from '#features/markdown/highlight-code.ts';
import { markdown } from '#features/markdown/markdown-directive.ts';
import { MarkdownPreview } from '#ui/parts/markdown-preview.ts';

/** What a model wrote: Markdown, with colours in its code. */
@customElement('answer-text')
export class AnswerText extends MarkdownPreview {
  static override styles = [
    ...MarkdownPreview.styles,
    css`
      article > div:last-child > :last-child {
        margin-block-end: 0;
      }

      ::highlight(chat-find) {
        background-color: var(--mark);
      }

      .hljs-comment,
      .hljs-quote,
      .hljs-meta {
        color: var(--ink-3);
        font-style: italic;
      }

      .hljs-keyword,
      .hljs-selector-tag,
      .hljs-tag,
      .hljs-section,
      .hljs-title,
      .hljs-name {
        color: var(--accent-ink);
      }

      .hljs-string,
      .hljs-regexp,
      .hljs-addition,
      .hljs-attribute,
      .hljs-template-tag {
        color: var(--good);
      }

      .hljs-number,
      .hljs-literal,
      .hljs-symbol,
      .hljs-bullet,
      .hljs-variable,
      .hljs-template-variable {
        color: var(--code);
      }

      .hljs-built_in,
      .hljs-type,
      .hljs-attr,
      .hljs-property {
        color: var(--warn);
      }

      .hljs-deletion {
        color: var(--bad);
      }
    `,
  ];

  override render(): TemplateResult {
    return html`<article ${markdown(this.text, highlightCode)}></article>`;
  }
}
