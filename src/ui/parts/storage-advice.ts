import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { App } from '#app/app.ts';
import { observe } from '#ui/controllers/observer.ts';
import { storageGauge } from '#ui/controllers/storage-gauge.ts';
import { errorText } from '#ui/error-text.ts';
import { icon } from '#ui/icon.ts';
import { storageText } from '#ui/storage-level.ts';
import { baseStyles } from '#ui/styles/base.ts';
import { controlStyles } from '#ui/styles/controls.ts';

/** What to do when the storage gets full, a button for each step. Nothing while there is room. */
@customElement('storage-advice')
export class StorageAdvice extends LitElement {
  static override styles = [
    baseStyles,
    controlStyles,
    css`
      section {
        display: grid;
        gap: var(--space-3);
        padding: var(--space-4) var(--space-5);
        border-inline-start: 4px solid var(--warn);
        border-radius: var(--radius-l);
        background: var(--warn-surface);
      }

      section.bad {
        border-inline-start-color: var(--bad);
        background: var(--bad-surface);
      }

      h3 {
        font-size: var(--text-l);
        line-height: 1.4;
      }

      .row {
        display: flex;
        flex-wrap: wrap;
        gap: var(--space-2);
      }
    `,
  ];

  @property({ attribute: false }) app!: App;
  /** With the button that asks the browser to keep the storage; the storage settings have their own. */
  @property({ type: Boolean }) keep = false;
  @state() private outcome = '';
  private readonly gauge = storageGauge(this, () => this.app);
  private readonly durability = observe(this, () => this.app?.durability);

  override render(): TemplateResult | typeof nothing {
    const { level, figures } = this.gauge;
    if (level === 'fine') return nothing;
    const { title, advice } = storageText(level, figures);
    return html`<section class=${level === 'filling' ? '' : 'bad'} aria-labelledby="title">
      <h3 id="title">${title}</h3>
      <p>${advice}</p>
      <div class="row">
        <a class="button" href="/settings/data">${icon('download')}Export everything</a>
        <a class="button" href="/notes/bin">${icon('trash-2')}Open the bin</a>
        <button @click=${this.freeCaches}>Remove the search index</button>
        ${this.keep && this.durability.value === 'best-effort' ? html`<button @click=${this.ask}>Ask the browser to keep it</button>` : nothing}
      </div>
      <p role="status">${this.outcome}</p>
    </section>`;
  }

  /** It is made again at the next search. What waits to be saved is tried at once in the room that it leaves. */
  private readonly freeCaches = async (): Promise<void> => {
    const freed = await this.app.device.freeCaches();
    this.outcome = freed.ok
      ? 'The search index is removed. The next search makes it again.'
      : `Not removed: ${errorText(freed.error).title}.`;
    await this.app.retry();
  };

  private readonly ask = async (): Promise<void> => {
    this.outcome = (await this.app.keepStorage())
      ? 'The browser keeps it.'
      : 'The browser did not agree yet. It usually does once Holdfast is installed or used for a while.';
  };
}
