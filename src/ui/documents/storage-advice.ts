import { html, nothing, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { Usage } from '#app/this-device.ts';
import { observe } from '#ui/controllers/observer.ts';
import { storageGauge } from '#ui/controllers/storage-gauge.ts';
import { AppPart } from '#ui/parts/app-part.ts';
import { icon } from '#ui/parts/icon.ts';
import { sectionStyles, toneStyles } from '#ui/styles/section.ts';
import { errorText } from '#ui/text/error-text.ts';
import { storageText } from '#ui/text/storage-level.ts';
import { type FilledBin, filledBins } from './filled-bins.ts';
import './make-room.ts';

/** What to do when the storage gets full, a button for each step. Nothing while there is room. */
@customElement('storage-advice')
export class StorageAdvice extends AppPart {
  static override styles = [sectionStyles, toneStyles];

  /** With the button that asks the browser to keep the storage; the storage settings have their own. */
  @property({ type: Boolean }) keep = false;
  @state() private outcome = '';
  @state() private bins: readonly FilledBin[] = [];
  @state() private spare: Usage['spare'] | null = null;
  private hasLooked = false;
  private readonly gauge = storageGauge(this, () => this.app);
  private readonly durability = observe(this, () => this.app?.durability);

  override willUpdate(): void {
    // An empty box would leave its gap.
    this.hidden = this.gauge.level === 'fine';
    if (this.hidden || this.hasLooked) return;
    this.hasLooked = true;
    void this.findBins();
    void this.findSpare();
  }

  override render(): TemplateResult | typeof nothing {
    const { level, figures } = this.gauge;
    if (level === 'fine') return nothing;
    const { title, advice } = storageText(level, figures);
    return html`<section class="card toned ${level === 'filling' ? 'warn' : 'bad'}" aria-labelledby="title">
      <h3 id="title">${title}</h3>
      <p>${advice}</p>
      <div class="row">
        <a class="button" href="/settings/data">${icon('download')}Export everything</a>
        ${this.bins.map(({ path, label }) => html`<a class="button" href=${path}>${icon('trash-2')}${label}</a>`)}
        <button @click=${this.freeCaches}>Remove the search index</button>
        ${this.keep && this.durability.value === 'best-effort' ? html`<button @click=${this.ask}>Ask the browser to keep it</button>` : nothing}
      </div>
      <p role="status">${this.outcome}</p>
      ${this.spare ? html`<make-room .spare=${this.spare} @room-made=${this.findSpare}></make-room>` : nothing}
    </section>`;
  }

  private async findBins(): Promise<void> {
    this.bins = await filledBins(this.app);
  }

  private readonly findSpare = async (): Promise<void> => {
    const usage = await this.app.device.usage();
    this.spare = usage.ok ? usage.value.spare : null;
  };

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
