import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { live } from 'lit/directives/live.js';
import { observe } from '#ui/controllers/observer.ts';
import { icon } from '#ui/icon.ts';
import { baseStyles } from '#ui/styles/base.ts';
import { controlStyles } from '#ui/styles/controls.ts';
import type { NoteFeed } from './note-feed.ts';
import { isNarrowed, type NoteFilter, noFilter } from './note-filter.ts';
import type { NoteLabels } from './note-labels.ts';

/** Letters of one stroke or paste go together; the first results are to be there while somebody types. */
const TYPING_MS = 30;

/** The search field over the list, and what narrows it: star, tag, notebook. */
@customElement('note-filter-bar')
export class NoteFilterBar extends LitElement {
  static override styles = [
    baseStyles,
    controlStyles,
    css`
      :host {
        display: grid;
        gap: var(--space-2);
        padding: var(--space-3) var(--space-3) var(--space-2);
      }

      .search {
        position: relative;
      }

      .search .icon {
        position: absolute;
        inset: 0 auto 0 0.65rem;
        block-size: 100%;
        color: var(--ink-3);
        pointer-events: none;
      }

      input[type="search"] {
        inline-size: 100%;
        padding-inline-start: 2.25rem;
      }

      .narrow {
        display: flex;
        gap: var(--space-2);
      }

      .narrow select {
        flex: 1 1 4rem;
      }

      .narrow select,
      .narrow button {
        min-inline-size: 2rem;
        max-inline-size: 14rem;
        padding: 0.1rem var(--space-2);
        border-color: var(--line);
        color: var(--ink-2);
        font-size: var(--text-s);
        text-overflow: ellipsis;
      }

      button .icon {
        inline-size: 1rem;
        block-size: 1rem;
      }

      [aria-pressed="true"],
      .set {
        border-color: var(--accent-ink) !important;
        background: var(--surface-selected);
        color: var(--accent-ink) !important;
      }

      [aria-pressed="true"] .icon {
        fill: currentcolor;
      }
    `,
  ];

  @property({ attribute: false }) notes!: NoteFeed;
  @property({ attribute: false }) labels!: NoteLabels;
  private readonly feed = observe(this, () => this.notes?.feed);
  private readonly known = observe(this, () => this.labels?.labels);
  private timer: ReturnType<typeof setTimeout> | undefined;

  override disconnectedCallback(): void {
    clearTimeout(this.timer);
    super.disconnectedCallback();
  }

  clear(): void {
    const field = this.renderRoot.querySelector('input');
    if (field) field.value = '';
    this.apply(noFilter);
  }

  override render(): TemplateResult {
    const filter = this.feed.value?.filter ?? noFilter;
    const { tags, notebooks } = this.known.value ?? { tags: [], notebooks: [] };
    return html`
      <div class="search" role="search">
        ${icon('search')}
        <input type="search" aria-label="Search notes" placeholder="Search notes" autocomplete="off" spellcheck="false"
          @focus=${() => this.notes.prepare()} @input=${this.onSearch} @keydown=${this.onKey} />
      </div>
      <div class="narrow" role="group" aria-label="Show only">
        <button aria-label="Starred" title="Only starred notes" aria-pressed=${filter.starred} @click=${() => this.apply({ ...filter, starred: !filter.starred })}>
          ${icon('star')}
        </button>
        ${this.choice('Filter by tag', 'All tags', tags, filter.tag, (tag) => this.apply({ ...filter, tag }))}
        ${this.choice('Filter by notebook', 'All notebooks', notebooks, filter.notebook, (notebook) => this.apply({ ...filter, notebook }))}
        ${isNarrowed(filter) ? html`<button class="quiet" aria-label="Show all notes" title="Show all notes" @click=${() => this.clear()}>${icon('x')}</button>` : nothing}
      </div>
    `;
  }

  private choice(
    label: string,
    all: string,
    names: readonly string[],
    chosen: string,
    choose: (name: string) => void,
  ): TemplateResult | typeof nothing {
    if (names.length === 0) return nothing;
    return html`<select aria-label=${label} class=${chosen === '' ? '' : 'set'} .value=${live(chosen)}
      @change=${(event: Event) => choose((event.target as HTMLSelectElement).value)}>
      <option value="" ?selected=${chosen === ''}>${all}</option>
      ${names.map((name) => html`<option value=${name} ?selected=${name === chosen}>${name}</option>`)}
    </select>`;
  }

  private apply(filter: NoteFilter): void {
    clearTimeout(this.timer);
    this.notes.setFilter(filter);
  }

  private readonly onSearch = (event: Event): void => {
    const query = (event.target as HTMLInputElement).value;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.apply({ ...(this.feed.value?.filter ?? noFilter), query }), TYPING_MS);
  };

  private readonly onKey = (event: KeyboardEvent): void => {
    if (event.key !== 'ArrowDown') return;
    event.preventDefault();
    this.dispatchEvent(new CustomEvent('enter-list', { bubbles: true, composed: true }));
  };
}
