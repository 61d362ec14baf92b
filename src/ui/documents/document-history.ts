import { html, nothing, type TemplateResult } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import type { EntityView } from '#app/app.ts';
import { capitalize, type Fields } from '#core/entity.ts';
import { ok } from '#core/result.ts';
import { documentMarkdown } from '#entities/document-file.ts';
import { type DocumentKind, knownDocumentKind } from '#entities/documents.ts';
import { createLoader, loaded } from '#ui/controllers/loaded.ts';
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
import { onlyInBackups } from './backed-up-revisions.ts';
import { copyText } from './document-actions.ts';
import { documentHistoryStyles } from './document-history-styles.ts';
import { changedFields } from './revisions.ts';
import { countRevisions, differingRevisions, type ShownEntry, type ShownRevision } from './shown-revisions.ts';

const reasons: { readonly [R in ShownEntry['reason']]: string } = {
  edit: 'Edited',
  merge: 'Before a merge',
  restore: 'Before a restore',
  delete: 'Before it was deleted',
  backup: 'In backups',
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
  /** What the revisions here do not have. Looked for when the person asks: each look reads a part of some backups. */
  private readonly backedUp = createLoader(this, async () => {
    const read = await this.app.backups.backedUpVersions(this.view.kind, this.view.id);
    if (!read.ok) return read;
    const kept = this.kept.state.type === 'ready' ? this.kept.state.value : [];
    const shown = [this.view.fields, ...kept.map(({ entry }) => entry.fields)];
    return ok({ ...read.value, versions: onlyInBackups(read.value.versions, this.declared, shown) });
  });
  @state() private isAsked = false;
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
    return this.kept.state.type === 'ready'
      ? this.columns(this.kept.state.value)
      : html`<div class="message">${loadContent(this.kept, 'Loading the history', () => html``)}</div>`;
  }

  private get declared(): DocumentKind {
    return knownDocumentKind(this.view.kind);
  }

  private columns(kept: readonly ShownRevision[]): TemplateResult {
    const { state: backedUp } = this.backedUp;
    const chosen = [...kept, ...(backedUp.type === 'ready' ? backedUp.value.versions : [])][this.chosen];
    return html`<div class="columns">
      <div class="states">
        ${kept.length === 0 ? nothing : html`<ol aria-label="Kept revisions">${kept.map((one, index) => this.choice(one, index, [kept[index - 1], kept[index + 1]]))}</ol>`}
        <section aria-labelledby="in-backups">
          <h3 id="in-backups">In backups</h3>
          ${this.backups(kept.length)}
        </section>
      </div>
      ${
        chosen
          ? this.comparison(chosen.entry)
          : html`<p class="message">Nothing kept yet. As you write, Holdfast keeps earlier revisions here: one a minute, later one an hour and one a day.</p>`
      }
    </div>`;
  }

  private choice(one: ShownRevision, index: number, neighbours: readonly (ShownRevision | undefined)[]): TemplateResult {
    return html`<li>
      <button class="quiet state" aria-pressed=${index === this.chosen} @click=${() => {
        this.chosen = index;
      }}>
        <span>${timeOf(one, neighbours)}</span><span class="reason" dir="auto">${this.about(one)}</span>
      </button>
    </li>`;
  }

  /** `from`: how many choices are above these. */
  private backups(from: number): TemplateResult {
    if (!this.isAsked) return html`<button class="look" @click=${this.look}>${icon('archive')}Look into the backups</button>`;
    return loadContent(
      this.backedUp,
      'Looking into the backups',
      ({ versions, hasMore }) =>
        html`${
          versions.length === 0
            ? html`<p class="none">The backups in this browser have no other state of it.</p>`
            : html`<ol aria-label="In backups">${versions.map((one, index) => this.choice(one, from + index, []))}</ol>`
        }${hasMore ? html`<p class="none">There are older backups with yet other states: restore one of them under Backups.</p>` : nothing}`,
    );
  }

  private readonly look = (): void => {
    this.isAsked = true;
    this.backedUp.again();
  };

  /** Why it was kept, where it was made, and how much came with it. */
  private about({ entry: { reason, deviceId }, words, inBackups }: ShownRevision): string {
    if (inBackups)
      return inBackups.backups === 1
        ? 'In one backup'
        : `In ${count(inBackups.backups, 'backup')}, since ${fullTime(inBackups.since)}`;
    const device = deviceId === undefined || deviceId === this.app.deviceId ? '' : this.devices().of(deviceId);
    return [reasons[reason], device, words === null || words === 0 ? '' : moreWords(words)].filter(Boolean).join(' · ');
  }

  private comparison(entry: ShownEntry): TemplateResult {
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

  private copy({ fields }: ShownEntry): void {
    void copyText(this.shell, documentMarkdown(this.declared, fields));
  }

  private choose(entry: ShownEntry): void {
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
