import { html, nothing, type TemplateResult } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import type { EntityView, HistoryEntry } from '#app/app.ts';
import { capitalize, type Fields } from '#core/entity.ts';
import { ok } from '#core/result.ts';
import { documentMarkdown } from '#entities/document-file.ts';
import { type DocumentKind, knownDocumentKind } from '#entities/documents.ts';
import { loaded } from '#ui/controllers/loaded.ts';
import { AppPart } from '#ui/parts/app-part.ts';
import { icon } from '#ui/parts/icon.ts';
import '#ui/parts/diff-view.ts';
import { loadContent } from '#ui/parts/load-state.ts';
import { baseStyles } from '#ui/styles/base.ts';
import { controlStyles } from '#ui/styles/controls.ts';
import { dialogStyles } from '#ui/styles/dialog.ts';
import { skeletonStyles } from '#ui/styles/skeleton.ts';
import { createDeviceNames } from '#ui/text/device-names.ts';
import { fieldName, valueText } from '#ui/text/field-text.ts';
import { once } from '#ui/text/once.ts';
import { count, fullTime } from '#ui/text/time-text.ts';
import { copyText } from './document-actions.ts';
import { documentHistoryStyles } from './document-history-styles.ts';
import { changedFields } from './revisions.ts';
import { countRevisions, differingRevisions, type ShownRevision } from './shown-revisions.ts';

const reasons: { readonly [R in HistoryEntry['reason']]: string } = {
  edit: 'Edited',
  merge: 'Before a merge',
  restore: 'Before a restore',
  delete: 'Before it was deleted',
};

/** The kept revisions of a document, what has changed since each, and the way back. Fires `close`. */
@customElement('document-history')
export class DocumentHistory extends AppPart {
  static override styles = [baseStyles, controlStyles, dialogStyles, skeletonStyles, documentHistoryStyles];

  @property({ attribute: false }) view!: EntityView;
  @property({ attribute: false }) restore: (fields: Fields) => void = () => {};
  @state() private chosen = 0;
  @query('dialog') private dialog!: HTMLDialogElement;
  private readonly kept = loaded(this, async () => {
    const read = await this.app.history<string>(this.view.kind, this.view.id);
    return read.ok ? ok(countRevisions(differingRevisions(read.value, this.declared, this.view.fields), this.declared)) : read;
  });
  private readonly devices = once(() => createDeviceNames(this.app, () => this.requestUpdate()));

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
    if (kept.state.type === 'ready' && kept.state.value.length > 0) return this.revisions(kept.state.value);
    const none = html`<p>Nothing kept yet. As you write, Holdfast keeps earlier revisions here: one a minute, later one an hour and one a day.</p>`;
    return html`<div class="message">${loadContent(kept, 'Loading the history', () => none)}</div>`;
  }

  private get declared(): DocumentKind {
    return knownDocumentKind(this.view.kind);
  }

  private revisions(revisions: readonly ShownRevision[]): TemplateResult {
    const chosen = revisions[this.chosen] ?? revisions[0];
    return html`<div class="columns">
      <ol aria-label="Kept revisions">
        ${revisions.map(
          (one, index) => html`<li>
            <button class="quiet state" aria-pressed=${index === this.chosen} @click=${() => {
              this.chosen = index;
            }}>
              <span>${timeOf(one, [revisions[index - 1], revisions[index + 1]])}</span><span class="reason" dir="auto">${this.about(one)}</span>
            </button>
          </li>`,
        )}
      </ol>
      ${chosen ? this.comparison(chosen.entry) : nothing}
    </div>`;
  }

  /** Why it was kept, where it was made, and how much came with it. */
  private about({ entry: { reason, deviceId }, words }: ShownRevision): string {
    const device = deviceId === undefined || deviceId === this.app.deviceId ? '' : this.devices().of(deviceId);
    return [reasons[reason], device, words === null || words === 0 ? '' : moreWords(words)].filter(Boolean).join(' · ');
  }

  private comparison(entry: HistoryEntry): TemplateResult {
    return html`<section aria-label="Changes since ${fullTime(entry.at)}">
      <div class="bar">
        <p><strong>${fullTime(entry.at)}</strong> compared with now: <span class="minus">− gone since</span>, <span class="plus">+ new since</span></p>
        <div class="acts">
          <button @click=${() => this.copy(entry)}>${icon('copy')}Copy this revision</button>
          <button class="primary" ?disabled=${this.view.readOnly} @click=${() => this.choose(entry)}>${icon('rotate-ccw')}Restore</button>
        </div>
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

  private copy({ fields }: HistoryEntry): void {
    void copyText(this.shell, documentMarkdown(this.declared, fields));
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

const moreWords = (words: number): string => `${words > 0 ? '+' : '−'}${count(Math.abs(words), 'word')}`;

const seconds = once(() => new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'medium' }));

/** Date and time, with the seconds where a neighbour was kept in the same minute. */
function timeOf({ entry: { at } }: ShownRevision, neighbours: readonly (ShownRevision | undefined)[]): string {
  const time = fullTime(at);
  return neighbours.some((other) => other && fullTime(other.entry.at) === time) ? seconds().format(at) : time;
}
