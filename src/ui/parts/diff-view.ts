import { css, html, LitElement, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { baseStyles } from '#ui/styles/base.ts';
import { count } from '#ui/time-text.ts';
import { type DiffBlock, type DiffPart, diffText } from './text-diff.ts';

/** Two texts and what lies between them. Told apart by sign and words, not by colour alone. */
@customElement('diff-view')
export class DiffView extends LitElement {
  static override styles = [
    baseStyles,
    css`
      :host {
        font-size: var(--text-m);
        line-height: 1.6;
      }

      .block {
        position: relative;
        padding: 0.1rem var(--space-3) 0.1rem 1.75rem;
        white-space: pre-wrap;
        overflow-wrap: anywhere;
      }

      .removed,
      .added {
        border-radius: var(--radius-s);
      }

      .removed::before,
      .added::before {
        position: absolute;
        inset-inline-start: 0.6rem;
        font-family: var(--font-mono);
      }

      .removed::before {
        content: "−" / "";
      }

      .added::before {
        content: "+" / "";
      }

      .removed {
        background: color-mix(in oklab, var(--removed) 55%, transparent);
      }

      .added {
        background: color-mix(in oklab, var(--added) 55%, transparent);
      }

      del,
      ins {
        border-radius: 2px;
        text-decoration: none;
      }

      del {
        background: var(--removed);
        text-decoration: line-through;
      }

      ins {
        background: var(--added);
      }

      .gap,
      .same {
        color: var(--ink-2);
      }

      summary {
        padding: var(--space-1) var(--space-3);
        color: var(--ink-3);
        font-size: var(--text-s);
        cursor: pointer;
      }
    `,
  ];

  @property({ attribute: false }) old = '';
  @property({ attribute: false }) present = '';

  override render(): TemplateResult {
    const blocks = diffText(this.old, this.present);
    return blocks.length === 0 ? html`<p class="block same">The text is the same as now.</p>` : html`${blocks.map(block)}`;
  }
}

function block(it: DiffBlock): TemplateResult {
  switch (it.type) {
    case 'same':
      return html`<div class="block same">${it.text}</div>`;
    case 'gap':
      return html`<details>
        <summary>${count(it.lines, 'equal line')}</summary>
        <div class="block gap">${it.text}</div>
      </details>`;
    case 'removed':
      return html`<div class="block removed"><span class="visually-hidden">Gone since: </span>${it.parts.map((part) => word(part, 'del'))}</div>`;
    case 'added':
      return html`<div class="block added"><span class="visually-hidden">New since: </span>${it.parts.map((part) => word(part, 'ins'))}</div>`;
  }
}

function word({ text, changed }: DiffPart, tag: 'del' | 'ins'): TemplateResult | string {
  if (!changed) return text;
  return tag === 'del' ? html`<del>${text}</del>` : html`<ins>${text}</ins>`;
}
