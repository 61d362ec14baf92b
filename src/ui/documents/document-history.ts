import { html, nothing, type TemplateResult } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import type { EntityView, HistoryEntry } from '#app/app.ts';
import { capitalize, type Fields } from '#core/entity.ts';
import { knownDocumentKind } from '#entities/documents.ts';
import { loaded } from '#ui/controllers/loaded.ts';
import { AppPart } from '#ui/parts/app-part.ts';
import { icon } from '#ui/parts/icon.ts';
import '#ui/parts/diff-view.ts';
import { loadContent } from '#ui/parts/load-state.ts';
import { baseStyles } from '#ui/styles/base.ts';
import { controlStyles } from '#ui/styles/controls.ts';
import { dialogStyles } from '#ui/styles/dialog.ts';
import { skeletonStyles } from '#ui/styles/skeleton.ts';
import { fieldName, valueText } from '#ui/text/field-text.ts';
import { fullTime } from '#ui/text/time-text.ts';
import { documentHistoryStyles } from './document-history-styles.ts';
import { changedFields } from './revisions.ts';

const reasons: { readonly [R in HistoryEntry['reason']]: string } = {
  edit: 'Edited',
  merge: 'Before a merge',
  restore: 'Before a restore',
  delete: 'Before it was deleted',
};

/** The kept states of a document, what has changed since each, and the way back. Fires `close`. */
@customElement('document-history')
export class DocumentHistory extends AppPart {
  static override styles = [baseStyles, controlStyles, dialogStyles, skeletonStyles, documentHistoryStyles];

  @property({ attribute: false }) view!: EntityView;
  @property({ attribute: false }) restore: (fields: Fields) => void = () => {};
  @state() private chosen = 0;
  @query('dialog') private dialog!: HTMLDialogElement;
  private readonly kept = loaded(this, () => this.app.history<string>(this.view.kind, this.view.id));

  override firstUpdated(): void {
    this.dialog.showModal();
  }

  override render(): TemplateResult {
    return html`<dialog class="sheet" closedby="any" aria-labelledby="heading" @close=${() => this.dispatchEvent(new CustomEvent('close'))}>
      <header>
        <h2 id="heading" dir="auto">History of ${knownDocumentKind(this.view.kind).title(this.view.fields)}</h2>
        <button class="quiet square" aria-label="Close history" @click=${() => this.dialog.close()}>${icon('x')}</button>
      </header>
      ${this.content()}
    </dialog>`;
  }

  private content(): TemplateResult {
    const { kept } = this;
    if (kept.state.type === 'ready' && kept.state.value.length > 0) return this.states(kept.state.value);
    const none = html`<p>Nothing kept yet. As you write, Holdfast keeps earlier states here: one a minute, later one an hour and one a day.</p>`;
    return html`<div class="message">${loadContent(kept, 'Loading the history', () => none)}</div>`;
  }

  private states(entries: readonly HistoryEntry[]): TemplateResult {
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

  private comparison(entry: HistoryEntry): TemplateResult {
    return html`<section aria-label="Changes since ${fullTime(entry.at)}">
      <div class="bar">
        <p><strong>${fullTime(entry.at)}</strong> compared with now: <span class="minus">− gone since</span>, <span class="plus">+ new since</span></p>
        <button class="primary" ?disabled=${this.view.readOnly} @click=${() => this.choose(entry)}>${icon('rotate-ccw')}Restore</button>
      </div>
      <div class="changes" tabindex="0" role="region" aria-label="Changes">
        ${this.changes(entry.fields)}
      </div>
    </section>`;
  }

  /** Each field that a restore would change, by name; the text alone needs none. */
  private changes(earlier: Fields): TemplateResult {
    const { kind, fields: present } = this.view;
    const declared = knownDocumentKind(kind);
    const changed = changedFields(declared, earlier, present);
    const diff = (field: string): TemplateResult =>
      html`<diff-view .old=${valueText(earlier[field] ?? null)} .present=${valueText(present[field] ?? null)}></diff-view>`;
    const [first, ...others] = changed;
    if (first === undefined) return html`<p>It is the same as now.</p>`;
    if (first === declared.document.textField && others.length === 0) return diff(first);
    return html`${changed.map((field) => html`<h3>${capitalize(fieldName(field))}</h3>${diff(field)}`)}`;
  }

  private choose(entry: HistoryEntry): void {
    this.restore(entry.fields);
    void this.app.status().then(
      (status) => status.log({ type: 'restored', kind: this.view.kind }),
      () => {},
    );
    this.dialog.close();
  }
}
