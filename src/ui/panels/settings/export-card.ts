import { css, html, nothing, type TemplateResult } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import type { StoreError } from '#core/errors.ts';
import { documentNouns } from '#entities/documents.ts';
import { AppPart } from '#ui/parts/app-part.ts';
import { downloadBlob } from '#ui/parts/download.ts';
import { icon } from '#ui/parts/icon.ts';
import { problem } from '#ui/parts/messages.ts';
import { sectionStyles } from '#ui/styles/section.ts';
import { byteText } from '#ui/text/byte-text.ts';
import { errorText } from '#ui/text/error-text.ts';
import { fileDay } from '#ui/text/time-text.ts';

type Progress =
  | { readonly type: 'idle' }
  | { readonly type: 'working'; readonly share: number; readonly stop: () => void }
  | { readonly type: 'done'; readonly fileName: string; readonly bytes: number }
  | { readonly type: 'stopped' }
  | { readonly type: 'failed'; readonly error: StoreError };

/** Takes everything out as one file. */
@customElement('export-card')
export class ExportCard extends AppPart {
  static override styles = [
    sectionStyles,
    css`
      progress {
        inline-size: min(20rem, 100%);
        accent-color: var(--accent);
      }
    `,
  ];

  @state() private progress: Progress = { type: 'idle' };

  override disconnectedCallback(): void {
    if (this.progress.type === 'working') this.progress.stop();
    super.disconnectedCallback();
  }

  override render(): TemplateResult {
    const { progress } = this;
    return html`<section class="card" aria-labelledby="export">
      <h3 id="export">Export everything</h3>
      <p>One zip file: each ${documentNouns('one')} as a Markdown document, and every entry with all of its fields as JSON. It works offline. API keys are not in it.</p>
      ${
        progress.type === 'working'
          ? html`<div class="row">
              <progress aria-label="Exporting" max="1" .value=${progress.share}></progress>
              <button @click=${progress.stop}>Cancel</button>
            </div>`
          : html`<button class="primary" @click=${this.start}>${icon('download')}Export everything</button>`
      }
      ${this.message()}
    </section>`;
  }

  private message(): TemplateResult | typeof nothing {
    const { progress } = this;
    switch (progress.type) {
      case 'done':
        return html`<p class="done" aria-live="polite">${progress.fileName} is in your downloads: ${byteText(progress.bytes)}.</p>`;
      case 'stopped':
        return html`<p aria-live="polite">Stopped. No file was made.</p>`;
      case 'failed':
        return problem(errorText(progress.error), 'Not exported');
      default:
        return nothing;
    }
  }

  private readonly start = async (): Promise<void> => {
    const stopping = new AbortController();
    const stop = (): void => stopping.abort();
    this.progress = { type: 'working', share: 0, stop };
    try {
      const made = await this.app.exportZip(stopping.signal, (share) => {
        this.progress = { type: 'working', share, stop };
      });
      if (!made.ok) {
        this.progress = { type: 'failed', error: made.error };
        return;
      }
      const blob = made.value;
      const fileName = `holdfast-${fileDay()}.zip`;
      downloadBlob(fileName, blob);
      this.progress = { type: 'done', fileName, bytes: blob.size };
    } catch (error) {
      this.progress = { type: 'stopped' };
      if (!stopping.signal.aborted) throw error;
    }
  };
}
