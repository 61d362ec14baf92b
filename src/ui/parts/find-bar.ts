import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import { baseStyles } from '#ui/styles/base.ts';
import { controlStyles } from '#ui/styles/controls.ts';
import { isComposing } from '#ui/text/composing.ts';
import type { FindQuery } from '#ui/text/find-places.ts';
import { icon } from './icon.ts';

/** What is put in place of what was found. */
export interface Replacement {
  readonly text: string;
  /** Everywhere, not only at the present place. */
  readonly all: boolean;
}

/**
 * Finds words in what is open. Fires `query` with a `FindQuery` as it is typed, `step` with 1 or -1, `replace` with a `Replacement`,
 * and `close` on Escape.
 */
@customElement('find-bar')
export class FindBar extends LitElement {
  static override styles = [
    baseStyles,
    controlStyles,
    css`
      :host {
        container-type: inline-size;
      }

      search {
        display: grid;
        gap: var(--space-1);
        padding: var(--space-1) var(--space-3);
        border-block-end: 1px solid var(--line);
        background: var(--surface-sunken);
      }

      .row {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: var(--space-1);
      }

      input:not([type="radio"], [type="checkbox"]) {
        flex: 1 1 8rem;
        min-inline-size: 0;
      }

      output {
        min-inline-size: 5.5em;
        padding-inline: var(--space-2);
        color: var(--ink-2);
        font-size: var(--text-s);
        font-variant-numeric: tabular-nums;
        text-align: end;
        white-space: nowrap;
      }

      .group {
        display: flex;
        gap: var(--space-1);
      }

      /* On a phone what is seldom used has a row of its own. */
      @container (max-width: 30rem) {
        .options {
          order: 1;
          flex-basis: 100%;
        }
      }

      [aria-pressed="true"],
      [aria-expanded="true"] {
        background: var(--surface-selected);
        color: var(--accent-ink);
      }

      @media (forced-colors: active) {
        [aria-pressed="true"],
        [aria-expanded="true"] {
          border-color: Highlight;
        }
      }
    `,
  ];

  /** Names the field: "Find in this note". */
  @property() label = 'Find';
  /** The present place, from 0; -1 where there is none. */
  @property({ attribute: false }) at = -1;
  @property({ attribute: false }) total = 0;
  /** There may be more than were counted. */
  @property({ type: Boolean }) more = false;
  /** The text can be written in. */
  @property({ type: Boolean }) writable = false;
  @state() private words = '';
  @state() private matchCase = false;
  @state() private wholeWord = false;
  @state() private isReplacing = false;
  @query('[type="search"]') private field!: HTMLInputElement;
  @query('.replace input') private replacement!: HTMLInputElement | null;

  /** Takes the focus, with words to begin with; `replacing`: with what replaces them. */
  async open(words = '', replacing = false): Promise<void> {
    if (replacing) this.isReplacing = this.writable;
    if (words !== '') this.words = words;
    await this.updateComplete;
    this.field.value = this.words;
    this.field.focus();
    this.field.select();
    this.fireQuery();
  }

  override render(): TemplateResult {
    const { label, total } = this;
    const isBlank = this.words.trim() === '';
    const at = this.at < 0 ? '' : `${this.at + 1} of `;
    const count = isBlank ? '' : total === 0 ? 'Not found' : `${at}${total.toLocaleString()}${this.more ? '+' : ''}`;
    return html`<search aria-label=${label} @keydown=${this.onKey}>
      <div class="row">
        <input type="search" dir="auto" aria-label=${label} placeholder=${label} autocomplete="off" autocapitalize="off" spellcheck="false"
          enterkeyhint="search" @input=${this.onInput} />
        <output aria-live="polite">${count}</output>
        <span class="group">
          ${this.button('chevron-up', 'Previous hit', () => this.step(-1), total === 0)}
          ${this.button('chevron-down', 'Next hit', () => this.step(1), total === 0)}
        </span>
        <span class="group options">
          ${this.toggle('case-sensitive', 'Match case', 'matchCase')} ${this.toggle('whole-word', 'Whole words', 'wholeWord')}
          ${
            this.writable
              ? html`<button class="quiet square" aria-label="Replace" title="Replace" aria-expanded=${this.isReplacing}
                @click=${() => {
                  this.isReplacing = !this.isReplacing;
                }}>${icon('replace')}</button>`
              : nothing
          }
        </span>
        ${this.button('x', 'Close the search', this.close)}
      </div>
      ${this.writable && this.isReplacing ? this.replaceRow(total === 0) : nothing}
    </search>`;
  }

  private replaceRow(isOff: boolean): TemplateResult {
    return html`<div class="row replace">
      <input type="text" dir="auto" aria-label="Replace with" placeholder="Replace with" autocomplete="off" autocapitalize="off" spellcheck="false" />
      <button ?disabled=${isOff} @click=${() => this.replace(false)}>Replace this</button>
      <button ?disabled=${isOff} @click=${() => this.replace(true)}>Replace all</button>
    </div>`;
  }

  private button(name: 'chevron-up' | 'chevron-down' | 'x', label: string, act: () => void, isOff = false): TemplateResult {
    return html`<button class="quiet square" aria-label=${label} title=${label} ?disabled=${isOff} @click=${act}>${icon(name)}</button>`;
  }

  private toggle(name: 'case-sensitive' | 'whole-word', label: string, option: 'matchCase' | 'wholeWord'): TemplateResult {
    return html`<button class="quiet square" aria-label=${label} title=${label} aria-pressed=${this[option]}
      @click=${() => {
        this[option] = !this[option];
        this.fireQuery();
      }}>${icon(name)}</button>`;
  }

  private readonly onInput = (): void => {
    this.words = this.field.value;
    this.fireQuery();
  };

  private readonly onKey = (event: KeyboardEvent): void => {
    if (isComposing(event)) return;
    const inReplacement = event.composedPath()[0] === this.replacement;
    const inField = event.composedPath()[0] === this.field || inReplacement;
    if (event.key === 'Escape') this.close();
    else if (event.key === 'F3') this.step(event.shiftKey ? -1 : 1);
    else if (event.key === 'Enter' && inReplacement) this.replace(event.ctrlKey || event.metaKey);
    else if (event.key === 'Enter' && inField) this.step(event.shiftKey ? -1 : 1);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };

  private fireQuery(): void {
    const { words, matchCase, wholeWord } = this;
    this.dispatchEvent(new CustomEvent<FindQuery>('query', { detail: { words, matchCase, wholeWord } }));
  }

  private step(by: 1 | -1): void {
    this.dispatchEvent(new CustomEvent<number>('step', { detail: by }));
  }

  private replace(all: boolean): void {
    const text = this.replacement?.value ?? '';
    this.dispatchEvent(new CustomEvent<Replacement>('replace', { detail: { text, all } }));
  }

  private readonly close = (): void => {
    this.dispatchEvent(new CustomEvent('close'));
  };
}
