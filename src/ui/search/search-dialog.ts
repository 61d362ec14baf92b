import { html, nothing, type TemplateResult } from 'lit';
import { customElement, query, state } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import { cutText } from '#core/text.ts';
import { documentNouns } from '#entities/documents.ts';
import type { SearchHit } from '#features/search/search-api.ts';
import { observe } from '#ui/controllers/observer.ts';
import { documentIcon } from '#ui/documents/document-icon.ts';
import { paletteStyles } from '#ui/palette/command-palette-styles.ts';
import { panelOfKind } from '#ui/panels/index.ts';
import type { Panel } from '#ui/panels/panel.ts';
import { AppPart } from '#ui/parts/app-part.ts';
import { icon } from '#ui/parts/icon.ts';
import { nextOption } from '#ui/parts/option-list.ts';
import { baseStyles } from '#ui/styles/base.ts';
import { controlStyles } from '#ui/styles/controls.ts';
import { dialogStyles } from '#ui/styles/dialog.ts';
import { isComposing } from '#ui/text/composing.ts';
import { errorText } from '#ui/text/error-text.ts';
import { briefTime, count, fullTime } from '#ui/text/time-text.ts';
import { markedText } from './marked-text.ts';
import { searchDialogStyles } from './search-dialog-styles.ts';
import { createSearchRun, type SearchRun, type Shown } from './search-run.ts';

/** Full text search over notes and chats, as one types (the combobox pattern of ARIA). Fires `close` when it is done. */
@customElement('search-dialog')
export class SearchDialog extends AppPart {
  static override styles = [baseStyles, controlStyles, dialogStyles, paletteStyles, searchDialogStyles];

  @state() private at = 0;
  @query('dialog') private dialog!: HTMLDialogElement;
  @query('input') private field!: HTMLInputElement;
  private run: SearchRun | undefined;
  /** Where the chosen hit is. */
  private chosen: string | undefined;
  /** Enter came before the answer to what is in the field: its first hit is opened as soon as it is there. */
  private isAwaited = false;
  private readonly shown = observe(this, () => this.run?.shown);

  override disconnectedCallback(): void {
    this.run?.close();
    super.disconnectedCallback();
  }

  override firstUpdated(): void {
    this.dialog.showModal();
    this.run = createSearchRun(this.app);
    const text = lastText;
    if (text !== '') {
      this.field.value = text;
      // Typing replaces it, an arrow key goes on with it.
      this.field.select();
    }
    this.run.find(text);
    this.requestUpdate();
  }

  override updated(): void {
    const shown = this.shown.value;
    if (!this.isAwaited || !shown || !isAnswer(shown, this.field.value)) return;
    const [hit] = shown.answer.groups.flatMap(({ hits }) => hits);
    this.isAwaited = !hit && shown.index.type === 'indexing';
    if (hit) this.choose(hit, shown.text);
  }

  close(): void {
    this.dialog.close();
  }

  override render(): TemplateResult {
    const shown: Shown = this.shown.value ?? { type: 'empty' };
    const groups = shown.type === 'found' ? shown.answer.groups : [];
    const hits = groups.flatMap((group) => group.hits);
    const text = shown.type === 'found' ? shown.text : '';
    const at = Math.min(this.at, hits.length - 1);
    return html`<dialog aria-label="Search" closedby="any" @close=${this.onClose}>
      <div class="field">
        ${icon('search')}
        <input dir="auto" role="combobox" type="text" aria-label="Search everything" placeholder=${`Search in all ${documentNouns('many')}`}
          aria-expanded=${hits.length > 0} aria-controls="hits" aria-autocomplete="list"
          aria-activedescendant=${at >= 0 ? `hit-${at}` : nothing}
          autocomplete="off" autocapitalize="off" spellcheck="false" enterkeyhint="go"
          @input=${this.onInput} @keydown=${(event: KeyboardEvent) => this.onKey(event, shown, hits, at)} />
        <button class="quiet square" aria-label="Close" title="Close (Esc)" @click=${() => this.close()}>${icon('x')}</button>
      </div>
      <div id="hits" role="listbox" aria-label="Search results" tabindex="-1">
        ${repeat(
          groups,
          ({ kind }) => kind,
          ({ kind, hits: some, total }) => {
            const panel = panelOfKind(kind);
            const name = panel?.label ?? kind;
            return html`<div role="group" aria-label=${name}>
              <p class="heading" aria-hidden="true">${name}<span class="total">${total.toLocaleString()}${shown.type === 'found' && !shown.answer.complete ? '+' : ''}</span></p>
              ${some.map((hit) => this.hit(hit, text, panel, hits.indexOf(hit), at))}
            </div>`;
          },
        )}
      </div>
      <p class="foot" role="status">${foot(shown, hits.length)}</p>
      ${
        shown.type === 'failed' || (shown.type === 'found' && shown.index.type === 'failed')
          ? html`<p class="foot again"><button @click=${() => this.run?.find(this.field.value)}>Try again</button></p>`
          : nothing
      }
    </dialog>`;
  }

  private hit(hit: SearchHit, text: string, panel: Panel | undefined, index: number, at: number): TemplateResult {
    const { title, snippet, labels, updatedAt } = hit;
    return html`<div role="option" id="hit-${index}" aria-selected=${index === at}
      @mousemove=${() => {
        if (this.at !== index) this.at = index;
      }}
      @click=${() => this.choose(hit, text)}>
      ${icon(documentIcon(panel))}
      <span class="what">
        <span class="line">
          <span class="name" dir="auto">${markedText(title)}</span>
          <time class="aside" datetime=${new Date(updatedAt).toISOString()} title=${fullTime(updatedAt)}>${briefTime(updatedAt, Date.now())}</time>
        </span>
        ${snippet.length > 0 ? html`<span class="snippet" dir="auto">${markedText(snippet)}</span>` : nothing}
        ${labels.some(({ marked }) => marked) ? html`<span class="labels" dir="auto">${markedText(labels)}</span>` : nothing}
      </span>
    </div>`;
  }

  private readonly onInput = (): void => {
    this.at = 0;
    this.isAwaited = false;
    lastText = this.field.value;
    this.run?.find(this.field.value);
  };

  private onKey(event: KeyboardEvent, shown: Shown, hits: readonly SearchHit[], at: number): void {
    if (isComposing(event)) return;
    const next = nextOption(event.key, at, hits.length, PAGE);
    const hit = hits[at];
    if (event.key === 'Enter') {
      // Hits of what was in the field before are not what the person means.
      if (!isAnswer(shown, this.field.value)) this.isAwaited = true;
      else if (hit) this.choose(hit, this.field.value);
    } else if (next === undefined) return;
    else this.at = next;
    event.preventDefault();
    void this.updateComplete.then(() => this.renderRoot.querySelector(`#hit-${this.at}`)?.scrollIntoView({ block: 'nearest' }));
  }

  /** `text` is what it was found for. */
  private choose(hit: SearchHit, text: string): void {
    this.chosen = pathOf(hit, text);
    this.close();
  }

  /** The dialog has given the focus back by now: what the choice leads to may take it. */
  private readonly onClose = (): void => {
    const { chosen } = this;
    this.dispatchEvent(new CustomEvent('close'));
    if (!chosen) return;
    this.shell.navigate(chosen);
    this.shell.focusDocument();
  };
}

const isAnswer = (shown: Shown, text: string): shown is Extract<Shown, { type: 'found' }> =>
  shown.type === 'found' && shown.text === text;

/** The words searched for last in this tab: the next hit of the same search is one key away. */
let lastText = '';

/** How far Page Up and Page Down go. */
const PAGE = 5;

/** Where a hit is, and the words that are marked there: those that were typed, and those that were found for them. */
function pathOf({ kind, id, at, snippet }: SearchHit, text: string): string {
  const panel = panelOfKind(kind);
  if (!panel) return '/';
  const found = snippet.flatMap((piece) => (piece.marked ? [piece.text] : []));
  const words = encodeURIComponent(cutText([text.trim(), ...new Set(found)].join(' '), MOST_WORDS).toWellFormed());
  if (at.id !== id) return `/${panel.id}/${id}/${at.id}/${words}`;
  // Where only the title fits there is no place to go to.
  return `/${panel.id}/${id}/${at.offset < 0 ? '-' : at.offset}/${words}`;
}

/** Characters of an address. */
const MOST_WORDS = 300;

/** What the person should know beside the hits. */
function foot(shown: Shown, hits: number): string | typeof nothing {
  switch (shown.type) {
    case 'empty':
      return 'Type a word, or its beginning. Small typing errors do not matter, and it works offline.';
    case 'failed':
      return `${errorText(shown.error).title}. Your ${documentNouns('many')} are still there: they could not be searched just now.`;
    case 'waiting':
      return 'Getting the search ready…';
    case 'found': {
      const { index } = shown;
      const nothingYet = hits === 0 ? 'Nothing found so far. ' : '';
      if (index.type === 'indexing')
        return `${nothingYet}Still indexing, ${index.done.toLocaleString()} of ${count(index.total, 'entry', 'entries')}.`;
      if (index.type === 'failed') return `${nothingYet}${errorText(index.error).title}: what is newest may be missing.`;
      return hits === 0 ? `Nothing found for “${shown.text.trim()}”. Fewer words find more.` : nothing;
    }
  }
}
