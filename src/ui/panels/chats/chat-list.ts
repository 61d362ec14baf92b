import { html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property, query } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import { minuteClock } from '#ui/controllers/minute.ts';
import { observe } from '#ui/controllers/observer.ts';
import type { DocumentSummary } from '#ui/documents/document-summary.ts';
import { errorText } from '#ui/error-text.ts';
import { icon } from '#ui/icon.ts';
import { baseStyles } from '#ui/styles/base.ts';
import { controlStyles } from '#ui/styles/controls.ts';
import { documentRowStyles } from '#ui/styles/document-rows.ts';
import { skeletonStyles } from '#ui/styles/skeleton.ts';
import { briefTime } from '#ui/time-text.ts';
import type { ChatFeed } from './chat-feed.ts';
import { chatListStyles } from './chat-list-styles.ts';

/** The chats, last used first. Arrow keys go from row to row. */
@customElement('chat-list')
export class ChatList extends LitElement {
  static override styles = [baseStyles, controlStyles, skeletonStyles, documentRowStyles, chatListStyles];

  @property({ attribute: false }) feed!: ChatFeed;
  @property({ attribute: false }) current = '';
  @query('input') private field!: HTMLInputElement;
  private readonly list = observe(this, () => this.feed?.list);
  private readonly clock = minuteClock(this);

  override render(): TemplateResult {
    const list = this.list.value;
    const items = list?.items ?? [];
    const filter = list?.filter ?? { text: '', starred: false };
    return html`
      <search>
        <input type="search" aria-label="Find chats" placeholder="Find chats" .value=${filter.text}
          @focus=${() => this.feed.prepare()} @input=${() => this.feed.setFilter({ ...filter, text: this.field.value })} />
        <button class="star quiet square" aria-label="Only starred" title="Only starred" aria-pressed=${filter.starred}
          @click=${() => this.feed.setFilter({ ...filter, starred: !filter.starred })}>${icon('star')}</button>
      </search>
      <div class="scroller">
        <ul aria-label="Chats" aria-busy=${list?.state.type === 'reading'} @keydown=${this.onKey}>
          ${repeat(
            items,
            ({ id }) => id,
            (item) => this.row(item),
          )}
        </ul>
        ${this.foot(items.length, filter.text !== '' || filter.starred)}
      </div>
    `;
  }

  private row({ id, title, starred, names: { tags = [] }, usedAt }: DocumentSummary): TemplateResult {
    return html`<li>
      <a href="/chats/${id}" aria-current=${id === this.current ? 'page' : nothing}>
        <span class="line">
          <span class="title">${title}</span>
          ${starred ? html`<span class="starred" role="img" aria-label="Starred">${icon('star')}</span>` : nothing}
          <time datetime=${new Date(usedAt).toISOString()}>${briefTime(usedAt, this.clock.now)}</time>
        </span>
        ${tags.length > 0 ? html`<span class="labels">${tags.map((tag) => html`<span class="chip">${tag}</span>`)}</span>` : nothing}
      </a>
    </li>`;
  }

  private foot(shown: number, isNarrowed: boolean): TemplateResult | typeof nothing {
    const state = this.list.value?.state ?? { type: 'reading' as const };
    switch (state.type) {
      case 'reading':
        return shown > 0
          ? nothing
          : html`<div class="bones" aria-hidden="true"><span class="bone"></span><span class="bone long"></span><span class="bone"></span></div>`;
      case 'more':
        return html`<div class="foot"><button @click=${() => this.feed.more()}>Older chats</button></div>`;
      case 'failed':
        return html`<div class="foot" role="alert">
          <p><strong>${errorText(state.error).title}.</strong> Your chats are still there: they could not be read just now.</p>
          <button @click=${() => this.feed.reload()}>Try again</button>
        </div>`;
      case 'complete':
        if (state.indexing)
          return html`<div class="foot"><p role="status">Still indexing: what was said in the chats may be missing.</p></div>`;
        if (shown > 0) return nothing;
        return isNarrowed
          ? html`<div class="foot">
              <p>No chat fits.</p>
              <button @click=${() => this.feed.setFilter({ text: '', starred: false })}>Show all chats</button>
            </div>`
          : html`<div class="foot"><p>No chats yet. Ask something with <strong>New chat</strong>: it is kept here.</p></div>`;
    }
  }

  private readonly onKey = (event: KeyboardEvent): void => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step === undefined) return;
    const links = [...this.renderRoot.querySelectorAll<HTMLElement>('li a')];
    const next = links[links.indexOf(event.target as HTMLElement) + step];
    if (!next) return;
    event.preventDefault();
    next.focus();
  };
}
