import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import { capitalize, type Facet } from '#core/entity.ts';
import type { StoreError } from '#core/errors.ts';
import type { NameCount } from '#core/name-tally.ts';
import { cleanName, cleanTag, hasSeparator, isSameName } from '#core/names.ts';
import { type DocumentKind, knownDocumentKind } from '#entities/documents.ts';
import { fold } from '#features/search/fold.ts';
import { AppPart } from '#ui/parts/app-part.ts';
import { failureNotice } from '#ui/parts/failure-notice.ts';
import { icon } from '#ui/parts/icon.ts';
import { errorProblem } from '#ui/parts/messages.ts';
import { baseStyles } from '#ui/styles/base.ts';
import { controlStyles } from '#ui/styles/controls.ts';
import { dialogStyles } from '#ui/styles/dialog.ts';
import { isComposing } from '#ui/text/composing.ts';
import { wordsOf } from '#ui/text/text-match.ts';
import { count } from '#ui/text/time-text.ts';
import { changeName, countNames, type NameChange, type NameOutcome, undoNameChange } from './change-name.ts';
import { namesDialogStyles } from './names-dialog-styles.ts';

/** More rows than anybody looks through: the field above finds the others. */
const MOST_ROWS = 300;

type Act =
  | { readonly type: 'none' }
  | { readonly type: 'running'; readonly done: number; readonly total: number; readonly stop: AbortController }
  | { readonly type: 'done'; readonly text: string; readonly undo?: () => void }
  | { readonly type: 'failed'; readonly error: StoreError; readonly text: string; readonly undo?: () => void };

/** All names of one field, such as the tags of the notes: counted, renamed, merged, taken away. Fires `close` when it is done. */
@customElement('names-dialog')
export class NamesDialog extends AppPart {
  static override styles = [baseStyles, controlStyles, dialogStyles, namesDialogStyles];

  /** `<kind>/<field>` */
  @property({ attribute: false }) subject = '';
  @state() private names: readonly NameCount[] | undefined;
  @state() private isIndexing = false;
  @state() private error: StoreError | undefined;
  @state() private query = '';
  @state() private editing = '';
  @state() private typed = '';
  @state() private act: Act = { type: 'none' };
  @query('dialog') private dialog!: HTMLDialogElement;
  @query('[type="search"]') private field!: HTMLInputElement;
  private readonly collator = new Intl.Collator(undefined, { numeric: true });
  private stop: (() => void) | undefined;

  override firstUpdated(): void {
    this.dialog.showModal();
    void this.follow();
  }

  override disconnectedCallback(): void {
    this.stop?.();
    super.disconnectedCallback();
  }

  override updated(changed: PropertyValues): void {
    if (changed.has('editing' as keyof NamesDialog) && this.editing !== '')
      this.renderRoot.querySelector<HTMLInputElement>('.edit input')?.select();
  }

  close(): void {
    this.dialog.close();
  }

  override render(): TemplateResult {
    const { kind, facet } = this;
    const isRunning = this.act.type === 'running';
    return html`<dialog class="sheet" aria-labelledby="title" @close=${this.onClose} @cancel=${this.onCancel}>
      <header>
        <h2 id="title">${capitalize(facet.nouns.many)} of your ${kind.nouns.many}</h2>
        <button class="quiet square" aria-label="Close" title="Close (Esc)" @click=${() => this.close()}>${icon('x')}</button>
      </header>
      <div class="field">
        ${icon('search')}
        <input type="search" aria-label="Search ${facet.nouns.many}" placeholder="Search ${facet.nouns.many}" autocomplete="off" spellcheck="false"
          @input=${(event: Event) => this.search((event.target as HTMLInputElement).value)} />
      </div>
      <div class="rows" ?inert=${isRunning}>${this.rows()}</div>
      <div class="foot" role="status">${this.foot()}</div>
    </dialog>`;
  }

  private rows(): TemplateResult | typeof nothing {
    const { names, facet } = this;
    if (this.error) return html`${errorProblem(this.error)}<button @click=${() => void this.load()}>Try again</button>`;
    if (!names) return html`<p class="quiet-text">Counting the ${facet.nouns.many}…</p>`;
    if (names.length === 0) return html`<p class="quiet-text">There is no ${facet.nouns.one} yet.</p>`;
    const words = wordsOf(this.query);
    const fitting = names.filter(({ name }) => words.every((word) => fold(name).includes(word)));
    if (fitting.length === 0) return html`<p class="quiet-text">No ${facet.nouns.one} fits.</p>`;
    return html`<ul aria-label=${capitalize(facet.nouns.many)}>
        ${repeat(
          fitting.slice(0, MOST_ROWS),
          ({ name }) => name,
          (one) => (one.name === this.editing ? this.editor(one) : this.row(one)),
        )}
      </ul>
      ${fitting.length > MOST_ROWS ? html`<p class="quiet-text">and ${(fitting.length - MOST_ROWS).toLocaleString()} more: search for them.</p>` : nothing}`;
  }

  private row({ name, count: carriers }: NameCount): TemplateResult {
    const { one, many } = this.kind.nouns;
    return html`<li>
      <span class="name">${name}</span>
      <span class="count">${count(carriers, one, many)}</span>
      <button class="quiet square" aria-label="Rename ${name}" title="Rename" @click=${() => this.edit(name)}>${icon('pencil')}</button>
      <button class="quiet square" aria-label="Remove ${name}" title="Remove from all ${many}" @click=${() => void this.run(name, null)}>${icon('trash-2')}</button>
    </li>`;
  }

  private editor({ name }: NameCount): TemplateResult {
    const { next, problem, existing } = this.wish(name);
    const { nouns } = this.facet;
    return html`<li class="edit">
      <form @submit=${(event: Event) => this.onSubmit(event, name)} @keydown=${this.onEditKey}>
        <input aria-label="New name of ${name}" .value=${name} autocomplete="off" autocapitalize="none" aria-describedby="hint"
          @input=${(event: Event) => {
            this.typed = (event.target as HTMLInputElement).value;
          }} />
        <button class="primary" ?disabled=${problem !== '' || next === name}>${existing ? 'Merge' : 'Rename'}</button>
        <button type="button" @click=${() => this.edit('')}>Cancel</button>
        <p id="hint" class=${problem ? 'bad' : ''} aria-live="polite">
          ${problem || (existing ? `The ${nouns.one} “${existing.name}” exists: the two become one.` : nothing)}
        </p>
      </form>
    </li>`;
  }

  private foot(): TemplateResult | typeof nothing {
    const { act } = this;
    switch (act.type) {
      case 'running':
        return html`<progress aria-label="Progress" max=${Math.max(act.total, 1)} .value=${act.done}></progress>
          <span>${act.done.toLocaleString()} of ${act.total.toLocaleString()}</span>
          <button @click=${() => act.stop.abort()}>Stop</button>`;
      case 'done':
      case 'failed':
        return html`${act.type === 'failed' ? errorProblem(act.error) : nothing}<p>${act.text}</p>
          ${act.undo ? html`<button @click=${act.undo}>Undo</button>` : nothing}`;
      case 'none':
        return this.isIndexing ? html`<p>Still counting: the numbers may be too small.</p>` : nothing;
    }
  }

  private get kind(): DocumentKind {
    return knownDocumentKind(this.subject.split('/')[0] ?? '');
  }

  private get facet(): Facet {
    const [, field] = this.subject.split('/');
    const facet = this.kind.document.facets?.find((one) => one.field === field);
    if (!facet) throw new Error(`No names: ${this.subject}`);
    return facet;
  }

  private get isSet(): boolean {
    return this.kind.fields[this.facet.field]?.rule === 'set';
  }

  private search(text: string): void {
    this.query = text;
    this.editing = '';
  }

  private edit(name: string): void {
    this.editing = name;
    this.typed = name;
    if (name === '') this.field.focus();
  }

  /** What the typed name comes to. `existing`: another name that is the same. */
  private wish(name: string): { readonly next: string; readonly problem: string; readonly existing: NameCount | undefined } {
    const next = this.isSet ? cleanTag(this.typed) : cleanName(this.typed);
    const { one } = this.facet.nouns;
    const problem =
      next === ''
        ? `Type the new name of the ${one}.`
        : this.isSet && hasSeparator(this.typed)
          ? `A ${one} has no comma and no semicolon in it.`
          : '';
    const existing = isSameName(next, name) ? undefined : this.names?.find((other) => isSameName(other.name, next));
    return { next: existing?.name ?? next, problem, existing };
  }

  private onSubmit(event: Event, name: string): void {
    event.preventDefault();
    const { next, problem } = this.wish(name);
    if (problem === '' && next !== name) void this.run(name, next);
  }

  private readonly onEditKey = (event: KeyboardEvent): void => {
    if (event.key !== 'Escape' || isComposing(event)) return;
    event.preventDefault();
    event.stopPropagation();
    this.edit('');
  };

  private async run(from: string, to: string | null): Promise<void> {
    const change: NameChange = { kind: this.kind, field: this.facet.field, from, to };
    this.editing = '';
    const outcome = await this.watch((watch) => changeName(this.app, change, watch));
    const { many, one } = this.kind.nouns;
    const changed = count(outcome.changed.length, one, many);
    const done = to === null ? `Removed “${from}” from ${changed}.` : `“${from}” is now “${to}” in ${changed}.`;
    this.end(outcome, done, outcome.changed.length > 0 ? () => void this.takeBack(change, outcome) : undefined);
  }

  private async takeBack(change: NameChange, outcome: NameOutcome): Promise<void> {
    const undone = await this.watch((watch) => undoNameChange(this.app, change, outcome, watch));
    this.end(undone, `“${change.from}” is back.`);
    // The dialog may have been closed, with Undo in a message of the shell.
    if (!this.isConnected && undone.error) this.shell.notify(failureNotice('Not undone', undone.error));
  }

  private watch<O>(
    work: (watch: { signal: AbortSignal; onProgress: (done: number, total: number) => void }) => Promise<O>,
  ): Promise<O> {
    const stop = new AbortController();
    const onProgress = (done: number, total: number): void => {
      this.act = { type: 'running', done, total, stop };
    };
    onProgress(0, 0);
    return work({ signal: stop.signal, onProgress });
  }

  private end({ error, refused }: Omit<NameOutcome, 'changed'>, done: string, undo?: () => void): void {
    const { one, many } = this.kind.nouns;
    const stays =
      refused === 0
        ? ''
        : ` ${capitalize(count(refused, one, many))} of a newer Holdfast stay as they are: update to change them.`;
    const text = `${done}${stays}`;
    this.act = error ? { type: 'failed', error, text, ...(undo && { undo }) } : { type: 'done', text, ...(undo && { undo }) };
    this.field.focus();
    void this.load();
  }

  /** Counts now, and again whenever the index has taken in a change. */
  private async follow(): Promise<void> {
    await this.load();
    const search = await this.app.search().catch(() => null);
    if (!search || !this.isConnected) return;
    this.stop = search.state.subscribe(({ type }) => {
      this.isIndexing = type === 'loading' || type === 'indexing';
      if (type === 'ready') void this.load();
    });
  }

  private async load(): Promise<void> {
    const counted = await countNames(this.app, this.kind, this.facet.field);
    this.error = counted.ok ? undefined : counted.error;
    if (counted.ok) this.names = counted.value.toSorted((a, b) => this.collator.compare(a.name, b.name));
  }

  /** Escape while documents are being changed stops that first. */
  private readonly onCancel = (event: Event): void => {
    if (this.act.type !== 'running') return;
    event.preventDefault();
    this.act.stop.abort();
  };

  private readonly onClose = (): void => {
    if (this.act.type === 'running') this.act.stop.abort();
    if (this.act.type === 'done' && this.act.undo) this.shell.notify({ text: this.act.text, undo: this.act.undo });
    this.dispatchEvent(new CustomEvent('close'));
  };
}
