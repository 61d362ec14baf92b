import { html, type TemplateResult } from 'lit';
import { customElement } from 'lit/decorators.js';
import { documentNouns } from '#entities/documents.ts';
import { AppPart } from '#ui/parts/app-part.ts';
import '#ui/parts/download-form.ts';
import { sectionStyles } from '#ui/styles/section.ts';

/** Takes everything out as one file. */
@customElement('export-card')
export class ExportCard extends AppPart {
  static override styles = sectionStyles;

  override render(): TemplateResult {
    return html`<section class="card" aria-labelledby="export">
      <h3 id="export">Export everything</h3>
      <p>Makes a backup now and gives it to you as one file, which can be restored here or in any other browser: all ${documentNouns('many')}, the bin, the settings. It works offline. API keys are in it only if you ask for them, behind a passphrase.</p>
      <download-form label="Export everything"></download-form>
    </section>`;
  }
}
