import { html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import type { App, EntityView, HistoryEntry } from '#app/app.ts';
import type { FieldsOf } from '#core/entity.ts';
import type { StoreError } from '#core/errors.ts';
import { note } from '#entities/note.ts';
import { errorText } from '#ui/error-text.ts';
import { icon } from '#ui/icon.ts';
import '#ui/parts/diff-view.ts';
import { baseStyles } from '#ui/styles/base.ts';
import { controlStyles } from '#ui/styles/controls.ts';
import { dialogStyles } from '#ui/styles/dialog.ts';
import { skeletonStyles } from '#ui/styles/skeleton.ts';
import { fullTime } from '#ui/time-text.ts';
import { noteHistoryStyles } from './note-history-styles.ts';

type Kept =
  | { readonly type: 'loading' }
  | { readonly type: 'ready'; readonly entries: readonly HistoryEntry<'note'>[] }
  | { readonly type: 'failed'; readonly error: StoreError };

const reasons: { readonly [R in HistoryEntry['reason']]: string } = {
  edit: 'Edited',
  merge: 'Before a merge',
  restore: 'Before a restore',
  delete: 'Before it was deleted',
};

/** The kept states of a note, what has changed since each, and the way back. Fires `close`. */
@customElement('note-history')
export class NoteHistory extends LitElement {
  static override styles = [baseStyles, controlStyles, dialogStyles, skeletonStyles, noteHistoryStyles];

  @property({ attribute: false }) app!: App;
  @property({ attribute: false }) note!: EntityView<'note'>;
  @property({ attribute: false }) restore: (fields: FieldsOf<typeof note>) => void = () => {};
  @state() private kept: Kept = { type: 'loading' };
  @state() private chosen = 0;
  @query('dialog') private dialog!: HTMLDialogElement;

  override firstUpdated(): void {
    this.dialog.showModal();
    void this.load();
  }

  override render(): TemplateResult {
    return html`<dialog class="sheet" closedby="any" aria-labelledby="heading" @close=${() => this.dispatchEvent(new CustomEvent('close'))}>
      <header>
        <h2 id="heading">History of ${note.title(this.note.fields)}</h2>
        <button class="quiet square" aria-label="Close history" @click=${() => this.dialog.close()}>${icon('x')}</button>
      </header>
      ${this.content()}
    </dialog>`;
  }

  private content(): TemplateResult {
    switch (this.kept.type) {
      case 'loading':
        return html`<div class="message" aria-busy="true"><span class="bone long"></span><span class="bone"></span></div>`;
      case 'failed': {
        const { title, advice } = errorText(this.kept.error);
        return html`<div class="message" role="alert">
          <p><strong>${title}.</strong> ${advice}</p>
          <button @click=${this.load}>Try again</button>
        </div>`;
      }
      case 'ready':
        return this.kept.entries.length === 0
          ? html`<p class="message">Nothing kept yet. As you write, Holdfast keeps earlier states here: one a minute, later one an hour and one a day.</p>`
          : this.states(this.kept.entries);
    }
  }

  private states(entries: readonly HistoryEntry<'note'>[]): TemplateResult {
    const entry = entries[this.chosen] ?? entries[0];
    return html`<div class="columns">
      <ol aria-label="Kept states">
        ${entries.map(
          ({ at, reason }, index) => html`<li>
            <button class="quiet state" aria-pressed=${index === this.chosen} @click=${() => {
              this.chosen = index;
            }}>
              <span>${fullTime(at)}</span><span class="reason">${reasons[reason]}</span>
            </button>
          </li>`,
        )}
      </ol>
      ${entry ? this.comparison(entry) : nothing}
    </div>`;
  }

  private comparison(entry: HistoryEntry<'note'>): TemplateResult {
    const present = this.note.fields;
    const titleChanged = entry.fields.title !== present.title;
    return html`<section aria-label="Changes since ${fullTime(entry.at)}">
      <div class="bar">
        <p><strong>${fullTime(entry.at)}</strong> compared with now: <span class="minus">− gone since</span>, <span class="plus">+ new since</span></p>
        <button class="primary" ?disabled=${this.note.readOnly} @click=${() => this.choose(entry)}>${icon('rotate-ccw')}Restore</button>
      </div>
      <div class="changes" tabindex="0" role="region" aria-label="Changes">
        ${titleChanged ? html`<h3>Title</h3><diff-view .old=${entry.fields.title} .present=${present.title}></diff-view><h3>Text</h3>` : nothing}
        <diff-view .old=${entry.fields.text} .present=${present.text}></diff-view>
      </div>
    </section>`;
  }

  private choose(entry: HistoryEntry<'note'>): void {
    this.restore(entry.fields);
    void this.app.status().then(
      (desk) => desk.log({ type: 'restored', kind: 'note' }),
      () => {},
    );
    this.dialog.close();
  }

  private readonly load = async (): Promise<void> => {
    this.kept = { type: 'loading' };
    const result = await this.app.history('note', this.note.id);
    this.kept = result.ok ? { type: 'ready', entries: result.value } : { type: 'failed', error: result.error };
  };
}
