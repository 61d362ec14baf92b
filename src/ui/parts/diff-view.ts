import { html, LitElement, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { shortReferences } from '#core/blobs.ts';
import { baseStyles } from '#ui/styles/base.ts';
import { type DiffBlock, type DiffPart, type DiffRow, diffRows, diffText } from '#ui/text/text-diff.ts';
import { count } from '#ui/text/time-text.ts';
import { diffStyles } from './diff-view-styles.ts';

type Side = 'removed' | 'added';

/**
 * Two texts and what lies between them: one below the other, distinguished by sign and words and not by colour alone; with
 * `names` side by side, equal lines beside each other. On a phone the two sides are one above the other.
 */
@customElement('diff-view')
export class DiffView extends LitElement {
  static override styles = [baseStyles, diffStyles];

  @property({ attribute: false }) old = '';
  @property({ attribute: false }) present = '';
  /** What the two sides are called. */
  @property({ attribute: false, hasChanged: (names, before) => String(names) !== String(before) }) names:
    | readonly [old: string, present: string]
    | null = null;

  override render(): TemplateResult {
    const { names } = this;
    const [old, present] = [shortReferences(this.old), shortReferences(this.present)];
    if (names) return columns(names, old, present);
    const blocks = diffText(old, present);
    return blocks.length === 0 ? html`<p class="block same">The text is the same as now.</p>` : html`${blocks.map(block)}`;
  }

  override updated(): void {
    // The rows of both sides have one height. Through the CSSOM: a style attribute is refused.
    const frame = this.renderRoot.querySelector<HTMLElement>('.columns');
    const lengths = [...(frame?.children ?? [])].map(({ childElementCount }) => childElementCount);
    frame?.style.setProperty('--rows', String(Math.max(1, ...lengths)));
  }
}

function block(it: DiffBlock): TemplateResult {
  switch (it.type) {
    case 'same':
      return html`<div class="block same" dir="auto">${it.text}</div>`;
    case 'gap':
      return html`<details>
        <summary>${count(it.lines, 'equal line')}</summary>
        <div class="block same" dir="auto">${it.text}</div>
      </details>`;
    default:
      return html`<div class="block signed ${it.type}" dir="auto"><span class="visually-hidden">${it.type === 'removed' ? 'Gone since: ' : 'New since: '}</span>${words(it.parts, it.type)}</div>`;
  }
}

function columns([oldName, presentName]: readonly [string, string], old: string, present: string): TemplateResult {
  const rows = diffRows(old, present);
  const side = (name: string, text: string, type: Side, cellOf: (row: DiffRow) => DiffBlock | null): TemplateResult =>
    html`<section aria-label=${name}>
      <h4>${name}</h4>
      ${text === '' ? html`<div class="block empty">Nothing</div>` : rows.map((row) => cell(cellOf(row), type))}
    </section>`;
  return html`<div class="columns">
    ${side(oldName, old, 'removed', ([left]) => left)} ${side(presentName, present, 'added', ([, right]) => right)}
  </div>`;
}

function cell(it: DiffBlock | null, side: Side): TemplateResult {
  if (!it) return html`<div class="block none"></div>`;
  switch (it.type) {
    case 'same':
      return html`<div class="block same" dir="auto">${it.text}</div>`;
    case 'gap':
      return html`<div class="block gap">… ${count(it.lines, 'equal line')}</div>`;
    default:
      return html`<div class="block ${side}" dir="auto">${words(it.parts, null)}</div>`;
  }
}

/** The words of one side, the changed ones marked: as gone, as new, or as merely different. */
const words = (parts: readonly DiffPart[], as: Side | null): readonly (TemplateResult | string)[] =>
  parts.map(({ text, changed }) => {
    if (!changed) return text;
    if (as === null) return html`<mark>${text}</mark>`;
    return as === 'removed' ? html`<del>${text}</del>` : html`<ins>${text}</ins>`;
  });
