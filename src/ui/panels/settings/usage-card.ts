import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { App } from '#app/app.ts';
import type { Usage } from '#app/this-device.ts';
import type { StoreError } from '#core/errors.ts';
import { kindPlural } from '#entities/kind-names.ts';
import { errorText } from '#ui/error-text.ts';
import { byteText } from '#ui/panels/status/byte-text.ts';
import { baseStyles } from '#ui/styles/base.ts';
import { controlStyles } from '#ui/styles/controls.ts';
import { skeletonStyles } from '#ui/styles/skeleton.ts';
import { count } from '#ui/time-text.ts';
import { sectionStyles } from './section-styles.ts';

type Measured =
  | { readonly type: 'measuring' }
  | { readonly type: 'ready'; readonly usage: Usage; readonly estimate: StorageEstimate | undefined }
  | { readonly type: 'failed'; readonly error: StoreError };

/** What takes the room on this device, and how much there is. */
@customElement('usage-card')
export class UsageCard extends LitElement {
  static override styles = [
    baseStyles,
    controlStyles,
    sectionStyles,
    skeletonStyles,
    css`
      table {
        inline-size: min(36rem, 100%);
        border-collapse: collapse;
      }

      th,
      td {
        padding: var(--space-1) var(--space-3) var(--space-1) 0;
        border-block-end: 1px solid var(--line);
        text-align: end;
        font-weight: 400;
        font-variant-numeric: tabular-nums;
      }

      th:first-child {
        text-align: start;
      }

      thead th {
        color: var(--ink-3);
        font-size: var(--text-s);
      }

      meter {
        inline-size: min(20rem, 100%);
        block-size: 0.75rem;
      }

      .bones {
        display: grid;
        gap: var(--space-2);
        inline-size: min(36rem, 100%);
      }
    `,
  ];

  @property({ attribute: false }) app!: App;
  @state() private measured: Measured = { type: 'measuring' };

  override firstUpdated(): void {
    void this.measure();
  }

  override render(): TemplateResult {
    return html`<section class="card" aria-labelledby="room" aria-busy=${this.measured.type === 'measuring'}>
      <h3 id="room">What takes the room</h3>
      ${this.content()}
    </section>`;
  }

  private content(): TemplateResult {
    const { measured } = this;
    switch (measured.type) {
      case 'measuring':
        return html`<div class="bones" aria-hidden="true"><span class="bone long"></span><span class="bone"></span><span class="bone short"></span></div>`;
      case 'failed':
        return html`<p class="problem" role="alert">${errorText(measured.error).title}. ${errorText(measured.error).advice}</p>
          <button @click=${this.measure}>Measure again</button>`;
      case 'ready':
        return html`${budget(measured.estimate)} ${table(measured.usage)}
          <p class="hint">Sizes are estimates of what is written. Earlier states are kept on this device alone, and thinned with time.</p>
          <button @click=${this.measure}>Measure again</button>`;
    }
  }

  private readonly measure = async (): Promise<void> => {
    this.measured = { type: 'measuring' };
    const [usage, estimate] = await Promise.all([
      this.app.device.usage(),
      navigator.storage?.estimate?.().catch(() => undefined),
    ]);
    this.measured = usage.ok ? { type: 'ready', usage: usage.value, estimate } : { type: 'failed', error: usage.error };
  };
}

/** The browser's own numbers: rounded, late, and its promise to nobody, so they are called "about". */
function budget(estimate: StorageEstimate | undefined): TemplateResult | typeof nothing {
  const { usage, quota } = estimate ?? {};
  if (usage === undefined || !quota) return nothing;
  return html`<p>
      Holdfast takes about ${byteText(usage)} of the ${byteText(quota)} that this browser allows it at most, the app itself included.
    </p>
    <meter aria-label="Storage used" min="0" max=${quota} .value=${usage} high=${quota * 0.95} low=${quota * 0.8} optimum="0"></meter>`;
}

function table({ kinds, history }: Usage): TemplateResult {
  if (kinds.length === 0) return html`<p>Nothing has been written yet.</p>`;
  return html`<table>
    <thead>
      <tr><th scope="col">Kind</th><th scope="col">Entries</th><th scope="col">In the bin</th><th scope="col">Size</th></tr>
    </thead>
    <tbody>
      ${kinds.map(
        ({ kind, live, binned, bytes }) => html`<tr>
          <th scope="row">${kindPlural(kind)}</th>
          <td>${live.toLocaleString()}</td>
          <td>${binned === 0 ? '–' : binned.toLocaleString()}</td>
          <td>${byteText(bytes)}</td>
        </tr>`,
      )}
      <tr>
        <th scope="row">Earlier states</th>
        <td>${count(history.states, 'state')}</td>
        <td>–</td>
        <td>${byteText(history.bytes)}</td>
      </tr>
    </tbody>
  </table>`;
}
