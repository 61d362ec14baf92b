import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import type { App, EntityView } from '#app/app.ts';
import type { StoreError } from '#core/errors.ts';
import { ledger } from '#entities/index.ts';
import { errorText } from '#ui/error-text.ts';
import { baseStyles } from '#ui/styles/base.ts';
import { controlStyles } from '#ui/styles/controls.ts';
import { dialogStyles } from '#ui/styles/dialog.ts';
import { count } from '#ui/time-text.ts';

type Held =
  | { readonly type: 'loading' }
  | { readonly type: 'ready'; readonly views: readonly EntityView[] }
  | { readonly type: 'failed'; readonly error: StoreError };

/** Names shown; the rest is counted. */
const NAMED = 200;

/** What another device deleted in bulk, and the choice: let it happen here, too, or bring everything back. Fires `close`. */
@customElement('held-deletions')
export class HeldDeletions extends LitElement {
  static override styles = [
    baseStyles,
    controlStyles,
    dialogStyles,
    css`
      .stack {
        display: grid;
        gap: var(--space-4);
      }

      ul {
        max-block-size: 45vh;
        overflow-y: auto;
        padding: var(--space-2) var(--space-3);
        border: 1px solid var(--line);
        border-radius: var(--radius-m);
      }

      li {
        overflow: hidden;
        text-overflow: ellipsis;
        white-space: nowrap;
      }
    `,
  ];

  @property({ attribute: false }) app!: App;
  @state() private held: Held = { type: 'loading' };
  @state() private working = false;
  @query('dialog') private dialog!: HTMLDialogElement;

  override firstUpdated(): void {
    this.dialog.showModal();
    void this.load();
  }

  override render(): TemplateResult {
    return html`<dialog aria-labelledby="title" closedby="any" @close=${() => this.dispatchEvent(new CustomEvent('close'))}>
      <div class="stack">
        <h2 id="title">Another device deleted a lot at once</h2>
        ${this.content()}
      </div>
    </dialog>`;
  }

  private content(): TemplateResult {
    const { held } = this;
    switch (held.type) {
      case 'loading':
        return html`<p aria-busy="true">Reading the list…</p>`;
      case 'failed': {
        const { title, advice } = errorText(held.error);
        return html`<p role="alert"><strong>${title}.</strong> ${advice}</p>
          <div class="actions"><button @click=${() => this.dialog.close()}>Close</button></div>`;
      }
      case 'ready':
        return html`
          <p>Nothing has been deleted here. Was it meant? Then delete here, too; otherwise keep it, and it comes back on all devices.</p>
          <ul aria-label=${count(held.views.length, 'entry', 'entries')} tabindex="0">
            ${held.views.slice(0, NAMED).map((view) => html`<li>${ledger.get(view.kind)?.title(view.fields) ?? view.kind}</li>`)}
            ${held.views.length > NAMED ? html`<li>and ${held.views.length - NAMED} more</li>` : nothing}
          </ul>
          <div class="actions">
            <button @click=${() => this.dialog.close()}>Decide later</button>
            <button class="danger" ?disabled=${this.working} @click=${() => this.decide('delete')}>Delete here, too</button>
            <button class="primary" ?disabled=${this.working} @click=${() => this.decide('keep')}>Keep everything</button>
          </div>
        `;
    }
  }

  private async load(): Promise<void> {
    const result = await this.app.heldDeletions();
    this.held = result.ok ? { type: 'ready', views: result.value } : { type: 'failed', error: result.error };
  }

  private async decide(word: 'delete' | 'keep'): Promise<void> {
    this.working = true;
    const result = await this.app.decideDeletions(word);
    this.working = false;
    if (result.ok) this.dialog.close();
    else this.held = { type: 'failed', error: result.error };
  }
}
