import { css, html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { EntitySession, EntityView } from '#app/app.ts';
import { timeOfId } from '#core/ids.ts';
import { countWords } from '#features/markdown/plain-text.ts';
import { minuteClock } from '#ui/controllers/minute.ts';
import { observe } from '#ui/controllers/observer.ts';
import { quietTimer } from '#ui/controllers/quiet-timer.ts';
import { baseStyles } from '#ui/styles/base.ts';
import { clockTime, count, fullTime } from '#ui/text/time-text.ts';

/** Words are counted in a pause of the typing: a long text takes some milliseconds. */
const PAUSE = { quietMs: 250, withinMs: 3000 };

/** Word count and times of the open note. */
@customElement('note-foot')
export class NoteFoot extends LitElement {
  static override styles = [
    baseStyles,
    css`
      p {
        display: flex;
        flex-wrap: wrap;
        justify-content: flex-end;
        gap: 0 var(--space-4);
        padding: var(--space-1) var(--space-4);
        color: var(--ink-3);
        font-size: var(--text-xs);
        font-variant-numeric: tabular-nums;
      }
    `,
  ];

  @property({ attribute: false }) session!: EntitySession<'note'>;
  @state() private words = 0;
  /** The note and the text whose words were counted last. */
  private countedId: string | undefined;
  private counted: string | undefined;
  private readonly pause = quietTimer(PAUSE, () => this.count());
  private readonly clock = minuteClock(this);

  constructor() {
    super();
    observe(this, () => this.session?.view);
  }

  override disconnectedCallback(): void {
    this.pause.cancel();
    super.disconnectedCallback();
  }

  override willUpdate(_changed: PropertyValues<this>): void {
    if (this.text === this.counted && this.view?.id === this.countedId) return;
    if (this.view?.id === this.countedId) this.pause.note();
    else this.count();
  }

  override render(): TemplateResult {
    const { view } = this;
    const now = this.clock.now;
    const createdAt = view ? timeOfId(view.id) : null;
    return html`<p>
      <span>${count(this.words, 'word')}</span>
      ${createdAt === null ? nothing : html`<span title=${fullTime(createdAt)}>Created ${clockTime(createdAt, now)}</span>`}
      ${view && view.localSeq > 0 ? html`<span title=${fullTime(view.updatedAt)}>Edited ${clockTime(view.updatedAt, now)}</span>` : nothing}
    </p>`;
  }

  private get view(): EntityView<'note'> | null {
    return this.session.view.value;
  }

  private get text(): string {
    return this.view?.fields.text ?? '';
  }

  private count(): void {
    this.pause.cancel();
    this.countedId = this.view?.id;
    this.counted = this.text;
    this.words = countWords(this.text);
  }
}
