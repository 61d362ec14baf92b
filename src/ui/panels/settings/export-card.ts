import { css, html, nothing, type TemplateResult } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import type { ExportProgress } from '#app/app.ts';
import type { StoreError } from '#core/errors.ts';
import { documentNouns } from '#entities/documents.ts';
import { AppPart } from '#ui/parts/app-part.ts';
import { downloadBlob } from '#ui/parts/download.ts';
import { icon } from '#ui/parts/icon.ts';
import { problem } from '#ui/parts/messages.ts';
import { sectionStyles } from '#ui/styles/section.ts';
import { byteText } from '#ui/text/byte-text.ts';
import { errorText } from '#ui/text/error-text.ts';
import { count, fileDay } from '#ui/text/time-text.ts';

type Progress =
  | { readonly type: 'idle' }
  | { readonly type: 'working'; readonly at: ExportProgress; readonly stop: () => void }
  | { readonly type: 'done'; readonly fileName: string; readonly bytes: number; readonly missing: number }
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
  @state() private withFiles = true;

  override disconnectedCallback(): void {
    if (this.progress.type === 'working') this.progress.stop();
    super.disconnectedCallback();
  }

  override render(): TemplateResult {
    const { progress } = this;
    return html`<section class="card" aria-labelledby="export">
      <h3 id="export">Export everything</h3>
      <p>One zip file: each ${documentNouns('one')} as a Markdown document, every entry with all of its fields as JSON, and the pictures and files that they name. It works offline. API keys are not in it.</p>
      ${progress.type === 'working' ? working(progress) : this.begin()}
      ${this.message()}
    </section>`;
  }

  private begin(): TemplateResult {
    return html`<label class="choice">
        <input type="checkbox" .checked=${this.withFiles} aria-describedby="with-files"
          @change=${(event: Event) => {
            this.withFiles = (event.target as HTMLInputElement).checked;
          }} />
        With pictures and files
      </label>
      <p class="hint" id="with-files">What is on the server alone is fetched first. Until it is saved, the archive takes as much room on this device as what is in it.</p>
      <button class="primary" @click=${this.start}>${icon('download')}Export everything</button>`;
  }

  private message(): TemplateResult | typeof nothing {
    const { progress } = this;
    switch (progress.type) {
      case 'done':
        return html`<p class="done" aria-live="polite">${progress.fileName} is in your downloads: ${byteText(progress.bytes)}.</p>
          ${progress.missing === 0 ? nothing : problem(missingWords(progress.missing))}`;
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
    this.progress = { type: 'working', at: { phase: 'documents', done: 0, total: 0 }, stop };
    try {
      const made = await this.app.exportZip({
        withFiles: this.withFiles,
        signal: stopping.signal,
        onProgress: (at) => {
          if (!stopping.signal.aborted) this.progress = { type: 'working', at, stop };
        },
      });
      if (!made.ok) {
        this.progress = { type: 'failed', error: made.error };
        return;
      }
      const { blob, missing } = made.value;
      const fileName = `holdfast-${fileDay()}.zip`;
      downloadBlob(fileName, blob);
      this.progress = { type: 'done', fileName, bytes: blob.size, missing };
    } catch (error) {
      this.progress = { type: 'stopped' };
      if (!stopping.signal.aborted) throw error;
    }
  };
}

/** How far it is: documents first, then their files. */
function working({ at: { phase, done, total }, stop }: Extract<Progress, { readonly type: 'working' }>): TemplateResult {
  const words =
    phase === 'files' ? `File ${Math.min(done + 1, total).toLocaleString()} of ${total.toLocaleString()}` : 'Documents';
  return html`<div class="row">
    <progress aria-label="Exporting" max=${Math.max(1, total)} .value=${done}></progress>
    <span>${words}</span>
    <button @click=${stop}>Cancel</button>
  </div>`;
}

const missingWords = (files: number) => ({
  title: `${count(files, 'file')} ${files === 1 ? 'is' : 'are'} not in it`,
  advice: 'files/MISSING.txt in the archive names each and says why. Export again with a network, and they come along.',
});
