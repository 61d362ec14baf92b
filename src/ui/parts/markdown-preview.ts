import { css, html, LitElement, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { markdown } from '#features/markdown/markdown-directive.ts';
import { baseStyles } from '#ui/styles/base.ts';

/** The note as it reads. */
@customElement('markdown-preview')
export class MarkdownPreview extends LitElement {
  static override styles = [
    baseStyles,
    css`
      article {
        font: 400 1rem / var(--leading-text) var(--font-text);
        overflow-wrap: anywhere;
      }

      /* A block of the text. Those out of sight are neither laid out nor painted. */
      article > div {
        display: flow-root;
        content-visibility: auto;
        contain-intrinsic-block-size: auto 6rem;
      }

      article > div:first-child > :first-child {
        margin-block-start: 0;
      }

      h1,
      h2,
      h3,
      h4,
      h5,
      h6 {
        margin-block: 0.7em 0.5em;
        line-height: 1.3;
      }

      h1 {
        font-size: 1.5rem;
      }

      h2 {
        font-size: 1.25rem;
      }

      h3 {
        font-size: 1.1rem;
      }

      h4,
      h5,
      h6 {
        font-size: 1rem;
      }

      p,
      ul,
      ol,
      pre,
      blockquote,
      table {
        margin-block: 0 1em;
      }

      ul,
      ol {
        padding-inline-start: 1.6em;
        list-style: revert;
      }

      li > ul,
      li > ol {
        margin-block-end: 0;
      }

      li:has(> input) {
        list-style: none;
      }

      li > input {
        margin: 0 0.5em 0 -1.4em;
      }

      blockquote {
        margin-inline: 0;
        padding-inline-start: 1em;
        border-inline-start: 3px solid var(--line-strong);
        color: var(--ink-2);
      }

      code {
        padding: 0.1em 0.3em;
        border-radius: var(--radius-s);
        background: var(--surface-sunken);
        color: var(--code);
        font-family: var(--font-mono);
        font-size: 0.9em;
      }

      pre {
        padding: var(--space-3) var(--space-4);
        border: 1px solid var(--line);
        border-radius: var(--radius-m);
        background: var(--surface-sunken);
        overflow-x: auto;
        line-height: 1.55;
      }

      pre code {
        padding: 0;
        background: none;
        color: inherit;
      }

      hr {
        margin-block: 1em 2em;
        border: 0;
        border-block-start: 1px solid var(--line);
      }

      table {
        display: block;
        max-inline-size: 100%;
        overflow-x: auto;
        border-collapse: collapse;
      }

      /* Words stay whole: a table that is too wide scrolls. */
      th,
      td {
        overflow-wrap: normal;
        padding: 0.35em 0.75em;
        border: 1px solid var(--line);
      }

      img {
        max-inline-size: 100%;
        block-size: auto;
        border-radius: var(--radius-m);
      }

      .remote-image {
        display: inline-block;
        padding: var(--space-1) var(--space-3);
        border: 1px dashed var(--line-strong);
        border-radius: var(--radius-m);
        color: var(--ink-2);
        font-size: var(--text-s);
      }

      .empty {
        color: var(--ink-3);
      }
    `,
  ];

  @property({ attribute: false }) text = '';

  override render(): TemplateResult {
    return this.text.trim() === ''
      ? html`<p class="empty">What you write shows here.</p>`
      : html`<article ${markdown(this.text)}></article>`;
  }
}
