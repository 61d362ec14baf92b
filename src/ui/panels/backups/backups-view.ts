import { css, html, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { AppPart } from '#ui/parts/app-part.ts';
import type { Route } from '#ui/shell/router.ts';
import { sectionStyles } from '#ui/styles/section.ts';
import './backup-cards.ts';
import './markdown-import.ts';
import './restore-file.ts';
import './restore-preview.ts';
// Of this panel, and shown in others, which load it for them.
import './backup-line.ts';
import './server-copies.ts';

/** The backups in this browser, and restores from them: `/backups`, `/backups/file` for one that comes as a file, `/backups/markdown` for a folder of Markdown, and `/backups/<id>` for what a restore would do. */
@customElement('backups-view')
export class BackupsView extends AppPart {
  static override styles = [
    sectionStyles,
    css`
      :host {
        block-size: 100%;
        overflow-y: auto;
      }

      .page {
        display: grid;
        grid-template-columns: minmax(0, 1fr);
        gap: var(--space-4);
        align-content: start;
        inline-size: 100%;
        max-inline-size: 56rem;
        margin-inline: auto;
        padding: var(--space-6) var(--space-4) var(--space-8);
      }

      h1 {
        font-size: var(--text-2xl);
        line-height: 1.3;
      }
    `,
  ];

  @property({ attribute: false }) route!: Route;

  override willUpdate(_changed: PropertyValues<this>): void {
    document.title = this.backupId === '' ? 'Backups – Holdfast' : 'Restore – Backups – Holdfast';
  }

  override render(): TemplateResult {
    return html`<div class="page">
      <h1>Backups</h1>
      ${this.content()}
    </div>`;
  }

  private content(): TemplateResult {
    if (this.backupId === 'file') return html`<restore-file></restore-file>`;
    if (this.backupId === 'markdown') return html`<markdown-import></markdown-import>`;
    if (this.backupId !== '') return html`<restore-preview .backup=${this.backupId}></restore-preview>`;
    return html`<backup-cards></backup-cards>`;
  }

  private get backupId(): string {
    return this.route.rest[0] ?? '';
  }
}
