import { css, html, LitElement, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { App, EntityView } from '#app/app.ts';
import type { StoreError } from '#core/errors.ts';
import { chat } from '#entities/chat.ts';
import { errorText } from '#ui/error-text.ts';
import { icon } from '#ui/icon.ts';
import { restoreFromBin } from '#ui/restore-from-bin.ts';
import type { Shell } from '#ui/shell.ts';
import { baseStyles } from '#ui/styles/base.ts';
import { controlStyles } from '#ui/styles/controls.ts';
import { count } from '#ui/time-text.ts';

const PAGE = 200;

/** The chats that were thrown away and are still here, with their messages. Deleting permanently asks first. */
@customElement('chat-bin')
export class ChatBin extends LitElement {
  static override styles = [
    baseStyles,
    controlStyles,
    css`
      .page {
        display: grid;
        gap: var(--space-4);
        max-inline-size: var(--measure);
        margin-inline: auto;
        padding: var(--space-5);
      }

      header,
      li {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: var(--space-2);
      }

      h2 {
        flex: 1;
        font-size: var(--text-xl);
      }

      li {
        padding-block: var(--space-2);
        border-block-end: 1px solid var(--line);
      }

      li span {
        flex: 1 1 10rem;
        overflow-wrap: anywhere;
      }

      li div {
        display: flex;
        flex-wrap: wrap;
        gap: var(--space-2);
      }

      p {
        color: var(--ink-2);
      }
    `,
  ];

  @property({ attribute: false }) app!: App;
  @property({ attribute: false }) shell!: Shell;
  @state() private items: readonly EntityView[] | undefined;
  @state() private failure: StoreError | undefined;
  private stop: (() => void) | undefined;

  override firstUpdated(): void {
    void this.load();
    this.stop = this.app.onChange((keys) => {
      if (keys === null || keys.some(([kind]) => kind === 'chat')) void this.load();
    });
  }

  override disconnectedCallback(): void {
    this.stop?.();
    super.disconnectedCallback();
  }

  override render(): TemplateResult {
    const { items, failure } = this;
    return html`<div class="page">
      <header>
        <a class="button quiet square" href="/chats" aria-label="All chats">${icon('arrow-left')}</a>
        <h2>Bin</h2>
        ${items && items.length > 0 ? html`<button class="danger" @click=${() => this.purge(items)}>Empty bin</button>` : ''}
      </header>
      ${failure ? html`<p role="alert">${errorText(failure).title}. ${errorText(failure).advice}</p>` : ''}
      ${items?.length === 0 ? html`<p>The bin is empty. Chats that you throw away stay here until you empty it.</p>` : ''}
      <ul aria-label="Chats in the bin">
        ${items?.map(
          (item) => html`<li>
            <span>${chat.title(item.fields)}</span>
            <div>
              <button aria-label="Restore ${chat.title(item.fields)}" @click=${() => this.restore(item)}>${icon('archive-restore')}Restore</button>
              <button class="danger" aria-label="Delete permanently: ${chat.title(item.fields)}" @click=${() => this.purge([item])}>Delete permanently</button>
            </div>
          </li>`,
        )}
      </ul>
    </div>`;
  }

  private async load(): Promise<void> {
    const page = await this.app.list({ kind: 'chat', place: 'binned', limit: PAGE });
    this.failure = page.ok ? undefined : page.error;
    if (page.ok) this.items = page.value.items;
  }

  private async restore({ id }: EntityView): Promise<void> {
    const restored = await restoreFromBin(this.app, 'chat', id);
    this.failure = restored.ok ? undefined : restored.error;
  }

  private async purge(items: readonly EntityView[]): Promise<void> {
    const what = count(items.length, 'chat');
    const agreed = await this.shell.ask({
      title: `Delete ${what} permanently?`,
      text: 'Their messages go with them, on all devices. This cannot be taken back.',
      items: items.map(({ fields }) => chat.title(fields)),
      confirm: `Delete ${what}`,
      tone: 'danger',
    });
    if (!agreed) return;
    const purged = await this.app.purge(
      'chat',
      items.map(({ id }) => id),
      items.length > 1 ? crypto.randomUUID() : undefined,
    );
    this.failure = purged.ok ? undefined : purged.error;
  }
}
