import { css, html, LitElement, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { baseStyles } from '#ui/styles/base.ts';
import { count } from '#ui/time-text.ts';
import { type DiffBlock, type DiffPart, diffText } from './text-diff.ts';

/** One row: what stands on the left, what on the right. Null where a side has nothing there. */
type Row = readonly [left: DiffBlock | null, right: DiffBlock | null];

/** Two texts side by side, equal lines beside each other, changed words marked on both. On a phone one above the other. */
@customElement('diff-columns')
export class DiffColumns extends LitElement {
  static override styles = [
    baseStyles,
    css`
      :host {
        font-size: var(--text-m);
        line-height: 1.6;
      }

      .columns {
        display: grid;
        grid-template-columns: minmax(0, 1fr) minmax(0, 1fr);
        border: 1px solid var(--line);
        border-radius: var(--radius-m);
        overflow: hidden;
      }

      section {
        display: grid;
        grid-row: 1 / span var(--rows);
        grid-template-rows: subgrid;
        min-inline-size: 0;
      }

      .columns {
        grid-auto-rows: auto;
      }

      section + section {
        border-inline-start: 1px solid var(--line);
      }

      h4 {
        padding: var(--space-2) var(--space-3);
        border-block-end: 1px solid var(--line);
        background: var(--surface-sunken);
        color: var(--ink-2);
        font-size: var(--text-s);
        font-weight: var(--weight-strong);
      }

      .cell {
        padding: 0.1rem var(--space-3);
        white-space: pre-wrap;
        overflow-wrap: anywhere;
      }

      .cell:last-child {
        padding-block-end: var(--space-2);
      }

      .left {
        background: color-mix(in oklab, var(--removed) 45%, transparent);
      }

      .right {
        background: color-mix(in oklab, var(--added) 45%, transparent);
      }

      .same,
      .gap {
        color: var(--ink-2);
      }

      .none {
        background: var(--surface-sunken);
      }

      .gap {
        color: var(--ink-3);
        font-size: var(--text-s);
      }

      mark {
        border-radius: 2px;
        background: var(--mark);
        color: inherit;
        font-weight: 600;
      }

      .empty {
        color: var(--ink-3);
        font-style: italic;
      }

      @media (max-width: 45rem) {
        .columns {
          grid-template-columns: minmax(0, 1fr);
        }

        section {
          display: block;
          grid-row: auto;
        }

        section + section {
          border-block-start: 1px solid var(--line);
          border-inline-start: 0;
        }

        .none {
          display: none;
        }
      }
    `,
  ];

  @property({ attribute: false }) left = '';
  @property({ attribute: false }) right = '';
  @property({ attribute: false }) leftName = '';
  @property({ attribute: false }) rightName = '';

  override render(): TemplateResult {
    const rows = toRows(this.left, this.right);
    return html`<div class="columns">
      ${this.column(
        this.leftName,
        this.left,
        'left',
        rows.map(([left]) => left),
      )}
      ${this.column(
        this.rightName,
        this.right,
        'right',
        rows.map(([, right]) => right),
      )}
    </div>`;
  }

  override updated(): void {
    // The rows of both sides stand at one height. Through the CSSOM: a style attribute is refused.
    const columns = this.renderRoot.querySelector<HTMLElement>('.columns');
    columns?.style.setProperty('--rows', String(toRows(this.left, this.right).length + 1));
  }

  private column(name: string, text: string, side: 'left' | 'right', cells: readonly (DiffBlock | null)[]): TemplateResult {
    return html`<section aria-label=${name}>
      <h4>${name}</h4>
      ${text === '' ? html`<div class="cell empty">Nothing</div>` : cells.map((cell) => renderCell(cell, side))}
    </section>`;
  }
}

function renderCell(cell: DiffBlock | null, side: 'left' | 'right'): TemplateResult {
  if (!cell) return html`<div class="cell none"></div>`;
  switch (cell.type) {
    case 'same':
      return html`<div class="cell same">${cell.text}</div>`;
    case 'gap':
      return html`<div class="cell gap">… ${count(cell.lines, 'equal line')}</div>`;
    default:
      return html`<div class="cell ${side}">${cell.parts.map(renderPart)}</div>`;
  }
}

const renderPart = ({ text, changed }: DiffPart): TemplateResult | string => (changed ? html`<mark>${text}</mark>` : text);

/** A removed stretch stands beside the added one that follows it; equal ones stand on both sides. */
function toRows(left: string, right: string): readonly Row[] {
  if (left === right)
    return [
      [
        { type: 'same', text: left, lines: 1 },
        { type: 'same', text: right, lines: 1 },
      ],
    ];
  const rows: Row[] = [];
  const blocks = diffText(left, right);
  for (let at = 0; at < blocks.length; at++) {
    const block = blocks[at];
    const next = blocks[at + 1];
    if (!block) continue;
    if (block.type === 'same' || block.type === 'gap') rows.push([block, block]);
    else if (block.type === 'added') rows.push([null, block]);
    else if (next?.type === 'added') {
      rows.push([block, next]);
      at++;
    } else rows.push([block, null]);
  }
  return rows;
}
