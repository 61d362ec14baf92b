import { css } from 'lit';
import { customElement } from 'lit/decorators.js';
import { MarkdownPreview } from '#ui/parts/markdown-preview.ts';

/** What a model wrote: Markdown, as in a note. */
@customElement('answer-text')
export class AnswerText extends MarkdownPreview {
  static override styles = [
    ...MarkdownPreview.styles,
    css`
      article > div:last-child > :last-child {
        margin-block-end: 0;
      }
    `,
  ];
}
